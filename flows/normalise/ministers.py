"""Printed names into ministers and portfolios: by rule first, then by seed; what neither knows goes to review.

A decision is made once for each printed string, from the string, the seeds, and one piece of evidence from
the archive: whether the string is the text or address of a link to a minister's (or portfolio's) folder in the
bodies of the releases it stands on. That is how the site's scraper takes `View PDF file` for a minister.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

import polars as pl
from rapidfuzz import fuzz

from flows.normalise.decided import ADDRESS, NOT_A_PERSON, RESERVED, UNRESOLVED, by_match_key, with_ids
from flows.normalise.nearest import with_nearest
from flows.normalise.seeds import Seeds
from flows.normalise.spelling import Honorifics, fold, honorifics_of, match_key, slug

_PARTICLES = frozenset(
    ("te", "o", "nga", "van", "von", "t", "der", "den", "ter", "ten", "de", "la", "le", "du", "da", "do", "dos", "el",
     "al", "y", "bin")
)  # fmt: skip
# The site credits people as `Hon Ann Ash` or `Ann Ash`: other titles stand in front of scholarships and streets, too.
_CREDIT_TITLES = frozenset(("hon", "honourable"))
_FOLDERS = frozenset(("minister", "ministers"))
_PAGE_KINDS = re.compile(r"^biograph|government")  # folders between a minister's folder and a person's page
_NAME_WORD = re.compile(r"'?[^\W\d_]+(?:['.-][^\W\d_]+)*\.?")


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
    people = with_ids(by_match_key(seeds, "people", "minister_name", "minister_id"))
    aliases = by_match_key(seeds, "person_aliases", "alias", "minister_id")
    placeholders = by_match_key(seeds, "not_people", "credited_as", "reason")
    alias_reasons = by_match_key(seeds, "person_aliases", "alias", "reason")
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
        if ADDRESS.search(text):
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
    return with_nearest(
        decided,
        printed,
        "minister_id",
        known,
        names,
        lambda text: honorifics.strip(fold(text))[1],
        fuzz.token_set_ratio,
    )


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
