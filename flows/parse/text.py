"""Clean the text of a release, hash it so that twins (copies) share a key, and find the date it opens with.

Cleaning repairs faults of the website, of text encodings and of the conversion to markdown. It never changes what a
text says: a lost macron or apostrophe stays lost.
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
# Punctuation that lost a byte when it was decoded wrongly, which ftfy cannot repair.
_BROKEN_PUNCTUATION = (("â€?", "\u201d"), ('â€"', "\u2013"), ("Â\u2019", "\u2019"))
# Punctuation of Chinese encodings (Big5, then GBK), whose two bytes were read as two letters. A text with one of the
# first pairs has them; a pair with a letter alone can be the Spanish sign.
_TWO_BYTE_SIGN = re.compile("¡[§¨¦¥°±®¯]")
_TWO_BYTE_PUNCTUATION = tuple(
    zip(
        ("¡§", "¡¨", "¡¥", "¡¦", "¡V", "¡X", "¡K", "¡°", "¡±", "¡®", "¡¯"),
        "\u201c\u201d\u2018\u2019\u2013\u2014\u2026\u201c\u201d\u2018\u2019",
        strict=True,
    )
)
_TWO_BYTE_BULLET = re.compile(r"(?m)^([ \t>*_-]*)„[hXo«Ÿ][ \t]*|„[hXo«Ÿ](?= )")
# DOS wrote ü as this byte. Only after a consonant: after a vowel, the byte is half of a letter with a macron.
_DOS_UMLAUT = re.compile("(?<![aeiouAEIOU])\u0081(?=[a-z])")
_CONTROL = re.compile("[\u0080-\u0084\u0086-\u009f]")
_FTFY = ftfy.TextFixerConfig(
    unescape_html=False, uncurl_quotes=False, fix_character_width=False, remove_terminal_escapes=False,
    fix_line_breaks=False, normalization=None, explain=False,
)  # fmt: skip
_IMAGE_PLACEHOLDER = re.compile(r"!\[Image removed\.\]\([^)]{0,500}\)")
# Unicode normalisation sorts the marks of a letter, in quadratic time. No letter of any language has more than 30: the
# limit of the Stream-Safe Text Format of Unicode (UAX #15).
_MAX_MARKS = 30
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
# Replace no-break spaces, Unicode line breaks, Microsoft Word's private bullets and dashes, and ligatures. Remove what
# has no width: soft hyphens, direction marks, control characters.
_REPLACEMENT_CODES = {
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
_REPLACEMENTS = {chr(code): character or "" for code, character in _REPLACEMENT_CODES.items()}
_SIGNS_OF_FAULTS = ("\\", "&", "<!--", "![Image removed")

# To list the unusual characters of a text once is faster than to search the text for each rare fault.
_USUAL_BYTES = bytes((0x09, 0x0A, 0x0D, *range(0x20, 0x7F)))
_MOJIBAKE_STARTS = frozenset(one for one in map(chr, range(0x80, 0x100)) if one in "ÂÃÄÅâ" or _CONTROL.match(one))

# For each byte of UTF-8: the byte itself if it is part of a word or not ASCII, otherwise a space.
_WORD_BYTES = bytes(byte if byte >= 0x80 or re.match(r"\w", chr(byte)) else 0x20 for byte in range(0x100))  # noqa: PLR2004
_UNUSUAL_NON_WORD = re.compile(r"[^\w\x00-\x7f]")
MAX_REPLACE_CALLS = 32  # str.replace() is faster than a regular expression for up to about 32 distinct characters

_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
_DAY, _MONTH = r"(\d{1,2})(?:st|nd|rd|th)?", f"((?i:{'|'.join(_MONTHS)}))"
_DATELINE = re.compile(
    r"(?:\A|\n)[\s>*_#]*(?:Media (?:Release|Statement)[ :]+)?(?:(?i:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day),?[ ]+)?"
    rf"(?:{_DAY},?[ ]*{_MONTH}|{_MONTH}[ ]+{_DAY}),?[ ]+(?P<year>(?:19|20)\d\d)(?!\d)[\s*_.:,-]*?(?:[A-Z*_]|\n|\Z)"
)
_OPENING_LENGTH = 200  # characters in which a date line must end
_LOOKAHEAD = 60  # further characters, needed to see what follows the date


def clean(body: str) -> str:
    """Return a markdown body, still markdown, without faults of encoding and conversion, comments and escapes."""
    text = body.replace("\xa0", " ")
    if unusual := unusual_characters(text):
        before = text
        if not unusual.isdisjoint(_MOJIBAKE_STARTS) and (_MOJIBAKE.search(text) or _CONTROL.search(text)):
            for broken, repaired in _BROKEN_PUNCTUATION:
                text = text.replace(broken, repaired)
            text = "\n".join(ftfy.fix_text(_DOS_UMLAUT.sub("ü", line), _FTFY) for line in text.split("\n"))
            unusual = unusual_characters(text)
        if not unusual.isdisjoint("¡„"):
            text = _repair_two_bytes(text)
        text = unicodedata.normalize("NFC", _limit_marks(text, unusual))
        unusual = unusual if text == before else unusual_characters(text)
    if not any(sign in text for sign in _SIGNS_OF_FAULTS) and unusual.isdisjoint(_REPLACEMENTS):
        return text
    text = _IMAGE_PLACEHOLDER.sub("", _remove_comments(text))
    text = _ENTITY.sub(_unescape, text)
    text = _remove_escapes(text)
    unusual = unusual_characters(text)
    for character in unusual & _REPLACEMENTS.keys():  # in any order: no replacement is replaced again
        text = text.replace(character, _REPLACEMENTS[character])
    return _BLANK_LINES.sub("\n\n", _limit_marks(text, unusual)).strip()


def _repair_two_bytes(text: str) -> str:
    text = _TWO_BYTE_BULLET.sub(lambda one: "•" if one[1] is None else f"{one[1]}• ", text)
    for broken, repaired in _TWO_BYTE_PUNCTUATION if _TWO_BYTE_SIGN.search(text) else ():
        text = text.replace(broken, repaired)
    return text


def _limit_marks(text: str, unusual: set[str]) -> str:
    """Return a text in which at most 30 combining marks follow each other: those that normalisation may have to sort.

    Args:
        text: any text.
        unusual: at least those of its characters that are not ASCII.
    """
    marks = "".join(one for one in unusual if unicodedata.combining(unicodedata.normalize("NFKD", one)[0]))
    return re.sub(f"([{marks}]{{{_MAX_MARKS}}})[{marks}]++", r"\1", text) if marks else text


def unusual_characters(text: str) -> set[str]:
    """Return the distinct characters of a text other than printable ASCII, tab, line feed and carriage return."""
    return set(text.encode("utf-8", "surrogatepass").translate(None, _USUAL_BYTES).decode("utf-8", "surrogatepass"))


def clean_simply(body: str) -> str:
    """Return a body without no-break spaces and escapes, which is all the cleaning that most bodies need.

    The view release_texts does the same in SQL, so a cleaned text is stored only where `clean` gives another result.
    """
    text = body.replace("\xa0", " ")
    return _remove_escapes(text) if "\\" in text else text


def _remove_escapes(text: str) -> str:
    """Return a text without the backslashes of markdown's escapes; three times as fast as a substitution."""
    return "".join(_ESCAPE.split(text))


