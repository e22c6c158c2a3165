"""Text from the archive made safe to show: no control character reaches a terminal, and nothing acts as markup."""

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MARKUP = re.compile(r"([\\`*_\[\]<>#|!~&])")


def printable(text: str) -> str:
    r"""Return the text with control characters as escapes such as `\x1b` or `\u202e`, and tabs as spaces."""
    return _CONTROL.sub(lambda control: control[0].encode("unicode_escape").decode(), re.sub(r"[\t\r]", " ", text))


def as_markdown(text: str) -> str:
    """Return the text on one line, with the characters escaped that mean something in Markdown."""
    return _MARKUP.sub(r"\\\1", " ".join(printable(text).split()))
