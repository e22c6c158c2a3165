"""The application: its pages, limits and errors."""

import signal
import socket
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from flows import __version__
from flows.errors import Unusable
from flows.serve.published import Limited, Misunderstood, Published
from flows.serve.query import Limits
from flows.settings import Settings
from flows.web import release, search
from flows.web.answer import Fault, NotModified, Reading, show, show_fault
from flows.web.guard import MAX_HEAD, Guard, Protocol
from flows.web.texts import prepare

router = APIRouter()
_STATIC = Path(__file__).parent / "static"
_SECONDS_TO_STOP = 3


def make_app(settings: Settings) -> FastAPI:
    """Return the application on the published file of a warehouse, which may be published later."""
    app = FastAPI(
        title="Beehive warehouse",
        version=__version__,
        description="New Zealand's government press releases: search, read, and take the data out.",
        docs_url=None,  # its page loads scripts from another host
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.published = Published(settings.published, Limits(settings.serve_seconds, settings.serve_memory), prepare)
    app.add_middleware(GZipMiddleware, minimum_size=1_000, compresslevel=5)
    app.add_middleware(Guard, requests=settings.serve_requests)
    for kind in (Fault, Unusable, NotModified, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, _explain)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    for one in (router, release.router, search.router):
        app.include_router(one)
    return app


def run(settings: Settings, host: str, port: int) -> None:
    """Serve until Ctrl-C, SIGTERM or SIGHUP; answers under way have three seconds to end.

    Raises:
        Unusable: the address cannot be listened on.
        KeyboardInterrupt: Ctrl-C.
    """
    listening = _listen(host, port)
    config = uvicorn.Config(
        make_app(settings),
        http=Protocol,
        log_level="warning",
        access_log=False,
        server_header=False,
        h11_max_incomplete_event_size=MAX_HEAD,
        timeout_graceful_shutdown=_SECONDS_TO_STOP,
    )
    server = _Server(config)
    shown = f"[{host}]" if ":" in host else host
    print(f"Serving {settings.warehouse} at http://{shown}:{port}/ until Ctrl-C.", flush=True)  # noqa: T201
    with listening:
        server.run([listening])
    if server.stopped_by == signal.SIGINT:
        raise KeyboardInterrupt


class _Server(uvicorn.Server):
    """A server that returns after a signal; uvicorn's own raises it again, which ends the process."""

    stopped_by: int | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop, and keep which signal asked for it."""
        super().handle_exit(sig, frame)
        self.stopped_by = self.stopped_by or sig
        self._captured_signals.clear()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=512)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Unusable(
            f"Nothing can listen on port {port} of {host} ({reason}): stop the other program, or choose another "
            "address with --port and --host."
        ) from error


@router.get("/", include_in_schema=False)
def home(request: Request, build: Reading) -> Response:
    """Return the start page."""
    return show(request, "home", facts=build.kept("home", lambda: build.row("home")))


@router.get("/health")
def health(request: Request) -> dict[str, Any]:
    """Say that the published build can be read, and which it is."""
    build = request.app.state.published.newest()
    return {
        "state": "ok",
        "build_id": build.build_id,
        "built_at": f"{build.built_at_utc:%Y-%m-%dT%H:%M:%SZ}",
        "latest_release_date": build.latest_release_date,
        "version": __version__,
    }


def _explain(request: Request, error: Exception) -> Response:
    """Return the answer to a request that failed."""
    match error:
        case NotModified():
            return Response(status_code=304)
        case Fault():
            return show_fault(request, error.status, str(error))
        case Misunderstood():
            return show_fault(request, 400, str(error))
        case Limited():
            return show_fault(request, 503, str(error), {"Retry-After": "5"})
        case Unusable():
            return show_fault(request, 503, str(error), {"Retry-After": "60"})
        case RequestValidationError():
            return show_fault(request, 400, _wrong_values(error))
        case HTTPException(status_code=404):
            return show_fault(request, 404, f"Nothing is at {request.url.path}: begin at the start page.")
        case HTTPException():
            return show_fault(request, error.status_code, str(error.detail))
    raise error


def _wrong_values(error: RequestValidationError) -> str:
    """Return a sentence for each value of a request that has the wrong form."""
    return " ".join(
        f"{one['loc'][-1]} cannot be {str(one['input'])[:80]!r}: {str(one['msg']).replace('Input', 'it', 1)}."
        for one in error.errors()
    )
