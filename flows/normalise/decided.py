"""Shared parts of the decisions on names: reserved ids, the pattern of addresses, and look-ups in the seeds."""

import re
from collections.abc import Iterable

from flows.errors import Unusable
from flows.normalise.seeds import Seeds
from flows.normalise.spelling import match_key

NOT_STATED, UNRESOLVED = "not-stated", "unresolved"
REVIEWED = ("provisional", "unresolved")  # rules whose results await a person's decision
NOT_A_PERSON, NOT_A_PORTFOLIO = "not-a-person", "not-a-portfolio"
RESERVED = {NOT_STATED, UNRESOLVED, NOT_A_PERSON, NOT_A_PORTFOLIO, "not-in-office", "unknown", ""}
ADDRESS = re.compile(r"^(?:[a-z][a-z0-9+.-]*://|www\.|mailto:)|\.(?:govt|co|org|com|net)\.?\w*(?:/|$)", re.IGNORECASE)


def add_ids(ids: dict[str, str]) -> dict[str, str]:
    """Add each id as a name of its own member, so that no new member can get an id that is taken."""
    return {match_key(member): member for member in ids.values()} | ids


def index_seed(seeds: Seeds, seed: str, name: str, value: str) -> dict[str, str]:
    """Return a column of a seed by the match key of another column.

    Args:
        seeds: every seed.
        seed: which one.
        name: column whose match keys become the keys.
        value: column of the values.

    Raises:
        Unusable: two rows have different values for the same match key.
    """
    found: dict[str, str] = {}
    rows: Iterable[dict[str, str]] = seeds[seed].select(name, value).iter_rows(named=True)
    for row in rows:
        key = match_key(row[name])
        if found.setdefault(key, row[value]) != row[value]:
            raise Unusable(
                f"seeds/{seed}.csv: {row[name]!r} means both {found[key]!r} and {row[value]!r}: remove one row."
            )
    return found
