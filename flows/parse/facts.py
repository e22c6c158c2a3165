"""What a text measures: sentences and reading ease, te reo, quotes, amounts of money. Counted once per content.

Everything is counted in the cleaned text as a reader sees it: of a link its text, without its address.
"""

import itertools
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from flows.parse.text import spaced
from flows.paths import SEEDS

# Te reo Māori by its letters: syllables of a vowel with at most one consonant before it, none behind.
TE_REO_SEED = SEEDS / "not_te_reo_words.csv"
_TE_REO = re.compile(r"(?:(?:ng|wh|[hkmnprtw])?[aeiouāēīōū])+")
_MACRONS = frozenset("āēīōūĀĒĪŌŪ")
_SPELLINGS = {"māori": "macron", "maori": "plain", "mäori": "umlaut", "mâori": "circumflex"}

_VOWELS = re.compile("[aeiouyāēīōūäëïöüâêîôûáéíóúàèìòùæœø]+")
TAILS = frozenset(("s", "t", "ll", "re", "ve", "d", "m"))  # what an apostrophe cuts off a word
_LETTERS = frozenset(("a", "i", "o"))  # other single letters are initials and bullets

# What takes time is bounded by a text's length: no run of characters is looked at again from each of its own.
_TARGET = re.compile(r"\]\([^)\s]*+")
_BARE_ADDRESSES = (re.compile(r"http(?<!\whttp)s?://[^\s)\]]*+"), re.compile(r"www\.(?<!\wwww\.)[^\s)\]]*+"))
# Patterns begin with a text or a set of characters, which are found fast.
_BEHIND_A_SENTENCE, _BEFORE_A_SENTENCE = "\"'”\u2019)\\]*_", "\"'“\u2018(\\[*_"
_SENTENCE_END = re.compile(
    r"[.!?…\n](?:"
    r"(?<=\n)(?![ \t]*+[a-zāēīōū])"  # a line is a sentence of its own, unless the next goes on in lower case
    rf"|(?<!\n)[{_BEHIND_A_SENTENCE}]{{0,4}}+[ \t](?=[ \t]{{0,3}}[{_BEFORE_A_SENTENCE}]{{0,4}}[A-Z0-9ĀĒĪŌŪ])"
    r"(?<!(?:Mr|Dr|St|No)\.[ \t])(?<!(?:Mrs|Hon|i\.e|e\.g)\.[ \t]))"
)
_LETTER = re.compile(r"[^\W\d_]")

_MARK_OR_PARAGRAPH = re.compile(r'["“”\n](?:(?<!\n)|[ \t]*+\n\s*+)')
_BEFORE_A_QUOTE = frozenset("([{*_-\u2013\u2014/>:")
_LONGEST_OPEN = 1_500  # characters of a quote that its paragraph does not close
_LONGEST_CLOSED = 6_000
_LONGEST_BULLET = 8  # what stands in front of a paragraph's first mark and is no text
SHORTEST_QUOTE = 5  # words; shorter ones are names, titles and words held at a distance

_UNIT = r"(?i:million|billion|trillion|thousand|miriona|piriona|mn?|bn?|k)(?![^\W\d_])"
_AMOUNT = re.compile(
    r"(?P<sign>[$£€])(?P<inner>NZD?|USD?|AU?D?)?[ ]?"
    r"(?P<number>\d{1,3}(?:,\d{3}){1,5}(?!\d)|\d{1,15}(?!\d))(?P<part>\.\d{1,6}(?!\d))?"
    rf"(?:[ -]?(?P<unit>{_UNIT}))?(?:[ ](?P<after>NZD|USD|AUD|US dollars|Australian dollars)\b)?"
)
# The upper end of a range: `$10-15 million`, `$10 to $15 million`, and behind `between` also `$10 and $15 million`.
_UPPER_END = re.compile(
    r"(?:[ ]?[-\u2013\u2014][ ]?|[ ](?:to|(?P<and>and))[ ])"
    rf"(?P<sign>[$£€]?)(?P<number>\d{{1,6}})(?P<part>\.\d{{1,6}})?[ -]?(?P<unit>{_UNIT})"
)
_BETWEEN = "between "
_CODE = re.compile(r"(?<![A-Za-z])(?:[A-Z]{1,3}|[A-Z]{3}[ ])\Z")
_CURRENCY = {
    "£": "GBP", "€": "EUR",
    "NZ": "NZD", "NZD": "NZD", "US": "USD", "USD": "USD", "US dollars": "USD", "A": "AUD", "AU": "AUD", "AUS": "AUD",
    "AUD": "AUD", "Australian dollars": "AUD", "C": "CAD", "CAN": "CAD", "CAD": "CAD", "HK": "HKD", "HKD": "HKD",
    "S": "SGD", "SGD": "SGD", "F": "FJD", "FJD": "FJD", "NT": "TWD", "WST": "WST", "TOP": "TOP",
}  # fmt: skip
_POWERS = {"k": 3, "m": 6, "b": 9, "p": 9, "thousand": 3, "trillion": 12}  # of a unit, or of its first letter
_WRITTEN_OUT = 1_000_000
_TOO_MUCH = Decimal(10) ** 15  # a thousand trillion: a number that is no amount of money


