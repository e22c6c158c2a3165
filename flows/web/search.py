"""The search page: what people type, narrowed by facets, in pages; and the same as JSON."""

import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Lock
from typing import Annotated, Any
from urllib.parse import urlencode

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from fastapi import APIRouter, Depends, Query, Request, Response
from markupsafe import Markup, escape

from flows.serve.published import Build
from flows.serve.search import say_how_many_match, say_what_cannot_be_left_out, snippet, to_term
from flows.serve.shown import printable
from flows.web import tables
from flows.web.answer import (
    Page,
    PageNumber,
    Reading,
    WrongRequest,
    address,
    counted,
    quoted,
    refuse_other_names,
    show,
)
from flows.web.data import read_excel, send_csv
from flows.web.tables import rows_of
from flows.web.texts import texts_of

router = APIRouter(tags=["search"], dependencies=[Depends(refuse_other_names)])
Row = dict[str, Any]
FACETS = {
    "minister": "Minister",
    "portfolio": "Portfolio",
    "party": "Party",
    "government": "Government",
    "year": "Year",
    "place": "Place named",
}
_SHOWN = (
    "title",
    "nz_date",
    "ministers",
    "portfolios",
    "url",
    "matched_words",
    "missing_words",
    "read_as",
    "copy_of",
)
_PAGE = 20  # releases
_CSV_ROWS = 2_000  # of a part of a file that is sent
_FIRST_VALUES = 8  # of a facet, shown at once
_MAX_VALUES = 40  # of a facet
_MAX_QUESTION = 1_000  # characters
_MAX_NAME = 200  # characters
_KEPT_BYTES = 48_000_000  # of what searches found, in all
_FACET_BYTES = 300  # of a value with its number of releases
_FIRST, _LAST = "0001-01-01", "9999-12-31"
_WORD = re.compile(r"\w+")
_YEAR = re.compile(r"\d{4}|unknown")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a search asks for, by ids."""

    question: str  # "" for all releases
    chosen: tuple[tuple[str, str, str], ...]  # kind, id and name of each value that narrows the search
    since: str | None
    until: str | None
    by_date: bool

    @property
    def is_narrowed(self) -> bool:
        """Return whether something else than the question leaves releases out."""
        return bool(self.chosen or self.since or self.until)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found."""

    table: pa.Table  # search_number, nz_date, rank, matched_words, missing_words, read_as, copy_of; best match first
    match_count: int  # releases with all words
    read_as: tuple[str, ...]  # what else was searched, such as `whale → whales`
    words: frozenset[str]  # what to mark: the words in all their forms
    prefixes: tuple[str, ...]  # what to mark: beginnings of words
    facets: list[Row] = field(default_factory=list)  # kind, id, name and count of each value, once they are asked for

    @property
    def size(self) -> int:
        """Return about how many bytes it takes."""
        return int(self.table.nbytes) + _FACET_BYTES * len(self.facets)

    @property
    def count(self) -> int:
        """Return the number of releases, with those that lack words."""
        return int(self.table.num_rows)


def asked_of(
    build: Reading,
    q: Annotated[str, Query(description='Words; "a phrase"; hous* for the start of a word; OR between words.')] = "",
    minister: Annotated[str, Query(description="Credited minister: name, surname or id.")] = "",
    portfolio: Annotated[str, Query(description="Portfolio: name or id.")] = "",
    party: Annotated[str, Query(description="Party of a credited minister: name or id, such as `nz-first`.")] = "",
    government: Annotated[str, Query(description="Government: name or id, such as `fifth-labour`.")] = "",
    year: Annotated[str, Query(description="Calendar year, such as 2003; `unknown` for releases without a date.")] = "",
    place: Annotated[str, Query(description="Place or country that the text names: name or id.")] = "",
    since: Annotated[str, Query(description="Earliest New Zealand day, yyyy-mm-dd.")] = "",
    until: Annotated[str, Query(description="Latest New Zealand day, yyyy-mm-dd.")] = "",
    sort: Annotated[str, Query(description="`rank` (best match first) or `date` (latest first).")] = "",
) -> Asked:
    """Return what the address of a search asks for.

    Raises:
        WrongRequest: a value cannot be understood; the message says which and what to do.
    """
    question = " ".join(q.replace("\0", " ").split())
    if len(question) > _MAX_QUESTION:
        raise WrongRequest(
            f"The question has {len(question):,} characters, and {_MAX_QUESTION:,} are allowed: give fewer words."
        )
    given = {
        "minister": minister, "portfolio": portfolio, "party": party, "government": government, "year": year,
        "place": place,
    }  # fmt: skip
    given = {kind: " ".join(text.replace("\0", " ").split()) for kind, text in given.items()}
    if too_long := [kind for kind, text in given.items() if len(text) > _MAX_NAME]:
        raise WrongRequest(f"The {too_long[0]} is longer than {_MAX_NAME} characters: give a name or an id.")
    if question and not (found := _KEPT.get(build, question)).words and not found.prefixes:
        raise WrongRequest(f"The question {quoted(question)} has no word to search for: give at least one.")
    since, until = _day("since", since), _day("until", until)
    if since and until and since > until:
        raise WrongRequest(f"since {since} is later than until {until}: exchange them.")
    if sort not in ("", "rank", "date"):
        raise WrongRequest(f"sort {quoted(sort)} is not known: give rank or date.")
    chosen = tuple(_choose(build, kind, text) for kind, text in given.items() if text)
    return Asked(question, chosen, since or None, until or None, by_date=sort == "date" or not question)


