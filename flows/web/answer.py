"""What the pages share: the build that a request reads, templates, pages of a list, and errors."""

import re
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import format_datetime
from hashlib import blake2b
from math import ceil
from threading import Lock
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import Depends, Query, Request, Response, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.responses import HTMLResponse, JSONResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.concurrency import run_in_threadpool

from flows import __version__
from flows.serve.published import Build
from flows.serve.shown import printable

_KEPT_BYTES = 24_000_000  # of pages of a build
_FILES = (".json", ".csv", ".parquet", ".atom")
NEWER_BUILD = "no-cache"  # for Cache-Control: a client asks each time whether there is a newer build

PageNumber = Annotated[int, Query(ge=1, description="Page of the list, counted from 1.")]


class Fault(Exception):
    """A request that gets no answer; the message is one sentence or two that say what to do."""

    status = 400


class NotFound(Fault):
    """There is no such page."""

    status = 404


class WrongRequest(Fault):
    """A part of the address cannot be understood."""


class NotModified(Exception):
    """The client has the answer already."""


class Ready(Exception):
    """The page of this build was made for somebody else before."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.page = page


class Pages:
    """The pages of a build that were asked for last: at most so many bytes."""

    def __init__(self, size: int) -> None:
        self._left, self._lock = size, Lock()
        self._pages: OrderedDict[str, bytes] = OrderedDict()

    def get(self, key: str) -> bytes | None:
        """Return a page if it is kept."""
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
            return self._pages.get(key)

    def latest(self, count: int) -> list[str]:
        """Return the addresses of the pages that were asked for last, the last one at the end."""
        with self._lock:
            return list(self._pages)[-count:]

    def keep(self, key: str, page: bytes) -> None:
        """Keep a page, and drop those that were not asked for since long."""
        with self._lock:
            self._left += len(self._pages.pop(key, b"")) - len(page)
            self._pages[key] = page
            while self._left < 0:
                self._left += len(self._pages.popitem(last=False)[1])


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list that has several pages."""

    number: int  # from 1
    size: int  # rows of a page
    count: int  # rows of the whole list

    def __post_init__(self) -> None:
        """Refuse a page that is not there.

        Raises:
            WrongRequest: the list has fewer pages.
        """
        if self.number > self.last:
            pages = "1 page" if self.last == 1 else f"{self.last:,} pages"
            raise WrongRequest(f"There is no page {f'{self.number:,}'[:40]}: this list has {pages}.")

    @property
    def last(self) -> int:
        """Return the number of pages, at least 1."""
        return max(1, ceil(self.count / self.size))

    @property
    def first_row(self) -> int:
        """Return the place of the first row in the list, from 1; 0 in an empty list."""
        return min(self.offset + 1, self.count)

    @property
    def last_row(self) -> int:
        """Return the place of the last row in the list, from 1."""
        return min(self.offset + self.size, self.count)

    @property
    def offset(self) -> int:
        """Return the number of rows before this page."""
        return (self.number - 1) * self.size


def quoted(text: str) -> str:
    """Return the beginning of a text in quotation marks, as it was typed."""
    return f"'{text[:80]}'"


async def refuse_other_names(request: Request) -> None:
    """Refuse parameters that the address does not have, and those that are given twice.

    Raises:
        WrongRequest: there is one; the message names it.
    """
    fields = get_flat_params(request.scope["route"].dependant)
    known = [field.alias for field in fields if isinstance(field.field_info, params.Query)]
    given = [name for name, _ in request.query_params.multi_items()]
    if unknown := [quoted(name) for name in dict.fromkeys(given) if name not in known]:
        are = "is not a parameter" if len(unknown) == 1 else "are no parameters"
        what = f"use {', '.join(known)}" if known else "it has none"
        raise WrongRequest(f"{', '.join(unknown[:5])} {are} of {request.url.path}: {what}.")
    if repeated := [name for name in dict.fromkeys(given) if given.count(name) > 1]:
        raise WrongRequest(f"{', '.join(repeated)} can be given only once: leave the others out.")


