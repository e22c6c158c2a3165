"""Texts of an answer: pages, first sentences, and what may be shown."""

import re
from collections.abc import Iterator
from textwrap import shorten
from typing import Any

from flows.serve.shown import printable

_PAGE = 12_000  # characters
_MOST_GIST = 120  # characters


def paginate(text: str, size: int = _PAGE) -> list[str]:
    """Return the parts of a text, none longer than a size, cut where a paragraph, line or sentence ends if possible."""
    return list(_pages(text, size)) or [""]


def _pages(text: str, size: int) -> Iterator[str]:
    while len(text) > size:
        ends = (text.rfind(mark, size // 2, size) + len(mark) for mark in ("\n\n", "\n", ". ", " "))
        end = next((end for end in ends if end > size // 2), size)
        yield text[:end]
        text = text[end:]
    if text:
        yield text


def first_sentence(text: str) -> str:
    """Return what a description says first, shortened if it is long."""
    return shorten(re.split(r"(?<=[.]) (?=[A-Z])", text, maxsplit=1)[0], _MOST_GIST, placeholder=" …")


def printable_values(value: Any) -> Any:
    """Return a value of JSON with control characters in its texts as escapes."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {printable(key): printable_values(one) for key, one in value.items()}
    return [printable_values(one) for one in value] if isinstance(value, list) else value
