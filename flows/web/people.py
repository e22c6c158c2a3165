"""Pages of ministers, portfolios and days."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any

import pyarrow.compute as pc
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from flows.serve.published import Build
from flows.web import tables
from flows.web.answer import NotFound, Page, PageNumber, Reading, WrongRequest, address, counted, day, show
from flows.web.texts import texts_of

router = APIRouter(include_in_schema=False)
Row = dict[str, Any]
Text = Annotated[str, Query(max_length=200)]
_RELEASES, _PASSAGES, _PARTNERS = 20, 8, 12  # on a page
_ALL = 1_000_000  # passages: more than there are
_NO_YEAR = "unknown"
# Queries that are asked once for a build: one page costs as much as all.
_FOR_ALL = (
    "ministers", "minister_years", "minister_portfolios", "minister_partners", "portfolios", "portfolio_years",
    "holders", "handovers", "governments", "months",
)  # fmt: skip
_RELEASE = "release:"  # how a source that is a release begins
_METHODS = {
    "register": "register of offices",
    "titles": "titles printed in texts",
    "sole credits": "releases by this minister alone",
    "joint credits": "joint releases",
    "tags": "roles printed in tags",
}
_CERTAINTIES = {
    "two_sources": "two sources",
    "one_source": "one source",
    "archive": "read in releases",
    "disputed": "sources disagree",
}
_CONFIDENCES = {"high": "high", "medium": "medium", "low": "low: a guess"}
_SPEAKERS = {
    "name": "the passage names the speaker",
    "surname": "the passage gives the surname",
    "role": "the passage says “the Minister”",
    "pronoun": "the passage says “he” or “she”",
    "continued": "the quotation goes on from the paragraph before",
    "only_speaker": "nobody else speaks in the text",
}


@router.get("/ministers")
def list_ministers(
    request: Request, build: Reading, name: Text = "", party: Text = "", government: Text = ""
) -> Response:
    """Return the list of ministers, by name, party and government."""
    ministers = _all(build, "ministers")
    found = [
        row | {"party_names": ", ".join(row["parties"] or ()) or "not known"}
        for row in _called(name, ministers, "minister")
        if (not party or party in (row["parties"] or ()))
        and (not government or government in (row["government_ids"] or ()))
    ]
    parties = sorted({one for row in ministers for one in row["parties"] or ()})
    people = "1 person" if len(found) == 1 else f"{len(found):,} people"
    return show(
        request,
        "members",
        kind="minister",
        rows=found,
        label="sort_name",
        nearest=[] if found or not name else _nearest(name, ministers, "minister"),
        given={"name": name, "party": party, "government": government},
        fields={
            "party": [(one, one) for one in parties],
            "government": [
                (
                    row["government_id"],
                    f"{row['government_name']} ({row['start_date'].year}–{row['end_date'].year if row['end_date'] else ''})",  # noqa: E501, RUF001
                )
                for row in _all(build, "governments")
            ],
        },
        columns={"Party": "party_names"},
        caption=f"{people} credited with releases, by surname. A joint release counts for each of its ministers.",
        views=("ministers", "portfolio_holders", "party_memberships"),
    )


@router.get("/ministers/{minister_id}")
def show_minister(request: Request, build: Reading, minister_id: str, page: PageNumber = 1) -> Response:
    """Return the page of a minister."""
    found = build.row("minister", minister_id=minister_id)
    if found is None:
        return _other(minister_id, _all(build, "ministers"), "minister")
    years = _of(build, "minister_years", "minister_id", minister_id)
    part = Page(page, _RELEASES, sum(row["release_count"] for row in years))
    if page > 1:
        releases = _releases(build, "minister", minister_id, part)
        return show(request, "minister", minister=found, releases=releases, page=part)
    passages = build.rows("minister_quotations", minister_id=minister_id, most=_PASSAGES)
    return show(
        request,
        "minister",
        minister=found,
        parties=build.rows("minister_parties", minister_id=minister_id),
        names=build.rows("minister_names", minister_id=minister_id),
        offices=_explained(build, _of(build, "holders", "minister_id", minister_id)),
        years=_with_empty_years(years),
        undated=sum(row["release_count"] for row in years if row["year"] is None),
        joint=sum(row["joint_release_count"] for row in years),
        portfolios=_of(build, "minister_portfolios", "minister_id", minister_id),
        partners=_of(build, "minister_partners", "minister_id", minister_id)[:_PARTNERS],
        passages=_with_words(build, passages),
        releases=_releases(build, "minister", minister_id, part),
        page=part,
    )


@router.get("/ministers/{minister_id}/quotes")
def show_quotes(
    request: Request, build: Reading, minister_id: str, word: Text = "", year: Text = "", page: PageNumber = 1
) -> Response:
    """Return the page of all passages in which a minister is quoted, by a word or phrase and by year."""
    minister = build.row("minister", minister_id=minister_id)
    if minister is None:
        return _other(minister_id, _all(build, "ministers"), "minister")
    passages = build.rows("minister_quotations", minister_id=minister_id, most=_ALL)
    years = Counter(str(row["nz_date"].year) if row["nz_date"] else _NO_YEAR for row in passages)
    found = [row for row in passages if not year or year == (str(row["nz_date"].year) if row["nz_date"] else _NO_YEAR)]
    if word:
        spoken = _spoken(word)
        found = [row for row in _with_words(build, found) if spoken.search(_folded(row["passage"]))]
    part = Page(page, _RELEASES, len(found))
    shown = found[part.offset : part.offset + part.size]
    return show(
        request,
        "quotes",
        minister=minister,
        passages=shown if word else _with_words(build, shown),
        total=len(passages),
        years=sorted(years.items(), reverse=True),
        given={"word": word, "year": year},
        page=part,
    )


def _with_words(build: Build, passages: list[Row]) -> list[Row]:
    """Return passages with their text, and how it is known who speaks."""
    texts = texts_of(build, {row["search_number"] for row in passages})
    for row in passages:
        start = row["passage_place"] - 1
        row["passage"] = texts[row["search_number"]][start : start + row["passage_length"]].strip()
        row["how"] = _SPEAKERS[row["method"]]
    return passages


def _spoken(text: str) -> re.Pattern[str]:
    """Return what finds a word, or words one after the other, in a folded text.

    Raises:
        WrongRequest: the text has no word.
    """
    words = re.findall(r"\w+", _folded(text))
    if not words:
        raise WrongRequest(f"word={text!r} has no word: write one, or several that follow each other.")
    return re.compile(r"\b" + r"\W+".join(words) + r"\b")


@router.get("/portfolios")
def list_portfolios(request: Request, build: Reading, name: Text = "", sector: Text = "", kind: Text = "") -> Response:
    """Return the list of portfolios, by name, sector and kind."""
    portfolios = _all(build, "portfolios")
    found = [
        row | {"sector": row["sector"] or "none"}
        for row in _called(name, portfolios, "portfolio")
        if (not sector or sector == row["sector"]) and (not kind or kind == row["kind"])
    ]
    return show(
        request,
        "members",
        kind="portfolio",
        rows=found,
        label="portfolio_name",
        nearest=[] if found or not name else _nearest(name, portfolios, "portfolio"),
        given={"name": name, "sector": sector, "kind": kind},
        fields={
            field: [(one, one) for one in sorted({row[field] for row in portfolios if row[field]})]
            for field in ("sector", "kind")
        },
        columns={"Kind": "kind", "Sector": "sector"},
        caption=f"{counted(len(found), 'portfolio')} and other tags. A release counts for each of its tags.",
        views=("portfolios", "portfolio_holders", "handovers"),
    )


def _called(name: str, rows: list[Row], kind: str) -> list[Row]:
    """Return the members whose name has all words of a text."""
    return [row for row in rows if all(word in _folded(row[f"{kind}_name"]) for word in _folded(name).split())]


@router.get("/portfolios/{portfolio_id}")
def show_portfolio(request: Request, build: Reading, portfolio_id: str, page: PageNumber = 1) -> Response:
    """Return the page of a portfolio."""
    found = build.row("portfolio", portfolio_id=portfolio_id)
    if found is None:
        return _other(portfolio_id, _all(build, "portfolios"), "portfolio")
    years = _of(build, "portfolio_years", "portfolio_id", portfolio_id)
    part = Page(page, _RELEASES, sum(row["release_count"] for row in years))
    if page > 1:
        releases = _releases(build, "portfolio", portfolio_id, part)
        return show(request, "portfolio", portfolio=found, releases=releases, page=part)
    relatives: dict[str, list[Row]] = {"before": [], "after": [], "family": []}
    for row in build.rows("portfolio_relatives", portfolio_id=portfolio_id):
        relatives[row["relation"]].append(row)
    holders = _explained(build, _of(build, "holders", "portfolio_id", portfolio_id))
    nearest = {(row["minister_id"], row["start_date"]): row["nearest"] for row in holders if row["role"] == "holder"}
    return show(
        request,
        "portfolio",
        portfolio=found,
        names=build.rows("portfolio_names", portfolio_id=portfolio_id),
        relatives=relatives,
        holders=[row for row in holders if row["role"] == "holder"],
        others=[row for row in holders if row["role"] != "holder"],
        handovers=[
            row | {"nearest": nearest.get((row["to_minister_id"], row["handover_date"]))}
            for row in _of(build, "handovers", "portfolio_id", portfolio_id)
        ],
        years=_with_empty_years(years),
        undated=sum(row["release_count"] for row in years if row["year"] is None),
        releases=_releases(build, "portfolio", portfolio_id, part),
        page=part,
    )


@router.get("/days")
def find_day(build: Reading, day: Text = "") -> Response:
    """Lead to the page of a day, by default of the last one with releases."""
    return RedirectResponse(address("days", day or build.latest_release_date))


@router.get("/days/{text}")
def show_day(request: Request, build: Reading, text: str) -> Response:
    """Return the page of a day."""
    given = _to_day(text)
    found = build.row("day", day=given)
    assert found  # noqa: S101
    if not found["is_in_calendar"]:
        raise NotFound(_outside(found))
    rows = build.rows("day_releases", day=given)
    months = {row["month_start_date"]: row for row in _all(build, "months")}
    for row in rows:
        row["notes"] = _doubts_of_day(row, given)
    return show(
        request,
        "day",
        found=found,
        parties=build.rows("day_parties", day=given),
        sure=[row for row in rows if row["nz_date"] == given],
        possible=[row for row in rows if row["nz_date"] != given],
        month=months.get(given.replace(day=1)),
        emptiness=_emptiness(found),
        ministers=build.rows("day_ministers", day=given),
    )


def _to_day(text: str) -> date:
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError as error:
        raise WrongRequest(f"{text!r} is not a day: write it like 2025-12-31.") from error


def warm(build: Build) -> Iterator[None]:
    """Ask what many pages need and takes longest."""
    for query in _FOR_ALL:
        _all(build, query)
        yield


def _all(build: Build, query: str) -> list[Row]:
    """Return all rows of a query that is asked once for a build: one page costs as much as all."""
    rows: list[Row] = build.kept(query, lambda: build.rows(query))
    return rows


def _of(build: Build, query: str, column: str, member_id: str) -> list[Row]:
    """Return the rows of such a query that are about a minister or portfolio."""
    return [row for row in _all(build, query) if row[column] == member_id]


def _releases(build: Build, kind: str, member_id: str, part: Page) -> list[Row]:
    """Return a page of the releases of a minister or portfolio, latest first."""
    is_own = pc.field(f"{kind}_id") == member_id
    if kind == "minister":
        is_own &= ~pc.field("is_out_of_government")
    own = tables.whole(build, f"release_{kind}s").filter(is_own)["search_number"].combine_chunks()
    listed = tables.whole(build, "releases_listed").filter(pc.field("search_number").isin(own))
    listed = listed.sort_by([("nz_date", "descending"), ("release_id", "ascending")])
    return [row | {"notes": ()} for row in listed.slice(part.offset, part.size).to_pylist()]


def _explained(build: Build, rows: list[Row]) -> list[Row]:
    """Return spells in offices with how each is known, in words, and the sources, with the release that one is."""
    sources = {source for row in rows for source in (row["source"] or "").split("; ") if source}
    ids = sorted(source.removeprefix(_RELEASE) for source in sources if source.startswith(_RELEASE))
    known = {row["release_id"]: row for row in build.rows("known_releases", release_ids=ids)}
    return [row | _known(row, known) for row in rows]


def _known(row: Row, releases: dict[str, Row]) -> Row:
    how = _METHODS[row["method"]]
    if row["certainty"]:
        how += f" ({_CERTAINTIES[row['certainty']]})"
    first, last = row["sure_from_date"], row["sure_to_date"]
    is_open = row["end_date"] is None
    unsure = []
    if first and first > row["start_date"]:
        unsure.append(f"before {day(first)}")
    if last and (is_open or last < row["end_date"]):
        unsure.append(f"after {day(last)}")
    confidence = _CONFIDENCES[row["confidence"]]
    if unsure:
        confidence += f"; less sure {' and '.join(unsure)}"
    sources = [source.removeprefix(_RELEASE) for source in (row["source"] or "").split("; ") if source]
    dated = [releases[one] for one in sources if one in releases and releases[one]["nz_date"]]
    return {
        "how": how,
        "is_guess": row["confidence"] == "low",
        "sureness": confidence,
        "sources": [(one, one if one in releases else None) for one in sources],
        "nearest": min(dated, key=lambda release: abs(release["nz_date"] - row["start_date"]), default=None),
    }


def _with_empty_years(years: list[Row]) -> list[Row]:
    """Return the years from the first to the last, also those without a release."""
    counts = {row["year"]: row["release_count"] for row in years if row["year"] is not None}
    if not counts:
        return []
    return [{"year": year, "release_count": counts.get(year, 0)} for year in range(min(counts), max(counts) + 1)]


def _doubts_of_day(row: Row, given: date) -> list[str]:
    """Return sentences about why a release may not be of a day."""
    notes = []
    if row["nz_date"] != given:
        why = "only the UTC day is printed" if row["date_basis"] == "utc_day" else "the text states another day"
        notes.append(f"Listed under {day(row['nz_date'])}: {why}, so it can be of this day.")
    elif row["date_basis"] == "utc_day":
        notes.append(f"Only the UTC day is printed: it can be of {day(row['latest_nz_date'])}, too.")
    if row["date_basis"] == "recovered":
        notes.append("No day is printed: this one is recovered from other evidence.")
    if row["is_date_doubtful"]:
        notes.append(f"The text states another day, {day(row['stated_date'])}: “{row['stated_words']}”.")
    if not row["is_canonical"]:
        notes.append("Another release has the same text.")
    return notes


def _outside(found: Row) -> str:
    """Return sentences on a day outside the calendar of the build."""
    if found["first_date"] is None:
        return "The archive has no release with a date."
    nearest = found["previous_date"] or found["next_date"]
    return (
        f"Nothing is known of {day(found['day'])}: the archive covers {day(found['first_date'])} to "
        f"{day(found['last_date'])}. The nearest day with releases: {address('days', nearest)}"
    )


def _emptiness(found: Row) -> str:
    """Return a sentence on why a day may have no release."""
    given = found["day"]
    if found["first_date"] is None:
        return "The archive has no release with a date."
    if given < found["first_date"]:
        return f"The archive begins later, on {day(found['first_date'])}: this day is not covered."
    if given > found["last_date"]:
        return f"The archive ends earlier, on {day(found['last_date'])}: this day is not covered."
    if found["is_public_holiday"] or found["weekday_name"] in ("Saturday", "Sunday"):
        return "The archive has no release of this day. On weekends and public holidays that is common."
    return "The archive has no release of this day: either none was published, or the archive lacks it."


def _other(name: str, rows: list[Row], kind: str) -> Response:
    """Lead from a name to the page of the member that has it.

    Raises:
        NotFound: nobody has it; the message names the nearest.
    """
    wanted = _folded(name.replace("-", " "))
    same = [row for row in rows if _folded(row[f"{kind}_name"].replace("-", " ")) == wanted]
    if len(same) == 1:
        return RedirectResponse(address(f"{kind}s", same[0][f"{kind}_id"]))
    nearest = ", ".join(row[f"{kind}_name"] for row in _nearest(name, rows, kind))
    hint = f" Nearest: {nearest}." if nearest else ""
    raise NotFound(f"There is no {kind} {name!r}.{hint} All {kind}s: /{kind}s")


def _nearest(name: str, rows: list[Row], kind: str) -> list[Row]:
    """Return the members with the most similar names."""
    wanted = _folded(name.replace("-", " "))
    by_name = {_folded(row[f"{kind}_name"]): row for row in rows}
    parts = {word: known for known in by_name for word in known.split()}
    known = get_close_matches(wanted, by_name, n=3, cutoff=0.6) or [
        parts[word] for word in get_close_matches(wanted, parts, n=3, cutoff=0.75)
    ]
    return [by_name[one] for one in dict.fromkeys(known)]


def _folded(text: str) -> str:
    """Return a text in lower case without macrons and accents."""
    return re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFD", text.casefold()))
