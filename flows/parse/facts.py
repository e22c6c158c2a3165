"""Measure a text: sentences, syllables, te reo Māori and quotes.

The cleaned text is measured as a reader sees it: the text of a link counts, its address does not.
"""

import itertools
import re
from dataclasses import dataclass
from functools import cache

from flows.parse.text import keep_words
from flows.paths import SEEDS

# A word of te reo Māori is made of syllables: a vowel with at most one consonant (or ng, wh) before it. The seed lists
# words of other languages with that shape.
TE_REO_SEED = SEEDS / "not_te_reo_words.csv"
_TE_REO = re.compile(r"(?:(?:ng|wh|[hkmnprtw])?[aeiouāēīōū])++")
_MACRONS = frozenset("āēīōūĀĒĪŌŪ")
_SPELLINGS = {"māori": "macron", "maori": "plain", "mäori": "umlaut", "mâori": "circumflex"}

_VOWELS = re.compile("[aeiouyāēīōūäëïöüâêîôûáéíóúàèìòùæœø]+")
CONTRACTIONS = frozenset(("s", "t", "ll", "re", "ve", "d", "m"))  # what follows the apostrophe of "it's" or "we'll"
_ONE_LETTER_WORDS = frozenset(("a", "i", "o"))  # other single letters are initials and bullets

# Every pattern takes time linear in the length of a text: possessive quantifiers prevent backtracking.
LINK_ADDRESS = re.compile(r"\]\([^)\s]*+")
BARE_ADDRESSES = (re.compile(r"http(?<!\whttp)s?://[^\s)\]]*+"), re.compile(r"www\.(?<!\wwww\.)[^\s)\]]*+"))
# Patterns begin with literal text or a character set, for which the regular expression engine has a fast search.
_AFTER_SENTENCE, _BEFORE_SENTENCE = "\"'”\u2019)\\]*_", "\"'“\u2018(\\[*_"
SENTENCE_END = re.compile(
    r"[.!?…\n](?:"
    r"(?<=\n)(?![ \t]*+[a-zāēīōū])"  # a line ends a sentence, unless the next line continues in lower case
    rf"|(?<!\n)[{_AFTER_SENTENCE}]{{0,4}}+[ \t](?=[ \t]{{0,3}}[{_BEFORE_SENTENCE}]{{0,4}}[A-Z0-9ĀĒĪŌŪ])"
    r"(?<!(?:Mr|Dr|St|No)\.[ \t])(?<!(?:Mrs|Hon|i\.e|e\.g)\.[ \t]))"
)
_LETTER = re.compile(r"[^\W\d_]")

_QUOTE_MARK_OR_PARAGRAPH = re.compile(r'["“”\n](?:(?<!\n)|[ \t]*+\n\s*+)')
_BEFORE_QUOTE = frozenset("([{*_-\u2013\u2014/>:")
_MAX_OPEN_QUOTE = 1_500  # characters counted of a quote that is not closed in its paragraph
_MAX_CLOSED_QUOTE = 6_000  # characters counted of a quote that is closed
_MAX_BULLET = 8  # characters before a paragraph's first quotation mark that may be a bullet
SHORTEST_QUOTE = 5  # words; shorter quotes are names, titles and scare quotes


@dataclass(frozen=True, slots=True)
class Facts:
    """The measures of a text other than its word counts."""

    sentence_count: int
    quote_count: int  # quotes of five words or more
    quoted_word_count: int


@cache
def _not_te_reo() -> frozenset[str]:
    lines = TE_REO_SEED.read_text(encoding="utf-8").splitlines()[1:]
    return frozenset(line.partition(",")[0] for line in lines)


# The counts of a word are packed into one integer, with a field of FIELD_BITS bits for each of COUNT_NAMES. The sum of
# these integers over the words of a text holds the counts of the text.
FIELD_BITS = 32
COUNT_NAMES = (
    "reading_word_count",  # words with a letter, other than contractions
    "syllable_count",  # of the reading words, by groups of vowels
    "te_reo_word_count",
    "te_reo_name_count",  # words of te reo that begin with a capital letter
    "macron_word_count",
    "maori_macron_count",  # the word Māori, by its spelling
    "maori_plain_count",
    "maori_umlaut_count",
    "maori_circumflex_count",
    "aotearoa_count",
)
_UNIT_OF = {name: 1 << (FIELD_BITS * position) for position, name in enumerate(COUNT_NAMES)}
_MAX_SYLLABLES = 255  # of a word, so that no field overflows


