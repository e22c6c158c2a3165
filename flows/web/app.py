"""The application: its pages, limits, headers and errors."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware

from flows import __version__
from flows.errors import Unusable
from flows.serve.published import Published
from flows.serve.query import Limits
from flows.settings import Settings
from flows.web.answer import NotFound, Reading, show

router = APIRouter()
_STATIC = Path(__file__).parent / "static"
# Nothing but this program's own style sheet and forms; a release cannot bring a script, an image or a frame.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def make_app(settings: Settings) -> FastAPI:
    """Return the application on the published file of a warehouse, which may be published later."""
    app = FastAPI(
        title="Beehive warehouse",
        version=__version__,
        description="New Zealand's government press releases: search, read, and take the data out.",
        docs_url=None,  # its page loads scripts from another host
        redoc_url=None,
    )
    limits = Limits(seconds=10, memory=settings.query_memory)
    app.state.published = Published(settings.published, limits)
    app.middleware("http")(_answer)
    app.add_middleware(GZipMiddleware, minimum_size=1_000)
    app.add_exception_handler(Unusable, _unusable)
    app.add_exception_handler(NotFound, _not_found)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    app.include_router(router)
    return app


def run(settings: Settings, host: str, port: int) -> None:
    """Serve until Ctrl-C or SIGTERM."""
    uvicorn.run(make_app(settings), host=host, port=port, log_level="warning", server_header=False)


async def _answer(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Add the headers of every answer; name the build that was read."""
    response = await call_next(request)
    response.headers.update(_HEADERS)
    if build := getattr(request.state, "build", None):
        response.headers["X-Build-Id"] = build.build_id
    return response


@router.get("/", include_in_schema=False)
def home(request: Request, build: Reading) -> Response:
    """Return the start page."""
    return show(request, "home", facts=build.row("home"))


@router.get("/health")
def health(build: Reading) -> dict[str, Any]:
    """Say that the published build can be read, and which it is."""
    return {"state": "ok", "build_id": build.build_id, "built_at": build.built_at}


def _unusable(request: Request, error: Exception) -> Response:
    return _error(request, 503, str(error))


def _not_found(request: Request, error: Exception) -> Response:
    assert isinstance(error, NotFound)  # noqa: S101
    return _error(request, 404, error.message)


def _error(request: Request, status: int, message: str) -> Response:
    """Return an error as a page to a browser, and as JSON to a program."""
    if "text/html" in request.headers.get("accept", ""):
        return show(request, "error", status, message=message)
    return JSONResponse({"error": message}, status)
