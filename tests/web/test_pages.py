"""`beehive serve` on the sample: its pages, what it refuses, and what every answer has."""

import csv
import gzip
import re
import time
from datetime import date
from urllib.parse import quote, urlencode

import duckdb
import html5lib
import pytest

from flows.serve.search import run_search
from flows.settings import Settings
from tests.web.conftest import Door, Start

pytestmark = pytest.mark.slow

IOM = "2003-06-17-nz-becomes-100th-member-iom"
PAGES = ["/", "/search", "/search?q=health", f"/releases/{IOM}", "/dictionary", "/dictionary/releases"]
EVERYWHERE = [*PAGES, "/nix", "/static/style.css", "/health", "/search?page=0", f"/releases/{IOM}.json", "/robots.txt"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_valid_html_with_a_title_and_one_heading(door: Door, path: str) -> None:
    answer = door.get(path)
    assert answer.status == 200
    page = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    tree = page.parse(answer.body)
    assert [error for error in page.errors if error[1] not in {"unknown-named-entity"}] == []
    assert tree.findtext(".//title")
    assert len(tree.findall(".//h1")) == 1
    assert len(ids := [e.get("id") for e in tree.iter() if e.get("id")]) == len(set(ids))
    assert tree.findall(".//script") == []
    loaded = [e.get("src") or e.get("href") for e in tree.iter() if e.tag in ("img", "link", "iframe", "source")]
    assert all(address and address.startswith("/") for address in loaded)


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_has_the_headers_that_keep_a_browser_safe(door: Door, path: str) -> None:
    headers = door.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in headers
    assert "server" not in headers


def test_a_release_is_read_with_its_people_and_where_it_is_from(door: Door, sample: Settings) -> None:
    page = door.get(f"/releases/{IOM}").text
    assert "<h1>NZ becomes 100th member of IOM</h1>" in page
    assert 'href="/days/2003-06-17"' in page
    assert '<a href="/ministers/lianne-dalziel">Lianne Dalziel</a> (Labour)' in page
    assert '<p class="speaker">Phil Goff is quoted:</p>' in page
    assert f'<link rel="canonical" href="/releases/{IOM}">' in page
    assert "Lianne Dalziel -&gt; lianne-dalziel (as_printed)" in page
    found = door.get(f"/releases/{IOM}.json").json()
    assert found["release"]["title"] == "NZ becomes 100th member of IOM"
    with duckdb.connect(str(sample.published), read_only=True) as connection:
        (text,) = connection.execute("select cleaned_body from release_texts where release_id = $1", [IOM]).fetchone()  # type: ignore[misc]
    assert found["text"] == text
    assert {row["minister_id"] for row in found["quotations"]} == {"phil-goff", "lianne-dalziel"}


def test_what_a_page_says_of_every_release_is_what_the_views_say(door: Door, sample: Settings) -> None:
    with duckdb.connect(str(sample.published), read_only=True) as connection:
        ids = [row[0] for row in connection.execute("select release_id from releases order by all").fetchall()][::4]
        for release_id in ids:
            found = door.get(f"/releases/{release_id}.json").json()
            explained = connection.execute("from explain_row($1)", [release_id])
            (row,) = explained.fetchall()
            expected = dict(zip([column[0] for column in explained.description], row, strict=True))
            for name, value in found["explained"].items():
                assert str(expected[name]).replace("T", " ") == str(value).replace("T", " "), (release_id, name)
            row = connection.execute("from releases where release_id = $1", [release_id])
            expected = dict(zip([column[0] for column in row.description], row.fetchone() or (), strict=True))
            for name in found["release"].keys() & expected.keys():
                shown = str(found["release"][name]).replace("T", " ")
                assert str(expected[name]).replace("T", " ") == shown, (release_id, name)
            names = "; ".join(row["minister_name"] for row in found["inferred_ministers"])
            assert (expected["inferred_ministers"] or "") == names
            history = connection.execute(
                "select count(*) from release_history where release_id = $1 and is_current", [release_id]
            ).fetchone()
            assert history == (sum(row["is_current"] for row in found["versions"]),)


@pytest.mark.parametrize(
    ("question", "options"),
    [
        ("health", {}),
        ("members", {"minister": "Dalziel"}),
        ('"prime minister" OR hous*', {"since": "2003-01-01", "until": "2010-12-31"}),
        ("Māori", {"portfolio": "Health"}),
        ("maori", {}),
        ("the government of new zealand", {"since": "2015-01-01"}),
    ],
)
def test_a_search_finds_what_the_command_line_finds(
    door: Door, sample: Settings, question: str, options: dict[str, str]
) -> None:
    found = door.get(f"/search.json?{urlencode({'q': question} | options)}").json()
    expected = run_search(sample.published, question, most=1_000, **options)  # type: ignore[arg-type]
    lacking = expected.columns.index("missing_words")
    whole = [row[0] for row in expected.rows if row[lacking] is None]
    assert found["match_count"] == len(whole)
    assert [row["release_id"] for row in found["releases"] if row["missing_words"] is None] == whole[:20]
    assert found["releases"] or not whole


def test_facets_count_what_they_lead_to_and_can_be_removed(door: Door) -> None:
    whole = door.get("/search.json?q=health").json()
    assert set(whole["facets"]) == {"minister", "portfolio", "party", "government", "year", "place"}
    for kind, values in whole["facets"].items():
        for value in values[:3]:
            narrowed = door.get(f"/search.json?q=health&{kind}={value['value_id']}").json()
            assert narrowed["count"] == value["release_count"], (kind, value)
            assert kind not in narrowed["facets"]
    page = door.get("/search?q=health&year=2003&party=labour").text
    assert 'href="/search?q=health&amp;party=labour"' in page
    assert 'href="/search?q=health&amp;year=2003"' in page


def test_a_search_that_is_refused_can_be_mended_in_its_form(door: Door) -> None:
    page = door.get("/search?q=health+plan&minister=Nobody+%22Known&since=x&sort=date")
    assert page.status == 400
    tree = html5lib.parse(page.body, namespaceHTMLElements=False)
    (form,) = tree.iterfind(".//form")
    given = {one.get("name"): one.get("value") for one in form.iter("input")}
    assert given == {"q": "health plan", "minister": 'Nobody "Known', "since": "x", "until": ""}
    assert [one.get("value") for one in form.iter("option") if one.get("selected") is not None] == ["date"]


def test_a_search_says_what_it_does_not_do(door: Door) -> None:
    unwanted = "Words cannot be left out: -health was searched as health."
    assert f"<strong>{unwanted}</strong>" in door.get("/search?q=members+-health").text
    assert unwanted in door.get("/search.json?q=members+-health").json()["remarks"]
    assert "left out" not in door.get("/search?q=members").text
    found = door.get("/search.json?q=health+OR+members").json()
    assert found["remarks"][0].startswith(f"{found['match_count']} releases fit the whole question; of words joined")
    nothing = door.get("/search.json?year=2003&since=2004-01-01").json()["remarks"]
    assert nothing == ["No release was found. Remove a filter to see more."]
    partly = door.get("/search?q=members+health+zzzzz").text
    assert "Feed of this list</a> (only the releases that fit the whole question)" in partly


@pytest.mark.parametrize("query", ["q=members+health", "q=health&sort=date&year=2003", "minister=dalziel", ""])
def test_a_list_can_be_taken_as_csv(door: Door, query: str) -> None:
    answer = door.get(f"/search.csv?{query}")
    rows = list(csv.DictReader(answer.text.splitlines()))
    first = door.get(f"/search.json?{query}").json()
    assert answer.headers["x-total-count"] == str(first["count"]) == str(len(rows))
    assert [row["release_id"] for row in rows[:20]] == [row["release_id"] for row in first["releases"]]
    assert sorted(int(row["rank"]) for row in rows) == list(range(1, len(rows) + 1))
    assert [row.get("missing_words") or None for row in rows[:20]] == [
        row["missing_words"] for row in first["releases"]
    ]
    assert ("missing_words" in rows[0]) == ("q=" in query)
    assert f'href="/search.csv{"?" + query if query else ""}"' in door.get(f"/search?{query}").text.replace(
        "&amp;", "&"
    )
    assert door.get(f"/search.csv?{query}&excel=1").text == "\ufeff" + answer.text


def test_a_csv_file_of_a_search_has_its_limit_and_its_description(serve: Start, sample: Settings, door: Door) -> None:
    small = serve(sample.warehouse, BEEHIVE_SERVE_ROWS="3").get("/search.csv")
    assert (small.status, "sends at most 3 in one answer" in small.text) == (400, True)
    described = door.get("/openapi.json").json()["paths"]["/search.csv"]["get"]
    assert {"q", "year", "excel"} < {one["name"] for one in described["parameters"]}
    assert door.get("/search.csv?excel=2").status == 400


def test_pages_of_a_list_hold_every_release_once_in_order(door: Door) -> None:
    first = door.get("/search.json").json()
    rows = [
        row for n in range(1, first["page_count"] + 1) for row in door.get(f"/search.json?page={n}").json()["releases"]
    ]
    assert len({row["release_id"] for row in rows}) == len(rows) == first["count"]
    days = [row["nz_date"] for row in rows if row["nz_date"]]
    assert days == sorted(days, reverse=True)
    assert re.search(r'rel="next" href="/search\?page=2"', door.get("/search").text)


def test_found_words_are_marked_in_all_their_forms(door: Door) -> None:
    page = door.get("/search?q=ministers").text
    assert re.search("<mark>Ministers?</mark>", page, re.IGNORECASE)


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/search?q=%F0%9F%90%9D", 400, "has no word to search for"),
        ("/search?q=%22%22", 400, "has no word to search for"),
        ("/search?q=" + "hospital+" * 1_000, 414, "longer than 8,000 bytes"),
        ("/search?q=" + "hospital+" * 200, 400, "1,799 characters, and 1,000 are allowed"),
        ("/search?q=health&page=9999", 400, "There is no page 9,999: this list has"),
        ("/search?page=0", 400, "page cannot be"),
        ("/search?page=x", 400, "page cannot be"),
        ("/search?page=100000000000000000000000", 400, "There is no page 100,000,000"),
        ("/search?page=99999", 400, "There is no page 99,999: this list has"),
        ("/search?minister=Nobody+Known", 400, "No minister is called"),
        ("/search?portfolio=Nothing+Known", 400, "No portfolio"),
        ("/search?party=x", 400, "No party with a release is called"),
        ("/search?government=x", 400, "No government with a release"),
        ("/search?place=x", 400, "No place with a release"),
        ("/search?year=1850", 400, "No release is of the year 1850"),
        ("/search?year=abc", 400, "&#39;abc&#39; is not a year: write it like 2003"),
        ("/search?place=a%5Cb", 400, "&#39;a\\b&#39;"),
        ("/search?q=health&foo=bar&x=1", 400, "&#39;foo&#39;, &#39;x&#39; are no parameters of /search: use page, q, "),
        ("/search?q=health&q=iom", 400, "q can be given only once"),
        ("/search?minister=goff&minister=dalziel", 400, "minister can be given only once"),
        ("/search?since=2003-13-01", 400, "is not a day"),
        ("/search?since=20030101", 400, "is not a day"),
        ("/search?since=2004-01-01&until=2003-01-01", 400, "exchange them"),
        ("/search?sort=x", 400, "give rank or date"),
        ("/search?minister=" + "a" * 300, 400, "longer than 200 characters"),
        ("/releases/2003-06-17-nix", 404, "No release has the id"),
        ("/releases/..%2f..%2fetc%2fpasswd", 404, "No release has the id"),
        ("/static/../app.py", 404, ""),
        ("/dictionary/nix", 404, "The dictionary has no"),
        ("/nix", 404, "Nothing is at /nix"),
        ("/search?q=%ff", 400, "has no word"),
        ("/search?q=';drop+table+releases;--+health", 200, ""),
    ],
)
def test_what_cannot_be_answered_gets_a_sentence(door: Door, path: str, status: int, words: str) -> None:
    answer = door.get(path)
    assert (answer.status, words in answer.text) == (status, True), answer.text
    if status not in {200, 414}:
        assert "<h1>" in answer.text
        assert "error" in door.get(path, accept="*/*").json()


