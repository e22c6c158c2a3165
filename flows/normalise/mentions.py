"""Find the names of ministers in texts, the titles beside them, and whether the text says that they speak there.

Staging keeps what was found. Only new texts are searched, or all texts after a name was added. SQL decides what a name
means (which Smith `Mr Smith` is, whether that person was in office), because that depends on other releases; see
`sql/transform/core/mention.sql`.
"""

import hashlib
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import polars as pl

from flows.normalise import titles
from flows.normalise.seeds import Seeds
from flows.normalise.spelling import fold
from flows.parse.release import PARSER_VERSION
from flows.parse.text import MAX_REPLACE_CALLS, unusual_characters

_TITLES = ("mr", "mrs", "ms", "miss", "dr", "minister", "sir", "dame", "hon")
_MAX_PASSAGE = 2_000  # characters; some texts have no paragraphs and are one long line

_SAYS = (
    "said|says|say|told|tells|added|adds|commented|stated|states|explained|explains|noted|notes|warned|warns|stressed|"
    "stresses|emphasised|emphasises|reiterated|reiterates"
)
_ANNOUNCES = "announced|announces|announce|welcomed|welcomes|welcome|launched|launches|launch"
_ANNOUNCING_VERBS = frozenset(_ANNOUNCES.split("|"))
# What may stand between a name and its verb: time and place, auxiliary verbs, other names, an office between commas.
_BETWEEN = (
    r"(?:, [^,.\n\"]{3,90},)?(?:[ ,]++(?:today|tonight|yesterday|also|has|have|had|later|then|again|jointly|both|and|"
    r"this|morning|afternoon|evening|week|in|on|at|of|the|for|&|[A-Z][\w'-]*+)(?![\w'-])){0,10}"
)
_VERB_AFTER = re.compile(rf"{_BETWEEN},? (?P<verb>{_SAYS}|{_ANNOUNCES})\b")
# `"...," says Minister Phil Goff` and `..., says Ron Mark`; in `he said Mr Goff had failed`, another person speaks.
_VERB_BEFORE = re.compile(
    # Each alternative begins with literal text, for which the regular expression engine has a fast search.
    "(?P<verb>" + "|".join(
        rf"{verb}(?<!\w{verb})" for verb in "said says say added adds commented explained noted warned".split()  # noqa: SIM905
    ) + r")(?: (?:the|and|of|for|to|in|a|[A-Z][\w,&'-]*+)(?![\w'-]))*+ $"
)  # fmt: skip
_QUOTATION_FOLLOWS = re.compile(r"\s*+(?=\")")  # the next line that is not blank begins with a quotation mark
_ENDS_SENTENCE = re.compile(r"[.,]?\s*(?:\n|$)|\.\s")
_SOMEBODY_SPEAKS = re.compile(rf"\"[^\"]{{0,80}}?\b(?:{_SAYS})\b")
_SAME_PERSON_SPEAKS = re.compile(
    rf"\b(?:he|she|they|the minister|the ministers) (?:{_SAYS})\b|\b(?:{_SAYS}) (?:he|she|they)\b", re.I
)
_VERB_DISTANCE = 220  # characters searched for a verb after a name; before a name, half as many


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
        `name` (lower-case ASCII), `minister_id` and `method` (full_name, alias or title), sorted. A surname of several
        people has a row for each of them.
    """
    provisional = decisions.filter(rule="provisional").select("minister_id", minister_name="provisional_name")
    people = pl.concat([seeds["people"].select("minister_id", "minister_name"), provisional]).unique()
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
    rows = {
        (to_ascii(fold(name)).lower(), minister_id, method)
        for (name, minister_id), method in methods.items()
        if " " in name
    }
    return pl.DataFrame(sorted(rows), schema=["name", "minister_id", "method"], orient="row")


def search_version(names: pl.DataFrame) -> str:
    """Return a digest of the names, the search and the parser: while it stays equal, a search finds the same hits."""
    code = b"".join(Path(file).read_bytes() for file in (__file__, titles.__file__)) + PARSER_VERSION.encode()
    return hashlib.sha256(code + repr(names.rows()).encode()).hexdigest()[:12]


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
        names: result of `list_names`.
    """
    bodies = [to_ascii(body) for _, _, body in texts]
    patterns = sorted(set(names["name"]), key=lambda name: (-len(name), name))  # the longest name wins
    found = pl.Series(bodies, dtype=pl.String).str.extract_many(patterns, ascii_case_insensitive=True, leftmost=True)
    hits: list[NameHit] = []
    for text, body, printed in zip(texts, bodies, found.to_list(), strict=True):
        if printed:
            hits += _make_hits(text, body, _locate(body, printed))
    return hits


