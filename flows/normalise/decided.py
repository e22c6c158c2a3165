"""What every decision on a name rests on: the members kept for what is no name, and look-ups in the seeds."""

import re
from collections.abc import Iterable

from flows.errors import Unusable
from flows.normalise.seeds import Seeds
from flows.normalise.spelling import match_key

NOT_STATED, UNRESOLVED = "not-stated", "unresolved"
REVIEWED = ("provisional", "unresolved")  # the rules whose results await a decision
NOT_A_PERSON, NOT_A_PORTFOLIO = "not-a-person", "not-a-portfolio"
RESERVED = {NOT_STATED, UNRESOLVED, NOT_A_PERSON, NOT_A_PORTFOLIO, "not-in-office", "unknown", ""}
ADDRESS = re.compile(r"^(?:[a-z][a-z0-9+.-]*://|www\.|mailto:)|\.(?:govt|co|org|com|net)\.?\w*(?:/|$)", re.IGNORECASE)


def with_ids(ids: dict[str, str]) -> dict[str, str]:
    """Lets a member be known by its id, too: a new name must not be given an id that is taken."""
    return {match_key(member): member for member in ids.values()} | ids


def by_match_key(seeds: Seeds, seed: str, name: str, value: str) -> dict[str, str]:
    """Match key to value; two rows that would answer for one key are an error, not a choice."""
    found: dict[str, str] = {}
    rows: Iterable[dict[str, str]] = seeds[seed].select(name, value).iter_rows(named=True)
    for row in rows:
        key = match_key(row[name])
        if found.setdefault(key, row[value]) != row[value]:
            raise Unusable(
                f"seeds/{seed}.csv: {row[name]!r} stands for {found[key]!r} and {row[value]!r}: remove one row."
            )
    return found