class Amount(NamedTuple):
    """An amount of money."""

    printed: str
    amount: Decimal  # in cents
    currency: str | None  # ISO code; None where a plain $ is printed


@dataclass(frozen=True, slots=True)
class Facts:
    """What one text measures, apart from its words."""

    sentence_count: int
    quote_count: int  # of five words or more
    quoted_word_count: int
    amounts: list[Amount]


@cache
def _not_te_reo() -> frozenset[str]:
    lines = TE_REO_SEED.read_text(encoding="utf-8").splitlines()[1:]
    return frozenset(line.partition(",")[0] for line in lines)


# A word's kind is one number that has a field for each thing that is counted: the kinds of a text's words, added up,
# are what it holds of each.
FIELD = 32  # bits
COUNTED = (
    "reading_word_count",  # words with a letter; what an apostrophe cuts off is none
    "syllable_count",  # of the reading words, by groups of vowels
    "te_reo_word_count",
    "te_reo_name_count",  # of those, with a capital letter
    "macron_word_count",
    "maori_macron_count",  # the word Māori itself, by how it is spelt
    "maori_plain_count",
    "maori_umlaut_count",
    "maori_circumflex_count",
    "aotearoa_count",
)
_ONE = {name: 1 << (FIELD * number) for number, name in enumerate(COUNTED)}
_MOST_SYLLABLES = 255  # of a word


def kind(word: str) -> int:
    """What a word counts for, to be added up over a text."""
    lowered = word.lower()
    found = 0
    if _LETTER.search(lowered) and lowered not in TAILS and (len(lowered) > 1 or lowered in _LETTERS):
        found += _ONE["reading_word_count"]
        found += _ONE["syllable_count"] * min(syllables(lowered), _MOST_SYLLABLES)
    if is_te_reo(word):
        found += _ONE["te_reo_word_count"]
        if word[0].isupper():
            found += _ONE["te_reo_name_count"]
    if not _MACRONS.isdisjoint(word):
        found += _ONE["macron_word_count"]
    if spelling := _SPELLINGS.get(lowered):
        found += _ONE[f"maori_{spelling}_count"]
    if lowered == "aotearoa":
        found += _ONE["aotearoa_count"]
    return found


def syllables(word: str) -> int:
    """Syllables of a lower-case word by its groups of vowels, a silent e at the end left out; at least one."""
    count = len(_VOWELS.findall(word))
    if count > 1 and word.endswith("e") and not word.endswith(("le", "ee", "ie", "oe", "ue", "ye")):
        count -= 1
    return max(count, 1)


def is_te_reo(word: str) -> bool:
    """Whether a word is te reo Māori by its letters, names included; words in capitals are taken for initials."""
    lowered = word.lower()
    return (
        len(word) > 1 and not word.isupper() and _TE_REO.fullmatch(lowered) is not None and lowered not in _not_te_reo()
    )


def read(cleaned: str) -> tuple[str, str]:
    """A cleaned text as a reader sees it, without addresses; and the words of those, spaced."""
    unread: list[str] = []
    seen = cleaned
    if "](" in seen:
        unread += _TARGET.findall(seen)
        seen = _TARGET.sub("]", seen)
    for mark, address in zip(("://", "www."), _BARE_ADDRESSES, strict=True):
        if mark in seen:
            unread += address.findall(seen)
            seen = address.sub("", seen)
    return seen, spaced(" ".join(unread)) if unread else ""  # an address ends where its words end


