"""Warm a build before people see it: what all its pages need, its texts, and the pages that were asked for last."""

import asyncio
import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote

import duckdb
from starlette.types import ASGIApp, Message

from flows.errors import Unusable
from flows.serve.published import Build, lower_priority
from flows.web import about, people, release, search, texts
from flows.web.answer import pages_of

_PAGES = 100  # asked for last


def warm(app: ASGIApp, build: Build, shown: Build) -> Iterator[None]:
    """Warm a build in small steps; what fails is left to the page that needs it, which says why.

    Args:
        app: the application.
        build: the build to warm.
        shown: the build that people see meanwhile.
    """
    for work in (search.warm, people.warm, release.warm, about.warm, texts.write):
        with contextlib.suppress(Unusable, OSError, duckdb.Error):
            yield from work(build)
    if build is shown:
        return
    # Threads that it starts have its priority. What is made above is not: whoever needs it waits for it.
    with ThreadPoolExecutor(1, "pages", lower_priority) as pool:
        for address in pages_of(shown).latest(_PAGES):
            pool.submit(asyncio.run, _ask(app, build, address)).result()
            yield


async def _ask(app: ASGIApp, build: Build, address: str) -> None:
    """Ask for a page of a build, so that the page is kept."""
    path, _, query = address.partition("?")
    state = {"build": build}
    scope = {
        "type": "http",
        "method": "GET",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(b"accept", b"text/html")],
        "root_path": "",
        "scheme": "http",
        "state": state,
    }

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(_message: Message) -> None:
        pass

    try:
        await app(scope, receive, send)
    except Exception:  # noqa: BLE001, S110 (it is logged when somebody asks for the page)
        pass
    finally:
        state.clear()  # so that a build that was replaced is closed, before Python looks for garbage