def pack_counts(word: str) -> int:
    """Return the counts of one word as a packed integer; the sum over a text holds the counts of the text."""
    lowered = word.lower()
    packed = 0
    if _LETTER.search(lowered) and lowered not in CONTRACTIONS and (len(lowered) > 1 or lowered in _ONE_LETTER_WORDS):
        packed += _UNIT_OF["reading_word_count"]
        packed += _UNIT_OF["syllable_count"] * min(count_syllables(lowered), _MAX_SYLLABLES)
    if is_te_reo(word):
        packed += _UNIT_OF["te_reo_word_count"]
        if word[0].isupper():
            packed += _UNIT_OF["te_reo_name_count"]
    if not _MACRONS.isdisjoint(word):
        packed += _UNIT_OF["macron_word_count"]
    if spelling := _SPELLINGS.get(lowered):
        packed += _UNIT_OF[f"maori_{spelling}_count"]
    if lowered == "aotearoa":
        packed += _UNIT_OF["aotearoa_count"]
    return packed


def count_syllables(word: str) -> int:
    """Return the number of vowel groups of a lower-case word, without a silent e at the end; at least 1."""
    count = len(_VOWELS.findall(word))
    if count > 1 and word.endswith("e") and not word.endswith(("le", "ee", "ie", "oe", "ue", "ye")):
        count -= 1
    return max(count, 1)


def is_te_reo(word: str) -> bool:
    """Return True if a word has the letters of te reo Māori; names count, words in capitals (acronyms) do not."""
    lowered = word.lower()
    return (
        len(word) > 1 and not word.isupper() and _TE_REO.fullmatch(lowered) is not None and lowered not in _not_te_reo()
    )


def split_addresses(cleaned: str) -> tuple[str, str]:
    """Split a cleaned text into the text as a reader sees it and the words of its web addresses."""
    addresses: list[str] = []
    text = cleaned
    if "](" in text:
        addresses += LINK_ADDRESS.findall(text)
        text = LINK_ADDRESS.sub("]", text)
    for sign, pattern in zip(("://", "www."), BARE_ADDRESSES, strict=True):
        if sign in text:
            addresses += pattern.findall(text)
            text = pattern.sub("", text)
    return text, keep_words(" ".join(addresses)) if addresses else ""


def measure(text: str) -> Facts:
    """Measure a text without addresses, as `split_addresses` returns it."""
    quotes = _count_quoted_words(text)
    return Facts(
        sentence_count=sum(_LETTER.search(piece) is not None for piece in SENTENCE_END.split(text)),
        quote_count=len(quotes),
        quoted_word_count=sum(quotes),
    )


def _count_quoted_words(text: str) -> list[int]:
    """Return the number of words of each quote of five words or more.

    A quote runs from its opening mark to the next closing mark. A quote that is not closed in its paragraph continues
    in the next paragraph if that begins with a quotation mark, which is how the website prints quotes of several
    paragraphs. Otherwise it ends with its paragraph, or after 1,500 characters.
    """
    counts: list[int] = []
    if '"' not in text and "“" not in text:
        return counts
    words = keep_words(text)
    carried = 0  # words, so far, of a quote that continues from an earlier paragraph
    paragraph, opened = 0, -1  # where the paragraph and the open quote begin; -1 if no quote is open
    for mark in itertools.chain(_QUOTE_MARK_OR_PARAGRAPH.finditer(text), [None]):
        place, sign = (mark.start(), mark[0][0]) if mark else (len(text), "\n")
        if sign == "\n":
            if opened >= 0:
                carried += len(words[opened : min(place, opened + _MAX_OPEN_QUOTE)].split())
            elif carried:
                counts.append(carried)
                carried = 0
            paragraph, opened = mark.end() if mark else place, -1
        elif opened < 0:
            if sign == "“" or (sign == '"' and _opens_quote(text, place)):
                if carried and text[paragraph : min(place, paragraph + _MAX_BULLET)].strip(" *_>"):
                    counts.append(carried)
                    carried = 0
                opened = place + 1
        elif sign != "“":
            counts.append(carried + len(words[opened : min(place, opened + _MAX_CLOSED_QUOTE)].split()))
            opened, carried = -1, 0
    return [count for count in (*counts, carried) if count >= SHORTEST_QUOTE]


def _opens_quote(text: str, place: int) -> bool:
    """Return True if the straight mark at a place opens a quote: a space or bracket before it, and no space after."""
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    return (not before or before.isspace() or before in _BEFORE_QUOTE) and bool(after) and not after.isspace()