@pytest.mark.parametrize("words", ["kainga ora", "kāinga ora", "KĀINGA-ORA", "“kāinga ora”"])
def test_macrons_case_and_curly_quotes_make_no_difference(door: Door, words: str) -> None:
    assert door.get(f"/search.json?q={quote(words)}").status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_nothing_can_be_changed(door: Door, method: str) -> None:
    answer = door.get("/search", method)
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/", "/search?q=health", "/static/style.css", "/nix", "/openapi.json"])
def test_head_has_the_headers_of_get_and_no_body(door: Door, path: str) -> None:
    whole, head = door.get(path), door.get(path, "HEAD")
    assert head.body == b""
    assert head.status == whole.status
    differing = {name for name in whole.headers if whole.headers[name] != head.headers.get(name)} - {"date"}
    assert differing == set()


def test_a_page_that_the_client_has_is_not_sent_again(door: Door) -> None:
    first = door.get("/search?q=health")
    again = door.get("/search?q=health", if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert door.get("/search?q=health", if_modified_since=first.headers["last-modified"]).status == 304
    assert door.get("/search?q=schools", if_none_match=first.headers["etag"]).status == 200
    assert door.get("/search?q=health", if_none_match='W/"other"').status == 200
    assert "etag" not in door.get("/nix").headers


def test_an_answer_is_compressed_for_who_can_read_it(door: Door) -> None:
    plain, packed = door.get("/search"), door.get("/search", accept_encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 3


def test_health_names_the_build(door: Door, sample: Settings) -> None:
    found = door.get("/health").json()
    with duckdb.connect(str(sample.published), read_only=True) as connection:
        (build_id, last) = connection.execute("select build_id, latest_release_date from build_info").fetchone()  # type: ignore[misc]
    assert (found["state"], found["build_id"], date.fromisoformat(found["latest_release_date"])) == (
        "ok",
        build_id,
        last,
    )
    assert door.get("/").headers["x-build-id"] == build_id


def test_the_report_is_drawn_once_and_may_bring_its_own_style_alone(door: Door) -> None:
    end = time.monotonic() + 60
    while (first := door.get("/report")).status == 503:  # it is being drawn
        assert first.headers["refresh"]
        assert "is being drawn" in first.text
        assert time.monotonic() < end
        time.sleep(0.5)
    second = door.get("/report")
    assert first.status == 200
    assert first.body == second.body
    assert "<title>New Zealand government press releases" in first.text
    policy = first.headers["content-security-policy"]
    assert "style-src 'unsafe-inline'" in policy
    assert "script" not in policy
    assert "<script" not in first.text


def test_the_dictionary_shows_columns_and_an_example(door: Door) -> None:
    assert "releases_about" in door.get("/dictionary").text
    page = door.get("/dictionary/who_held").text
    assert "who_held(" in page
    assert "nz_date" in door.get("/dictionary/releases").text
    assert door.get("/dictionary/main.releases").headers["location"] == "/dictionary/releases"


def test_what_descriptions_have_between_backticks_is_shown_as_code(door: Door) -> None:
    for address in ("/views", "/views/portfolio_holders", "/dictionary", "/dictionary/portfolio_holders"):
        page = door.get(address).text
        assert "<code>" in page
        assert "`" not in page
    assert "<code>foreign-affairs</code>" in door.get("/views/portfolio_holders").text
