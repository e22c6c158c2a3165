"""The reading page of a release: text, people, relatives, versions, and how all of it is known."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from flows.serve.published import Build
from flows.web import tables
from flows.web.answer import NotFound, Reading, address, day, moment, show
from flows.web.markdown import METHODS, names_of, render
from flows.web.tables import rows_of
from flows.web.texts import texts_of

router = APIRouter(tags=["releases"])
Row = dict[str, Any]
_PARTS = ("ministers", "portfolios", "people", "quotations", "attachments", "links", "ties", "versions")
_MAX_SPREAD = 3  # days between copies of a text


@router.get("/releases", include_in_schema=False)
def releases() -> Response:
    """Lead to the list of all releases."""
    return RedirectResponse("/search")


@router.get("/releases/{release_id:path}.json")
def release_as_json(build: Reading, release_id: str) -> Row:
    """Return all that is known of a release: credits, portfolios, text, versions, relatives and where it is from.

    Texts are as in the archive. Times are in UTC.
    """
    found = _gather(build, release_id)
    if found is None:
        raise NotFound(_missing(build, release_id))
    return {"build_id": build.build_id, "page": address("releases", release_id), **found}


@router.get("/releases/{release_id:path}", include_in_schema=False)
def release(request: Request, build: Reading, release_id: str) -> Response:
    """Return the reading page of a release."""
    found = _gather(build, release_id)
    if found is None:
        return _moved(build, release_id)
    people = {row["minister_id"]: row for row in _people(build)}
    links = {row["url"]: row["target_release_id"] for row in found["links"]}
    text = render(found["text"], found["quotations"], names_of(found["people"], people), links)
    relatives: dict[str, list[Row]] = {}
    for row in found["relatives"]:
        relatives.setdefault(row["kind"], []).append(row)
    return show(
        request,
        "release",
        **found | {"text": text, "people": [row | people[row["minister_id"]] for row in found["people"]]},
        related=relatives,
        doubts=_doubts(found["release"], relatives.get("copy", ())),
        speakers=_speakers(found["quotations"]),
        methods=METHODS,
        version_notes=[_version_notes(row) for row in found["versions"]],
    )


def _gather(build: Build, release_id: str) -> Row | None:
    """Return all rows about a release, or None if there is no such release."""
    release = build.row("release", release_id=release_id)
    if release is None:
        return None

    rows = {name: rows_of(build, f"release_{name}", release["search_number"]) for name in _PARTS}
    return {
        "release": release,
        "text": texts_of(build, [release["search_number"]])[release["search_number"]],
        "ministers": [row for row in rows["ministers"] if row["position"]],
        "inferred_ministers": [] if release["ministers"] else build.rows("release_inferred", release_id=release_id),
        "portfolios": [row for row in rows["portfolios"] if row["position"]],
        "people": rows["people"],
        "quotations": rows["quotations"],
        "attachments": rows["attachments"],
        "links": rows["links"],
        "relatives": _relatives(build, release, rows["ties"]),
        "versions": [row | {"version_url": _file_address(build, row)} for row in rows["versions"]],
        "explained": _explained(build, release, rows["ministers"], rows["portfolios"]),
    }


def _relatives(build: Build, release: Row, ties: list[Row]) -> list[Row]:
    """Return releases that have to do with a release, by date: copies, near copies, its statement, citations."""
    names = ("release_id", "twin_group_id", "statement_id")
    own = {name: release[name] for name in names}
    found = build.rows("release_statement", **own) if release["statement_id"] in _shared_statements(build) else []
    near = {row["release_id"] for row in ties if row["kind"] == "near"}
    found = [row for row in found if row["release_id"] not in near] + ties
    return sorted(found, key=lambda row: (row["nz_date"] or date.max, row["release_id"]))


def _shared_statements(build: Build) -> set[str]:
    shared: set[str] = build.kept("shared", lambda: {row["statement_id"] for row in build.rows("shared_statements")})
    return shared


def _people(build: Build) -> list[Row]:
    people: list[Row] = build.kept("people", lambda: build.rows("people"))
    return people


def warm(build: Build) -> Iterator[None]:
    """Make what all reading pages need, before somebody waits for it."""
    yield from tables.warm(build, [f"release_{name}" for name in _PARTS])
    for work in (_shared_statements, _people, _forge):
        work(build)
        yield


def _explained(build: Build, release: Row, ministers: list[Row], portfolios: list[Row]) -> Row:
    """Return what the macro explain_row says of a release, from rows that are known already."""

    def decided(rows: list[Row], printed: str, nothing: str, member: str) -> str:
        return "; ".join(f"{row[printed] or nothing} -> {row[member]} ({row['rule']})" for row in rows)

    return {
        "source_path": release["source_path"],
        "source_commit": release["source_commit"],
        "source_blob": release["source_blob"],
        "source_url": _file_address(build, release | {"valid_from_commit": release["source_commit"]}),
        "first_seen_at": release["first_seen_at"],
        "last_changed_at": release["last_changed_at"],
        "published_date": release["published_date"],
        "nz_date": release["nz_date"],
        "date_basis": release["date_basis"],
        "ministers_as_printed": decided(ministers, "credited_as", "nobody", "minister_id"),
        "portfolios_as_printed": decided(portfolios, "tagged_as", "nothing", "portfolio_id"),
        "twin_group_id": release["twin_group_id"],
    }


def _forge(build: Build) -> str | None:
    forge: str | None = build.kept("forge", lambda: build.rows("forge")[0]["forge"])
    return forge


def _file_address(build: Build, version: Row) -> str | None:
    """Return the address of a version of a file, if the archive is a repository on the web."""
    forge, commit = _forge(build), version["valid_from_commit"]
    return f"{forge}/blob/{commit}/{version['source_path']}" if forge and commit else None


def _moved(build: Build, release_id: str) -> Response:
    """Lead to the release that a file was renamed to.

    Raises:
        NotFound: there is none.
    """
    found = build.row("release_missing", release_id=release_id)
    if found and found["new_path"]:
        new = build.row("release_of_path", source_path=found["new_path"])
        if new and new["release_id"] != release_id:
            return RedirectResponse(address("releases", new["release_id"]))
    raise NotFound(_missing(build, release_id, found))


def _missing(build: Build, release_id: str, found: Row | None = None) -> str:
    """Return why a release is not in this build."""
    found = found or build.row("release_missing", release_id=release_id)
    if found is None:
        return f"No release has the id {release_id[:200]!r}: search for words of its title."
    if found["fate"]:
        message = f" ({found['message']})" if found["message"] else ""
        return (
            f"The file {found['source_path']} of the archive is {found['fate']}: {found['meaning']}{message} "
            f"What to do: {found['next_step']}"
        )
    was = f" Its title was {found['title']!r}." if found["title"] else ""
    when = moment(found["valid_to_at"])
    return f"The file {found['source_path']} was {found['ended_by']} in the archive on {when}.{was}"


def _doubts(release: Row, copies: Iterable[Row]) -> list[str]:
    """Return sentences on what the day of a release is based on, where that is not plainly the printed date."""
    printed, known = day(release["published_date"]), day(release["nz_date"])
    basis = {
        "utc_day": f"The site prints the UTC date {printed}: in New Zealand it can also have been "
        f"{day(release['latest_nz_date'])}.",
        "stated": f"The site prints the UTC date {printed}; the text or an attached file states {known}.",
        "disputed": f"The site prints the date {printed}, but the text says “{release['stated_words']}”: "
        f"it can also be of {day(release['stated_date'])}.",
        "exact": f"From the time of publication; the site prints {printed}."
        if release["published_date"] != release["nz_date"]
        else "",
        "recovered": "The archive prints no date: this day was recovered from other evidence.",
        "unknown": "The archive prints no date, and none is known.",
    }.get(release["date_basis"], "")
    doubts = [basis] if basis else []
    if release["is_date_doubtful"] and release["date_basis"] == "exact":
        doubts.append(f"The text states another day, {day(release['stated_date'])}.")
    apart = sorted(
        row["nz_date"]
        for row in copies
        if row["nz_date"] and release["nz_date"] and abs((row["nz_date"] - release["nz_date"]).days) > _MAX_SPREAD
    )
    if apart:
        doubts.append(f"The same text was also published under {', '.join(map(day, apart))}.")
    return doubts


def _speakers(quotations: Iterable[Row]) -> list[Row]:
    """Return each speaker with two counts: all passages, and the passages that name the speaker."""
    found: dict[str, Row] = {}
    for row in quotations:
        one = found.setdefault(
            row["minister_id"],
            {"minister_id": row["minister_id"], "minister_name": row["minister_name"], "count": 0, "sure_count": 0},
        )
        one["count"] += 1
        one["sure_count"] += row["confidence"] == "high"
    return list(found.values())


def _version_notes(version: Row) -> str:
    """Return what a version of a file changed, in words."""
    if version["change"] == "added":
        return "first version"
    parts = [name for name in ("title", "date", "ministers", "portfolios") if version[f"is_{name}_changed"]]
    if version["is_body_changed"]:
        parts.append(f"text (+{version['word_added_count']} and −{version['word_removed_count']} words)")  # noqa: RUF001
    changed = f"changed: {', '.join(parts)}" if parts else "nothing that is read changed"
    if version["change"] == "edited":
        return changed
    if version["change"] == "renamed":
        return f"renamed from {version['previous_path']}; {changed}"
    return f"{version['change']}; {changed}"
