"""Text from the archive where people see it: no terminal obeys it, and it is no markup."""

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_MARKUP = re.compile(r"([\\`*_\[\]<>#|!~&])")


def printable(text: str) -> str:
    r"""The text with controls shown as escapes, such as the `\x1b` that a terminal would obey; tabs are spaces."""
    return _CONTROL.sub(lambda control: f"\\x{ord(control[0]):02x}", re.sub(r"[\t\r]", " ", text))


def as_markdown(text: str) -> str:
    """The text on one line of Markdown, as nothing but text."""
    return _MARKUP.sub(r"\\\1", " ".join(printable(text).split()))
