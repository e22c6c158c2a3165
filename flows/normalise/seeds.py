"""Read the CSV files under `seeds/`: reference data and every decision that a person made, each with its reason.

All of them are checked as a whole before anything uses one, so that a mistake in a file is an error with its row.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from flows.errors import Unusable
from flows.normalise.spelling import match_key
from flows.paths import SEEDS

Seeds = Mapping[str, pl.DataFrame]
NameKind = Literal["minister", "portfolio"]

PERSON_KINDS = ("minister", "under-secretary", "spokesperson")
PORTFOLIO_KINDS = ("portfolio", "office", "organisation", "theme", "unassigned")
# The seeds that decide a name of a kind, and their column of names. A name stands in one of them, once.
NAMED_IN: dict[NameKind, dict[str, str]] = {
    "minister": {"people": "minister_name", "person_aliases": "alias", "not_people": "credited_as"},
    "portfolio": {"portfolios": "portfolio_name", "portfolio_aliases": "tagged_as", "not_portfolios": "tagged_as"},
}


@dataclass(frozen=True, slots=True)
class _Cell:
    """What each cell of a column must be."""

    description: str  # follows "is not" in an error
    pattern: str = "."  # regular expression that it matches
    refers_to: tuple[str, str] | None = None  # seed and column that hold the same value
    may_be_empty: bool = False

    def is_wrong(self, column: str, seeds: Seeds) -> pl.Expr:
        """Return the expression that is true for a wrong cell of the column."""
        cell = pl.col(column)
        wrong = ~cell.str.contains(self.pattern)
        if self is _DAY or self is _DAY_OR_NONE:
            wrong = wrong | cell.str.to_date("%Y-%m-%d", strict=False).is_null()
        if self.refers_to:
            seed, key = self.refers_to
            wrong = wrong | ~cell.is_in(seeds[seed][key].implode())
        return pl.when(cell.is_null()).then(not self.may_be_empty).otherwise(wrong)


def _one_of(*values: str) -> _Cell:
    return _Cell(f"one of {', '.join(values)}", rf"^(?:{'|'.join(values)})$")


_TEXT, _TEXT_OR_NONE = _Cell("a text"), _Cell("a text", may_be_empty=True)
_ID = _Cell("an id of small letters, digits and single dashes, such as ann-ash", r"^[a-z0-9]+(-[a-z0-9]+)*$")
_NUMBER = _Cell("a whole number", r"^[0-9]{1,6}$")
_ISO_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_DAY = _Cell("a day written like 2003-06-17", _ISO_DAY)
_DAY_OR_NONE = _Cell("a day written like 2003-06-17, or empty", _ISO_DAY, may_be_empty=True)
_CERTAINTY = _one_of("verified", "partly", "conflict", "inferred")
_CARE = _Cell("surname, person, or empty", "^(?:surname|person)$", may_be_empty=True)
_EVIDENCE = _one_of("two_sources", "one_source", "archive", "disputed", "unconfirmed")
_SEARCH_WORDS = _Cell("small letters, digits and single spaces, such as head tax", r"^[a-z0-9]+( [a-z0-9]+)*$")
_MINISTER = _Cell("an id in people.csv", refers_to=("people", "minister_id"))
_PORTFOLIO = _Cell("an id in portfolios.csv", refers_to=("portfolios", "portfolio_id"))
_GOVERNMENT = _Cell("an id in governments.csv", refers_to=("governments", "government_id"))
_PARTY = _Cell("an id in parties.csv", refers_to=("parties", "party_id"))


@dataclass(frozen=True, slots=True)
class _Seed:
    """The columns of a seed besides `reason`; further columns may be added to the file."""

    columns: Mapping[str, _Cell]
    key: tuple[str, ...] = ()  # no two rows have the same values in these columns; the first column by default
    first_and_last: tuple[str, str] | None = None  # columns of days, the first not after the last
    may_have_no_rows: bool = False  # True for decisions; reference data without rows is a mistake


# A seed stands after those that it refers to, so that the first mistake found is the cause of the others.
_SEEDS = {
    "budget_days": _Seed({"budget_date": _DAY, "fiscal_year": _NUMBER, "certainty": _CERTAINTY}),
    "content_types": _Seed({"content_type": _TEXT, "description": _TEXT}),
    "date_bases": _Seed({"from_date": _DAY, "date_basis": _one_of("local", "utc_day")}),
    "elections": _Seed({"election_date": _DAY, "parliament_number": _NUMBER, "certainty": _CERTAINTY}),
    "error_pages": _Seed({"title": _TEXT}, may_have_no_rows=True),
    "governments": _Seed(
        {"government_id": _ID, "government_name": _TEXT, "start_date": _DAY, "end_date": _DAY_OR_NONE,
         "certainty": _CERTAINTY},
        first_and_last=("start_date", "end_date"),
    ),
    "honorifics": _Seed({"affix": _TEXT, "position": _one_of("prefix", "suffix")}, ("affix", "position")),
    "not_name_words": _Seed({"word": _TEXT, "may_be_surname": _one_of("yes", "no")}),
    "not_people": _Seed({"credited_as": _TEXT}, may_have_no_rows=True),
    "not_portfolios": _Seed({"tagged_as": _TEXT}, may_have_no_rows=True),
    "not_te_reo_words": _Seed({"word": _TEXT}),
    "parliaments": _Seed(
        {"parliament_number": _Cell("a number in elections.csv", refers_to=("elections", "parliament_number")),
         "election_date": _DAY, "first_sitting_date": _DAY, "last_date": _DAY_OR_NONE, "certainty": _CERTAINTY},
        first_and_last=("first_sitting_date", "last_date"),
    ),
    "parties": _Seed(
        {"party_id": _ID, "party_name": _TEXT, "full_name": _TEXT,
         "colour": _Cell("a colour written like #00529F", r"^#[0-9A-F]{6}$")}
    ),
    "government_parties": _Seed(
        {"government_id": _GOVERNMENT, "party_id": _PARTY, "start_date": _DAY, "end_date": _DAY_OR_NONE,
         "kind": _one_of("lead", "coalition", "support", "cooperation"), "certainty": _EVIDENCE, "source": _TEXT},
        ("government_id", "party_id", "start_date"),
        ("start_date", "end_date"),
    ),
    "people": _Seed(
        {"minister_id": _ID, "minister_name": _TEXT, "sort_name": _TEXT, "honorific": _TEXT_OR_NONE,
         "kind": _one_of(*PERSON_KINDS),
         "gender": _Cell("female, male or another word, or empty", r"^[a-z -]+$", may_be_empty=True),
         "gender_source": _TEXT_OR_NONE,
         "birth_year": _Cell("a year written like 1970, or empty", r"^[12][0-9]{3}$", may_be_empty=True),
         "birth_year_source": _TEXT_OR_NONE,
         "wikidata_id": _Cell("an id of Wikidata such as Q180383, or empty", r"^Q[0-9]+$", may_be_empty=True),
         "certainty": _CERTAINTY},
    ),
    "party_memberships": _Seed(
        {"minister_id": _MINISTER, "start_date": _DAY_OR_NONE, "end_date": _DAY_OR_NONE, "party_id": _PARTY,
         "certainty": _EVIDENCE, "source": _TEXT_OR_NONE},
        ("minister_id", "start_date"),
        ("start_date", "end_date"),
    ),
    "person_aliases": _Seed(
        {"alias": _TEXT, "minister_id": _MINISTER,
         "kind": _one_of("former_name", "other_name", "short_name", "typo")},
        may_have_no_rows=True,
    ),
    "portfolio_aliases": _Seed(
        {"tagged_as": _TEXT, "portfolio_id": _PORTFOLIO, "kind": _one_of("abbreviation", "same_office", "spelling")},
        may_have_no_rows=True,
    ),
    "portfolio_links": _Seed(
        {"portfolio_id": _PORTFOLIO, "successor_id": _PORTFOLIO,
         "link": _one_of("merged", "renamed", "resumed", "split", "within"), "certainty": _CERTAINTY},
        ("portfolio_id", "successor_id"),
        may_have_no_rows=True,
    ),
    "portfolios": _Seed(
        {"portfolio_id": _ID, "portfolio_name": _TEXT, "kind": _one_of(*PORTFOLIO_KINDS), "sector": _TEXT,
         "certainty": _CERTAINTY},
    ),
    "cap_topics": _Seed(
        {"sector": _Cell("a sector in portfolios.csv", refers_to=("portfolios", "sector")),
         "portfolio_id": _Cell("an id in portfolios.csv, or empty", refers_to=("portfolios", "portfolio_id"),
                               may_be_empty=True),
         "cap_topic_code": _NUMBER, "cap_topic": _TEXT},
        ("sector", "portfolio_id"),
    ),
    "reasons": _Seed(
        {"reason": _TEXT, "fate": _one_of("excluded", "quarantined"), "meaning": _TEXT, "next_step": _TEXT}
    ),
    "recovered_dates": _Seed({"path": _TEXT, "recovered_date": _DAY, "certainty": _CERTAINTY}, may_have_no_rows=True),
    "search_synonyms": _Seed({"wording": _SEARCH_WORDS, "meaning": _SEARCH_WORDS}, ("wording", "meaning")),
    "terms": _Seed(
        {"minister_id": _MINISTER, "government_id": _GOVERNMENT},
        ("minister_id", "government_id"),
    ),
    "appointments": _Seed(
        {"portfolio_id": _PORTFOLIO, "start_date": _DAY, "minister_id": _MINISTER,
         "role": _one_of("minister", "associate", "acting", "under-secretary", "deputy"), "end_date": _DAY_OR_NONE,
         "certainty": _EVIDENCE, "source": _TEXT},
        ("portfolio_id", "start_date", "minister_id", "role"),
        ("start_date", "end_date"),
    ),
    "places": _Seed(
        {"place_id": _ID, "place_name": _TEXT,
         "kind": _one_of("region", "city", "district", "town", "area", "electorate"),
         "region_id": _Cell("an id in places.csv, or empty", refers_to=("places", "place_id"), may_be_empty=True),
         "other_names": _TEXT_OR_NONE, "care": _CARE},
    ),
    "countries": _Seed(
        {"country_id": _ID, "country_name": _TEXT, "country_code": _Cell("a code such as AU", "^[A-Z]{2}$"),
         "kind": _one_of("country", "territory"), "other_names": _TEXT_OR_NONE, "care": _CARE},
    ),
    "not_places": _Seed({"printed_as": _TEXT}, may_have_no_rows=True),
    "law_aliases": _Seed({"printed_as": _TEXT, "law_title": _TEXT}, may_have_no_rows=True),
    "sources": _Seed({"source": _TEXT, "address": _TEXT_OR_NONE}),
}  # fmt: skip


def read_seeds(folder: Path = SEEDS, *, are_checked: bool = False) -> Seeds:
    """Return every seed by the name of its file without `.csv`; all columns are text, and empty cells are NULL.

    Args:
        folder: folder of the files.
        are_checked: the same files were checked before, so that their cells need not be checked again.

    Raises:
        Unusable: a file is missing, unknown or wrong; the message names the file, the row and the column.
    """
    seeds: dict[str, pl.DataFrame] = {}
    for name in _SEEDS.keys() | {path.stem for path in folder.glob("*.csv")}:
        path = folder / f"{name}.csv"
        if not path.exists():
            raise Unusable(f"{path} is missing: restore it, such as by `git checkout seeds`.")
        if name not in _SEEDS:
            raise Unusable(f"{path} is no seed that this program knows: move it to another folder.")
        try:
            seeds[name] = pl.read_csv(path.read_bytes(), infer_schema=False)
        except pl.exceptions.PolarsError as error:
            raise Unusable(f"{path} cannot be read as CSV ({error}): correct it and run again.") from error
    if not are_checked:
        check_seeds(seeds, folder)
    return dict(sorted(seeds.items()))


def may_be_empty(seed: str, column: str) -> bool:
    """Return whether a row of the seed may leave the column empty, even if every row so far fills it."""
    cell = _SEEDS[seed].columns.get(column)
    return cell is not None and cell.may_be_empty


def check_seeds(seeds: Seeds, folder: Path = SEEDS) -> None:
    """Raise if a seed lacks a column or a row, or holds a wrong cell, a row twice or a name that another seed holds.

    Raises:
        Unusable: the message names the file, the row as a spreadsheet counts it, and the column.
    """
    for name, seed in _SEEDS.items():
        for column in (*seed.columns, "reason"):
            if column not in seeds[name].columns:
                raise Unusable(
                    f"{folder / name}.csv has no column {column!r}, but {', '.join(seeds[name].columns)}: "
                    "correct its first line and run again."
                )
        if seeds[name].is_empty() and not seed.may_have_no_rows:
            raise Unusable(f"{folder / name}.csv has no rows: restore it, such as by `git checkout seeds`.")
    problems = [found for name in _SEEDS for found in _problems(name, seeds)] or list(_named_twice(seeds))
    if problems:
        name, row, text = problems[0]
        more = f" ({len(problems) - 1} more like this)" if len(problems) > 1 else ""
        raise Unusable(f"{folder / name}.csv, row {row}, {text}: correct it and run again{more}.")


def _problems(name: str, seeds: Seeds) -> Iterator[tuple[str, int, str]]:
    """Yield each wrong cell and repeated row of a seed: its name, the number of the row, and what is wrong."""
    seed, frame = _SEEDS[name], seeds[name].with_row_index("row", 2)
    for column, cell in {**seed.columns, "reason": _TEXT}.items():
        for row, value in frame.filter(cell.is_wrong(column, seeds)).select("row", column).rows():
            found = "an empty cell" if value is None else repr(value)
            yield name, row, f"column {column}: {found} is not {cell.description}"
    key = seed.key or (next(iter(seed.columns)),)
    for row, *values in frame.filter(~pl.struct(key).is_first_distinct()).select("row", *key).rows():
        yield name, row, f"column {', '.join(key)}: an earlier row has {', '.join(map(repr, values))}, too"
    if seed.first_and_last:
        first, last = seed.first_and_last
        for row, *days in frame.filter(pl.col(first) > pl.col(last)).select("row", first, last).rows():
            yield name, row, f"column {last}: {days[1]} is before {days[0]} in {first}"


def _named_twice(seeds: Seeds) -> Iterator[tuple[str, int, str]]:
    """Yield each name that an earlier row of a seed of its kind decides, in any spelling."""
    for named_in in NAMED_IN.values():
        decided: dict[str, str] = {}
        for name, column in named_in.items():
            for row, value in enumerate(seeds[name][column], start=2):
                place = f"row {row} of {name}.csv"
                if (earlier := decided.setdefault(match_key(value), place)) != place:
                    yield name, row, f"column {column}: {value!r} is decided by {earlier}, too"
