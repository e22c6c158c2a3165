"""Absolute addresses, for feeds, pages of data and other places that are read elsewhere."""

from fastapi import Request


def absolute(request: Request, address: str) -> str:
    """Return the absolute address of a page of this application.

    Behind a proxy that does not pass the address on which people reach it, the setting `serve_url` has it.
    """
    known: str | None = request.app.state.settings.serve_url
    return (known or str(request.base_url)).rstrip("/") + address
