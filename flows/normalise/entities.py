"""Count the places, countries, Acts and bills that texts name; staging keeps the counts.

`search` does all that is done with each text: it also finds the names of ministers.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import polars as pl

from flows.normalise import laws, places
from flows.normalise.laws import LawAliases, find_laws, list_law_aliases
from flows.normalise.mentions import NameHit, SearchText, find_names, to_ascii
from flows.normalise.places import Gazetteer, find_places, list_places
from flows.normalise.seeds import Seeds


@dataclass(frozen=True, slots=True)
class EntityCount:
    """How often a text names an entity."""

    path: str
    blob: str
    kind: str  # place (of this country or another) or law
    name: str  # id of the place; key of the law's title
    printed: str | None  # the law's title as first printed in the text; None for a place
    year: int | None  # printed after the name of a law; None if none is printed, and for a place
    mention_count: int


@dataclass(frozen=True, slots=True)
class KnownEntities:
    """What the seeds say of entities."""

    places: Gazetteer
    law_aliases: LawAliases
    version: str  # digest of the seeds and the search: while it stays equal, a search finds the same


def list_entities(seeds: Seeds) -> KnownEntities:
    """Return the names to search for."""
    code = b"".join(Path(file).read_bytes() for file in (__file__, laws.__file__, places.__file__))
    rows = [seeds[name].rows() for name in ("places", "countries", "not_places", "law_aliases")]
    version = hashlib.sha256(code + repr(rows).encode()).hexdigest()[:12]
    return KnownEntities(list_places(seeds), list_law_aliases(seeds), version)


def count_entities(texts: Sequence[SearchText], known: KnownEntities) -> list[EntityCount]:
    """Return how often each text names each place, country, Act and bill."""
    counts: list[EntityCount] = []
    all_places = find_places([to_ascii(text.body) for text in texts], known.places)
    for (path, blob, body), found in zip(texts, all_places, strict=True):
        for place_id, count in Counter(one.place_id for one in found).items():
            counts.append(EntityCount(path, blob, "place", place_id, None, None, count))
        titles: dict[str, str] = {}
        keys: Counter[tuple[str, int | None]] = Counter()
        for law in find_laws(body, known.law_aliases):
            key = laws.law_key(law.title)
            titles.setdefault(key, law.title)
            keys[key, law.year] += 1
        counts += (EntityCount(path, blob, "law", key, titles[key], year, n) for (key, year), n in keys.items())
    return counts


class Searched(NamedTuple):
    """What was found in some texts."""

    texts: list[tuple[str, str]]  # path and blob of each
    hits: list[NameHit]
    entities: list[EntityCount]


def search(texts: Sequence[SearchText], names: pl.DataFrame, known: KnownEntities) -> Searched:
    """Return the names, places, countries, Acts and bills in some texts.

    Args:
        texts: the texts to search.
        names: result of `mentions.list_names`.
        known: result of `list_entities`.
    """
    keys = [(text.path, text.blob) for text in texts]
    return Searched(keys, find_names(texts, names), count_entities(texts, known))