def _locate(body: str, printed: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield each found name with its place; names are given as printed, in the order of the text, without gaps."""
    end = 0
    for name in printed:
        place = body.index(name, end)
        end = place + len(name)
        yield place, name


def _make_hits(text: SearchText, body: str, found: Iterable[tuple[int, str]]) -> Iterator[NameHit]:
    """Yield the hits of a text.

    Args:
        text: the text.
        body: its body in ASCII.
        found: place and name of each string that may be a name.
    """
    named = [(place, name) for place, name in found if _is_name(body, place, place + len(name))]
    verbs: dict[int, str] = {}
    quoted: set[int] = set()
    for place, name in named:
        if _is_in_quotation(text.body, body, place):
            quoted.add(place)
        elif verb := _find_verb(body, place, place + len(name)):
            verbs[place] = verb
    speakers = [place for place, verb in verbs.items() if verb not in _ANNOUNCING_VERBS]  # in the order of the text
    ends = [0, *(place + len(name) for place, name in named)]
    next_places = [*(place for place, _ in named[1:]), len(body)]
    for (place, name), previous_end, next_place in zip(named, ends, next_places, strict=False):
        verb = verbs.get(place)
        hit = NameHit(text.path, text.blob, place, name.lower(), place in quoted, verb)
        title_end = place + (len("Minister") if name.lower().startswith("minister ") else 0)  # `Health Minister Ash`
        beside = titles.find_titles(text.body, title_end, place + len(name), previous_end, next_place)
        hit.title_before, hit.title_after = beside.before or None, beside.after or None
        if verb and verb not in _ANNOUNCING_VERBS:
            passage = _find_passage(body, place, speakers)
            hit.passage_place, hit.passage_length = passage.start, len(passage)
            hit.is_direct = '"' in body[passage.start : passage.stop]
        yield hit


def _is_name(body: str, place: int, end: int) -> bool:
    """Return True if a found string is a capitalised word, or words, and not a part of a longer word or an address."""
    before, after = body[place - 1 : place], body[end : end + 1]
    if before.isalnum() or before in {"-", "/", "@", "_"} or after.isalnum() or after == "_":
        return False
    return body[place].isupper() and not (after == "-" and body[end + 1 : end + 2].isalpha())


def _find_verb(body: str, place: int, end: int) -> str | None:
    """Return the verb by which the person named from `place` to `end` says or announces something, if there is one."""
    if match := _VERB_AFTER.match(body, end, end + _VERB_DISTANCE):
        return match["verb"]
    before = body[max(0, place - _VERB_DISTANCE // 2) : place]
    match = _VERB_BEFORE.search(before)
    if match and (before[: match.start()].rstrip().endswith(('"', ",")) or _ENDS_SENTENCE.match(body, end)):
        return match["verb"]
    return None


def _is_in_quotation(text: str, body: str, place: int) -> bool:
    """Return True if the last quotation mark before a place, in the same paragraph, opens a quotation."""
    mark = body.rfind('"', max(0, place - _MAX_PASSAGE), place)
    if mark < 0 or body.find("\n", mark, place) >= 0 or text[mark] in "\u201d\u00bb":
        return False
    before, after = body[mark - 1 : mark] if mark else "\n", body[mark + 1]
    return text[mark] in "\u201c\u201e\u00ab" or ((before.isspace() or before in "([-~*") and not after.isspace())


def _find_passage(body: str, place: int, speakers: list[int]) -> range:
    """Return the paragraph at a place with the paragraphs that continue its quotation.

    Args:
        body: the text in ASCII.
        place: of the speaker's name.
        speakers: sorted places of all names of people who speak.
    """
    first = _find_paragraph(body, place)
    start = max(first.start, place - _MAX_PASSAGE // 2)
    stop = first.stop
    while stop - start < _MAX_PASSAGE and (quotation := _QUOTATION_FOLLOWS.match(body, stop, stop + _MAX_PASSAGE)):
        following = _find_paragraph(body, body.rfind("\n", stop, quotation.end()) + 1)
        if _has_place(following, speakers) or _is_said_by_another(body[following.start : following.stop]):
            break
        stop = following.stop
    return range(start, start + len(body[start : min(stop, start + _MAX_PASSAGE)].rstrip()))


def _is_said_by_another(paragraph: str) -> bool:
    return bool(_SOMEBODY_SPEAKS.search(paragraph)) and not _SAME_PERSON_SPEAKS.search(paragraph)


def _has_place(span: range, places: list[int]) -> bool:
    """Return True if one of the sorted places is in the span."""
    return bisect_left(places, span.start) < bisect_left(places, span.stop)


def _find_paragraph(body: str, place: int) -> range:
    """Return the line at a place, at most 2,000 characters before and after it.

    A text may be one line with very many names; without the limit, the time would grow with the square of its length.
    """
    first, last = max(0, place - _MAX_PASSAGE), min(len(body), place + _MAX_PASSAGE)
    start, end = body.rfind("\n", first, place), body.find("\n", place, last)
    return range(first if start < 0 else start + 1, last if end < 0 else end)
