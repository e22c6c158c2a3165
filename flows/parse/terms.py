"""Turn the words of a release into search terms, as the SQL macro `search_words` does with the words of a question.

A term is a run of letters, digits and underscores, in lower case, without accents and macrons. A hyphenated word such
as `COVID-19` is a term beside its parts. Contractions (the `s` of `it's`) and terms of more than 64 characters are left
out.
"""

import re
import unicodedata
from itertools import pairwise

import Stemmer

from flows.parse.facts import CONTRACTIONS

MAX_TERM_LENGTH = 64  # characters
MAX_USES = 255  # further uses of a term in a body, or in a title, are not counted

_HYPHEN_BEFORE_WORD = re.compile(r"[-‐‑–](?=\w)")  # noqa: RUF001 (hyphen, Unicode hyphens, en dash)
_AFTER_HYPHEN = re.compile(r"\w++(?:[-‐‑–]\w++)*+")  # noqa: RUF001
_HYPHENS = re.compile("[‐‑–]")  # noqa: RUF001
_WORD = re.compile(r"\w+")
_STEMMER = Stemmer.Stemmer("english")
_DOUBLED_VOWEL = re.compile(r"([aiu])\1")  # Tainui and older spellings of a macron; English has hardly any
# What the stemmer may cut off so that the words still mean the same: endings of plurals and verbs, and nouns of verbs.
# Others part words of different meaning that have one stem: internal and international, import and important.
_INFLECTION = re.compile("(?:e|s|es|d|y|ies|ied|ying|ions?|at(?:e|es|ed|ing|ions?)|.?(?:ings?|ed))?")


def find_hyphenated(text: str) -> list[str]:
    """Return the hyphenated words of a text, such as `fast-track`, with plain hyphens.

    Of one with several hyphens, each pair of parts counts, too: `COVID-19-related` has `COVID-19`.
    """
    found: list[str] = []
    end = 0
    for hyphen in _HYPHEN_BEFORE_WORD.finditer(text):
        before = text[max(end, hyphen.start() - MAX_TERM_LENGTH) : hyphen.start()]
        if hyphen.start() >= end and _WORD.match(before[-1:]) and (after := _AFTER_HYPHEN.match(text, hyphen.end())):
            word = _HYPHENS.sub("-", f"{_WORD.findall(before)[-1]}-{after[0]}")
            parts = word.split("-")
            found.append(word)
            if len(parts) > 2:  # noqa: PLR2004
                found += map("-".join, pairwise(parts))
            end = after.end()
    return found


def find_family(term: str) -> str:
    """Return what the forms of a word share, such as `whale` for whales and whaling, or `covid19` for covid-19."""
    bare = _DOUBLED_VOWEL.sub(r"\1", term.replace("-", ""))
    stem: str = _STEMMER.stemWord(bare)
    shared = next((place for place, pair in enumerate(zip(bare, stem, strict=False)) if pair[0] != pair[1]), len(stem))
    if _INFLECTION.fullmatch(bare, min(shared, len(bare))):
        return stem
    if bare.endswith("ies"):
        return f"{bare[:-3]}y"
    return bare[:-1] if bare.endswith("s") and not bare.endswith(("ss", "us", "is")) else bare


def to_term(word: str) -> str:
    """Return the search term of a word, or "" if it is not a term."""
    term = word.lower() if word.isascii() else _lower_without_marks(word)
    return "" if len(term) > MAX_TERM_LENGTH or term in CONTRACTIONS else term


def _lower_without_marks(word: str) -> str:
    """Do as DuckDB's strip_accents() and lower(), which changes a letter only if one letter results."""
    decomposed = unicodedata.normalize("NFD", word)
    bare = unicodedata.normalize("NFC", "".join(one for one in decomposed if unicodedata.category(one)[0] != "M"))
    return "".join(lower if len(lower := one.lower()) == 1 else one for one in bare)
