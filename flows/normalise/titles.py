"""Find the text beside a name that may hold titles of office: `Health Minister Ann Ash`, `Ann Ash, Minister of Health`.

The text is cut where no title can go on; `flows.normalise.offices` decides which offices it prints. Staging keeps the
text and not the decision, because that depends on the portfolios that a build knows.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

_DISTANCE = 200  # characters searched before a name and after it
_OFFICES = ("inister", "INISTER", "ttorney", "TTORNEY", "reasurer", "ecretary", "eader of")
_HONORIFIC = r"(?:(?:(?:rt|right)\b\.? )?hon(?:ou?rable)?\b\.?|dr\b\.?|sir\b|dame\b|m(?:r|rs|s|iss)\b\.?)"
_HONORIFICS_AT_END = re.compile(rf"(?:(?:\bthe )?\b{_HONORIFIC} ?)+$", re.IGNORECASE)
_HONORIFICS_LENGTH = 40  # characters
_MARKS = str.maketrans(
    dict.fromkeys("*_#\u00a0\t\u00b7\u2022", " ") | dict.fromkeys("\u2010\u2011", "-")
)  # * of bold text, bullets
_LINE_BREAK = re.compile(r" *\n\s*")
_SPACES = re.compile(r"  +")
_WRAPPED = 60  # characters; a longer line goes on in the next one, a shorter one may be a line of its own
_ENDS = re.compile(r"""[.:!?"\u201c\u201d\u00ab\u00bb|\[\]]+""")  # what no title holds
_PUNCTUATION = "(),;/&"  # beside the words of titles
# Words that join the capitalised words of a title, and roles.
_SMALL_WORDS = frozenset(
    "acting affairs and assistant associate charge deputy for former in issues minister new of outgoing parliamentary "  # noqa: SIM905
    "previous responsible supporting the then to under-secretary undersecretary".split()
)
_APPOINTMENT_LENGTH = 15  # characters at most between a name and a title that is its own, such as `promoted to`
_DASHES = ("-", "\u2013", "\u2014")
_OPENING = re.compile(r" ?(?:, ?| ?\n(?: \n)? |\(|[-\u2013\u2014] )| (?=(?:Associate |Acting )?Minister (?:of|for) )")


class Beside(NamedTuple):
    """The texts beside a name in which titles of the named person may stand; empty if there are none.

    Line breaks are kept, as they separate titles; a blank line is two of them.
    """

    before: str
    after: str


def find_titles(body: str, place: int, end: int, previous_end: int, next_place: int) -> Beside:
    """Return the texts beside a name that may hold titles.

    Args:
        body: the text in which the name stands.
        place: of the name; if it begins with `Minister`, the end of that word, which is a part of the title.
        end: of the name.
        previous_end: where the name before this one ends; 0 if there is none.
        next_place: where the next name begins; the length of the body if there is none.
    """
    first, last = max(previous_end, place - _DISTANCE), min(next_place, end + _DISTANCE)
    before, after = body[first:place], body[end:last]
    has_name_before, has_name_after = first == previous_end > 0, last == next_place < len(body)
    is_in_columns = has_name_before and "\n" not in before
    title_after = _cut_after(after, has_name_after, is_in_columns) if _has_office(after) else ""
    if title_after and _LINE_BREAK.match(after) and _LINE_BREAK.search(before[-_HONORIFICS_LENGTH:]):
        before = ""  # titles stand below names, so the line above holds that of another person
    return Beside(_cut_before(before, has_name_before) if _has_office(before) else "", title_after)


def _clean(text: str) -> str:
    """Return a text with spaces around line breaks, without marks of bold text and breaks within a sentence."""

    def join(match: re.Match[str]) -> str:
        if match[0].count("\n") > 1:
            return " \n \n "
        line = text.rfind("\n", 0, match.start())
        return " " if match.start() - line > _WRAPPED and text[match.start() - 1] not in ".:;" else " \n "

    text = text.translate(_MARKS)
    return _SPACES.sub(" ", _LINE_BREAK.sub(join, text) if "\n" in text else text)


def _cut_before(text: str, has_name_before: bool) -> str:  # noqa: FBT001
    """Return the end of a text, from where a title before a name may begin."""
    text = _strip_honorifics(_clean(text))
    if text.endswith(("\n \n", ";")):
        return ""
    words = text.removesuffix(" \n").split(" ")
    count = _count_words(reversed(words))
    kept, left = words[len(words) - count :], words[: len(words) - count]
    if text.endswith("\n") and left and left[-1] != "\n":
        return ""  # a title above a name fills its line
    if left and _is_of_title(begun := _ENDS.split(left[-1])[-1]):
        kept.insert(0, begun)  # the last word of `"Health`
    found = " ".join(kept)
    if (
        has_name_before
        and not "".join(left).strip()
        and re.search(r"^[,(]|[,\n]$", text)
        and not re.match(r"[, ]*(?:and|&|;|/) ", found)
    ):
        return ""  # `Ann Ash, Minister of Health, Ben Birch` does not say whose title it is
    if has_name_before and found.endswith(",") and 0 < len("".join(left)) <= _APPOINTMENT_LENGTH:
        return ""  # `Ann Ash promoted to Health Minister, Ben Birch`
    return _keep_office(found)


def _cut_after(text: str, has_name_after: bool, is_in_columns: bool) -> str:  # noqa: FBT001
    """Return the beginning of a text, up to where a title after a name may end."""
    text = _strip_honorifics(_clean(text)) if has_name_after else _clean(text)
    opening = _OPENING.match(text)
    if not opening:
        return ""
    is_below = "\n" in opening[0]
    ends = "\n" if opening[0].strip() in _DASHES else (";", " and", " &")
    words = text[opening.end() :].split(" ")
    count = _count_words(words, is_below=is_below)
    kept, left = words[:count], words[count:]
    if left and _is_of_title(ended := _ENDS.split(left[0])[0]):
        kept.append(ended)  # the first word of `Health."`
    found = " ".join(kept)
    if opening[0].endswith("("):
        found = found.partition(")")[0]
    elif is_below and (left or has_name_after):
        found = found[: max(found.rfind("\n"), 0)]  # a title below a name fills its line
    elif has_name_after and not "".join(left).strip() and not text.endswith(ends):
        return ""  # the title may be that of the next name
    return "" if is_below and is_in_columns else _keep_office(found)


def _count_words(words: Iterable[str], *, is_below: bool = False) -> int:
    """Return how many words, from the first on, can be parts of titles; titles below a name can have several lines."""
    count = 0
    for word in words:
        if not (is_below if word == "\n" else not word.strip(_PUNCTUATION) or _is_of_title(word)):
            break
        count += 1
    return count


def _is_of_title(word: str) -> bool:
    bare = word.strip(_PUNCTUATION)
    return bool(bare) and (bare[0].isupper() or bare.lower() in _SMALL_WORDS) and not _ENDS.search(bare)


def _strip_honorifics(text: str) -> str:
    return text[:-_HONORIFICS_LENGTH] + _HONORIFICS_AT_END.sub("", text[-_HONORIFICS_LENGTH:]).rstrip(" ")


def _has_office(text: str) -> bool:
    return any(office in text for office in _OFFICES)


def _keep_office(text: str) -> str:
    return text.strip(" ,;\n") if _has_office(text) else ""
