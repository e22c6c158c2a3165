"""Text from the archive where people see it: no terminal obeys it, and it is no markup."""

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MARKUP = re.compile(r"([\\`*_\[\]<>#|!~&])")


def printable(text: str) -> str:
    r"""The text with controls shown as escapes, such as the `\x1b` and `\u202e` that a terminal would obey.

    Tabs are spaces.
    """
    return _CONTROL.sub(lambda control: control[0].encode("unicode_escape").decode(), re.sub(r"[\t\r]", " ", text))


def as_markdown(text: str) -> str:
    """The text on one line of Markdown, as nothing but text."""
    return _MARKUP.sub(r"\\\1", " ".join(printable(text).split()))