Asking = Annotated[Asked, Depends(asked_of)]


@router.get("/search", include_in_schema=False)
def search(request: Request, build: Reading, asked: Asking, page: PageNumber = 1) -> Response:
    """Return the search page."""
    found = find(build, asked)
    shown = Page(page, _PAGE, found.count)
    rows = read_page(build, asked, found, shown)
    return show(
        request,
        "search",
        asked=asked,
        found=found,
        page=shown,
        rows=rows,
        listed=urlencode([(name, text) for name, text in request.query_params.items() if text and name != "page"]),
        warnings=say_what_cannot_be_left_out(asked.question),
        remarks=_remarks(asked, found),
        facets=_facets(build, asked, found),
        heads=FACETS,
        first_values=_FIRST_VALUES,
        max_values=_MAX_VALUES,
    )


@router.get("/search.json")
def search_as_json(build: Reading, asked: Asking, page: PageNumber = 1) -> Row:
    """Find releases: those with all words first, then, if there are fewer than ten, those with most of the words.

    Without `q`, all releases are listed. `count` counts all releases of the list, `match_count` those with all words.
    """
    found = find(build, asked)
    shown = Page(page, _PAGE, found.count)
    return {
        "build_id": build.build_id,
        "count": found.count,
        "match_count": found.match_count,
        "remarks": [*say_what_cannot_be_left_out(asked.question), *_remarks(asked, found)],
        "read_as": list(found.read_as),
        "page": page,
        "page_count": shown.last,
        "releases": [
            {
                "release_id": row["release_id"],
                "page": address("releases", row["release_id"]),
                "snippet": row["snippet"].striptags(),
                **{name: row[name] for name in _SHOWN},
            }
            for row in read_page(build, asked, found, shown)
        ],
        "facets": {kind: [dict(row) for row in rows] for kind, rows in _facets(build, asked, found).items()},
    }


