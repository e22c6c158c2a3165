"""Printed names into ministers and portfolios: by rule first, then by seed; what neither knows goes to review.

A decision is made once for each printed string, from the string, the seeds, and one piece of evidence from
the archive: whether the string is the text or address of a link in the bodies of the releases it stands on.
That is how the site's scraper takes `View PDF file` for a minister.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from flows.errors import Unusable
from flows.seeds import Seeds

NOT_STATED, UNRESOLVED = "not-stated", "unresolved"
NOT_A_PERSON, NOT_A_PORTFOLIO = "not-a-person", "not-a-portfolio"
_RESERVED = {NOT_STATED, UNRESOLVED, NOT_A_PERSON, NOT_A_PORTFOLIO, "unknown", ""}

_APOSTROPHES = str.maketrans(dict.fromkeys("\u2019\u2018\u02bc\u02bb`\u00b4", "'"))
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_PARTICLES = frozenset(("te", "van", "von", "de", "der", "den", "la", "le", "du", "da", "dos", "bin"))
_NAME_WORD = re.compile(r"[^\W\d_]+(?:['.-][^\W\d_]+)*\.?")
_ADDRESS = re.compile(r"^(?:[a-z][a-z0-9+.-]*://|www\.|mailto:)|\.(?:govt|co|org|com|net)\.?\w*/", re.IGNORECASE)

# Longest first: each is tried at the start of a tag, and what follows is the portfolio.
_ROLES = (
    (
        "under-secretary",
        r"(?:parliamentary )?under-?secretary (?:to|for) (?:the )?(?:minister (?:of|for) (?:the )?)?",
    ),
    ("associate", r"associate minister (?:of|for|responsible for|in charge of) (?:the )?"),
    ("associate", r"associate "),
    ("acting", r"acting minister (?:of|for|responsible for|in charge of) (?:the )?"),
    ("acting", r"acting "),
    ("deputy", r"deputy minister (?:of|for) (?:the )?"),
    ("deputy", r"deputy "),
    ("minister", r"minister (?:of|for|responsible for|in charge of) (?:the )?"),
)
_ROLE_PATTERNS = [(role, re.compile(f"^{pattern}", re.IGNORECASE)) for role, pattern in _ROLES]
_DELEGATION = re.compile(r"^(.*\S)\s*\(([^()]+)\)$")


def fold(text: str) -> str:
    """The text in one spelling that still reads well: NFC, straight apostrophes, single spaces, no invisibles."""
    composed = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return " ".join(composed.translate(_APOSTROPHES).split())


def match_key(text: str) -> str:
    """What two spellings of one name have in common: letters and digits, without case, macrons or apostrophes."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", fold(text)) if not unicodedata.combining(c))
    words = re.sub(r"[^\w]|_", " ", bare.casefold().replace("'", "").replace("&", " and "))
    return " ".join(words.split())


def slug(text: str) -> str:
    """A readable id, such as `georgina-te-heuheu`."""
    return re.sub(r"[^a-z0-9]+", "-", match_key(text)).strip("-")


