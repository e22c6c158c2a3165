"""Decide which releases with reworked texts are one statement.

A joint statement was often reworked for each minister, and a corrected release stands beside the first one. A series
has as much text in common: the same announcement for another place, sum or person. What tells them apart is a swap: the
same words, followed by one name or number in one text and by another in the other.
"""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import polars as pl

_WORD = re.compile(r"\w+(?:[,.]\d+)*")
_ADDRESS = re.compile(r"\]\([^)\n]*\)|https?://\S+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_APOSTROPHES = str.maketrans("", "", "'\u2018\u2019")

# Shares of the runs of five words: `shared` of the shorter text, `similarity` of both texts (Jaccard). Chosen on pairs
# of the archive, then measured on others (tests/full/statements.csv).
_MIN_SIMILARITY = 0.3  # with the same title
_SAME_TITLE, _SAME_TITLE_LATER = 0.6, 0.7  # shared, on the same day and on another day
_OTHER_TITLE, _OTHER_TITLE_SIMILARITY = 0.8, 0.55  # of other ministers on the same day
_NEAR_COPY, _NEAR_COPY_SIMILARITY = 0.95, 0.7  # whatever the title and the ministers
_SURELY_SHARED = 0.9  # shared, with the same title
_OPENING, _LEAD = 500, 60  # characters of a text, and of its folded words
_MAX_KEPT = 500  # releases whose words are kept, so that memory is bounded; pairs are in the order of their days
_JUDGED_TYPES: dict[str, Any] = {
    **dict.fromkeys(("release_id", "near_release_id", "rule"), pl.String),
    **dict.fromkeys(("shared_share", "similarity"), pl.Float64),
}


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of one release, in which swaps are looked for."""

    known: set[str]  # every word of title and text, in lower case and without accents
    names: dict[tuple[str, str], set[str]]  # its capitalised words and numbers, by the two words before them
    opening: str  # the first words of the text, folded


@dataclass(frozen=True, slots=True)
class _Swap:
    """The names or numbers that two releases have after the same two words, each in none but its own release."""

    words: set[str]
    near_words: set[str]

    @property
    def is_of_numbers(self) -> bool:
        return all(any(map(_has_digit, words)) for words in (self.words, self.near_words))


def judge_pairs(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs of releases that are one statement: rows of work.judged_pair.

    Args:
        pairs: a row for each pair to judge, with shared_share and similarity; of both releases, the second with the
            prefix `near_`: release_id, nz_date, title, text (how it begins) and minister_ids (sorted).
    """
    words: dict[str, _Words] = {}
    judged = [
        {name: pair[name] for name in _JUDGED_TYPES if name in pair} | {"rule": rule}
        for pair in pairs.sort("release_id", "near_release_id").iter_rows(named=True)
        if (rule := _judge(pair, words))
    ]
    return pl.DataFrame(judged, schema=_JUDGED_TYPES)


def find_links(judged: pl.DataFrame) -> pl.DataFrame:
    """Return rows of core.statement_link: the pairs, each with the statement to which both releases belong.

    Args:
        judged: the rows of `judge_pairs`, with twin_group_id and near_twin_group_id of both releases.
    """
    parents: dict[str, str] = {}
    for pair in judged.iter_rows(named=True):
        one, other = (_find_root(parents, pair[name]) for name in ("twin_group_id", "near_twin_group_id"))
        parents[max(one, other, key=_age)] = min(one, other, key=_age)
    statements = [_find_root(parents, group) for group in judged["twin_group_id"]]
    return judged.select(list(_JUDGED_TYPES)).with_columns(pl.Series("statement_id", statements, dtype=pl.String))


def _judge(pair: dict[str, Any], words: dict[str, _Words]) -> str | None:
    """Return the rule by which two releases are one statement; None if none holds."""
    shared = pair["shared_share"]
    is_same_day = pair["nz_date"] == pair["near_nz_date"]
    has_other_ministers = pair["minister_ids"] != pair["near_minister_ids"]
    if _fold_words(pair["title"]) == _fold_words(pair["near_title"]):
        if shared < (_SAME_TITLE if is_same_day else _SAME_TITLE_LATER) or _is_part(pair, words, _MIN_SIMILARITY):
            return None
        if is_same_day and (has_other_ministers or shared >= _SURELY_SHARED):
            return "same_title"
        swaps = _find_swaps(pair, words)
        if shared >= _SURELY_SHARED:  # then other names are corrections, or the ministers themselves
            swaps = [swap for swap in swaps if swap.is_of_numbers]
        return None if swaps else "same_title"
    if (
        is_same_day
        and has_other_ministers
        and shared >= _OTHER_TITLE
        and not _is_part(pair, words, _OTHER_TITLE_SIMILARITY)
        and not any(swap.is_of_numbers for swap in _find_swaps(pair, words))
    ):
        return "other_ministers"
    if shared >= _NEAR_COPY and not _is_part(pair, words, _NEAR_COPY_SIMILARITY) and not _find_swaps(pair, words):
        return "near_copy"
    return None


def _is_part(pair: dict[str, Any], words: dict[str, _Words], min_similarity: float) -> bool:
    """Return True if one text is only a part of the other, such as of a speech or of a collection.

    A text that goes on where the other ends, with an appendix, begins like it and is no part.
    """
    if pair["similarity"] >= min_similarity:
        return False
    one, other = _look_up(pair, words)
    begin_alike = one.opening[:_LEAD] in other.opening or other.opening[:_LEAD] in one.opening
    return not (pair["shared_share"] >= _SURELY_SHARED and begin_alike)


def _find_swaps(pair: dict[str, Any], words: dict[str, _Words]) -> list[_Swap]:
    one, other = _look_up(pair, words)
    swaps = [
        _Swap(one.names[before] - other.known, other.names[before] - one.known)
        for before in one.names.keys() & other.names.keys()
    ]
    return [swap for swap in swaps if swap.words and swap.near_words]


def _look_up(pair: dict[str, Any], words: dict[str, _Words]) -> tuple[_Words, _Words]:
    if len(words) > _MAX_KEPT:
        words.clear()
    for prefix in ("", "near_"):
        if pair[f"{prefix}release_id"] not in words:
            words[pair[f"{prefix}release_id"]] = _list_words(pair[f"{prefix}title"], pair[f"{prefix}text"])
    return words[pair["release_id"]], words[pair["near_release_id"]]


def _list_words(title: str, text: str) -> _Words:
    known, names = set[str](), defaultdict[tuple[str, str], set[str]](set)
    for printed in (title, _ADDRESS.sub("", text)):
        before = ("", "")
        for word in _WORD.findall(_remove_accents(printed)):
            folded = word.lower()
            known.add(folded)
            if word[0].isupper() or _has_digit(word):
                names[before].add(folded)
            before = (before[1], folded)
    return _Words(known, names, " ".join(_fold_words(text[:_OPENING])))


def _fold_words(text: str) -> list[str]:
    return _WORD.findall(_remove_accents(text).lower())


def _remove_accents(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES))
    return "".join(one for one in letters if not unicodedata.combining(one))


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _age(release_id: str) -> tuple[str, int, str]:
    """Return a key that sorts ids by their day and then by length, because copies get a suffix."""
    day = _DAY.search(release_id)
    return (day[0] if day else "", len(release_id), release_id)


def _find_root(parents: dict[str, str], member: str) -> str:
    """Return the earliest text to which a text is linked, directly or through others."""
    while (parent := parents.get(member, member)) != member:
        parents[member] = parents.get(parent, parent)
        member = parent
    return member
