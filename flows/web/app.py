"""The application: its pages, limits and errors."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from types import FrameType

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware

from flows import __version__
from flows.errors import Unusable
from flows.serve.published import Limited, Misunderstood, WarmPublished, stop_questions
from flows.serve.query import Limits
from flows.settings import Settings
from flows.web import about, data, feeds, openapi, people, release, report, search
from flows.web.answer import Fault, NotModified, Ready, quoted, show_fault
from flows.web.guard import MAX_HEAD, Guard, Protocol
from flows.web.warm import warm

_STATIC = Path(__file__).parent / "static"
_SECONDS_TO_STOP = 3
_LATER = {"Retry-After": "5"}
_UNABLE = 500  # the first status that blames the server


def make_app(settings: Settings) -> FastAPI:
    """Return the application on the published file of a warehouse, which may be published later."""
    app = FastAPI(
        title="Beehive warehouse",
        version=__version__,
        description="New Zealand's government press releases: search, read, and take the data out.",
        docs_url=None,  # its page loads scripts from another host
        redoc_url=None,
        lifespan=_until_the_end,
        openapi_url=None,  # flows.web.openapi describes the views of the build, too
    )
    app.state.settings = settings
    limits = Limits(settings.serve_seconds, settings.serve_memory)
    app.state.published = WarmPublished(
        settings.published, limits, partial(warm, app), settings.serve_questions, settings.serve_warming
    )
    packed = (*DEFAULT_EXCLUDED_CONTENT_TYPES, data.PARQUET)
    app.add_middleware(GZipMiddleware, minimum_size=1_000, compresslevel=5, exclude_content_types=packed)
    app.state.reports = report.Reports(settings.warehouse)
    app.add_middleware(Guard, requests=settings.serve_requests)
    for kind in (Fault, Unusable, NotModified, Ready, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, _explain)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    ours = (data.router, feeds.router, openapi.router, people.router)
    for one in (about.router, report.router, search.router, release.router, *ours):
        app.include_router(one)
    return app


@contextlib.asynccontextmanager
async def _until_the_end(app: FastAPI) -> AsyncIterator[None]:
    app.state.published.follow()
    yield
    await asyncio.gather(run_in_threadpool(app.state.published.stop), run_in_threadpool(stop_questions))


def run(settings: Settings, host: str, port: int) -> None:
    """Serve until Ctrl-C or SIGTERM; answers under way have three seconds to end.

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


async def _explain(request: Request, error: Exception) -> Response:
    """Return the answer to a request that failed."""
    match error:
        case NotModified():
            return Response(status_code=304)
        case Ready():
            return HTMLResponse(error.page)
        case Fault():
            return show_fault(request, error.status, str(error), _LATER if error.status >= _UNABLE else None)
        case Misunderstood():
            return show_fault(request, 400, str(error))
        case Limited():
            return show_fault(request, 503, str(error), _LATER)
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
        f"page cannot be {quoted(str(one['input']))}: give the number of a page, from 1 on."
        if one["loc"][-1] == "page"
        else f"{one['loc'][-1]} cannot be {quoted(str(one['input']))}: {str(one['msg']).replace('Input', 'it', 1)}."
        for one in error.errors()
    )
