"""The report of the build shown, which another process draws when somebody asks for it."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import Condition, Thread

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from flows.errors import Unusable
from flows.serve.published import lower_priority
from flows.web.answer import Reading, show_fault

router = APIRouter(include_in_schema=False)
_SECONDS_TO_DRAW, _SECONDS_TO_WAIT = 300, 2
_BUILD = re.compile(rb"<dt>Build</dt><dd>([^,<]+),")
_MAIN = b'<main id="main">\n'
# The report is one file that works without this application, so its style is in the page.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


class Reports:
    """The report that was drawn last. At most one is drawn at a time."""

    def __init__(self, warehouse: Path) -> None:
        self._warehouse = warehouse
        self._changed = Condition()
        self._page: bytes | None = None
        self._is_drawing = False
        self._problem: str | None = None

    def get(self, build_id: str) -> bytes | None:
        """Return the report of a build; while it is drawn, that of another build, or None if there is none.

        Raises:
            Unusable: it cannot be drawn.
        """
        with self._changed:
            if _build_of(self._page) == build_id:
                return self._page
            problem, self._problem = self._problem, None
            if problem:
                raise Unusable(problem)
            if not self._is_drawing:
                self._is_drawing = True
                Thread(target=self._draw, daemon=True, name="report").start()
            if not self._page:
                self._changed.wait_for(lambda: not self._is_drawing, timeout=_SECONDS_TO_WAIT)
            return self._page

    def _draw(self) -> None:
        lower_priority()
        page, problem = None, None
        try:
            page = _draw(self._warehouse)
        except (Unusable, OSError) as error:
            problem = str(error)
        with self._changed:
            self._page, self._problem, self._is_drawing = page or self._page, problem, False
            self._changed.notify_all()


def _build_of(page: bytes | None) -> str | None:
    found = _BUILD.search(page or b"")
    return found[1].decode() if found else None


def _draw(warehouse: Path) -> bytes:
    """Return the report of the newest build, drawn by another process, because the library of charts keeps 200 MB.

    Raises:
        Unusable: it cannot be drawn.
        OSError: no process can be started, or no temporary file written.
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
        return page.read_bytes()


@router.get("/report")
def report(request: Request, build: Reading) -> Response:
    """Return the report of the build; while it is drawn, that of the build before, with a line that says so."""
    page = request.app.state.reports.get(build.build_id)
    if page is None:
        message = "The report is being drawn, which takes about 15 seconds. This page loads again by itself."
        return show_fault(request, 503, message, {"Retry-After": "5", "Refresh": "5"})
    headers = {"Content-Security-Policy": _POLICY}
    if (drawn := _build_of(page)) != build.build_id:
        note = (
            f'<p class="caution" role="status">This is the report of build {drawn}. That of build {build.build_id}, '
            "which the other pages show, is being drawn: load this page again in half a minute.</p>\n"
        )
        page = page.replace(_MAIN, _MAIN + note.encode(), 1)
        request.state.validators, request.state.build = {}, None  # they are of the build shown
        headers["X-Build-Id"] = str(drawn)
    return HTMLResponse(page, headers=headers)
