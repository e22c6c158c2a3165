"""What the application and the warehouse are: the start page, the dictionary, the report, and what programs ask for."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, PlainTextResponse, RedirectResponse

from flows import __version__
from flows.load import sqlfiles
from flows.serve.published import Build
from flows.web.answer import NotFound, Reading, address, show

router = APIRouter()
Row = dict[str, Any]
_ICON = Path(__file__).parent / "static" / "icon.svg"
_ROBOTS = "User-agent: *\nDisallow: /search\nDisallow: /views/\nDisallow: /feeds/\n"
_MEANINGS = {
    "main": "Public views and macros: begin here.",
    "core": "The star schema on which the views are built.",
    "meta": "Where the data came from, and how good it is.",
}


@router.get("/", include_in_schema=False)
def home(request: Request, build: Reading) -> Response:
    """Return the start page."""
    return show(request, "home", **build.kept("home", lambda: _home(build)))


def warm(build: Build) -> Iterator[None]:
    """Ask what the start page needs."""
    build.kept("home", lambda: _home(build))
    yield


def _home(build: Build) -> Row:
    governments = [row for row in build.rows("all_governments") if row["start_date"]]
    newest = build.rows("newest_releases")
    return {
        "facts": build.row("home"),
        "newest": sorted(newest, key=lambda row: (str(row["nz_date"]), row["release_id"]), reverse=True),
        "governments": sorted(governments, key=lambda row: str(row["start_date"]), reverse=True),
    }


@router.get("/health", tags=["build"])
def health(request: Request) -> Row:
    """Say which build is shown, whether its pages are ready, and why a newer one cannot be shown."""
    published = request.app.state.published
    build = published.newest()
    return {
        "state": "degraded" if published.problem else "ok",
        "problem": published.problem,
        "is_warm": published.is_warm,
        "build_id": build.build_id,
        "built_at": f"{build.built_at_utc:%Y-%m-%dT%H:%M:%SZ}",
        "latest_release_date": build.latest_release_date,
        "version": __version__,
    }


@router.get("/dictionary", include_in_schema=False)
def dictionary(request: Request, build: Reading) -> Response:
    """Return the list of tables, views and macros."""
    rows = sorted(build.rows("dictionary"), key=lambda row: (row["object_kind"], row["object_name"]))
    schemas = {schema: [row for row in rows if row["schema_name"] == schema] for schema in _MEANINGS}
    return show(request, "dictionary", schemas=schemas, meanings=_MEANINGS)


@router.get("/dictionary/{name}", include_in_schema=False)
def dictionary_entry(request: Request, build: Reading, name: str) -> Response:
    """Return the page of a table, view or macro: what it is, its columns and an example."""
    schema, _, bare = name.rpartition(".")
    found = [
        row
        for row in build.rows("dictionary")
        if row["object_name"] == bare and row["schema_name"] == (schema or "main")
    ]
    if not found:
        raise NotFound(f"The dictionary has no {name[:200]!r}: /dictionary lists all tables, views and macros.")
    if schema == "main":
        return RedirectResponse(address("dictionary", bare))
    row = found[0]
    columns = build.rows("dictionary_columns", schema_name=row["schema_name"], object_name=bare)
    files = {file.qualified: file for file in (*sqlfiles.tables(), *sqlfiles.views(), *sqlfiles.macros())}
    file = files.get(f"{row['schema_name']}.{bare}")
    return show(
        request,
        "dictionary_entry",
        entry=row,
        example=file.example if file else "",
        columns=sorted(columns, key=lambda column: column["column_position"]),
    )


@router.get("/robots.txt", include_in_schema=False)
def robots() -> Response:
    """Say which pages are not worth reading for a search engine: lists in endless combinations."""
    return PlainTextResponse(_ROBOTS)


@router.get("/favicon.ico", include_in_schema=False)
def favicon() -> Response:
    """Return the icon, for browsers that do not look at the page for it."""
    return FileResponse(_ICON, media_type="image/svg+xml")
