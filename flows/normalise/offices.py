"""Decide which offices are printed beside a name: `Finance Minister and Acting Minister of Health` names two.

Portfolios have the names of the seeds and of the tags that await review, and short forms of them: `Arts` is short for
`Arts, Culture and Heritage`. A short form can mean several portfolios; SQL chooses the one that was in use on the day.
"""

import hashlib
import re
from collections import defaultdict
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import polars as pl

from flows.normalise import spelling
from flows.normalise.seeds import Seeds
from flows.normalise.spelling import match_key

_ROLES = {"associate": "associate", "assoc": "associate", "acting": "acting", "deputy": "deputy"}
_ROLES |= dict.fromkeys(("former", "previous", "then"), "former")
_ROLE = rf"(?P<role>{'|'.join(_ROLES)}|as{{2,3}}ociate)"
_UNDER_SECRETARY = r"(?:parliamentary )?under[- ]?secretary"
_PORTFOLIO_FOLLOWS = (
    r"(?P<minister>minister(?:[ -]in[ -]charge of| responsible for| supporting| of| for)(?: the)? )"
    rf"|(?P<under>{_UNDER_SECRETARY} (?:to|for)(?: the)?(?: minister (?:of|for))?(?: the)? )"
)
_OFFICE = r"(?P<office>(?:deputy )?prime minister|attorney[- ]general|treasurer|(?:deputy )?leader of the house)"


