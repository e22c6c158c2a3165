"""Find amounts of money in a text: their numbers, units and currencies."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

# Every pattern takes time linear in the length of a text: possessive quantifiers prevent backtracking.
_UNIT = r"(?i:million|billion|trillion|thousand|miriona|piriona|mn?|bn?|k)(?![^\W\d_])"
_NUMBER = r"\d{1,3}(?:,\d{3}){1,5}(?!\d)|\d{1,3}(?: \d{3}){1,2}(?![,.]?\d)|\d{1,15}(?!\d)"
_REST = (
    rf"[ ]?(?P<number>{_NUMBER})(?P<part>\.\d{{1,6}}(?!\d))?"
    rf"(?:[ -]?(?P<unit>{_UNIT}))?(?:[ ](?P<after>NZD|USD|AUD|US dollars|Australian dollars)\b)?"
)
_SIGNED = re.compile(rf"(?P<sign>[$£€¥])(?P<inner>NZD?|USD?|AU?D?)?{_REST}")
_CODED = re.compile(rf"(?P<inner>NZD|USD|AUD|GBP|EUR)(?<![A-Za-z$]...){_REST}")
# Amounts in words, such as `20 million euros`, `half a million dollars` and `5 cents`, are found by their last word.
_WORD = re.compile(r"(?:dollar|cents|euro|yen)s?\b")
_BEFORE_WORD = re.compile(
    r"(?<![\w.,$£€¥])(?:(?P<number>\d{1,3}(?:,\d{3}){1,5}|\d{1,15})(?P<part>\.\d{1,6})?"
    r"|(?P<worded>(?i:half a|an?|one|two|three|four|five|six|seven|eight|nine|ten)))"
    r"[ -](?:(?P<unit>thousand|million|billion|trillion)[ -])?(?P<country>US |Australian )?\Z"
)
_LONGEST_BEFORE_WORD = 50  # characters
_WORDS = ("dollar", "cents", "euro", "yen")
_CODES = ("NZD", "USD", "AUD", "GBP", "EUR")
SIGNS = ("$", "£", "€", "¥", *_WORDS, *_CODES)  # every amount has one of them
_YEAR = re.compile(r"(?:19|20)\d\d")
_WORDED_NUMBERS = {"half a": "0.5", "a": "1", "an": "1"} | {
    word: str(number)
    for number, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1)
}
# The upper end of a range: `$10-15 million`, `$10 to $15 million`, and after `between` also `$10 and $15 million`.
_UPPER_END = re.compile(
    r"(?:[ ]?[-\u2013\u2014][ ]?|[ ](?:to|(?P<and>and))[ ])"
    rf"(?P<sign>[$£€]?)(?P<number>\d{{1,6}})(?P<part>\.\d{{1,6}})?[ -]?(?P<unit>{_UNIT})"
)
_SPACED = re.compile(r", \d{3}(?![\w,.])")  # the rest of `$771, 724`
_BETWEEN = "between "
_CURRENCY_CODE = re.compile(r"(?<![A-Za-z])(?:[A-Z]{1,3}|[A-Z]{2,3}[ ])\Z")
_CURRENCY = {
    "£": "GBP", "€": "EUR", "¥": "JPY",
    "NZ": "NZD", "NZD": "NZD", "US": "USD", "USD": "USD", "US dollars": "USD", "A": "AUD", "AU": "AUD", "AUS": "AUD",
    "AUD": "AUD", "Australian dollars": "AUD", "C": "CAD", "CAN": "CAD", "CAD": "CAD", "HK": "HKD", "HKD": "HKD",
    "S": "SGD", "SGD": "SGD", "F": "FJD", "FJD": "FJD", "NT": "TWD", "WST": "WST", "TOP": "TOP",
    "GBP": "GBP", "EUR": "EUR", "euro": "EUR", "euros": "EUR", "yen": "JPY", "US ": "USD", "Australian ": "AUD",
}  # fmt: skip
_POWERS = {"k": 3, "m": 6, "b": 9, "p": 9, "thousand": 3, "trillion": 12}  # of ten, by unit or by its first letter
_WRITTEN_OUT = 1_000_000  # a number this large has its zeros already, so the unit of `$1,500,000 million` is a mistake
_TOO_LARGE = Decimal(10) ** 15  # a thousand trillion: not an amount of money
# A number with zeros written out and one of these letters after it has a footnote, as `$530,000b`.
_FOOTNOTE_FROM = {"k": 10_000, "m": 100_000, "b": 1_000}
_MANY_MILLIONS = 10_000  # `$67,000 million` is more often a mistake for thousands than 67 billion


class Amount(NamedTuple):
    """An amount of money. Places count characters of the text from 0."""

    place: int
    end: int
    printed: str
    amount: Decimal  # in units of the currency, with two decimal places
    currency: str | None  # ISO code; None where a plain $ is printed
    doubt: str | None  # code of the reason to doubt the number


def find_amounts(text: str) -> list[Amount]:
    """Return the amounts of money of a text, in order; a range yields both its ends."""
    if not any(sign in text for sign in SIGNS):
        return []
    found = list(_find_signed(_SIGNED, text))
    others: list[Amount] = []
    if any(code in text for code in _CODES):
        others += _find_signed(_CODED, text)
    if any(word in text for word in _WORDS):
        others += _find_worded(text)
    if others:
        taken = [one.place for one in found]
        for one in others:
            index = bisect_right(taken, one.place)
            if not index or found[index - 1].end <= one.place:
                found.append(one)
        found.sort(key=lambda one: one.place)
    return found


def _find_signed(pattern: re.Pattern[str], text: str) -> Iterator[Amount]:
    for match in pattern.finditer(text):
        value = _number(match["number"], match["part"])
        unit, end, upper = match["unit"], match.end(), None
        if unit is None and match["after"] is None:
            upper = _UPPER_END.match(text, end)
            if upper and (
                _number(upper["number"], upper["part"]) <= value
                or (upper["and"] and not text.startswith(_BETWEEN, match.start() - len(_BETWEEN)))
            ):
                upper = None
        if upper:
            unit, end = upper["unit"], upper.end()
        code = _CURRENCY_CODE.search(text, max(match.start() - 5, 0), match.start())
        start = code.start() if code and code[0].strip() in _CURRENCY else match.start()
        currency = _CURRENCY.get(
            match["inner"] or match["after"] or (code[0].strip() if code else "") or text[match.start()],
            _CURRENCY.get(text[match.start()]),
        )
        doubt = None
        if unit and value >= _FOOTNOTE_FROM.get(unit.lower(), _WRITTEN_OUT):
            doubt = "footnote_letter" if unit.lower() in _FOOTNOTE_FROM else "unusual_number"
            unit = None
        elif _is_unusual(match["number"], match["part"], unit, value) or (
            not unit and "," not in match["number"] and _SPACED.match(text, end)
        ):
            doubt = "unusual_number"
        ends = [(start, text[start:end], value)]
        if upper and not upper["sign"]:
            place = upper.start("number")
            ends.append((place, text[place:end], _number(upper["number"], upper["part"])))
        for place, printed, number in ends:
            amount = number.scaleb(_power(unit)).quantize(Decimal("0.01"))
            if amount < _TOO_LARGE:
                yield Amount(place, end, printed, amount, currency, doubt)


def _is_unusual(number: str, part: str | None, unit: str | None, value: Decimal) -> bool:
    """Return True for a number such as `405 000`, `30.000` or `67,000 million`, which can be read in two ways."""
    if unit:
        return unit[0] in "mM" and value >= _MANY_MILLIONS
    return " " in number or (part is not None and len(part) == len(".000"))


def _find_worded(text: str) -> Iterator[Amount]:
    for word in _WORD.finditer(text):
        match = _BEFORE_WORD.search(text, max(word.start() - _LONGEST_BEFORE_WORD, 0), word.start())
        if match is None:
            continue
        worded, unit = (match["worded"] or "").lower(), match["unit"]
        if not unit and (
            worded in ("a", "an", "half a") or (not match["part"] and _YEAR.fullmatch(match["number"] or ""))
        ):
            continue  # `a dollar` is no amount, and `2008 dollars` are dollars of that year
        value = _number(match["number"] or _WORDED_NUMBERS[worded], match["part"])
        amount = value.scaleb(_power(unit) - 2 * word[0].startswith("cent")).quantize(Decimal("0.01"))
        if amount < _TOO_LARGE:
            currency = _CURRENCY.get(match["country"] or word[0])
            yield Amount(match.start(), word.end(), text[match.start() : word.end()], amount, currency, None)


def _number(digits: str, part: str | None) -> Decimal:
    return Decimal(digits.replace(",", "").replace(" ", "") + (part or ""))


def _power(unit: str | None) -> int:
    """Return the power of ten that a printed unit means, such as 6 for `million`; 0 without a unit."""
    if unit is None:
        return 0
    lowered = unit.lower()
    return _POWERS[lowered] if lowered in _POWERS else _POWERS[lowered[0]]
