"""Decide which minister each printed credit means: by the seeds, then by rules; the rest awaits review.

Each distinct string is decided once, from the string, the seeds and one piece of evidence in the archive: whether the
string is the text or the address of a link to a minister's folder of the website, in the body of a release that it
credits. The scraper behind the archive took the texts of such links, such as `View PDF file`, for ministers.
"""

import re
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

import polars as pl
from rapidfuzz import fuzz

from flows.normalise.decided import ADDRESS, NOT_A_PERSON, RESERVED, UNRESOLVED, add_ids, index_seed
from flows.normalise.nearest import add_nearest
from flows.normalise.seeds import Seeds
from flows.normalise.spelling import Honorifics, fold, honorifics_of, match_key, odd_letters, slug

_PARTICLES = frozenset(
    ("te", "o", "nga", "van", "von", "t", "der", "den", "ter", "ten", "de", "la", "le", "du", "da", "do", "dos", "el",
     "al", "y", "bin")
)  # fmt: skip
# The website credits people as `Hon Ann Ash` or `Ann Ash`. Other titles also begin names of scholarships and streets.
_CREDIT_TITLES = frozenset(("hon", "honourable"))
_FOLDERS = frozenset(("minister", "ministers"))
_FOLDERS_BETWEEN = re.compile(r"^biograph|government")  # folders between a minister's folder and a person's page
_NAME_WORD = re.compile(r"'?[^\W\d_]+(?:['.-][^\W\d_]+)*\.?")


class MinisterDecision(NamedTuple):
    """Which minister a printed string means, and by which rule."""

    minister_id: str
    rule: str
    reason: str
    provisional_name: str | None = None  # name and honorific of a person who is in no seed
    honorific: str | None = None


def decide_ministers(printed: pl.DataFrame, seeds: Seeds) -> pl.DataFrame:
    """Decide which minister each printed string means.

    Args:
        printed: one row for each string: `printed`, `release_count`, `folder_link_count` (releases with any link to a
            minister's folder), `link_count` (releases where the string is the text or address of such a link),
            `link_urls` (the addresses of these links), `first_date` and `last_date` of its releases.
        seeds: every seed.

    Returns:
        One row for each string, sorted: `credited_as`, then the fields of `MinisterDecision`. A string that awaits
        review also has the known member with the most similar name, as a proposal: `nearest_id`, `nearest_name` and
        `similarity` (0 to 100).
    """
    honorifics = honorifics_of(seeds)
    people = add_ids(index_seed(seeds, "people", "minister_name", "minister_id"))
    aliases = index_seed(seeds, "person_aliases", "alias", "minister_id")
    placeholders = index_seed(seeds, "not_people", "credited_as", "reason")
    alias_reasons = index_seed(seeds, "person_aliases", "alias", "reason")
    names = {row["minister_id"]: row["minister_name"] for row in seeds["people"].to_dicts()}
    portfolios = {match_key(name) for name in seeds["portfolios"]["portfolio_name"]}
    known_names = [key for key in people | aliases if " " in key]
    non_names = _NonNameWords.of(seeds)

    def decide(row: dict[str, Any]) -> MinisterDecision:
        text = fold(str(row["printed"]))
        titles, name = honorifics.strip(text)
        key = match_key(name)
        if found := placeholders.get(match_key(text)) or placeholders.get(key):
            return MinisterDecision(NOT_A_PERSON, "placeholder", found)
        if found := people.get(key):
            if row["printed"] == names[found]:
                return MinisterDecision(found, "as_printed", "the seeded name, as printed")
            if titles or name != text:
                return MinisterDecision(found, "honorific", "the seeded name, after honorifics were taken off")
            return MinisterDecision(found, "folded", "the seeded name, but for case, macrons, apostrophes or spaces")
        if found := aliases.get(key):
            return MinisterDecision(found, "alias", alias_reasons[key])
        inner = match_key(honorifics.remove_all(name))
        if found := people.get(inner) or aliases.get(inner):
            return MinisterDecision(found, "honorific", "the seeded name, after an honorific inside it was taken out")
        if ADDRESS.search(text):
            return MinisterDecision(NOT_A_PERSON, "address", "a web or mail address")
        odd = odd_letters(name)
        objection = f"holds letters that names of the archive do not have: {odd}" if odd else None
        objection = objection or _object_to_new_person(row, name, titles, non_names, honorifics)
        if not objection and slug(name) in taken:
            objection = "its id would be that of another member"
        if not objection and any(f" {known} " in f" {key} " for known in known_names):
            objection = "holds a known name and more"
        if not objection and key in portfolios:
            objection = "the name of a portfolio"
        if not objection:
            reason = "looks like a person's name and is in no seed"
            return MinisterDecision(slug(name), "provisional", reason, name, titles or None)
        if row["link_count"]:
            reason = "the text of a link to a minister's folder, in the body of the release it stands on"
            return MinisterDecision(NOT_A_PERSON, "link_text", reason)
        return MinisterDecision(UNRESOLVED, "unresolved", objection)

    taken = RESERVED | set(names)
    rows = [(row["printed"], *decide(row)) for row in printed.sort("printed").iter_rows(named=True)]
    columns = ("credited_as", *MinisterDecision._fields)
    decided = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    known = [(alias, member) for alias, member in (people | aliases).items() if " " in alias]
    # By this scorer, a surname alone is as similar as can be, and so is a name with more words around it.
    return add_nearest(
        decided,
        printed,
        "minister_id",
        known,
        names,
        lambda text: honorifics.strip(fold(text)).name,
        fuzz.token_set_ratio,
    )


