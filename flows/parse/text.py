"""What a body says, apart from how it was kept: a cleaned text, a key that twins share, the date it opens with.

The faults mended here are those of the site, of its encodings and of the converter to markdown. What a text says
is never changed: a lost macron or apostrophe stays lost.
"""

import hashlib
import html
import html.entities
import re
import unicodedata
from datetime import date

import ftfy

_MOJIBAKE = re.compile(
    "[ÂÃÄÅâ][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a€™]"
)
# Marks of which the wrong decoding lost a byte, so that it cannot be undone; and DOS's u-umlaut, which stands after a
# consonant (after a vowel, the same byte is half of a macron).
_BROKEN = (("â€?", "\u201d"), ('â€"', "\u2013"), ("Â\u2019", "\u2019"))
_DOS_UMLAUT = re.compile("(?<![aeiouAEIOU])\u0081(?=[a-z])")
_C1 = re.compile("[\u0080-\u0084\u0086-\u009f]")
_FTFY = ftfy.TextFixerConfig(
    unescape_html=False, uncurl_quotes=False, fix_character_width=False, remove_terminal_escapes=False,
    fix_line_breaks=False, explain=False,
)  # fmt: skip
_PLACEHOLDER = re.compile(r"!\[Image removed\.\]\([^)]{0,500}\)")
_MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_HEAP_OF_MARKS = re.compile(f"({_MARK}{{32}}){_MARK}++")  # no letter has so many; to order them takes their square
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
# Spaces that do not break a line are spaces, Unicode's line breaks are line breaks, Word's bullet is a bullet, and
# what has no width (soft hyphens, marks of direction, controls) goes.
_CHARACTERS = {
    **dict.fromkeys((0xA0, 0x2007, 0x202F), " "),
    **dict.fromkeys((0x0B, 0x0C, 0x85, 0x2028, 0x2029), "\n"),
    **dict.fromkeys((0xF0B7, 0xF0A7), "•"),
    **dict.fromkeys((0xAD, 0x2060, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F)), None),
    **dict.fromkeys((*range(9), *range(0x0E, 0x20), 0x7F, *range(0x80, 0x85), *range(0x86, 0xA0)), None),
    **dict.fromkeys(range(0xFDD0, 0xFDF0), None),
    0xF020: " ",
    0xF02D: "-",
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
}
_REPLACED = {chr(code): character or "" for code, character in _CHARACTERS.items()}
_FAULTY_MARKS = ("\\", "&", "<!--", "![Image removed")

# A search through a text for each thing that is rare costs more than one look at which odd characters it holds.
_PLAIN = bytes((0x09, 0x0A, 0x0D, *range(0x20, 0x7F)))
_MARKS = frozenset(one for one in map(chr, range(0x300, 0xFE30)) if re.match(_MARK, one))
_BADLY_DECODED = frozenset(one for one in map(chr, range(0x80, 0x100)) if one in "ÂÃÄÅâ" or _C1.match(one))
_SPACED = bytes(byte if byte >= 0x80 or re.match(r"\w", chr(byte)) else 0x20 for byte in range(0x100))  # noqa: PLR2004
_NO_WORD = re.compile(r"[^\w\x00-\x7f]")
_FEW = 32  # kinds of characters, each replaced on its own

_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
_DAY, _MONTH = r"(\d{1,2})(?:st|nd|rd|th)?", f"((?i:{'|'.join(_MONTHS)}))"
_DATELINE = re.compile(
    r"(?:\A|\n)[\s>*_#]*(?:Media (?:Release|Statement)[ :]+)?(?:(?i:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day),?[ ]+)?"
    rf"(?:{_DAY},?[ ]*{_MONTH}|{_MONTH}[ ]+{_DAY}),?[ ]+(?P<year>(?:19|20)\d\d)(?!\d)[\s*_.:,-]*?(?:[A-Z*_]|\n|\Z)"
)
_OPENING, _BEHIND = 200, 60  # characters in which a date line is looked for, and those needed to see how it ends


def clean(body: str) -> str:
    """The text without the faults of its keeping, still markdown; ftfy repairs lines that were decoded wrongly."""
    text = body.replace("\xa0", " ")
    if strange := odd(text):
        before = text
        if not strange.isdisjoint(_MARKS):
            text = _HEAP_OF_MARKS.sub(r"\1", text)
        if not strange.isdisjoint(_BADLY_DECODED) and (_MOJIBAKE.search(text) or _C1.search(text)):
            for broken, whole in _BROKEN:
                text = text.replace(broken, whole)
            text = "\n".join(ftfy.fix_text(_DOS_UMLAUT.sub("ü", line), _FTFY) for line in text.split("\n"))
        text = unicodedata.normalize("NFC", text)
        strange = strange if text == before else odd(text)
    if not any(mark in text for mark in _FAULTY_MARKS) and strange.isdisjoint(_REPLACED):
        return text
    text = _PLACEHOLDER.sub("", _without_comments(text))
    text = _ENTITY.sub(_unescape, text)
    text = _ESCAPE.sub(r"\1", text)
    for character in odd(text) & _REPLACED.keys():  # none becomes another of them, so that the order is all one
        text = text.replace(character, _REPLACED[character])
    return _BLANK_LINES.sub("\n\n", text).strip()


def odd(text: str) -> set[str]:
    """The characters of a text that are not printed ASCII, a tab or the end of a line."""
    return set(text.encode("utf-8", "surrogatepass").translate(None, _PLAIN).decode("utf-8", "surrogatepass"))


def clean_simply(body: str) -> str:
    """The body without no-break spaces and escapes: all that most bodies need.

    The view release_texts does the same, so that a cleaned text is stored only where it needs more.
    """
    text = body.replace("\xa0", " ")
    return _ESCAPE.sub(r"\1", text) if "\\" in text else text


def _without_comments(text: str) -> str:
    kept, place = [], 0
    while (start := text.find("<!--", place)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        kept.append(text[place:start])
        place = end + 3
    return "".join([*kept, text[place:]])


def _unescape(entity: re.Match[str]) -> str:
    """The character of an entity; what only begins like one stays."""
    return html.unescape(entity[0]) if entity[0][1] == "#" or entity[0][1:] in html.entities.html5 else entity[0]


def spaced(body: str) -> str:
    """The text with a space for each character that is no part of a word (a run of letters, digits and underscores)."""
    if between := [one for one in odd(body) if not one.isalnum()]:
        if len(between) > _FEW:
            body = _NO_WORD.sub(" ", body)
        else:
            for one in between:
                body = body.replace(one, " ")
    return body.encode("utf-8", "surrogatepass").translate(_SPACED).decode("utf-8", "surrogatepass")


def text_key(spaced_body: str) -> str | None:
    """A hash of the letters and digits of a text of `spaced`, which twins share. None where there are none."""
    text = spaced_body.replace(" ", "").replace("_", "")
    text = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest() if text else None


def opening_date(body: str) -> date | None:
    """The date that begins a line at the beginning of a text and is no part of a sentence: the date it gives itself."""
    match = _DATELINE.search(body[: _OPENING + _BEHIND])
    if match is None or match.end("year") > _OPENING:
        return None
    day, month = match[1] or match[4], match[2] or match[3]
    try:
        return date(int(match["year"]), _MONTHS.index(month.capitalize()) + 1, int(day))
    except ValueError:
        return None  # such as 31 November: not a date, so not evidence of one