def _remove_comments(text: str) -> str:
    kept, place = [], 0
    while (start := text.find("<!--", place)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        kept.append(text[place:start])
        place = end + 3
    return "".join([*kept, text[place:]])


def _unescape(entity: re.Match[str]) -> str:
    """Return the character of an HTML entity; leave text that only looks like one, such as `&amplify;`."""
    return html.unescape(entity[0]) if entity[0][1] == "#" or entity[0][1:] in html.entities.html5 else entity[0]


def keep_words(text: str) -> str:
    """Return a text of the same length in which every character that is not part of a word is a space.

    A word is a run of letters, digits and underscores.
    """
    if separators := [one for one in unusual_characters(text) if not one.isalnum()]:
        if len(separators) > MAX_REPLACE_CALLS:
            text = _UNUSUAL_NON_WORD.sub(" ", text)
        else:
            for separator in separators:
                text = text.replace(separator, " ")
    return text.encode("utf-8", "surrogatepass").translate(_WORD_BYTES).decode("utf-8", "surrogatepass")


def make_text_key(words: str) -> str | None:
    """Return a hash of the letters and digits of a text, which is equal for twins; None if it has neither.

    Args:
        words: the cleaned text as `keep_words` returns it.
    """
    text = words.replace(" ", "").replace("_", "")
    text = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest() if text else None


def find_opening_date(body: str) -> date | None:
    """Return the date line that a body opens with; None if it has none, or if the date is part of a sentence."""
    match = _DATELINE.search(body[: _OPENING_LENGTH + _LOOKAHEAD])
    if match is None or match.end("year") > _OPENING_LENGTH:
        return None
    day, month = match[1] or match[4], match[2] or match[3]
    try:
        return date(int(match["year"]), _MONTHS.index(month.capitalize()) + 1, int(day))
    except ValueError:
        return None  # such as 31 November
