"""Names of ministers in texts: where each stands, and whether the text says that they speak there.

Texts are looked through once, for the names of one set of people; what is found is kept in staging, and only texts that
are new, or all of them when a name is, are looked through again. What the finds mean (which Smith `Mr Smith` is,
whether that person was in office) is decided by SQL, `sql/transform/core/mention.sql`, for it needs other releases.
"""

import hashlib
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from flows.normalise.seeds import Seeds
from flows.normalise.spelling import fold
from flows.parse.release import PARSER_VERSION
from flows.parse.text import unusual_characters

_TITLES = ("mr", "mrs", "ms", "miss", "dr", "minister", "sir", "dame", "hon")
_LONGEST_PASSAGE = 2_000  # characters; texts without paragraphs are one long line

_SAYS = (
    "said|says|say|told|tells|added|adds|commented|stated|states|explained|explains|noted|notes|warned|warns|stressed|"
    "stresses|emphasised|emphasises|reiterated|reiterates"
)
_ANNOUNCES = "announced|announces|announce|welcomed|welcomes|welcome|launched|launches|launch"
_ACTS = frozenset(_ANNOUNCES.split("|"))
# Between a name and its verb: when and where, helping verbs, others who say it, too, or an office between commas.
_BETWEEN = (
    r"(?:, [^,.\n\"]{3,90},)?(?:[ ,]++(?:today|tonight|yesterday|also|has|have|had|later|then|again|jointly|both|and|"
    r"this|morning|afternoon|evening|week|in|on|at|of|the|for|&|[A-Z][\w'-]*+)(?![\w'-])){0,10}"
)
_AFTER = re.compile(rf"{_BETWEEN},? (?P<verb>{_SAYS}|{_ANNOUNCES})\b")
# `"...," says Foreign Minister Phil Goff` and `..., says Ron Mark`; but `he said Mr Goff had failed` is about him.
_BEFORE = re.compile(
    # A pattern that begins with letters is found fast.
    "(?P<verb>" + "|".join(
        rf"{verb}(?<!\w{verb})" for verb in "said says say added adds commented explained noted warned".split()  # noqa: SIM905
    ) + r")(?: (?:the|and|of|for|to|in|a|[A-Z][\w,&'-]*+)(?![\w'-]))*+ $"
)  # fmt: skip
_QUOTATION = re.compile(r"\s*+(?=\")")  # behind the end of a line: the next that is not blank begins with a mark
_ENDS_SENTENCE = re.compile(r"[.,]?\s*(?:\n|$)|\.\s")
_OF_SOMEBODY_ELSE = re.compile(rf"\"[^\"]{{0,80}}?\b(?:{_SAYS})\b")
_OF_THE_SAME = re.compile(
    rf"\b(?:he|she|they|the minister|the ministers) (?:{_SAYS})\b|\b(?:{_SAYS}) (?:he|she|they)\b", re.I
)
_LOOKED_AT = 220  # characters behind a name, and half of that before it


@dataclass(slots=True)
class NameHit:
    """A name in a text. Places are counted in characters of the cleaned body, from 0."""

    path: str
    blob: str
    place: int
    name: str  # as in `names`
    is_in_quotation: bool  # somebody else names them
    verb: str | None  # by which the text says that they say or announce something; None where it does not
    passage_place: int | None = None  # of what they say: the paragraph, and those that go on with its quotation
    passage_length: int | None = None
    is_direct: bool | None = None  # the passage holds a quotation


def names(seeds: Seeds, decisions: pl.DataFrame) -> pl.DataFrame:
    """What is looked for: full names, known other names, and titles with a surname.

    Args:
        seeds: every CSV.
        decisions: of `normalise.decide_ministers`; its provisional members are people, too.

    Returns:
        name (lower-case ASCII), minister_id, method (full_name, alias, title), sorted; a surname that several people
        have stands once for each of them.
    """
    provisional = decisions.filter(rule="provisional").select("minister_id", minister_name="provisional_name")
    people = pl.concat([seeds["people"].select("minister_id", "minister_name"), provisional]).unique()
    surnames = {row["minister_id"]: row["sort_name"].split(",")[0] for row in seeds["people"].to_dicts()}
    found = dict.fromkeys(seeds["person_aliases"].select("alias", "minister_id").rows(), "alias")
    found |= {(name, minister_id): "full_name" for minister_id, name in people.rows()}
    found |= {
        (f"{title} {surnames.get(minister_id, name.split()[-1])}", minister_id): "title"
        for minister_id, name in people.rows()
        for title in _TITLES
    }  # fmt: skip
    rows = {
        (_flat(fold(name)).lower(), minister_id, method) for (name, minister_id), method in found.items() if " " in name
    }
    return pl.DataFrame(sorted(rows), schema=["name", "minister_id", "method"], orient="row")


def search_version(known: pl.DataFrame) -> str:
    """Return a version that stays equal as long as the same names would be found in a text."""
    rules = Path(__file__).read_bytes() + PARSER_VERSION.encode()  # which cleans the text that places are counted in
    return hashlib.sha256(rules + repr(known.rows()).encode()).hexdigest()[:12]


class _Flat(dict[int, str]):
    """Each character as one ASCII character: a letter without its marks, a straight quote, a space."""

    def __missing__(self, code: int) -> str:
        base = unicodedata.normalize("NFD", chr(code))[0]
        self[code] = base if base.isascii() else " " if base.isspace() else "~"
        return self[code]