def _ignoring_case(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


# In a text before a name, titles are read from the end; in one after a name, from the beginning.
_PORTFOLIO_FOLLOWS_BEFORE = _ignoring_case(rf"(?<![\w-])(?:{_PORTFOLIO_FOLLOWS})")
_PORTFOLIO_FOLLOWS_AFTER = _ignoring_case(rf"(?!(?-i:m)){_PORTFOLIO_FOLLOWS}")
_PORTFOLIO_PRECEDES_BEFORE = _ignoring_case(
    rf"(?<=[^,]) (?:(?P<role>associate |acting )?minister|(?P<under>{_UNDER_SECRETARY}))$"
)
_PORTFOLIO_PRECEDES_AFTER = _ignoring_case(rf"(?:minister|(?P<under>{_UNDER_SECRETARY}))(?! (?:of|for) )\b")
_OFFICE_BEFORE = _ignoring_case(rf"(?<![^\s,;&/]){_OFFICE}$")
_OFFICE_AFTER = _ignoring_case(rf"{_OFFICE}\b")
_ROLE_BEFORE = _ignoring_case(rf"(?<![^\s,;&/(-]){_ROLE}(?: minister)?(?: of| for)?(?: the)?[- ]*$")
_ROLE_AFTER = _ignoring_case(rf"{_ROLE}\b[- ]*")
_JOINED_BEFORE = _ignoring_case(r"(?P<and>,? and| &|/)\s*$|,\s*$")
_JOINED_AFTER = _ignoring_case(r"\s*(?:[,;] and\b|and\b|[,;&/]|\n(?! \n))\s*")
_BRACKETS = re.compile(r" ?\([^()]*\)?")
_SEPARATOR = re.compile(r", and |,| and | & |/")
_PREPOSITION = re.compile(r"^\s*(?:for |of )?(?:the )?")
_ARTICLE = _ignoring_case(r"^(?:the |a |new (?:zealand(?:['\u2019]?s)? )?)+")
_SMALL_WORDS_AT_END = _ignoring_case(r"(?:,? (?:and|for|in|new|of|the|to))+$")
_WORD = re.compile(r"[^\s,/&;]+")
_CONNECTORS = frozenset(("and", "for", "of", "the", "to"))
# The word before a title: another one that begins with a capital, such as `Shadow` or `Fijian`, changes its meaning.
_CAPITAL_BEFORE = re.compile(r"(?:^|\s)([^\W\d_a-z][\w'\u2019-]*)$")
_HARMLESS_BEFORE = _ignoring_case(
    r"(?:(?:the|as|and|&|new|today|tonight|yesterday|while|both|however|zealand|zealand['\u2019]?s)|.*\d)$"
)
_BEFORE_A_LIST = _ignoring_case(r"(?:^|[,;&/]|\b(?:the|and|zealand|as))$")


class Office(NamedTuple):
    """An office as printed beside a name."""

    printed_form: str
    role: str  # minister, associate, acting, deputy, under-secretary or former
    names: tuple[str, ...]  # of its portfolios, as printed


class Lexicon:
    """What names of portfolios can mean; they are compared by match key, in the singular."""

    def __init__(self, seeds: Seeds, provisional: dict[str, str]) -> None:
        """Collect the names of the seeds and of portfolios that are in no seed, which are given by their ids."""
        self._meanings: dict[str, dict[str, str]] = defaultdict(dict)  # by key: id and match
        portfolios = seeds["portfolios"].select("portfolio_name", "portfolio_id", "kind").rows()
        aliases = seeds["portfolio_aliases"].select("tagged_as", "portfolio_id").rows()
        others = [(name, portfolio_id, "portfolio") for portfolio_id, name in provisional.items()]
        for name, portfolio_id, kind in portfolios + others:
            if kind == "portfolio":
                for short, match in _shorten(name):
                    self._meanings[_key(short)].setdefault(portfolio_id, match)
        for name, portfolio_id in [row[:2] for row in portfolios + others] + aliases:
            self._meanings[_key(name)][portfolio_id] = "name"

    def look_up(self, name: str) -> dict[str, str]:
        """Return the ids of the portfolios that a name can mean, each with its kind of match.

        It is `name` if the portfolio is called so, `short` if the name begins with these words, `listed` if they are
        a part of a list.
        """
        return self._meanings.get(_key(name), {})

    def split(self, text: str) -> tuple[str, ...]:
        """Split a text into the fewest known names, such as `Health and Education` into two; empty if that fails."""
        if "minister" in text.lower():
            return ()
        if self.look_up(text):
            return (text,)
        for separator in _SEPARATOR.finditer(text):
            first, rest = text[: separator.start()].strip(), _PREPOSITION.sub("", text[separator.end() :])
            is_end = separator[0] != ","  # `A, B` is no list, but `A, B and C` is
            if self.look_up(first) and (others := self.split(rest)) and (is_end or len(others) > 1):
                return (first, *others)
        return ()


@lru_cache(maxsize=16_384)  # the texts beside names have many words in common
def _key(name: str) -> str:
    """Return the match key of a name in the singular: `Sports` and `Sport`, `Women's` and `Women` are one."""
    return " ".join(re.sub(r"(?<=\w\w\w)s$", "", word) for word in match_key(name).split())


def _shorten(name: str) -> list[tuple[str, str]]:
    """Return short forms of a name with their kind: `short` for its first words, `listed` for a part of a list.

    `Economic and Regional Development` is also short as `Economic Development`.
    """
    words = name.replace(",", " ,").split()
    found = [
        (" ".join(words[:count]).replace(" ,", ","), "short")
        for count in range(1, len(words))
        if words[count - 1].lower() not in (*_CONNECTORS, ",")
    ]
    parts = _SEPARATOR.split(name)
    if len(parts) > 1:
        parts = [part.strip() for part in parts]
        found += [(f"{part} {parts[-1].split()[-1]}", "short") for part in parts[:-1]]
        found += [(part, "listed") for part in (*parts, " and ".join(parts[1:]))]
    return found


def decision_version(seeds: Seeds, provisional: dict[str, str]) -> str:
    """Return a digest of all that `decide_titles` depends on but the texts."""
    code = b"".join(Path(file).read_bytes() for file in (__file__, spelling.__file__))
    rows = [seeds[name].rows() for name in ("portfolios", "portfolio_aliases")]
    return hashlib.sha256(code + repr((rows, sorted(provisional.items()))).encode()).hexdigest()[:12]


def decide_titles(printed: pl.DataFrame, seeds: Seeds, provisional: dict[str, str]) -> pl.DataFrame:
    """Decide which offices are printed in texts beside names.

    Args:
        printed: `side` (before or after the name) and `printed` text, without duplicates.
        seeds: every seed.
        provisional: names of portfolios that are in no seed, by id.

    Returns:
        One row for each portfolio that a printed name can mean: `side`, `printed`, `name_number` (of the name in the
        text, counted from 1), `printed_form` (of the title), `role`, `portfolio_id` and `match`: the kind of match that
        `Lexicon.look_up` returns, or `part` if the portfolio is only a part of what the name lists.
    """
    lexicon = Lexicon(seeds, provisional)
    rows = []
    for side, text in printed.select("side", "printed").sort("side", "printed").iter_rows():
        offices = read_before(text, lexicon) if side == "before" else read_after(text, lexicon)
        names = [(office, name) for office in offices for name in office.names]
        for number, (office, name) in enumerate(names, 1):
            for portfolio_id, match in sorted(lexicon.look_up(name).items()) + _parts(name, lexicon):
                rows.append((side, text, number, office.printed_form, office.role, portfolio_id, match))
    columns = ("side", "printed", "name_number", "printed_form", "role", "portfolio_id", "match")
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String) | {"name_number": pl.Int32}, orient="row")


def _parts(name: str, lexicon: Lexicon) -> list[tuple[str, str]]:
    """Return the portfolios that a name lists: Foreign Affairs and Trade was one portfolio, and later two."""
    meanings = [lexicon.look_up(part) for part in _SEPARATOR.split(name)]
    ids = [[one for one, match in found.items() if match == "name"] for found in meanings]
    return [(one, "part") for found in ids for one in found] if len(ids) > 1 and all(ids) else []