@router.get("/search.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
def search_as_csv(
    request: Request,
    build: Reading,
    asked: Asking,
    excel: Annotated[str, Query(description="1 for a file that Excel opens rightly.")] = "0",
) -> Response:
    """Return all releases of a search as CSV, in the order of the page; with `q` also the words that each lacks."""
    is_for_excel = read_excel(excel)
    found = find(build, asked)
    most = request.app.state.settings.serve_rows
    if found.count > most:
        raise WrongRequest(
            f"These are {found.count:,} rows, and this server sends at most {most:,} in one answer: narrow the list, "
            "such as with year=. The view releases at /views/releases.csv can be taken in pages."
        )
    frame = pl.DataFrame(build.table("search_list", {"found": found.table}, by_date=asked.by_date))
    if not asked.question:
        frame = frame.drop("missing_words")
    headers = {"X-Total-Count": str(found.count)}
    parts = frame.iter_slices(_CSV_ROWS)
    return send_csv(request, "search", frame.columns, parts, headers, is_for_excel=is_for_excel)


def find(build: Build, asked: Asked) -> Found:
    """Return the releases that a search finds. Those of the last searches are kept, since people turn pages."""
    found = _KEPT.get(build, asked.question)
    return _KEPT.get_narrowed(build, asked, found) if asked.is_narrowed else found


def _narrowed(build: Build, asked: Asked, found: Found) -> Found:
    """Return the releases of a search that have the values chosen and are of the days given."""
    values = _values(build)
    chosen = {(kind, value_id) for kind, value_id, _ in asked.chosen}
    parts = [
        values.releases.filter(pc.equal(values.of_releases, number))
        for number, row in enumerate(values.known)
        if (row["kind"], row["value_id"]) in chosen
    ]
    if asked.since or asked.until:
        listed = tables.whole(build, "releases_listed")
        since, until = date.fromisoformat(asked.since or _FIRST), date.fromisoformat(asked.until or _LAST)
        is_between = (pc.field("nz_date") >= since) & (pc.field("nz_date") <= until)
        parts.append(listed.filter(is_between)["search_number"].combine_chunks())
    table = found.table
    for part in parts:
        table = table.filter(pc.is_in(table["search_number"], value_set=part))
    return replace(found, table=table, match_count=table["missing_words"].null_count, facets=[])


def read_page(build: Build, asked: Asked, found: Found, page: Page) -> list[Row]:
    """Return the rows of a page, each with a snippet as HTML and with notes."""
    table = found.table
    if asked.by_date and asked.question:
        table = table.append_column("lacks", table["missing_words"].is_valid())
        table = table.sort_by([("lacks", "ascending"), ("nz_date", "descending"), ("rank", "ascending")])
    part = table.slice(page.offset, page.size).to_pylist()
    numbers = [row["search_number"] for row in part]
    rows = [row | rows_of(build, "releases_listed", row["search_number"])[0] for row in part]
    texts = texts_of(build, numbers)
    for row in rows:
        text = printable(snippet(texts.get(row["search_number"], ""), found.words, found.prefixes))
        row["snippet"] = Markup().join(_mark(text, found.words, found.prefixes))
        row["notes"] = _notes(row)
    return rows


class _Kept:
    """What the last searches found: at most so many bytes, the least recently used go first."""

    def __init__(self, size: int) -> None:
        self._size, self._lock = size, Lock()
        self._found: OrderedDict[tuple[Any, ...], Found] = OrderedDict()

    def get(self, build: Build, question: str) -> Found:
        """Return what a question finds in a build."""
        key = build.build_id, question
        if found := self._look(key):
            return found
        with build.long_turn():
            # Somebody may have asked the same meanwhile.
            return self._look(key) or self._keep(key, _found(build, question))

    def get_narrowed(self, build: Build, asked: Asked, found: Found) -> Found:
        """Return what a narrowed search finds in a build, from what its question finds."""
        key = build.build_id, asked.question, asked.chosen, asked.since, asked.until
        return self._look(key) or self._keep(key, _narrowed(build, asked, found))

    def _look(self, key: tuple[Any, ...]) -> Found | None:
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def _keep(self, key: tuple[Any, ...], found: Found) -> Found:
        with self._lock:
            self._found[key] = found
            while len(self._found) > 1 and sum(one.size for one in self._found.values()) > self._size:
                self._found.popitem(last=False)
        return found


_KEPT = _Kept(_KEPT_BYTES)


def _found(build: Build, question: str) -> Found:
    if not question:
        return Found(
            build.table("search_all").sort_by([("nz_date", "descending"), ("search_number", "descending")]),
            0,
            (),
            frozenset(),
            (),
        )
    terms = build.rows("search_terms", question=question)
    if not terms:
        return Found(build.table("search_all").slice(0, 0), 0, (), frozenset(), ())
    table = build.table("search_found", question=question).sort_by("rank")
    read = sorted({part for text in table["read_as"].unique().to_pylist() if text for part in text.split(", ")})
    # What stands for a word in the releases counts as the word.
    words = {row["term"] for row in terms if not row["is_prefix"]}
    words |= {to_term(word) for word in _WORD.findall(" ".join(read))} - {""}
    return Found(
        table,
        table["missing_words"].null_count,
        tuple(read),
        frozenset(part for word in words for part in (word, *word.split("-"))),
        tuple(row["term"] for row in terms if row["is_prefix"]),
    )


def warm(build: Build) -> Iterator[None]:
    """Make what searches of a build need, before somebody waits for it."""
    _values(build)
    yield
    _KEPT.get(build, "")
    yield
    yield from tables.warm(build, ["releases_listed"])


@dataclass(frozen=True, slots=True)
class _Values:
    """The values by which searches are narrowed, and the releases that have each."""

    known: list[Row]  # kind, value_id and value_name; the number of a value is its place in this list
    of_releases: pa.Array  # numbers of values, one for each release that has it
    releases: pa.Array  # search_number of these releases


def _values(build: Build) -> _Values:
    def make() -> _Values:
        found = build.table("facet")
        names = ("kind", "value_id", "value_name")
        keys = pc.binary_join_element_wise(*(found[name].combine_chunks() for name in names), "\0").dictionary_encode()
        known = [dict(zip(names, key.split("\0"), strict=True)) for key in keys.dictionary.to_pylist()]
        return _Values(known, keys.indices, found["search_number"].combine_chunks())

    values: _Values = build.kept("facets", make)
    return values


def _count(values: _Values, found: Found) -> list[Row]:
    """Return the values that releases of a search have, with the number of these releases."""
    is_found = pc.is_in(values.releases, value_set=found.table["search_number"].combine_chunks())
    counts = values.of_releases.filter(is_found).value_counts()
    numbers, sizes = counts.field("values").to_pylist(), counts.field("counts").to_pylist()
    return [values.known[number] | {"release_count": size} for number, size in zip(numbers, sizes, strict=True)]


def _facets(build: Build, asked: Asked, found: Found) -> dict[str, list[Row]]:
    """Return the values by which the releases found can be narrowed further, those with most releases first."""
    if not found.facets:
        counts = _count(_values(build), found)
        found.facets[:] = sorted(counts, key=lambda row: (-row["release_count"], row["value_name"]))
    chosen = {kind for kind, _, _ in asked.chosen}
    facets: dict[str, list[Row]] = {kind: [] for kind in FACETS if kind not in chosen}
    for row in found.facets:
        if row["kind"] in facets:
            facets[row["kind"]].append(row)
    if "year" in facets:
        facets["year"].sort(key=lambda row: row["value_id"], reverse=True)
    return {kind: values for kind, values in facets.items() if values}


def _choose(build: Build, kind: str, text: str) -> tuple[str, str, str]:
    """Return kind, id and name of the value that a text means.

    Raises:
        WrongRequest: there is none.
    """
    values = {row["value_id"]: row["value_name"] for row in _values(build).known if row["kind"] == kind}
    folded = {to_key(name): value_id for value_id, name in values.items()}
    found: str | None = text if text in values else folded.get(to_key(text))
    if found is None and kind in ("minister", "portfolio"):
        asked: Row = {"minister": None, "portfolio": None} | {kind: text}
        found = build.rows("member_ids", **asked)[0][f"{kind}_id"]  # or an error that names what is near
    if found is None and kind == "year" and _YEAR.fullmatch(text):
        raise WrongRequest(f"No release is of the year {text}: the archive has {_years(values)}.")
    if found is None and kind == "year":
        raise WrongRequest(f"{quoted(text)} is not a year: write it like 2003, or unknown for releases without a date.")
    if found is None or found not in values:
        start = ", ".join(sorted(values)[:8])
        raise WrongRequest(f"No {kind} with a release is called {quoted(text)}: give a name or an id, such as {start}.")
    return kind, found, values[found]


def _years(values: Iterable[str]) -> str:
    years = sorted(set(values) - {"unknown"})
    return f"{years[0]} to {years[-1]}" if years else "no year"


def to_key(name: str) -> str:
    """Return a name as it is compared: without accents, macrons and case."""
    return " ".join(to_term(word) for word in _WORD.findall(name))


def _day(name: str, text: str) -> str:
    if not text.strip():
        return ""
    try:
        if (day := date.fromisoformat(text.strip()).isoformat()) == text.strip():
            return day
    except ValueError:
        pass
    raise WrongRequest(f"{name} {quoted(text)} is not a day: write it like 2025-12-31.")


def _remarks(asked: Asked, found: Found) -> list[str]:
    """Return sentences on how many releases were found, and what else than the words was searched."""
    if found.count == 0 and (asked.question or asked.is_narrowed):
        narrowed = " Remove a filter to see more." if asked.is_narrowed else " Try fewer or other words."
        return [f"No release was found.{narrowed}"]
    if not asked.question:
        return [f"{counted(found.count, 'release')}, latest first."]
    others = found.count - found.match_count
    remarks = [say_how_many_match(asked.question, found.match_count)]
    if others:
        lacks = "lacks" if others == 1 else "lack"
        remarks.append(
            f"{counted(others, 'other release')} {lacks} a word and {'follows' if others == 1 else 'follow'}."
            if found.match_count
            else f"{counted(others, 'release')} with most of the words {'follows' if others == 1 else 'follow'}."
        )
    if found.read_as:
        remarks.append(f"Counted as the same: {'; '.join(found.read_as)}.")
    return remarks


def _notes(row: Row) -> list[str | Markup]:
    notes: list[str | Markup] = []
    if row["missing_words"]:
        notes.append(f"Lacks: {row['missing_words']}")
    if row["copy_of"]:
        link = Markup('Same text as <a href="{}">another release</a>')
        notes.append(link.format(address("releases", row["copy_of"])))
    return notes


def _mark(text: str, words: frozenset[str], prefixes: tuple[str, ...]) -> Iterator[Markup]:
    """Yield the parts of a text as HTML, with the words marked."""
    end = 0
    for word in _WORD.finditer(text):
        term = to_term(word[0])
        if term in words or (prefixes and term.startswith(prefixes)):
            yield escape(text[end : word.start()]) + Markup("<mark>{}</mark>").format(word[0])
            end = word.end()
    yield escape(text[end:])
