"""Find the places and countries that texts name: those of two seeds, where the text does not mean something else.

A place in the name of something there, such as `Auckland Airport`, counts. An electorate counts where the text says
that it is one. `seeds/not_places.csv` lists longer names that hold the name of a place and mean another thing.
"""

# ruff: noqa: SIM905
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from flows.normalise.mentions import to_ascii
from flows.normalise.seeds import Seeds
from flows.normalise.spelling import fold

_NEAR = 60  # characters looked at before a name and after it

_PART_OF_WORD = re.compile(r"[\w@$%#=\\]")
_ADDRESS_BEFORE = re.compile(r"(?:://|www\.|\]\(|\S{40})\S*$")
_TITLES = "Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Lord|Lady|Hon|Judge|Justice|Prof|Professor"  # also before a first name
# A person, ship or street with the name of a place, a place of the same name abroad, and `te Tonga` (the south).
_PERSON_BEFORE = re.compile(
    rf"(?:\b(?:(?:{_TITLES})\.?(?: [A-Z][a-z]+)?|(?:Captain|Colonel|Major|General|Marshal|Sergeant|Constable|"
    r"Councillor|Cr|St|Saint|Commissioner|Governor|Senator|HMNZS|HMS|HMAS|USS|SS|RV|MV|Te|te)\.?)|"
    r"\b[A-Z]\.|\b[A-Z]\.? \([A-Z][a-z]+\)) $"
)
_STREET_AFTER = re.compile(
    r"(?: (?:Streets?|St\b(?! [A-Z])|Sts|Road|Rds?|Terrace|Tce|Quay|Avenue|Ave|Crescent|Cres|Place|Lane|Square|Parade|"
    r"Drive)| (?:and|&) [A-Z]\w+ (?:Streets|Sts|Rds))\b"
)
# Most things in nature are in the place whose name they have, such as `Waikato River`; these are often elsewhere.
_ELSEWHERE_AFTER = re.compile(r" (?:Point|Bay(?! of\b))\b")
_ISLAND_AFTER = re.compile(r" Island\b")
_ABROAD_AFTER = re.compile(
    r", (?:British Columbia|Ontario|England|Scotland|Dorset|Somerset|Kent|Sussex|Massachusetts|Maryland|Ohio|Illinois|"
    r"New South Wales|NSW|Queensland|Victoria|Tasmania|South Australia|Western Australia|Bermuda)\b"
)
# Words in capitals that may stand before a name that is also a surname, and after one that is also a first name.
_WORD_BEFORE = re.compile(r"(?:^|[\s(/\"*])(?P<word>[A-Z][\w.']*)(?P<between> |-)$")
_WORD_AFTER = re.compile(r"[ -](?P<word>[A-Z][\w']*)")
_BEFORE_PLACES = frozenset(
    "A After All Also An And Around As At Before Between Both But By Central Destination During East Eastern "
    "Enterprise Environment For Free From Greater Health Horizons I II In Inner Into Invest Lake Like Lower MP "
    "Mayor Mid Near New North Northern Of On Or Our Outer Outside Over Port Radio Royal Safer Since South "
    "Southern Sport Tairawhiti That The Then This Through To Tourism Under Upper Venture Vision West Western When "
    "Where While With Zealand January February March April May June July August September October November "
    "December Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
)
_AFTER_PLACES = frozenset(
    "A Aid Airport And Area Art Ashburton Base Borough Boys Branch Bridge Business Campus Catchment Central "
    "Chamber Children City Civic Coast College Community Conservation Council Councils County Court Courthouse "
    "Crown DHB Defence Defense District Districts East Economic Egypt Electorate Ensign Fire Girls Government "
    "Grammar Health High Hospital Housing Hurunui I In Institute Intermediate International Iran Iraq Lakes "
    "Lebanon Limited Ltd MP Main Marae Mayor Multisports Museum North Office Oval Palestine Park Plains Police "
    "Port Presbyterian Primary Prison Public RSA Racecourse Racing Region Regional River Road Rotary Rural School "
    "Show South Sport Stadium State Station Syria Theatre Town Trust University Urban Valley Waimakariri Ward "
    "Water West Youth".split()
)
_NAME = r"[A-Z][\w-]+(?: [A-Z][\w-]+)*"
_ELECTORATE_BEFORE = re.compile(
    r"\b(?:MPs? for|Members? of Parliament for|[Ee]lectorates? (?:of|in|for)|by-?election in|seats? of)"
    rf"(?: (?:the )?{_NAME}(?: and|,))? (?:the )?$"
)
_ELECTORATE_AFTER = re.compile(
    rf"(?:'s?)?(?:,? (?:and|or) {_NAME})? (?:(?:general|Maori|National|Labour|List) )?"
    r"(?:MPs?\b(?! for)|(?i:electorates?|by-?election|seat)\b|Member of Parliament)"
)
# Words near `Georgia` where it is the state of the United States.
_STATE_BESIDE = re.compile(
    r"\b(?:USA|US states?|Alabama|Arizona|California|Carolina|Colorado|Florida|Ohio|Tennessee|Texas|Virginia)\b"
)
_CAPITALS = re.compile(r"[A-Z]{4}")  # beside `US`, which can be a word in a line of capitals
_DOLLARS = re.compile(r" ?(?:dollar|\$|\d)")


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a name can mean; nothing if it is one of not_places.csv."""

    place_id: str | None = None  # of places.csv or countries.csv
    electorate_id: str | None = None
    care: str | None = None  # surname or person: what the name can be besides a place


class Gazetteer(NamedTuple):
    """The names to search for."""

    names: list[str]  # in ASCII, the longest first
    meanings: dict[str, _Meaning]  # by name


class FoundPlace(NamedTuple):
    """A place or country named in a text."""

    place: int  # of the name, in characters from 0
    place_id: str


def list_places(seeds: Seeds) -> Gazetteer:
    """Return the names of the seeds `places`, `countries` and `not_places`."""
    countries = seeds["countries"].rename({"country_id": "place_id", "country_name": "place_name"})
    meanings: dict[str, _Meaning] = {}
    for row in (*seeds["places"].iter_rows(named=True), *countries.iter_rows(named=True)):
        for name in (row["place_name"], *(row["other_names"] or "").split("; ")):
            known = meanings.get(key := to_ascii(fold(name)), _Meaning())
            if row["kind"] == "electorate":
                meanings[key] = _Meaning(known.place_id, row["place_id"], known.care)
            else:
                meanings[key] = _Meaning(row["place_id"], known.electorate_id, row["care"])
    meanings |= {to_ascii(fold(name)): _Meaning() for name in seeds["not_places"]["printed_as"]}
    meanings.pop("", None)
    return Gazetteer(sorted(meanings, key=lambda name: (-len(name), name)), meanings)


def find_places(bodies: Sequence[str], places: Gazetteer) -> Iterator[list[FoundPlace]]:
    """Yield, for each text, the places and countries that it names, in order.

    Args:
        bodies: texts in ASCII, as `to_ascii` returns them.
        places: the names to search for.
    """
    found = pl.Series(bodies, dtype=pl.String).str.extract_many(places.names, leftmost=True)
    for body, printed in zip(bodies, found.to_list(), strict=True):
        hits, islands, end = [], set(), 0
        for name in printed or ():
            place = body.index(name, end)
            end = place + len(name)
            meaning = places.meanings[name]
            if _ISLAND_AFTER.match(body, end):
                islands.add(meaning.place_id)  # `Kaikoura` means Kaikoura Island in the rest of the text, too
            elif place_id := _decide(body, place, end, meaning):
                hits.append(FoundPlace(place, place_id))
        yield [hit for hit in hits if hit.place_id not in islands]


def _decide(body: str, place: int, end: int, meaning: _Meaning) -> str | None:
    """Return the id of the place or electorate that the name from `place` to `end` means; None if it means neither."""
    if _PART_OF_WORD.match(body, place - 1, place) or _PART_OF_WORD.match(body, end):
        return None
    before, after = body[max(0, place - _NEAR) : place], body[end : end + _NEAR]
    if meaning.electorate_id and (_ELECTORATE_AFTER.match(after) or _ELECTORATE_BEFORE.search(before)):
        return meaning.electorate_id
    is_another = (
        _PERSON_BEFORE.search(before)
        or _STREET_AFTER.match(after)
        or _ELSEWHERE_AFTER.match(after)
        or _ABROAD_AFTER.match(after)
        or (before.endswith("/") and _ADDRESS_BEFORE.search(before))
        or (body[place:end] == "US" and (_CAPITALS.search(before[-8:] + after[:8]) or _DOLLARS.match(after)))
        or (body[place:end] == "Georgia" and ("Atlanta" in body or _STATE_BESIDE.search(before + after)))
        or (meaning.care and _is_person(before, after, meaning.care))
    )
    return None if is_another else meaning.place_id


def _is_person(before: str, after: str, care: str) -> bool:
    """Return whether a name between two texts is that of a person.

    Args:
        before: the text before the name.
        after: the text after it.
        care: surname, or person if the name is also a first name.
    """
    word = _WORD_BEFORE.search(before)
    if word and (word["between"] == "-" or word["word"] not in _BEFORE_PLACES):
        return True
    word = _WORD_AFTER.match(after)
    return care == "person" and word is not None and word["word"] not in _AFTER_PLACES