async def newest_build(request: Request) -> Build:
    """Return the build that this request reads, from its first question to its last.

    Raises:
        NotModified: the client has the page of this build already.
        Ready: somebody else has asked for it.
    """
    if being_warmed := getattr(request.state, "build", None):
        request.state.address = _address(request)
        return being_warmed  # type: ignore[no-any-return]
    published = request.app.state.published
    newest: Build = published.newest() if published.is_open else await run_in_threadpool(published.newest)
    build = newest.for_one_request()
    request.state.build = build
    request.state.address = _address(request)
    is_for_people = "text/html" in request.headers.get("accept", "")
    asked = f"{__version__}\0{request.state.address}\0{is_for_people}"
    etag = f'W/"{build.build_id}-{blake2b(asked.encode(), digest_size=8).hexdigest()}"'
    request.state.validators = {
        "ETag": etag,
        "Last-Modified": format_datetime(build.built_at_utc, usegmt=True),
        "Cache-Control": NEWER_BUILD,
    }
    known = request.headers.get("if-none-match")
    if known is None:
        # An earlier build can be published again, so a date is compared for being the same and not for being later.
        is_known = request.headers.get("if-modified-since") == request.state.validators["Last-Modified"]
    else:
        is_known = etag in [one.strip() for one in known.split(",")]
    if is_known:
        raise NotModified
    if ready := pages_of(build).get(request.state.address):
        raise Ready(ready)
    return build


def _address(request: Request) -> str:
    return f"{request.url.path}?{request.url.query}"


def pages_of(build: Build) -> Pages:
    """Return the pages of a build that are kept."""
    pages: Pages = build.kept("pages", lambda: Pages(_KEPT_BYTES))
    return pages


Reading = Annotated[Build, Depends(newest_build)]


def show(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page made from `templates/TEMPLATE.html`, which extends `base.html`."""
    build: Build | None = getattr(request.state, "build", None)
    # Templates keep what they are given until Python looks for garbage, and a build that is kept is not closed.
    named = ("build_id", "built_at", "latest_release_date")
    facts = {name: getattr(build, name) for name in named} if build else None
    page = _TEMPLATES.get_template(f"{template}.html").render(request=request, build=facts, **values).encode()
    if build and status == 200:  # noqa: PLR2004
        pages_of(build).keep(request.state.address, page)
    return HTMLResponse(page, status)


def show_fault(request: Request, status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    """Return an error as a page to a browser, and as JSON to a program or in the place of a file."""
    if "text/html" in request.headers.get("accept", "") and not request.url.path.endswith(_FILES):
        answer: Response = show(request, "error", status, message=message, is_missing=status == NotFound.status)
    else:
        answer = JSONResponse({"error": message}, status)
    answer.headers.update(headers or {})
    return answer


def address(*parts: Any, **query: Any) -> str:
    """Return the address of a page of this application: `address("releases", release_id, page=2)`.

    A slash in a part stays, since ids of releases have them. Values that are None are left out.
    """
    given = {name: value for name, value in query.items() if value is not None}
    return "/" + "/".join(quote(str(part)) for part in parts) + (f"?{urlencode(given)}" if given else "")


def changed(request: Request, **changes: Any) -> str:
    """Return the address of this page with other values in its query; None removes one. The first page is shown."""
    given = {name: value for name, value in request.query_params.items() if value and name != "page"} | changes
    given = {name: value for name, value in given.items() if value is not None}
    return f"{request.scope['path']}{'?' if given else ''}{urlencode(given)}"


def day(value: date | None) -> str:
    """Return a day as people write it, such as `3 June 2003`."""
    return f"{value.day} {value:%B %Y}" if value else "no date"


def moment(value: datetime) -> str:
    """Return a time in UTC as people write it."""
    return f"{value.day} {value:%B %Y, %H:%M} UTC"


def counted(count: int, noun: str) -> str:
    """Return a number with its noun, such as `1 release` or `2,000 releases`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def marked(text: str) -> Markup:
    """Return a description with what is between backticks as code."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(printable(text)))))  # noqa: S704 (escaped)


_TEMPLATES = Environment(
    loader=PackageLoader("flows.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
    finalize=lambda value: printable(value) if type(value) is str else value,
)
_TEMPLATES.filters.update(
    thousands=lambda number: f"{number:,}",
    marked=marked,
    day=day,
    moment=moment,
    counted=counted,
    names=lambda text: text.split("; "),
)
_TEMPLATES.globals.update(address=address, changed=changed)
