"""What every request meets first: methods, lengths, the number of requests at once, headers, slow clients, the log."""

import asyncio
import sys
import time
import traceback
from collections.abc import Callable, MutableMapping
from datetime import UTC, datetime
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from flows.serve.shown import printable

MAX_ADDRESS = 8_000  # bytes of a path with its query
MAX_HEAD = 32_000  # bytes of a request line with its headers
_SECONDS_TO_ASK = 10  # in which a client has to send a request line and headers
_SECONDS_TO_READ = 30  # in which a client has to take the next part of an answer
_METHODS = ("GET", "HEAD")
# Nothing but this program's own style sheet and forms; a release cannot bring a script, an image or a frame.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """Middleware around the whole application."""

    def __init__(self, app: ASGIApp, requests: int, *, log: Callable[[str], object] | None = None) -> None:
        self._app, self._log = app, log or sys.stderr.write
        self._most, self._inside = requests, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or "build" in scope.get("state", ()):  # the second is asked by flows.web.warm
            await self._app(scope, receive, send)
            return
        answer = _Answer(scope, send)
        try:
            await self._answer(scope, receive, answer)
        except _LostClient:
            pass  # the server closes the connection, because the answer is not whole
        except Exception:  # a fault of this program ends one answer, and not the server
            self._log(traceback.format_exc())
            if answer.is_begun:
                raise  # the server closes the connection, so that the client sees that a part is missing
            await _refusal(500, "This program has a fault: its log says more.")(scope, receive, answer.send)
        finally:
            answer.state.pop("build", None)  # so that a build that was replaced is closed now
            self._log(answer.log_line())

    async def _answer(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        if scope["method"] not in _METHODS:
            refusal = _refusal(405, "Only GET and HEAD are answered: nothing can be changed here.", Allow="GET, HEAD")
            await refusal(scope, receive, answer.send)
            return
        if len(scope["raw_path"]) + len(scope["query_string"]) > MAX_ADDRESS:
            refusal = _refusal(414, f"The address is longer than {MAX_ADDRESS:,} bytes: ask for less.")
            await refusal(scope, receive, answer.send)
            return
        scope["state"] = answer.state
        # The server leaves out the body of the answer to HEAD.
        asked = {**scope, "method": "GET"}
        if scope["path"].startswith("/static/"):
            await self._app(asked, receive, answer.send)
            return
        if self._inside >= self._most:
            refusal = _refusal(503, "Too many requests are being answered: try again in a few seconds.", **_LATER)
            await refusal(scope, receive, answer.send)
            return
        self._inside += 1
        answer.finished = self._leave
        answer.state.update(is_head=scope["method"] == "HEAD", end_turn=answer.finish)
        try:
            await self._app(asked, receive, answer.send)
        finally:
            answer.finish()

    def _leave(self) -> None:
        self._inside -= 1


_LATER = {"Retry-After": "5"}


class _LostClient(Exception):
    """The client takes no more of the answer."""


class _Answer:
    """The answer to one request. It adds headers, ends the turn of the request, and gives up on a slow client."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope, self._send, self._start = scope, send, time.monotonic()
        self.state: MutableMapping[str, Any] = dict(scope.get("state") or {})
        self.finished: Callable[[], object] | None = None
        self._status, self._size = 0, 0

    @property
    def is_begun(self) -> bool:
        """Return whether a part of the answer is sent."""
        return self._status != 0

    def finish(self) -> None:
        """End the turn of this request, so that the next one begins."""
        if finished := self.finished:
            self.finished = None
            finished()

    async def send(self, message: Message) -> None:
        """Send a part of the answer."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            if build := self.state.get("build"):
                headers["X-Build-Id"] = build.build_id
            if self._status in (200, 304):
                for name, value in self.state.get("validators", {}).items():
                    headers.setdefault(name, value)
            is_file = self._scope["path"].startswith("/static/")
            headers.setdefault("Cache-Control", "no-cache" if is_file else "no-store")
        elif message["type"] == "http.response.body":
            self._size += len(message.get("body", b""))
            if not message.get("more_body"):
                self.finish()  # what is left is to send, for which a slow client may take long
        try:
            async with asyncio.timeout(_SECONDS_TO_READ):
                await self._send(message)
        except TimeoutError as error:
            raise _LostClient from error

    def log_line(self) -> str:
        """Return the line of the log for this request."""
        scope, ms = self._scope, (time.monotonic() - self._start) * 1_000
        query = f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
        client = scope["client"][0] if scope.get("client") else "-"
        asked = printable(f"{scope['method']} {scope['raw_path'].decode('latin-1')}{query}")[:500]
        return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {client} {asked} {self._status} {self._size} {ms:.0f}ms\n"


def _refusal(status: int, message: str, **headers: str) -> PlainTextResponse:
    return PlainTextResponse(f"{message}\n", status, headers)


class Protocol(H11Protocol):
    """HTTP/1.1 that closes a connection on which no whole request arrives in time."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait_for_request()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        super().on_response_complete()
        self._wait_for_request()

    def _wait_for_request(self) -> None:
        self.loop.call_later(_SECONDS_TO_ASK, self._give_up, self.cycle)

    def _give_up(self, last: Any) -> None:
        if self.cycle is last and (last is None or last.response_complete) and not self.transport.is_closing():
            self.transport.close()
