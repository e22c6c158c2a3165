"""Printed portfolio tags into portfolios and roles: by seed, then by rule; what neither knows goes to review."""

import re

import polars as pl

from flows.normalise.decided import ADDRESS, NOT_A_PORTFOLIO, RESERVED, UNRESOLVED, by_match_key, with_ids
from flows.normalise.nearest import with_nearest
from flows.normalise.seeds import Seeds
from flows.normalise.spelling import fold, match_key, slug

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


def decide_portfolios(printed: pl.DataFrame, seeds: Seeds) -> pl.DataFrame:
    """Decides each printed portfolio tag.

    Args:
        printed: as for `decide_ministers`, with links to a portfolio's folder.
        seeds: portfolios and their other names.

    Returns:
        One row a string, sorted: `tagged_as`, `portfolio_id`, `role`, `delegation`, `rule`, `reason`; for a
        provisional member `provisional_name`; and the nearest known portfolio, as for `decide_ministers`.
    """
    portfolios = with_ids(by_match_key(seeds, "portfolios", "portfolio_name", "portfolio_id"))
    aliases = by_match_key(seeds, "portfolio_aliases", "tagged_as", "portfolio_id")
    alias_reasons = by_match_key(seeds, "portfolio_aliases", "tagged_as", "reason")
    placeholders = by_match_key(seeds, "not_portfolios", "tagged_as", "reason")
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
        if ADDRESS.search(text):
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
    return with_nearest(decided, printed, "portfolio_id", known_names, names, lambda text: split_role(fold(text))[2])


def split_role(tag: str) -> tuple[str | None, str | None, str]:
    """Splits a folded tag into role, delegation in brackets, and the rest; role None where the tag has none."""
    for role, pattern in _ROLE_PATTERNS:
        if (match := pattern.match(tag)) and (rest := tag[match.end() :].strip()):
            if delegated := _DELEGATION.match(rest):
                return role, delegated[2].strip(), delegated[1]
            return role, None, rest
    return None, None, tag
