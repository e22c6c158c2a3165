"""Decide which portfolio and role each printed tag means: by the seeds, then by rules; the rest awaits review."""

import re
from typing import NamedTuple

import polars as pl

from flows.normalise.decided import ADDRESS, NOT_A_PORTFOLIO, RESERVED, UNRESOLVED, add_ids, index_seed
from flows.normalise.nearest import add_nearest
from flows.normalise.seeds import Seeds
from flows.normalise.spelling import fold, match_key, odd_letters, slug

# Tried in this order at the start of a tag, the more specific first; the rest of the tag is the portfolio.
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


class PortfolioDecision(NamedTuple):
    """Which portfolio and role a printed tag means, and by which rule."""

    portfolio_id: str
    role: str
    delegation: str | None
    rule: str
    reason: str
    provisional_name: str | None = None  # name of a portfolio that is in no seed


class SplitTag(NamedTuple):
    """The parts of a folded tag."""

    role: str | None  # None if the tag names no role
    delegation: str | None  # the text in brackets after the portfolio
    rest: str  # the portfolio; the whole tag if it names no role


def decide_portfolios(printed: pl.DataFrame, seeds: Seeds) -> pl.DataFrame:
    """Decide which portfolio and role each printed tag means.

    Args:
        printed: as for `decide_ministers`, with links to a portfolio's folder.
        seeds: every seed.

    Returns:
        One row for each tag, sorted: `tagged_as`, then the fields of `PortfolioDecision`. A tag that awaits review also
        has the known portfolio with the most similar name, as for `decide_ministers`.
    """
    portfolios = add_ids(index_seed(seeds, "portfolios", "portfolio_name", "portfolio_id"))
    aliases = index_seed(seeds, "portfolio_aliases", "tagged_as", "portfolio_id")
    alias_reasons = index_seed(seeds, "portfolio_aliases", "tagged_as", "reason")
    placeholders = index_seed(seeds, "not_portfolios", "tagged_as", "reason")
    names = {row["portfolio_id"]: row["portfolio_name"] for row in seeds["portfolios"].to_dicts()}

    def look_up(text: str) -> PortfolioDecision | None:
        """Decide a tag that is just the name of a known portfolio."""
        key = match_key(text)
        if found := portfolios.get(key):
            if text == names[found]:
                return PortfolioDecision(found, "minister", None, "as_printed", "the seeded name, as printed")
            reason = "the seeded name, but for case, macrons, apostrophes or spaces"
            return PortfolioDecision(found, "minister", None, "folded", reason)
        if found := aliases.get(key):
            return PortfolioDecision(found, "minister", None, "alias", alias_reasons[key])
        return None

    def add_role(found: PortfolioDecision, role: str, bracketed: str | None) -> PortfolioDecision:
        """Add a role to a known portfolio; brackets after it hold another role, or a delegation."""
        if bracketed and bracketed.lower() in _BRACKETED_ROLES:
            role, bracketed = bracketed.lower(), None
        reason = f"{role} role, then {found.reason}"
        return found._replace(role=role, delegation=bracketed, rule="role", reason=reason)

    def decide_after_role(text: str) -> PortfolioDecision | None:
        """Decide a tag that is one role, or several, and then a known portfolio."""
        role, delegation, rest = split_role(text)
        if not role:
            return None
        whole = f"{rest} ({delegation})" if delegation else rest
        for candidate, bracketed in ((rest, delegation), (whole, None)):
            if found := look_up(candidate):
                return add_role(found, role, bracketed)
        return decide_after_role(whole)

    def decide_before_brackets(text: str) -> PortfolioDecision | None:
        """Decide a tag that is a known portfolio and then brackets."""
        if (match := _DELEGATION.match(text)) and (found := look_up(match[1])):
            return add_role(found, "minister", match[2].strip())
        return None

    def reject(rule: str, reason: str, portfolio_id: str = NOT_A_PORTFOLIO) -> PortfolioDecision:
        return PortfolioDecision(portfolio_id, "none", None, rule, reason)

    def decide(row: dict[str, object]) -> PortfolioDecision:
        tag = str(row["printed"])
        text = fold(tag)
        if placeholder := placeholders.get(match_key(text)):
            return reject("placeholder", placeholder)
        if found := look_up(tag) or look_up(text) or decide_after_role(text) or decide_before_brackets(text):
            return found
        if ADDRESS.search(text):
            return reject("address", "a web or mail address")
        if row["link_count"] and row["link_count"] == row["release_count"]:
            return reject(
                "link_text", "the text of a link to a portfolio's folder, in the body of every release it stands on"
            )
        role, delegation, rest = split_role(text)
        if placeholder := placeholders.get(match_key(rest)):
            return reject("placeholder", placeholder)
        if odd := odd_letters(rest):
            return reject("unresolved", f"holds letters that tags of the archive do not have: {odd}", UNRESOLVED)
        if slug(rest) in taken:
            return reject("unresolved", "holds no word that could name a portfolio", UNRESOLVED)
        return PortfolioDecision(slug(rest), role or "minister", delegation, "provisional", "is in no seed", rest)

    taken = RESERVED | set(names)
    rows = [(row["printed"], *decide(row)) for row in printed.sort("printed").iter_rows(named=True)]
    columns = ("tagged_as", *PortfolioDecision._fields)
    decided = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    known_names = list((portfolios | aliases).items())
    return add_nearest(decided, printed, "portfolio_id", known_names, names, lambda text: split_role(fold(text)).rest)


def split_role(tag: str) -> SplitTag:
    """Split a folded tag into role, delegation and portfolio."""
    for role, pattern in _ROLE_PATTERNS:
        if (match := pattern.match(tag)) and (rest := tag[match.end() :].strip()):
            if delegated := _DELEGATION.match(rest):
                return SplitTag(role, delegated[2].strip(), delegated[1])
            return SplitTag(role, None, rest)
    return SplitTag(None, None, tag)
