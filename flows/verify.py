"""Proof that what is published is what its source, the seeds and this code give: built again aside, and compared."""

import shutil
from dataclasses import dataclass

import duckdb

from flows.errors import Refused
from flows.extract.git import GitSource
from flows.extract.source import open_source
from flows.load.database import connect, literal, one_row
from flows.load.lock import writer_lock
from flows.load.state import inputs_digest, read_published
from flows.pipeline import refresh
from flows.run import Reporter
from flows.settings import Settings

# What tells of a run or of the build itself, and not of the releases.
OF_THE_RUN = frozenset(
    ("main.build_info", "main.changes", "meta.build", "meta.change_log", "meta.check_result", "meta.run")
)
# A directory has no history but what its runs saw.
OF_THE_RUNS = frozenset(("core.release_revision", "main.release_history"))
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Difference:
    """A table or view that differs from the one built again."""

    name: str
    published_count: int  # rows that only the published one has
    rebuilt_count: int  # rows that only the one built again has
    examples: list[str]  # the first of both, each as JSON behind - or +


@dataclass(frozen=True, slots=True)
class Verified:
    """What was compared, and what differs."""

    build_id: str
    names: list[str]
    differences: list[Difference]


def verify(settings: Settings, report: Reporter) -> Verified:
    """Builds the published state again, from nothing, in a folder of its own, and compares every table and view.

    Raises:
        Refused: nothing is published, or it was made by other seeds or code, or of a directory that has changed since.
        Unusable: the source cannot be read.
    """
    published = read_published(settings.warehouse)
    if published is None:
        raise Refused(f"There is no warehouse in {settings.warehouse} to verify: run `beehive refresh` first.")
    if published.inputs_digest != inputs_digest():
        raise Refused(
            f"{published.build_id} was built by other seeds, SQL or code than those here: run `beehive refresh`, then "
            "verify what it publishes."
        )
    folder = settings.warehouse / "verify"
    with writer_lock(folder), connect() as connection:
        connection.execute(f"attach {literal(settings.published)} as published (read_only)")  # this one, whatever comes
        again = settings.model_copy(
            update={
                "warehouse": folder / "warehouse",
                "ref": _commit(settings, published.source_state),
                "keep_builds": 0,
                "review_within_days": None,
            }
        )
        shutil.rmtree(again.warehouse, ignore_errors=True)  # of a run that was killed
        try:
            refresh(again, report)
            rebuilt = read_published(again.warehouse)
            if rebuilt is None or (rebuilt.source_state, rebuilt.index_state) != (
                published.source_state, published.index_state
            ):  # fmt: skip
                raise Refused(
                    f"{published.source_location} or the index is not any more what {published.build_id} was built of: "
                    "run `beehive refresh`, then verify."
                )
            connection.execute(f"attach {literal(again.published)} as rebuilt (read_only)")
            return Verified(published.build_id, *_compare(connection))
        finally:
            shutil.rmtree(again.warehouse, ignore_errors=True)


def _commit(settings: Settings, state: str) -> str | None:
    """The published commit of a git source; a directory has but its present state."""
    return state if isinstance(open_source(settings.source, settings.warehouse), GitSource) else None


def _compare(connection: duckdb.DuckDBPyConnection) -> tuple[list[str], list[Difference]]:
    (kind,) = one_row(connection, "select source_kind from published.meta.build")
    left_out = OF_THE_RUN | (OF_THE_RUNS if kind == "directory" else frozenset())
    found = connection.execute(
        "select distinct schema_name || '.' || table_name from duckdb_columns() "
        "where database_name in ('published', 'rebuilt') and not internal order by all"
    ).fetchall()
    names = [name for (name,) in found if name not in left_out]
    return names, [difference for name in names if (difference := _difference(connection, name))]


def _difference(connection: duckdb.DuckDBPyConnection, name: str) -> Difference | None:
    counts: list[int] = []
    examples: list[str] = []
    for sign, here, there in (("-", "published", "rebuilt"), ("+", "rebuilt", "published")):
        rows = f"(from {here}.{name} except all from {there}.{name})"
        counts.append(one_row(connection, f"select count(*) from {rows}")[0])  # noqa: S608
        if counts[-1]:
            shown = connection.execute(f"select to_json(one)::varchar from {rows} as one limit {_SHOWN}").fetchall()  # noqa: S608
            examples += [f"{sign} {row}" for (row,) in shown]
    return Difference(name, counts[0], counts[1], examples) if any(counts) else None