def read_before(text: str, lexicon: Lexicon) -> list[Office]:
    """Return the offices that a text before a name ends with, the last one first."""
    offices: list[Office] = []
    rest = _BRACKETS.sub("", text).removesuffix(" of New Zealand")
    while found := _read_last(rest, lexicon):
        start, office = found
        before = rest[:start].rstrip(" ")
        capital = _CAPITAL_BEFORE.search(before)
        if capital and not _HARMLESS_BEFORE.match(capital[1]):
            break
        # `the Prime Minister and Health Minister Ash` can be two people.
        if offices and (before.endswith("the") or office.names[0].lower() == "prime minister"):
            break
        offices.append(office)
        joined = _JOINED_BEFORE.search(rest[:start])
        if not joined or not (joined["and"] or len(offices) > 1):
            break
        rest = rest[: joined.start()]
    if offices and offices[-1].role == "former":  # `former Minister of A and Minister of B`
        offices = [office._replace(role="former") if office.role == "minister" else office for office in offices]
    return offices


def _read_last(text: str, lexicon: Lexicon) -> tuple[int, Office] | None:
    """Return the office that a text ends with, and where it begins."""
    start, role = 0, "minister"
    names: tuple[str, ...] = ()
    if match := _OFFICE_BEFORE.search(text):
        start, names = match.start(), (match["office"],)
    elif match := _PORTFOLIO_PRECEDES_BEFORE.search(text):
        start, names = _find_names_at_end(text[: match.start()], lexicon)
        role = "under-secretary" if match["under"] else (match["role"] or role).lower().strip()
    else:
        for match in _PORTFOLIO_FOLLOWS_BEFORE.finditer(text):
            if names := lexicon.split(text[match.end() :]):
                start, role = match.start(), "under-secretary" if match["under"] else role
                break
    if not names:
        return None
    while match := _ROLE_BEFORE.search(text[:start]):
        role, start = _add_role(match["role"], role), match.start()
    return start, Office(" ".join(text[start:].split()), role, names)


def _find_names_at_end(text: str, lexicon: Lexicon) -> tuple[int, tuple[str, ...]]:
    """Return the longest name, or list of names, at the end of a text, and where it begins."""
    for word in _WORD.finditer(text):
        names = () if word[0].lower() in _CONNECTORS else lexicon.split(text[word.start() :])
        before = text[: word.start()].rstrip(" ")
        if len(names) == 1 or (names and (_BEFORE_A_LIST.search(before) or re.search(rf"{_ROLE}$", before, re.I))):
            return word.start(), names
    return 0, ()


def _add_role(word: str, role: str) -> str:
    """Return the role that a word before an office makes of it: a former acting minister is a former one."""
    outer = _ROLES.get(word.lower(), "associate")
    return outer if outer == "former" or role == "minister" else role


def read_after(text: str, lexicon: Lexicon) -> list[Office]:
    """Return the offices that a text after a name begins with."""
    offices: list[Office] = []
    rest = _ARTICLE.sub("", _SMALL_WORDS_AT_END.sub("", _BRACKETS.sub("", text)))
    while found := _read_first(rest, lexicon):
        stop, office = found
        joined = _JOINED_AFTER.match(rest, stop)
        left = rest[joined.end() if joined else stop :]
        if not joined and left.strip(" ") and not left.lstrip(" ").startswith("\n"):
            break  # it is the title of a name that follows
        is_whole = "name" in lexicon.look_up(office.names[-1]).values() or _OFFICE_AFTER.match(office.names[-1])
        if left and joined and joined[0].strip() in {",", "and"} and not is_whole and not _read_first(left, lexicon):
            break  # `Minister for Child, Youth and Family` is the beginning of a longer name
        offices.append(office)
        if not joined:
            break
        rest = left
    return offices


def _read_first(text: str, lexicon: Lexicon) -> tuple[int, Office] | None:
    """Return the office that a text begins with, and where it ends."""
    start, roles = 0, []
    while not _OFFICE_AFTER.match(text, start) and (match := _ROLE_AFTER.match(text, start)):
        start = match.end()
        roles.append(match["role"])
    stop, role = 0, "minister"
    names: tuple[str, ...] = ()
    if match := _OFFICE_AFTER.match(text, start):
        stop, names = match.end(), (match["office"],)
    elif match := _PORTFOLIO_FOLLOWS_AFTER.match(text, start):
        line = text.find("\n", start) if "\n" in text[start:] else len(text)
        for stop in reversed([word.end() for word in _WORD.finditer(text, match.end(), line)]):
            if names := lexicon.split(text[match.end() : stop]):
                break
        role = "under-secretary" if match["under"] else role
    else:
        for word in _WORD.finditer(text, start):
            match = _PORTFOLIO_PRECEDES_AFTER.match(text, word.start())
            if match and (names := lexicon.split(text[start : word.start()].rstrip(" "))):
                stop, role = match.end(), "under-secretary" if match["under"] else role
                break
    if not names:
        return None
    for outer in reversed(roles):
        role = _add_role(outer, role)
    return stop, Office(" ".join(text[:stop].split()), role, names)
