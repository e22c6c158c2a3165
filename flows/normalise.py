"""Printed names into ministers and portfolios: by rule first, then by seed; what neither knows goes to review.

A decision is made once for each printed string, from the string, the seeds, and one piece of evidence from
the archive: whether the string is the text or address of a link to a minister's (or portfolio's) folder in the
bodies of the releases it stands on. That is how the site's scraper takes `View PDF file` for a minister.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import unquote_plus

import polars as pl
from rapidfuzz import fuzz, process

from flows.errors import Unusable
from flows.seeds import Seeds

NOT_STATED, UNRESOLVED = "not-stated", "unresolved"
REVIEWED = ("provisional", "unresolved")  # the rules whose results await a decision
NOT_A_PERSON, NOT_A_PORTFOLIO = "not-a-person", "not-a-portfolio"
RESERVED = {NOT_STATED, UNRESOLVED, NOT_A_PERSON, NOT_A_PORTFOLIO, "not-in-office", "unknown", ""}

# What is proposed as the nearest name: similar by at least this much of 100, one credited within a year or so of
# the release before a better match of other times.
_NEW_COMPARED = 300  # new names; of more, none is compared with the others: that takes the square of their number
_NEAR, _ACTIVE_BONUS, _AROUND = 75.0, 10.0, timedelta(days=400)

_APOSTROPHES = str.maketrans(dict.fromkeys("\u2019\u2018\u02bc\u02bb`\u00b4", "'"))
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_PARTICLES = frozenset(
    ("te", "o", "nga", "van", "von", "t", "der", "den", "ter", "ten", "de", "la", "le", "du", "da", "do", "dos", "el",
     "al", "y", "bin")
)  # fmt: skip
# The site credits people as `Hon Ann Ash` or `Ann Ash`: other titles stand in front of scholarships and streets, too.
_CREDIT_TITLES = frozenset(("hon", "honourable"))
_FOLDERS = frozenset(("minister", "ministers"))
_PAGE_KINDS = re.compile(r"^biograph|government")  # folders between a minister's folder and a person's page
# Letters of names that no decomposition turns into ASCII, for ids that can be typed.
_ASCII = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})
_NAME_WORD = re.compile(r"'?[^\W\d_]+(?:['.-][^\W\d_]+)*\.?")
_ADDRESS = re.compile(r"^(?:[a-z][a-z0-9+.-]*://|www\.|mailto:)|\.(?:govt|co|org|com|net)\.?\w*(?:/|$)", re.IGNORECASE)

# Longest first: each is tried at the start of a tag, and what follows is the portfolio.
_OF = r"(?:of|for|responsible for|in charge of) (?:the )?"
_ROLES = (
    (
        "under-secretary",
        r"(?:parliamentary )?under[- ]?secretary (?:to|for) (?:the )?(?:minister (?:of|for) (?:the )?)?",
    ),
    ("associate", rf"associate minister {_OF}"),
    ("associate", r"associate "),
    ("acting", rf"acting minister {_OF}"),
    ("acting", r"acting "),
    ("deputy", r"deputy minister (?:of|for) (?:the )?"),
    ("deputy", r"deputy "),
    ("spokesperson", r"government spokes(?:person|man|woman) (?:for|on) (?:the )?"),
    ("minister", r"(?:lead )?co-?ordination minister (?:of|for) (?:the )?"),
    ("minister", r"minister supporting (?:the )?"),
    ("minister", r"minister-in-charge of (?:the )?"),
    ("minister", rf"minister {_OF}"),
)
_ROLE_PATTERNS = [(role, re.compile(f"^{pattern}", re.IGNORECASE)) for role, pattern in _ROLES]
_DELEGATION = re.compile(r"^(.*\S)\s*\(([^()]+)\)$")
_BRACKETED_ROLES = frozenset(("acting", "associate", "deputy"))


def fold(text: str) -> str:
    """The text in one spelling that still reads well: NFC, straight apostrophes, single spaces, no invisibles."""
    composed = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return " ".join(composed.translate(_APOSTROPHES).split())


def match_key(text: str) -> str:
    """What two spellings of one name have in common: letters and digits, without case, macrons or apostrophes."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", fold(text)) if not unicodedata.combining(c))
    bare = bare.translate(_APOSTROPHES)  # again: some letters hold one, and only let go of it here
    words = re.sub(r"[^\w]|_", " ", bare.casefold().replace("'", "").replace("&", " and "))
    return " ".join(words.split())


def slug(text: str) -> str:
    """A readable id, such as `georgina-te-heuheu`."""
    return re.sub(r"[^a-z0-9]+", "-", match_key(text).translate(_ASCII)).strip("-")