_FLAT = _Flat(
    {
        **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u00ab\u00bb"), '"'),
        **dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u02bb\u00b4"), "'"),
        **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014"), "-"),
    }
)
_FEW = 32  # kinds of characters, each replaced on its own
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def _flat(text: str) -> str:
    """The text in ASCII, of the same length: few characters change, so that those alone are looked up."""
    if text.isascii():
        return text
    different = [one for one in unusual_characters(text) if not one.isascii()]
    if len(different) > _FEW:
        return _NOT_ASCII.sub(lambda one: _FLAT[ord(one[0])], text)
    for character in different:
        text = text.replace(character, _FLAT[ord(character)])
    return text


def find(texts: Iterable[tuple[str, str, str]], known: pl.DataFrame) -> list[NameHit]:
    """Every known name in the cleaned bodies.

    Args:
        texts: path, blob and cleaned body of each.
        known: of `names`.
    """
    kept = list(texts)
    flat = [_flat(text) for _, _, text in kept]
    patterns = sorted(set(known["name"]), key=lambda name: (-len(name), name))  # of two that begin together, the longer
    printed = pl.Series(flat, dtype=pl.String).str.extract_many(patterns, ascii_case_insensitive=True, leftmost=True)
    hits: list[NameHit] = []
    for (path, blob, text), body, found in zip(kept, flat, printed.to_list(), strict=True):
        if found:
            hits += _hits(path, blob, text, body, _places(body, found))
    return hits


def _places(body: str, found: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Where each find stands: the finds are printed as the text has them, in order, and none was left out."""
    end = 0
    for name in found:
        place = body.index(name, end)
        end = place + len(name)
        yield place, name


def _hits(path: str, blob: str, text: str, body: str, found: Iterable[tuple[int, str]]) -> Iterator[NameHit]:
    named = [(place, name) for place, name in found if _is_name(body, place, place + len(name))]
    verbs: dict[int, str] = {}
    quoted: set[int] = set()
    for place, name in named:
        if _is_in_quotation(text, body, place):
            quoted.add(place)
        elif verb := _verb(body, place, place + len(name)):
            verbs[place] = verb
    speak = [place for place, verb in verbs.items() if verb not in _ACTS]  # in order
    for place, name in named:
        verb = verbs.get(place)
        hit = NameHit(path, blob, place, name.lower(), place in quoted, verb)
        if verb and verb not in _ACTS:
            passage = _passage(body, place, speak)
            hit.passage_place, hit.passage_length = passage.start, len(passage)
            hit.is_direct = '"' in body[passage.start : passage.stop]
        yield hit


def _is_name(body: str, place: int, end: int) -> bool:
    before, after = body[place - 1 : place], body[end : end + 1]
    if before.isalnum() or before in {"-", "/", "@", "_"} or after.isalnum() or after == "_":
        return False
    return body[place].isupper() and not (after == "-" and body[end + 1 : end + 2].isalpha())


def _verb(body: str, place: int, end: int) -> str | None:
    if match := _AFTER.match(body, end, end + _LOOKED_AT):
        return match["verb"]
    before = body[max(0, place - _LOOKED_AT // 2) : place]
    match = _BEFORE.search(before)
    if match and (before[: match.start()].rstrip().endswith(('"', ",")) or _ENDS_SENTENCE.match(body, end)):
        return match["verb"]
    return None


def _is_in_quotation(text: str, body: str, place: int) -> bool:
    """Whether the last quotation mark before a place, in its paragraph, opens a quotation."""
    mark = body.rfind('"', max(0, place - _LONGEST_PASSAGE), place)
    if mark < 0 or body.find("\n", mark, place) >= 0 or text[mark] in "\u201d\u00bb":
        return False
    before, after = body[mark - 1 : mark] if mark else "\n", body[mark + 1]
    return text[mark] in "\u201c\u201e\u00ab" or ((before.isspace() or before in "([-~*") and not after.isspace())


def _passage(body: str, place: int, speak: list[int]) -> range:
    """What is said at a place: its paragraph, and those behind it that go on with its quotation."""
    first = _paragraph(body, place)
    start = max(first.start, place - _LONGEST_PASSAGE // 2)
    stop = first.stop
    while stop - start < _LONGEST_PASSAGE and (quotation := _QUOTATION.match(body, stop, stop + _LONGEST_PASSAGE)):
        following = _paragraph(body, body.rfind("\n", stop, quotation.end()) + 1)
        if _holds(following, speak) or _is_of_somebody_else(body[following.start : following.stop]):
            break
        stop = following.stop
    return range(start, start + len(body[start : min(stop, start + _LONGEST_PASSAGE)].rstrip()))


def _is_of_somebody_else(paragraph: str) -> bool:
    return bool(_OF_SOMEBODY_ELSE.search(paragraph)) and not _OF_THE_SAME.search(paragraph)


def _holds(span: range, places: list[int]) -> bool:
    """Whether one of the places, which are in order, is in the span."""
    return bisect_left(places, span.start) < bisect_left(places, span.stop)


def _paragraph(body: str, place: int) -> range:
    """The line at a place, as far as it is near: a text may be one line of any length, and hold any number of names."""
    first, last = max(0, place - _LONGEST_PASSAGE), min(len(body), place + _LONGEST_PASSAGE)
    start, end = body.rfind("\n", first, place), body.find("\n", place, last)
    return range(first if start < 0 else start + 1, last if end < 0 else end)
