"""The pages of ministers, portfolios and days on the sample: complete, with working links, and honest about gaps."""

import html.parser
import re
from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import urljoin, urlsplit

import duckdb
import httpx
import pytest

from flows.settings import Settings
from flows.web.people import _known

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sql(sample: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Ask the sample itself."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{sample.published}' as beehive (read_only); use beehive")
        yield connection


class _Page(html.parser.HTMLParser):
    """The links and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.styled = 0
        self.scripts = 0
        self._parts: list[str] = []
        self.feed(text)
        self.text = " ".join(" ".join(self._parts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.styled += "style" in given
        self.scripts += tag == "script"
        if link := given.get("href"):
            self.links.append(link)

    def handle_data(self, data: str) -> None:
        self._parts.append(data)


def read(site: httpx.Client, address: str) -> _Page:
    answer = site.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == 200, f"{address}: {answer.text}"
    page = _Page(answer.text)
    assert not page.styled and not page.scripts  # the policy of the pages forbids both
    return page


def test_every_minister_has_a_page_that_agrees_with_the_views(site: httpx.Client, sql) -> None:
    ministers = sql.execute("select minister_id, minister_name, release_count from ministers").fetchall()
    listed = read(site, "/ministers")
    for minister_id, name, count in ministers:
        assert f"/ministers/{minister_id}" in listed.links
        page = read(site, f"/ministers/{minister_id}")
        assert name in page.text
        assert f"{count:,} release" in page.text
        offices = sql.execute(
            "select portfolio_name from portfolio_holders where minister_id = $1", [minister_id]
        ).fetchall()
        assert all(office in page.text for (office,) in offices)
        assert f"/feeds/ministers/{minister_id}.atom" in page.links


def test_every_portfolio_has_a_page_that_agrees_with_the_views(site: httpx.Client, sql) -> None:
    listed = read(site, "/portfolios")
    for portfolio_id, name, count in sql.execute(
        "select portfolio_id, portfolio_name, release_count from portfolios"
    ).fetchall():
        assert f"/portfolios/{portfolio_id}" in listed.links
        page = read(site, f"/portfolios/{portfolio_id}")
        assert name in page.text
        assert f"{count:,} release" in page.text
        holders = sql.execute(
            "select minister_name from portfolio_holders where portfolio_id = $1", [portfolio_id]
        ).fetchall()
        assert all(holder in page.text for (holder,) in holders)


def test_a_handover_without_a_source_in_the_archive_says_so(site: httpx.Client, sql) -> None:
    ((portfolio_id, count),) = sql.execute(
        "select portfolio_id, count(*) from handovers group by 1 order by 2 desc limit 1"
    ).fetchall()
    assert (
        read(site, f"/portfolios/{portfolio_id}").text.count("No release of the archive is known to announce") == count
    )


def test_of_several_sources_the_nearest_is_found() -> None:
    start = date(2004, 2, 26)
    spell = dict.fromkeys(("sure_from_date", "sure_to_date", "end_date")) | {"start_date": start, "method": "register"}
    spell |= {
        "certainty": "archive",
        "confidence": "high",
        "source": "wikipedia; release:late; release:near; release:gone",
    }
    releases = {"late": {"nz_date": start + timedelta(9)}, "near": {"nz_date": start - timedelta(2)}}
    known = _known(spell, releases)
    assert known["nearest"] is releases["near"]
    assert known["sources"] == [("wikipedia", None), ("late", "late"), ("near", "near"), ("gone", None)]
    assert _known(spell | {"source": "wikipedia"}, {})["nearest"] is None


def test_every_day_with_releases_lists_them(site: httpx.Client, sql) -> None:
    days = [
        day
        for (day,) in sql.execute(
            "select distinct nz_date from releases where nz_date is not null order by 1"
        ).fetchall()
    ]
    for before, day, after in zip([None, *days], days, [*days[1:], None], strict=False):
        page = read(site, f"/days/{day}")
        ids = [row[0] for row in sql.execute("select release_id from releases where nz_date = $1", [day]).fetchall()]
        assert {f"/releases/{one}" for one in ids} <= set(page.links)
        for other in (before, after):
            assert other is None or f"/days/{other}" in page.links


def test_a_day_without_releases_says_why_it_may_be(site: httpx.Client, sql) -> None:
    ((first, last),) = sql.execute("select min(nz_date), max(nz_date) from releases").fetchall()
    assert "begins later" in read(site, f"/days/{first - timedelta(1)}").text
    assert "ends earlier" in read(site, f"/days/{last + timedelta(2)}").text
    ((quiet,),) = sql.execute(
        "select min(calendar_date) from releases_by_day where release_count = 0 and is_gap and not is_weekend "
        "and not is_public_holiday and calendar_date > $1", [first + timedelta(1)],
    ).fetchall()  # fmt: skip
    page = read(site, f"/days/{quiet}")
    assert "either none was published, or the archive lacks it" in page.text
    assert "The archive may lack releases" in page.text


def test_a_day_shows_the_parties_and_the_parliament_of_that_day(site: httpx.Client, sql) -> None:
    ((day,),) = sql.execute("select min(nz_date) from releases").fetchall()
    text = read(site, f"/days/{day}").text
    for name, is_in in sql.execute(
        "select party_name, bool_or($1 between part_start_date and coalesce(part_end_date, date '9999-12-31')) "
        "from government_parties group by all", [day],
    ).fetchall():  # fmt: skip
        assert (name in text.partition("Its parties on this day ")[2].partition(" Prime minister")[0]) == is_in
    elections = sql.execute("select calendar_date, parliament from core.dim_date where is_election_day").fetchall()
    assert elections
    for election, parliament in elections:
        assert f"Parliament {parliament} is elected on this day" in read(site, f"/days/{election}").text
        after = read(site, f"/days/{election + timedelta(1)}").text
        assert f"Parliament {parliament} was elected on {election.day} {election:%B %Y}; the day is in month 1" in after


def test_all_passages_of_a_minister_are_listed_by_word_and_year(site: httpx.Client, sql) -> None:
    ((minister_id, name),) = sql.execute(
        "select minister_id, minister_name from core.quotation join ministers using (minister_id) "
        "where is_in_office group by all order by count(*) desc limit 1"
    ).fetchall()
    said = sql.execute(
        "select release_id, said.nz_date, passage from said_by($1) as said join core.fact_release "
        "using (release_id) where is_canonical order by said.nz_date desc nulls first", [name],
    ).fetchall()  # fmt: skip
    address = f"/ministers/{minister_id}/quotes"
    assert address in read(site, f"/ministers/{minister_id}").links
    count = 0
    for number in range(1, len(said) // 20 + 2):
        page = read(site, f"{address}?page={number}")
        count += page.text.count("Confidence ")
        assert f"of {len(said):,} passage" in page.text
    assert count == len(said)
    word = max(re.findall(r"\b[a-z]{5,}\b", said[-1][2]), key=len)
    fits = [row for row in said if re.search(rf"\b{word}\b", row[2], re.IGNORECASE)]
    assert f"of {len(fits):,} passage" in read(site, f"{address}?word={word.upper()}").text
    assert f"/releases/{said[-1][0]}" in read(site, f"{address}?word={word}&year={said[-1][1].year}").links
    assert "No passage fits" in read(site, f"{address}?word=zzzz").text
    assert site.get(f"{address}?word=...").status_code == 400


def test_pages_link_to_pages_that_are_there(site: httpx.Client, sql) -> None:
    ((minister_id, day),) = sql.execute(
        "select minister_id, max(nz_date) from release_ministers where is_person group by 1 "
        "order by count(*) desc limit 1"
    ).fetchall()
    ((portfolio_id,),) = sql.execute(
        "select portfolio_id from portfolios order by release_count desc limit 1"
    ).fetchall()
    begin = [f"/ministers/{minister_id}", f"/portfolios/{portfolio_id}", f"/days/{day}"]
    many = re.compile("/search.*year=(?!2003)|/portfolios/.*|/ministers/.*")  # the first of each kind will do
    links = {urljoin(address, link) for address in begin for link in read(site, address).links}
    own = sorted(
        {link.partition("#")[0] for link in links if not urlsplit(link).netloc or link.startswith(str(site.base_url))}
    )
    own = [link for link in own if not many.match(link)] + [link for link in own if many.match(link)][::8]
    own.remove("/report")  # takes long, and has tests of its own
    assert len(own) > 20
    broken = [link for link in own if site.get(link, follow_redirects=True).status_code != 200]
    assert not broken


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/ministers/hinewai-castelane", 404, "Nearest: Hinewai Castellane"),
        ("/ministers/%00", 404, "All ministers: /ministers"),
        ("/portfolios/educaton", 404, "Nearest: Education"),
        ("/days/1900-01-01", 404, "Nothing is known of 1 January 1900: the archive covers"),
        ("/days/2130-01-01", 404, "The nearest day with releases: /days/20"),
        ("/days/2003-6-17", 400, "is not a day: write it like 2025-12-31"),
        ("/days/2003-02-30", 400, "is not a day"),
        ("/days/%D9%A2003-02-03", 400, "is not a day"),
        ("/ministers/hinewai-castellane?page=999", 400, "There is no page 999"),
        ("/ministers/hinewai-castellane?page=0", 400, "page cannot be '0'"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_explained(address: str, status: int, sentence: str, site: httpx.Client) -> None:
    answer = site.get(address)
    assert answer.status_code == status
    assert sentence in answer.json()["error"]


def test_a_name_leads_to_its_page(site: httpx.Client) -> None:
    answer = site.get("/ministers/Hinewai%20Castellane", follow_redirects=True)
    assert answer.url.path == "/ministers/hinewai-castellane"
    assert site.get("/days", follow_redirects=True).status_code == 200


def test_lists_are_narrowed(site: httpx.Client, sql) -> None:
    whole, some = (read(site, address) for address in ("/ministers", "/ministers?party=Labour"))
    ids = {
        row[0]
        for row in sql.execute(
            "select distinct minister_id from release_ministers where party_name = 'Labour'"
        ).fetchall()
    }
    assert {link.rpartition("/")[2] for link in some.links if re.match("/ministers/.", link)} == ids
    assert len(some.links) < len(whole.links)
    assert "Did you mean" in read(site, "/ministers?name=Hinewai Castelane").text
    assert "No minister fits" in read(site, "/ministers?name=zzzz").text
    assert "/ministers/hinewai-castellane" in read(site, "/ministers?name=CASTELLANE hine").links
