"""Record decisions on names in the seeds: accept a new person or portfolio, map a name to a known one, or reject it."""

import csv
import io
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from filelock import FileLock, Timeout

from flows.errors import Refused, Unusable
from flows.normalise.decided import RESERVED
from flows.normalise.portfolios import split_role
from flows.normalise.seeds import (
    NAMED_IN,
    PERSON_KINDS,
    PORTFOLIO_KINDS,
    NameKind,
    Seeds,
    check_seeds,
    may_be_empty,
    read_seeds,
)
from flows.normalise.spelling import fold, honorifics_of, match_key, odd_letters, slug
from flows.paths import SEEDS

_LOCK_TIMEOUT = 10.0  # seconds; one decision takes a tenth of a second
_SURNAME = re.compile(r"^(.*?) ((?:(?:van|von|der|den|de|te|la|le|du|da) )*\S+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Decision:
    """A row that was written to a seed."""

    seed: str
    row: Mapping[str, str | None]
    path: Path


def accept(
    printed: str,
    kind: NameKind,
    reason: str,
    *,
    member_id: str | None = None,
    member_kind: str | None = None,
    sector: str | None = None,
    columns: Mapping[str, str] | None = None,
    folder: Path = SEEDS,
) -> Decision:
    """Record a printed name as a new person or portfolio, under its name without honorifics or role.

    Args:
        printed: the string as printed.
        kind: whether it names a minister or a portfolio.
        reason: why, and the source of that knowledge.
        member_id: the permanent id; made from the name by default.
        member_kind: one of PERSON_KINDS or PORTFOLIO_KINDS; by default minister or portfolio.
        sector: of a portfolio, one of those in seeds/portfolios.csv.
        columns: values of other columns of the seed, by column.
        folder: of the seeds.

    Raises:
        Refused: the name or id is taken, a value is not one that the seed knows, or a column that must be filled has
            no value.
    """
    text = fold(printed)
    if member_id is None and (odd := odd_letters(text)):
        raise Refused(f"{printed!r} holds {odd}: map it to the name it looks like, or give an id with --id.")
    if member_id is not None and (slug(member_id) != member_id or member_id in RESERVED):
        raise Refused(f"{member_id!r} cannot be an id: use small letters, digits and single dashes, such as 'ann-ash'.")
    with _locked(folder) as seeds:
        if kind == "minister":
            titles, name = honorifics_of(seeds).strip(text)
            parts = _SURNAME.match(name)
            row: dict[str, str | None] = {
                "minister_id": member_id or slug(name),
                "minister_name": name,
                "sort_name": f"{parts[2]}, {parts[1]}" if parts else name,
                "honorific": titles or None,
                "kind": _one_of(member_kind or "minister", PERSON_KINDS, "kind"),
                "certainty": "verified",
                "reason": reason,
            }
            return _add(folder, seeds, kind, "people", row | dict(columns or {}))
        sectors = sorted(set(seeds["portfolios"]["sector"].drop_nulls()))
        name = split_role(text)[2]
        row = {
            "portfolio_id": member_id or slug(name),
            "portfolio_name": name,
            "kind": _one_of(member_kind or "portfolio", PORTFOLIO_KINDS, "kind"),
            "sector": _one_of(sector or "", sectors, "sector of a portfolio (--sector)"),
            "certainty": "verified",
            "reason": reason,
        }
        return _add(folder, seeds, kind, "portfolios", row | dict(columns or {}))


def map_to(printed: str, kind: NameKind, member_id: str, reason: str, *, folder: Path = SEEDS) -> Decision:
    """Record a printed name as another name of a known person or portfolio.

    Raises:
        Refused: no seed has the id, or the name is decided already.
    """
    text = fold(printed)
    seed, members = ("person_aliases", "people") if kind == "minister" else ("portfolio_aliases", "portfolios")
    key = "minister_id" if kind == "minister" else "portfolio_id"
    with _locked(folder) as seeds:
        if member_id not in set(seeds[members][key]):
            raise Refused(
                f"seeds/{members}.csv has no id {member_id!r}: map to one of its ids, or accept that name first."
            )
        if kind == "minister":
            row: dict[str, str | None] = {
                "alias": honorifics_of(seeds).strip(text)[1],
                key: member_id,
                "kind": "other_name",
                "reason": reason,
            }
        else:
            row = {"tagged_as": split_role(text)[2], key: member_id, "kind": "spelling", "reason": reason}
        return _add(folder, seeds, kind, seed, row)


def reject(printed: str, kind: NameKind, reason: str, *, folder: Path = SEEDS) -> Decision:
    """Record that a printed string names no person, or no portfolio.

    Raises:
        Refused: the string is decided already.
    """
    seed = "not_people" if kind == "minister" else "not_portfolios"
    with _locked(folder) as seeds:
        return _add(folder, seeds, kind, seed, {NAMED_IN[kind][seed]: fold(printed), "reason": reason})


def kind_of(printed: str, names: list[dict[str, Any]], kind: NameKind | None) -> NameKind:
    """Return whether a printed string awaits a decision as a minister or as a portfolio.

    Raises:
        Refused: it awaits none, or awaits one as both.
    """
    kinds: list[NameKind] = [
        n["name_kind"] for n in names if fold(n["printed_as"]) == fold(printed) and kind in (None, n["name_kind"])
    ]
    if not kinds:
        raise Refused(f"{printed!r} does not await a decision: `beehive review` lists the names that do, as printed.")
    if len(set(kinds)) > 1:
        raise Refused(f"{printed!r} awaits a decision as minister and as portfolio: choose one with --as.")
    return kinds[0]


@contextmanager
def _locked(folder: Path) -> Iterator[Seeds]:
    """Yield the seeds, which no other decision changes meanwhile; wait for one that is being recorded.

    Raises:
        Refused: another decision held the lock for too long.
        Unusable: the folder cannot be written, or a seed cannot be read.
    """
    lock = FileLock(folder / ".lock", timeout=_LOCK_TIMEOUT)
    try:
        lock.acquire()
    except Timeout as error:
        raise Refused(
            f"Another process has held {lock.lock_file} for {_LOCK_TIMEOUT:.0f} seconds to record a decision: wait for "
            "it to end, then run again. Nothing was written."
        ) from error
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        yield read_seeds(folder)
    finally:
        lock.release()


def _unwritable(path: Path, error: OSError) -> Unusable:
    return Unusable(
        f"{path} cannot be written ({error}): run the command in the project's folder and check permissions."
    )


def _one_of(value: str, known: tuple[str, ...] | list[str], what: str) -> str:
    if value not in known:
        raise Refused(f"{value!r} is not a {what}: choose one of {'; '.join(known)}.")
    return value


def _add(folder: Path, seeds: Seeds, kind: NameKind, seed: str, row: dict[str, str | None]) -> Decision:
    """Write a row into its place, in one step; refuse a name or an id that a row already has."""
    frame = seeds[seed]
    first, second = frame.columns[:2]
    named_in = NAMED_IN[kind]
    decisions = [(name, column, row[named_in[seed]]) for name, column in named_in.items()]
    for other, column, value in [*decisions, (seed, first, row[first])]:
        taken = {match_key(one): one for one in seeds[other][column]}
        if (found := taken.get(match_key(value or ""))) is not None:
            raise Refused(f"seeds/{other}.csv already has {found!r} in its column {column}: nothing was written.")
    if unknown := sorted(row.keys() - set(frame.columns)):
        raise Refused(f"seeds/{seed}.csv has no column {unknown[0]!r}: it has {', '.join(frame.columns)}.")
    for column in frame.columns:
        if row.get(column) or column == "reason" or may_be_empty(seed, column):
            continue
        if not frame[column].null_count():
            raise Refused(f"seeds/{seed}.csv fills {column!r} in every row: give a value with --set {column}=VALUE.")
    row = row | {"reason": " ".join((row["reason"] or "").split())}
    if not row["reason"]:
        raise Refused("A decision needs a reason: say why, and how you know.")
    rows = [*frame.to_dicts(), row]
    rows.sort(key=lambda r: (r[first] or "", r[second] or ""))
    check_seeds({**seeds, seed: pl.DataFrame(rows, schema=frame.schema)}, folder)
    text = io.StringIO()
    writer = csv.DictWriter(text, frame.columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path = folder / f"{seed}.csv"
    aside = path.with_suffix(".csv.new")
    try:
        with aside.open("w", encoding="utf-8") as file:
            file.write(text.getvalue())
            file.flush()
            os.fsync(file.fileno())  # a power cut must not leave an empty seed
        aside.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    return Decision(seed, row, path)