def measure(seen: str) -> Facts:
    """Measures a text, as `read` gives it."""
    quotes = _quotes(seen)
    return Facts(
        sentence_count=sum(_LETTER.search(piece) is not None for piece in _SENTENCE_END.split(seen)),
        quote_count=len(quotes),
        quoted_word_count=sum(quotes),
        amounts=amounts(seen) if "$" in seen or "£" in seen or "€" in seen else [],
    )


def _quotes(read: str) -> list[int]:
    """The words of each quote of five words or more.

    A quote runs from a mark to the next that closes it. One that its paragraph does not close goes on where the next
    paragraph begins with a mark again, as the site prints quotes of several paragraphs; otherwise it ends with its
    paragraph, or after 1,500 characters.
    """
    found: list[int] = []
    if '"' not in read and "“" not in read:
        return found
    only_words = spaced(read)
    carried = 0  # words of a quote that the paragraphs before did not close
    paragraph, opened = 0, -1  # where they begin
    for mark in itertools.chain(_MARK_OR_PARAGRAPH.finditer(read), [None]):
        at, sign = (mark.start(), mark[0][0]) if mark else (len(read), "\n")
        if sign == "\n":
            if opened >= 0:
                carried += len(only_words[opened : min(at, opened + _LONGEST_OPEN)].split())
            elif carried:
                found.append(carried)
                carried = 0
            paragraph, opened = mark.end() if mark else at, -1
        elif opened < 0:
            if sign == "“" or (sign == '"' and _begins_a_quote(read, at)):
                if carried and read[paragraph : min(at, paragraph + _LONGEST_BULLET)].strip(" *_>"):
                    found.append(carried)
                    carried = 0
                opened = at + 1
        elif sign != "“":
            found.append(carried + len(only_words[opened : min(at, opened + _LONGEST_CLOSED)].split()))
            opened, carried = -1, 0
    return [count for count in (*found, carried) if count >= SHORTEST_QUOTE]


def _begins_a_quote(read: str, at: int) -> bool:
    """Whether a straight mark opens: a space or bracket before it (or nothing), and none behind."""
    before, behind = read[at - 1 : at], read[at + 1 : at + 2]
    return (not before or before.isspace() or before in _BEFORE_A_QUOTE) and bool(behind) and not behind.isspace()


def amounts(read: str) -> list[Amount]:
    """Every amount printed with a sign of a currency, in order; of a range both ends."""
    found: list[Amount] = []
    for match in _AMOUNT.finditer(read):
        value = _number(match["number"], match["part"])
        unit, end, upper = match["unit"], match.end(), None
        if unit is None and match["after"] is None:
            upper = _UPPER_END.match(read, end)
            if upper and (
                _number(upper["number"], upper["part"]) <= value
                or (upper["and"] and not read.startswith(_BETWEEN, match.start() - len(_BETWEEN)))
            ):
                upper = None
        if upper:
            unit, end = upper["unit"], upper.end()
        code = _CODE.search(read, max(match.start() - 5, 0), match.start())
        start = code.start() if code and code[0].strip() in _CURRENCY else match.start()
        currency = _CURRENCY.get(
            match["inner"] or match["after"] or (code[0].strip() if code else "") or match["sign"],
            _CURRENCY.get(match["sign"]),
        )
        ends = [(read[start:end], value)]
        if upper and not upper["sign"]:
            ends.append((read[upper.start("number") : end], _number(upper["number"], upper["part"])))
        for printed, number in ends:
            # A number of seven digits has its zeros already: `$1,500,000 million` is a slip.
            power = _power(unit) if number < _WRITTEN_OUT else 0
            amount = number.scaleb(power).quantize(Decimal("0.01"))
            if amount < _TOO_MUCH:
                found.append(Amount(printed, amount, currency))
    return found


def _number(digits: str, part: str | None) -> Decimal:
    return Decimal(digits.replace(",", "") + (part or ""))


def _power(unit: str | None) -> int:
    """The power of ten that a printed unit stands for."""
    if unit is None:
        return 0
    lowered = unit.lower()
    return _POWERS[lowered] if lowered in _POWERS else _POWERS[lowered[0]]
