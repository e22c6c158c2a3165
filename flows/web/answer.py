"""What the pages share: the build that a request reads, templates, and errors that people and programs can read."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from flows.serve.published import Build
from flows.serve.shown import printable

_TEMPLATES = Environment(
    loader=PackageLoader("flows.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    finalize=lambda value: printable(value) if type(value) is str else value,
)
_TEMPLATES.filters["thousands"] = lambda number: f"{number:,}"


@dataclass(frozen=True, slots=True)
class NotFound(Exception):
    """A page that does not exist; the message says what to try instead."""

    message: str


def newest_build(request: Request) -> Build:
    """Return the build that this request reads, from its first question to its last."""
    build: Build = request.app.state.published.newest()
    request.state.build = build
    return build


Reading = Annotated[Build, Depends(newest_build)]


def show(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page made from `templates/TEMPLATE.html`, which extends `base.html`."""
    build = getattr(request.state, "build", None)
    page = _TEMPLATES.get_template(f"{template}.html").render(request=request, build=build, **values)
    return HTMLResponse(page, status)
