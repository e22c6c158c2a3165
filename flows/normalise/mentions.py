"""Find the names of ministers in texts, the titles beside them, and whether the text says that they speak there.

Staging keeps what was found. Only new texts are searched, and after a name was added or changed those that hold it. SQL
decides what a name means (which Smith `Mr Smith` is, whether that person was in office), because that depends on other
releases; see `sql/transform/core/mention.sql`.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import polars as pl

from flows.normalise import speech, titles
from flows.normalise.seeds import Seeds
from flows.normalise.speech import Name, find_speech
from flows.normalise.spelling import fold
from flows.parse.release import PARSER_VERSION
from flows.parse.text import MAX_REPLACE_CALLS, unusual_characters

_TITLES = ("mr", "mrs", "ms", "miss", "dr", "minister", "sir", "dame", "hon")


class SearchText(NamedTuple):
    """A text to be searched for names."""

    path: str
    blob: str
    body: str  # cleaned


@dataclass(slots=True)
class NameHit:
    """A name found in a text. Places are offsets in characters of the cleaned body, from 0."""

    path: str
    blob: str
    place: int
    name: str  # lower-case ASCII, as `list_names` returns it
    is_in_quotation: bool  # True if another person, who is quoted, uses the name
    verb: str | None  # by which the text says that the person says or announces something; None if it does not
    # The passage is what the person says: the paragraph of the name, and the paragraphs that continue its quotation.
    speech_method: str | None = None  # how it is known whose words these are, as in `speech.Passage`
    passage_place: int | None = None
    passage_length: int | None = None
    is_direct: bool | None = None  # True if the passage has a quotation
    # Texts beside the name that may hold titles of the person, as `titles.find_titles` returns them; None if empty.
    title_before: str | None = None
    title_after: str | None = None


def list_names(seeds: Seeds, decisions: pl.DataFrame) -> pl.DataFrame:
    """Return the names to search for: full names, known other names, and titles with a surname.

    Args:
        seeds: every seed.
        decisions: result of `decide_ministers`; its provisional members are searched for, too.

    Returns:
        `name` (lower-case ASCII), `minister_id`, `method` (full_name, alias, title or surname) and `gender` (NULL if
        unknown), sorted. A surname of several people has a row for each of them.
    """
    provisional = decisions.filter(rule="provisional").select("minister_id", minister_name="provisional_name")
    people = pl.concat([seeds["people"].select("minister_id", "minister_name"), provisional]).unique()
    genders = dict(seeds["people"].select("minister_id", "gender").rows())
    surnames = {row["minister_id"]: row["sort_name"].split(",")[0] for row in seeds["people"].to_dicts()}
    methods = dict.fromkeys(seeds["person_aliases"].select("alias", "minister_id").rows(), "alias")
    methods |= {(name, minister_id): "full_name" for minister_id, name in people.rows()}
    methods |= {
        (f"{title} {surnames.get(minister_id, name.split()[-1])}", minister_id): "title"
        for minister_id, name in people.rows()
        for title in _TITLES
    }  # fmt: skip
    # In `Minister Mark Burton`, the title with the surname of Ron Mark would be found, and Mark Burton not.
    methods |= {
        (f"{title} {name}", minister_id): method
        for (name, minister_id), method in list(methods.items())
        if method != "title" and name.split()[0] in surnames.values()
        for title in _TITLES
    }
    methods = {key: method for key, method in methods.items() if " " in key[0]}
    methods |= {
        (surnames.get(minister_id, name.split()[-1]), minister_id): "surname" for minister_id, name in people.rows()
    }
    # A knight is called by the full first name: `Sir William Birch`, then `Sir William`.
    first_names = {minister_id: name.split()[0] for minister_id, name in people.rows()}
    for (name, minister_id), method in list(methods.items()):
        for title in ("Sir", "Dame") if method != "title" else ():
            methods[f"{title} {name}", minister_id] = method
            if method == "alias" and name.split()[0] != first_names[minister_id]:
                methods.setdefault((f"{title} {name.split()[0]}", minister_id), "title")
    rows = {
        (to_ascii(fold(name)).lower(), minister_id, method, genders.get(minister_id))
        for (name, minister_id), method in methods.items()
    }
    columns = ["name", "minister_id", "method", "gender"]
    return pl.DataFrame(sorted(rows, key=lambda row: row[:3]), schema=dict.fromkeys(columns, pl.String), orient="row")


def search_version() -> str:
    """Return a digest of the search and the parser: while it stays, a search for the same names finds the same."""
    code = b"".join(Path(file).read_bytes() for file in (__file__, speech.__file__, titles.__file__))
    return hashlib.sha256(code + PARSER_VERSION.encode()).hexdigest()[:12]


def find_changed(before: pl.DataFrame, after: pl.DataFrame) -> list[str]:
    """Return the names that were added, removed, or are now those of others, between two results of `list_names`.

    A search takes from the list no more than the names that a text holds, so other texts have the same hits as before.
    """
    keys = after.columns
    ways = (before.join(after, keys, "anti", nulls_equal=True), after.join(before, keys, "anti", nulls_equal=True))
    return sorted({name for frame in ways for name in frame["name"]})


def find_holding(texts: Sequence[SearchText], names: list[str]) -> list[tuple[str, str]]:
    """Return path and blob of the texts that hold one of some names, also within a word."""
    bodies = pl.Series([to_ascii(body) for _, _, body in texts], dtype=pl.String)
    found = bodies.str.contains_any(names, ascii_case_insensitive=True)
    return [(path, blob) for (path, blob, _), is_held in zip(texts, found, strict=True) if is_held]


class _AsciiCharacters(dict[int, str]):
    """Maps each character to one ASCII character: a letter without its marks, a straight quote, a space, or `~`."""

    def __missing__(self, code: int) -> str:
        base = unicodedata.normalize("NFD", chr(code))[0]
        self[code] = base if base.isascii() else " " if base.isspace() else "~"
        return self[code]


_ASCII_CHARACTERS = _AsciiCharacters(
    {
        **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u00ab\u00bb"), '"'),
        **dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u02bb\u00b4"), "'"),
        **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014"), "-"),
    }
)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def to_ascii(text: str) -> str:
    """Return a text in ASCII with one character for each of its characters, so that places stay the same."""
    if text.isascii():
        return text
    others = [one for one in unusual_characters(text) if not one.isascii()]
    if len(others) > MAX_REPLACE_CALLS:
        return _NOT_ASCII.sub(lambda one: _ASCII_CHARACTERS[ord(one[0])], text)
    for character in others:
        text = text.replace(character, _ASCII_CHARACTERS[ord(character)])
    return text


def find_names(texts: Sequence[SearchText], names: pl.DataFrame) -> list[NameHit]:
    """Return every occurrence of the names in the texts.

    Args:
        texts: the texts to search.
        names: result of `list_names`; without the column `gender`, nobody's gender is known.
    """
    if "gender" not in names.columns:
        names = names.with_columns(gender=pl.lit(None, pl.String))
    bodies = [to_ascii(body) for _, _, body in texts]
    patterns = sorted(set(names["name"]), key=lambda name: (-len(name), name))  # the longest name wins
    people = {
        name: Name(-1, -1, name, frozenset(ids), frozenset(genders), "surname" in methods)
        for name, ids, genders, methods in names.group_by("name")
        .agg("minister_id", pl.col("gender").drop_nulls(), "method")
        .iter_rows()
    }
    found = pl.Series(bodies, dtype=pl.String).str.extract_many(patterns, ascii_case_insensitive=True, leftmost=True)
    hits: list[NameHit] = []
    for text, body, printed in zip(texts, bodies, found.to_list(), strict=True):
        hits += _make_hits(text, body, _locate(body, printed or (), people))
    return hits


def _locate(body: str, printed: Iterable[str], people: dict[str, Name]) -> Iterator[Name]:
    """Yield each found name with its place; names are given as printed, in the order of the text, without gaps."""
    end = 0
    for name in printed:
        place = body.index(name, end)
        end = place + len(name)
        yield people[name.lower()]._replace(place=place, end=end)


def _make_hits(text: SearchText, body: str, found: Iterable[Name]) -> Iterator[NameHit]:
    """Yield the hits of a text.

    Args:
        text: the text.
        body: its body in ASCII.
        found: the strings that may be names, in the order of the text.
    """
    named = [one for one in found if _is_name(body, one.place, one.end)]
    told = find_speech(text.body, body, named)
    printed = [one for one in named if not one.is_surname]
    ends = [0, *(one.end for one in printed)]
    next_places = [*(one.place for one in printed[1:]), len(body)]
    hits: dict[int, NameHit] = {}
    for one, previous_end, next_place in zip(printed, ends, next_places, strict=False):
        hit = NameHit(text.path, text.blob, one.place, one.name, one.place in told.quoted, told.verbs.get(one.place))
        title_end = one.place + (len("Minister") if one.name.startswith("minister ") else 0)  # `Health Minister Ash`
        beside = titles.find_titles(text.body, title_end, one.end, previous_end, next_place)
        hit.title_before, hit.title_after = beside.before or None, beside.after or None
        hits[one.place] = hit
    for passage in told.passages:
        place = passage.place
        while place in hits and hits[place].name != passage.name:
            place += 1  # several people share a place where the passage names none of them
        if place not in hits:
            hits[place] = NameHit(text.path, text.blob, place, passage.name, is_in_quotation=False, verb=passage.verb)
        hit = hits[place]
        hit.speech_method, hit.is_direct = passage.method, passage.is_direct
        hit.passage_place, hit.passage_length = passage.start, passage.length
    yield from (hits[place] for place in sorted(hits))


def _is_name(body: str, place: int, end: int) -> bool:
    """Return True if a found string is a capitalised word, or words, and not a part of a longer word or an address."""
    before, after = body[place - 1 : place], body[end : end + 1]
    if before.isalnum() or before in {"-", "/", "@", "_"} or after.isalnum() or after == "_":
        return False
    return body[place].isupper() and not (after == "-" and body[end + 1 : end + 2].isalpha())