@dataclass(frozen=True)
class Honorifics:
    """The closed list of words that stand before or after a name without being part of it."""

    prefixes: tuple[str, ...]
    suffixes: tuple[str, ...]

    @cached_property
    def _pattern(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        def spelled(word: str) -> str:
            return r"\.?".join(map(re.escape, word)) if word.isupper() else re.escape(word)  # KC is also K.C.

        def any_of(affixes: tuple[str, ...]) -> str:
            longest_first = sorted({affix.replace(".", "") for affix in affixes}, key=lambda a: (-len(a), a))
            return "|".join(r"\.?\s+".join(spelled(word) for word in affix.split()) for affix in longest_first)

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

    def without(self, name: str) -> str:
        """A folded name without the words that are honorifics, wherever they stand: `Luamanuvao Hon Winnie Laban`."""
        words = {match_key(prefix) for prefix in self.prefixes}
        return " ".join(word for word in name.split() if match_key(word) not in words)


def decide_ministers(printed: pl.DataFrame, seeds: Seeds) -> pl.DataFrame:
    """Decides each printed minister string.

    Args:
        printed: one row a string: `printed`, `release_count`, `folder_link_count` (releases with any link to a
            minister's folder), `link_count` (releases where the string is the text or address of one), `link_urls`
            (those addresses), `first_date` and `last_date` of its releases.
        seeds: people, their other names, placeholders, honorifics, portfolios and words that no name holds.

    Returns:
        One row a string, sorted: `credited_as`, `minister_id`, `rule`, `reason`; for a provisional member
        `provisional_name` and `honorific`; for what awaits review the known member whose name is nearest,
        `nearest_id`, `nearest_name` and `similarity` (0 to 100). Nearness proposes, it never decides.
    """
    honorifics = honorifics_of(seeds)
    people = _with_ids(_by_key(seeds, "people", "minister_name", "minister_id"))
    aliases = _by_key(seeds, "person_aliases", "alias", "minister_id")
    placeholders = _by_key(seeds, "not_people", "credited_as", "reason")
    alias_reasons = _by_key(seeds, "person_aliases", "alias", "reason")
    names = {row["minister_id"]: row["minister_name"] for row in seeds["people"].to_dicts()}
    portfolios = {match_key(name) for name in seeds["portfolios"]["portfolio_name"]}
    known_names = [key for key in people | aliases if " " in key]
    looks = _Looks.of(seeds)

    def decide(row: dict[str, Any]) -> tuple[str, str, str, str | None, str | None]:
        text = fold(str(row["printed"]))
        titles, name = honorifics.strip(text)
        key = match_key(name)
        if found := placeholders.get(match_key(text)) or placeholders.get(key):
            return NOT_A_PERSON, "placeholder", found, None, None
        if found := people.get(key):
            if row["printed"] == names[found]:
                return found, "as_printed", "the seeded name, as printed", None, None
            if titles or name != text:
                return found, "honorific", "the seeded name, after honorifics were taken off", None, None
            reason = "the seeded name, but for case, macrons, apostrophes or spaces"
            return found, "folded", reason, None, None
        if found := aliases.get(key):
            return found, "alias", alias_reasons[key], None, None
        inner = match_key(honorifics.without(name))
        if found := people.get(inner) or aliases.get(inner):
            return found, "honorific", "the seeded name, after an honorific inside it was taken out", None, None
        if _ADDRESS.search(text):
            return NOT_A_PERSON, "address", "a web or mail address", None, None
        objection = _why_no_new_person(row, name, titles, looks, honorifics)
        if not objection and slug(name) in taken:
            objection = "its id would be that of another member"
        if not objection and any(f" {known} " in f" {key} " for known in known_names):
            objection = "holds a known name and more"
        if not objection and key in portfolios:
            objection = "the name of a portfolio"
        if not objection:
            return slug(name), "provisional", "looks like a person's name and is in no seed", name, titles or None
        if row["link_count"]:
            reason = "the text of a link to a minister's folder, in the body of the release it stands on"
            return NOT_A_PERSON, "link_text", reason, None, None
        return UNRESOLVED, "unresolved", objection, None, None

    taken = RESERVED | set(names)
    rows = [(row["printed"], *decide(row)) for row in printed.sort("printed").iter_rows(named=True)]
    columns = ("credited_as", "minister_id", "rule", "reason", "provisional_name", "honorific")
    decided = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    known = [(alias, member) for alias, member in (people | aliases).items() if " " in alias]
    # A surname alone, or a name with more words around it, is as near as can be.
    return _with_nearest(
        decided,
        printed,
        "minister_id",
        known,
        names,
        lambda text: honorifics.strip(fold(text))[1],
        fuzz.token_set_ratio,
    )


def decide_portfolios(printed: pl.DataFrame, seeds: Seeds) -> pl.DataFrame:
    """Decides each printed portfolio tag.

    Args:
        printed: as for `decide_ministers`, with links to a portfolio's folder.
        seeds: portfolios and their other names.

    Returns:
        One row a string, sorted: `tagged_as`, `portfolio_id`, `role`, `delegation`, `rule`, `reason`; for a
        provisional member `provisional_name`; and the nearest known portfolio, as for `decide_ministers`.
    """
    portfolios = _with_ids(_by_key(seeds, "portfolios", "portfolio_name", "portfolio_id"))
    aliases = _by_key(seeds, "portfolio_aliases", "tagged_as", "portfolio_id")
    alias_reasons = _by_key(seeds, "portfolio_aliases", "tagged_as", "reason")
    placeholders = _by_key(seeds, "not_portfolios", "tagged_as", "reason")
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

    def with_delegation(text: str) -> tuple[str, str | None, tuple[str, str, str]] | None:
        """Role, delegation and decision of a known portfolio with brackets behind it, which hold one of the two."""
        if (match := _DELEGATION.match(text)) and (found := known(match[1])):
            inside = match[2].strip()
            return (inside.lower(), None, found) if inside.lower() in _BRACKETED_ROLES else ("minister", inside, found)
        return None

    def after_role(text: str) -> tuple[str, str | None, tuple[str, str, str]] | None:
        """Role, delegation and decision of a known portfolio behind a role, or behind two of them."""
        role, delegation, rest = split_role(text)
        if not role:
            return None
        whole = f"{rest} ({delegation})" if delegation else rest
        for candidate, part in ((rest, delegation), (whole, None)):
            if found := known(candidate):
                inside = (part or "").lower()
                return (inside, None, found) if inside in _BRACKETED_ROLES else (role, part, found)
        return after_role(whole)

    def decide(row: dict[str, object]) -> Decision:
        printed_text = str(row["printed"])
        text = fold(printed_text)
        if placeholder := placeholders.get(match_key(text)):
            return NOT_A_PORTFOLIO, "none", None, "placeholder", placeholder, None
        if found := known(printed_text) or known(text):
            return found[0], "minister", None, found[1], found[2], None
        if behind := after_role(text) or with_delegation(text):
            role, delegation, (portfolio_id, _, reason) = behind
            return portfolio_id, role, delegation, "role", f"{role} role, then {reason}", None
        if _ADDRESS.search(text):
            return NOT_A_PORTFOLIO, "none", None, "address", "a web or mail address", None
        if row["link_count"] and row["link_count"] == row["release_count"]:
            reason = "the text of a link to a portfolio's folder, in the body of every release it stands on"
            return NOT_A_PORTFOLIO, "none", None, "link_text", reason, None
        printed_role, delegation, rest = split_role(text)
        if placeholder := placeholders.get(match_key(rest)):
            return NOT_A_PORTFOLIO, "none", None, "placeholder", placeholder, None
        if slug(rest) in taken:
            return UNRESOLVED, "none", None, "unresolved", "holds no word that could name a portfolio", None
        return slug(rest), printed_role or "minister", delegation, "provisional", "is in no seed", rest

    taken = RESERVED | set(names)
    rows = [(row["printed"], *decide(row)) for row in printed.sort("printed").iter_rows(named=True)]
    columns = ("tagged_as", "portfolio_id", "role", "delegation", "rule", "reason", "provisional_name")
    decided = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    known_names = list((portfolios | aliases).items())
    return _with_nearest(decided, printed, "portfolio_id", known_names, names, lambda text: split_role(fold(text))[2])


def _with_nearest(
    decided: pl.DataFrame,
    printed: pl.DataFrame,
    member: str,
    known: list[tuple[str, str]],
    names: dict[str, str],
    bare: Callable[[str], str],
    scorer: Callable[..., float] = fuzz.ratio,
) -> pl.DataFrame:
    """Adds, to what awaits review, the name that is nearest, known or new; of equals one credited in the same years."""
    spans: dict[str, tuple[date, date]] = {}
    found_spans = printed.sort("printed").select("first_date", "last_date").rows()
    for member_id, (first, last) in zip(decided[member], found_spans, strict=True):
        if first and last:
            before = spans.get(member_id, (first, last))
            spans[member_id] = min(before[0], first), max(before[1], last)

    def nearest(text: str, own: str, first: date | None, last: date | None) -> tuple[str, str, float] | None:
        def is_active(member_id: str) -> bool:
            span = spans.get(member_id)
            return bool(span and first and last and span[0] - _AROUND <= last and first <= span[1] + _AROUND)

        others = [(key, member_id) for key, member_id in known if member_id != own]
        ranked = process.extract(match_key(bare(text)), [key for key, _ in others], scorer=scorer, limit=5)
        near = [(score, is_active(others[place][1]), others[place][1]) for _, score, place in ranked if score >= _NEAR]
        if not near:
            return None
        score, _, member_id = max(near, key=lambda found: (found[0] + _ACTIVE_BONUS * found[1], found[2]))
        return member_id, names[member_id], round(score, 1)

    provisional = decided.filter(pl.col("rule") == "provisional").select("provisional_name", member)
    if provisional.height > _NEW_COMPARED:
        provisional = provisional.clear()
    names = names | {member_id: name for name, member_id in provisional.rows()}
    known = known + [(match_key(name), member_id) for name, member_id in provisional.rows()]
    columns = decided.select(decided.columns[0], "rule", member).rows()
    rows = [
        (nearest(text, own, first, last) if rule in REVIEWED else None) or (None, None, None)
        for (text, rule, own), (first, last) in zip(columns, found_spans, strict=True)
    ]
    schema = {"nearest_id": pl.String, "nearest_name": pl.String, "similarity": pl.Float64}
    return pl.concat([decided, pl.DataFrame(rows, schema=schema, orient="row")], how="horizontal")


def split_role(tag: str) -> tuple[str | None, str | None, str]:
    """Splits a folded tag into role, delegation in brackets, and the rest; role None where the tag has none."""
    for role, pattern in _ROLE_PATTERNS:
        if (match := pattern.match(tag)) and (rest := tag[match.end() :].strip()):
            if delegated := _DELEGATION.match(rest):
                return role, delegated[2].strip(), delegated[1]
            return role, None, rest
    return None, None, tag


@dataclass(frozen=True, slots=True)
class _Looks:
    """The words by which a title or document is told from a name."""

    no_name_words: frozenset[str]
    surnames: frozenset[str]  # those of them that are surnames, too, such as `Page`

    @classmethod
    def of(cls, seeds: Seeds) -> "_Looks":
        rows = seeds["not_name_words"].select("word", "may_be_surname").rows()
        return cls(
            frozenset(match_key(word) for word, _ in rows),
            frozenset(match_key(word) for word, may_be in rows if may_be == "yes"),
        )


def _why_no_new_person(
    row: dict[str, Any], name: str, titles: str, looks: _Looks, honorifics: Honorifics
) -> str | None:
    """Why an unknown string is not believed to be a person; None where it is.

    It must have the shape of a name. Where the site's scraper may have taken it from a link to a minister's folder,
    it must also be credited in the site's style, or where there is no such link, or be linked to its own page.
    """
    if not _is_shaped_as_a_name(name):
        return "neither a known name nor like one"
    odd = {match_key(word) for word in name.split()} & looks.no_name_words
    is_credited = bool(_CREDIT_TITLES & set(match_key(titles).split()))
    pages = {_page_of(name, str(url), honorifics) for url in row["link_urls"] or ()}
    if "full name" in pages and not odd - looks.surnames:
        return None
    if odd and (row["link_count"] or not titles or odd - looks.surnames):
        return "holds a word of documents and titles"
    is_elsewhere = row["folder_link_count"] != row["release_count"]
    if row["folder_link_count"] and not (is_credited or is_elsewhere or "surname" in pages):
        return "every release that prints it links to a minister's folder, where the site takes link texts for names"
    return None


def _is_shaped_as_a_name(name: str) -> bool:
    """Two to five words of letters, each capitalised but for particles."""
    words = name.split()
    return 2 <= len(words) <= 5 and all(  # noqa: PLR2004
        _NAME_WORD.fullmatch(word)
        and slug(word)
        and (word[0].isupper() or match_key(word) in _PARTICLES)
        and not word.endswith("'s")
        for word in words
    )


def _page_of(name: str, url: str, honorifics: Honorifics) -> str | None:
    """Whether an address is that of the person's own page, and what it goes by: `full name`, `surname` or None.

    The page stands in a minister's folder, at times in one of biographies or of a government there; the site tells
    two pages of one name apart by a number behind it.
    """
    segments = [segment for segment in re.split(r"[?#]", url)[0].split("/") if segment]
    folder = next((place for place, segment in enumerate(segments) if segment.lower() in _FOLDERS), len(segments))
    page = next((one for one in segments[folder + 1 :] if not _PAGE_KINDS.search(one.lower())), "")
    words = re.sub(r"-\d+$", "", unquote_plus(page)).replace("-", " ")
    found = slug(honorifics.strip(fold(words))[1])
    if not found:
        return None
    surname = slug(name.rsplit(maxsplit=1)[-1])
    return "full name" if found == slug(name) else "surname" if found == surname else None


def honorifics_of(seeds: Seeds) -> Honorifics:
    """The closed list as the seed has it."""
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