@dataclass(frozen=True, slots=True)
class _NonNameWords:
    """Words that show that a string is a title or a document, and not a person's name."""

    words: frozenset[str]  # all of them, as match keys
    surnames: frozenset[str]  # words that are also surnames, such as `Page`

    @classmethod
    def of(cls, seeds: Seeds) -> "_NonNameWords":
        rows = seeds["not_name_words"].select("word", "may_be_surname").rows()
        return cls(
            frozenset(match_key(word) for word, _ in rows),
            frozenset(match_key(word) for word, may_be in rows if may_be == "yes"),
        )


def _object_to_new_person(
    row: dict[str, Any], name: str, titles: str, non_names: _NonNameWords, honorifics: Honorifics
) -> str | None:
    """Return why an unknown string is not accepted as a person; None if it is accepted.

    It must have the shape of a name. If the scraper may have taken it from a link to a minister's folder, it must also
    be credited in the style of the website, or on a release without such a link, or be linked to its own page.
    """
    if not _is_shaped_as_a_name(name):
        return "neither a known name nor like one"
    suspects = {match_key(word) for word in name.split()} & non_names.words
    is_credited = bool(_CREDIT_TITLES & set(match_key(titles).split()))
    pages = {_page_of(name, str(url), honorifics) for url in row["link_urls"] or ()}
    if "full name" in pages and not suspects - non_names.surnames:
        return None
    if suspects and (row["link_count"] or not titles or suspects - non_names.surnames):
        return "holds a word of documents and titles"
    is_elsewhere = row["folder_link_count"] != row["release_count"]
    if row["folder_link_count"] and not (is_credited or is_elsewhere or "surname" in pages):
        return "every release that prints it links to a minister's folder, where the site takes link texts for names"
    return None


def _is_shaped_as_a_name(name: str) -> bool:
    """Return True if a name is two to five words of letters, each capitalised unless it is a particle such as `de`."""
    words = name.split()
    return 2 <= len(words) <= 5 and all(  # noqa: PLR2004
        _NAME_WORD.fullmatch(word)
        and slug(word)
        and (word[0].isupper() or match_key(word) in _PARTICLES)
        and not word.endswith("'s")
        for word in words
    )


def _page_of(name: str, url: str, honorifics: Honorifics) -> str | None:
    """Return which part of a name the page at an address is named after: `full name`, `surname` or None.

    A person's page is in a minister's folder, sometimes below a folder of biographies or of a government. If two pages
    have the same name, the website adds a number to one of them.
    """
    segments = [segment for segment in re.split(r"[?#]", url)[0].split("/") if segment]
    folder = next((place for place, segment in enumerate(segments) if segment.lower() in _FOLDERS), len(segments))
    page = next((one for one in segments[folder + 1 :] if not _FOLDERS_BETWEEN.search(one.lower())), "")
    words = re.sub(r"-\d+$", "", unquote_plus(page)).replace("-", " ")
    found = slug(honorifics.strip(fold(words)).name)
    if not found:
        return None
    surname = slug(name.rsplit(maxsplit=1)[-1])
    return "full name" if found == slug(name) else "surname" if found == surname else None