@dataclass(frozen=True)
class Honorifics:
    """The closed list of words that stand before or after a name without being part of it."""

    prefixes: tuple[str, ...]
    suffixes: tuple[str, ...]

    @cached_property
    def _pattern(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        def any_of(affixes: tuple[str, ...]) -> str:
            longest_first = sorted({affix.replace(".", "") for affix in affixes}, key=lambda a: (-len(a), a))
            return "|".join(r"\.?\s+".join(re.escape(word) for word in affix.split()) for affix in longest_first)

        return (
            re.compile(rf"^(?:{any_of(self.prefixes)})(?:\.\s*|\s+)(?=\S)", re.IGNORECASE),
            re.compile(rf"(?<=\S)(?:\s*,\s*|\s+)(?:{any_of(self.suffixes)})\.?$", re.IGNORECASE),
        )

    def strip(self, name: str) -> tuple[str, str]:
        """Gives the honorifics before a folded name, and the name without any: never an empty name."""
        prefix, suffix = self._pattern
        rest = name
        while match := prefix.match(rest):
            rest = rest[match.end() :]
        titles = name[: len(name) - len(rest)].strip()
        while match := suffix.search(rest):
            rest = rest[: match.start()]
        return titles, rest


def decide_ministers(printed: pl.DataFrame, seeds: Seeds) -> pl.DataFrame:
    """Decides each printed minister string.

    Args:
        printed: `printed`, `release_count`, `link_count` (releases whose body links it), one row a string.
        seeds: people, their other names, placeholders and honorifics.

    Returns:
        `credited_as`, `minister_id`, `rule`, `reason`, and for a provisional member `provisional_name` and
        `honorific`; one row a string, sorted.
    """
    honorifics = _honorifics(seeds)
    people = _with_ids(_by_key(seeds, "people", "minister_name", "minister_id"))
    aliases = _by_key(seeds, "person_aliases", "alias", "minister_id")
    placeholders = _by_key(seeds, "not_people", "credited_as", "reason")
    alias_reasons = _by_key(seeds, "person_aliases", "alias", "reason")
    names = {row["minister_id"]: row["minister_name"] for row in seeds["people"].to_dicts()}

    def decide(row: dict[str, object]) -> tuple[str, str, str, str | None, str | None]:
        text = fold(str(row["printed"]))
        titles, name = honorifics.strip(text)
        key = match_key(name)
        if found := placeholders.get(match_key(text)):
            return NOT_A_PERSON, "placeholder", found, None, None
        if found := people.get(key):
            if row["printed"] == names[found]:
                return found, "as_printed", "the seeded name, as printed", None, None
            if titles or name != text:
                return found, "honorific", "the seeded name, after honorifics were taken off", None, None
            return (
                found,
                "folded",
                "the seeded name, but for case, macrons, apostrophes or spaces",
                None,
                None,
            )
        if found := aliases.get(key):
            return found, "alias", alias_reasons[key], None, None
        if _ADDRESS.search(text):
            return NOT_A_PERSON, "address", "a web or mail address", None, None
        is_name = _looks_like_a_name(name, has_title=bool(titles)) and slug(name) not in _RESERVED
        is_linked = row["link_count"] == row["release_count"]
        if is_linked and not (titles and is_name):  # `Hon ...` is a person, linked or not
            reason = "the text of a link in the body of every release it stands on"
            return NOT_A_PERSON, "link_text", reason, None, None
        if is_name:
            return (
                slug(name),
                "provisional",
                "looks like a person's name and is in no seed",
                name,
                titles or None,
            )
        return UNRESOLVED, "unresolved", "neither a known name nor like one", None, None

    rows = [(row["printed"], *decide(row)) for row in printed.sort("printed").iter_rows(named=True)]
    columns = ("credited_as", "minister_id", "rule", "reason", "provisional_name", "honorific")
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")


def decide_portfolios(printed: pl.DataFrame, seeds: Seeds) -> pl.DataFrame:
    """Decides each printed portfolio tag.

    Args:
        printed: as for `decide_ministers`.
        seeds: portfolios and their other names.

    Returns:
        `tagged_as`, `portfolio_id`, `role`, `delegation`, `rule`, `reason`, and for a provisional member
        `provisional_name`; one row a string, sorted.
    """
    portfolios = _with_ids(_by_key(seeds, "portfolios", "portfolio_name", "portfolio_id"))
    aliases = _by_key(seeds, "portfolio_aliases", "tagged_as", "portfolio_id")
    alias_reasons = _by_key(seeds, "portfolio_aliases", "tagged_as", "reason")
    names = {row["portfolio_id"]: row["portfolio_name"] for row in seeds["portfolios"].to_dicts()}
    Decision = tuple[str, str, str | None, str, str, str | None]  # noqa: N806

    def known(text: str) -> tuple[str, str, str] | None:
        key = match_key(text)
        if found := portfolios.get(key):
            return (found, "as_printed", "the seeded name, as printed") if text == names[found] else (
                found, "folded", "the seeded name, but for case, macrons, apostrophes or spaces"
            )  # fmt: skip
        if found := aliases.get(key):
            return found, "alias", alias_reasons[key]
        return None

    def decide(row: dict[str, object]) -> Decision:
        printed_text = str(row["printed"])
        text = fold(printed_text)
        if found := known(printed_text) or known(text):
            return found[0], "minister", None, found[1], found[2], None
        if _ADDRESS.search(text):
            return NOT_A_PORTFOLIO, "none", None, "address", "a web or mail address", None
        if row["link_count"] == row["release_count"]:
            reason = "the text of a link in the body of every release it stands on"
            return NOT_A_PORTFOLIO, "none", None, "link_text", reason, None
        role, delegation, rest = split_role(text)
        if role:
            for candidate, part in (
                (rest, delegation),
                (f"{rest} ({delegation})" if delegation else rest, None),
            ):
                if found := known(candidate):
                    return found[0], role, part, "role", f"{role} role, then {found[2]}", None
        if slug(rest) in _RESERVED:
            return UNRESOLVED, "none", None, "unresolved", "holds no word that could name a portfolio", None
        reason = "is in no seed"
        return slug(rest), role or "minister", delegation, "provisional", reason, rest

    rows = [(row["printed"], *decide(row)) for row in printed.sort("printed").iter_rows(named=True)]
    columns = ("tagged_as", "portfolio_id", "role", "delegation", "rule", "reason", "provisional_name")
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")


def split_role(tag: str) -> tuple[str | None, str | None, str]:
    """Splits a folded tag into role, delegation in brackets, and the rest; role None where the tag has none."""
    for role, pattern in _ROLE_PATTERNS:
        if (match := pattern.match(tag)) and (rest := tag[match.end() :].strip()):
            if delegated := _DELEGATION.match(rest):
                return role, delegated[2].strip(), delegated[1]
            return role, None, rest
    return None, None, tag


def _looks_like_a_name(name: str, *, has_title: bool) -> bool:
    """Two to five words of letters, each capitalised but for particles; one word will do after an honorific."""
    words = name.split()
    if not (1 if has_title else 2) <= len(words) <= 5:  # noqa: PLR2004
        return False
    return all(_NAME_WORD.fullmatch(word) and (word[0].isupper() or word.casefold() in _PARTICLES) for word in words)


def _honorifics(seeds: Seeds) -> Honorifics:
    frame = seeds["honorifics"]

    def of(position: str) -> tuple[str, ...]:
        return tuple(fold(affix) for affix in frame.filter(pl.col("position") == position)["affix"])

    return Honorifics(prefixes=of("prefix"), suffixes=of("suffix"))


def _with_ids(ids: dict[str, str]) -> dict[str, str]:
    """Lets a member be known by its id, too: a new name must not be given an id that is taken."""
    return {match_key(member): member for member in ids.values()} | ids


def _by_key(seeds: Seeds, seed: str, name: str, value: str) -> dict[str, str]:
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
