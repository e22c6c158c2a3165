"""What the application and the warehouse are: the start page, the dictionary, the report, and what programs ask for."""

import subprocess
import sys
import tempfile
from pathlib import Path
from threading import Lock
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse

from flows import __version__
from flows.errors import Unusable
from flows.load import sqlfiles
from flows.serve.published import Build
from flows.web.answer import Busy, NotFound, Reading, address, show

router = APIRouter()
Row = dict[str, Any]
_ICON = Path(__file__).parent / "static" / "icon.svg"
_SECONDS_TO_DRAW = 300
_DRAWING = Lock()
# The report is one file that works without this application, so its style is in the page.
_REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
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
    """Say that the published build can be read, and which it is."""
    build = request.app.state.published.newest()
    return {
        "state": "ok",
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


@router.get("/report", include_in_schema=False)
def report(request: Request, build: Reading) -> Response:
    """Return the report of the build, which is drawn at the first request."""
    if "report" not in build.known:
        if not _DRAWING.acquire(blocking=False):
            raise Busy("The report of this build is being drawn: try again in half a minute.")
        try:
            build.known["report"] = _draw(request.app.state.settings.warehouse, build.build_id)
        finally:
            _DRAWING.release()
    return HTMLResponse(build.known["report"], headers={"Content-Security-Policy": _REPORT_POLICY})


def _draw(warehouse: Path, build_id: str) -> bytes:
    """Return the report of a build, drawn by another process, because the library of charts keeps 200 MB.

    Raises:
        Busy: a newer build was published meanwhile.
        Unusable: it cannot be drawn.
    """
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        words = ["-c", "from flows.cli import main; main()", "report", f"--warehouse={warehouse}", f"--output={page}"]
        try:
            done = subprocess.run(
                [sys.executable, *words], capture_output=True, text=True, timeout=_SECONDS_TO_DRAW, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise Unusable("The report takes too long to draw here: write it with `beehive report`.") from error
        if done.returncode:
            raise Unusable(f"The report cannot be drawn: {done.stderr.strip()[-500:]}")
        content = page.read_bytes()
    if build_id.encode() not in content:
        raise Busy("A newer build was published just now: load the page again.")
    return content


@router.get("/robots.txt", include_in_schema=False)
def robots() -> Response:
    """Say which pages are not worth reading for a search engine: lists in endless combinations."""
    return PlainTextResponse(_ROBOTS)


@router.get("/favicon.ico", include_in_schema=False)
def favicon() -> Response:
    """Return the icon, for browsers that do not look at the page for it."""
    return FileResponse(_ICON, media_type="image/svg+xml")
