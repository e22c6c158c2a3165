"""The report: every figure bears its picture, its data, its SQL and a sentence; nothing in it obeys the archive."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import html5lib
import pytest

from flows.cli import main
from flows.errors import Refused, Unusable
from flows.load import sqlfiles
from flows.load.database import dicts
from flows.serve import charts, report
from flows.serve.query import open_published
from tests.conftest import first_quick
from tests.findings import CHECKED, check_finding
from tests.world import world

NAMESPACE = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"
TABLES = {"portfolios_by_government", "co_announcements", "weekdays"}  # figures without a picture
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)> \u202e\x1b[31m \uffff {{ 7 * 7 }} ]]> \"'&"


@pytest.fixture(scope="module")
def answers(sample) -> tuple[dict[str, Any], report.Answers]:
    with open_published(sample.published) as connection:
        return dicts(connection, "from build_info")[0], report.read_answers(connection)


@pytest.fixture(scope="module")
def plain(sample) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_published(sample.published) as connection:
        yield connection


@pytest.fixture(scope="module")
def page(sample, tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("report") / "page.html"
    assert report.write_report(sample.published, path) == path.stat().st_size
    assert [file.name for file in path.parent.iterdir()] == ["page.html"]
    return path.read_text(encoding="utf-8")


def parsed(page: str) -> Any:
    """The page as a strict parser of HTML reads it."""
    parser = html5lib.HTMLParser(strict=False)
    tree = parser.parse(page)
    assert parser.errors == []
    return tree


def words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def test_every_query_has_a_place_in_the_page_and_a_title() -> None:
    queries = {query.name: query for query in sqlfiles.report()}
    assert set(queries) == {"headline", *report.FINDINGS, *report._QUALITY}
    assert all(query.title and query.description for query in queries.values())
    assert len(report.CHARTS) == 10
    assert set(queries) - TABLES - set(report.CHARTS) == {"headline", *report._QUALITY}


def test_queries_read_what_is_public_alone() -> None:
    for query in sqlfiles.report():
        assert query.references
        assert all(name.startswith(("main.", "meta.")) or name == "core.dim_party" for name in query.references), (
            query.path
        )


def test_a_query_that_lists_what_is_behind_a_figure_finds_it(sample) -> None:
    figures = {query.name: query for query in sqlfiles.report() if query.name in {*report.CHARTS, *TABLES}}
    with open_published(sample.published) as connection:
        for query in figures.values():
            assert connection.execute(query.example).description[0][0] in ("nz_date", "first_date", "election_date",
                                                                          "minister_a_name"), query.name  # fmt: skip


@pytest.mark.parametrize("name", CHECKED["findings"])
def test_a_finding_is_what_plain_sql_finds(name: str, plain: duckdb.DuckDBPyConnection, answers) -> None:
    check_finding(name, plain, answers[1])


def test_every_figure_has_its_sentence_pictures_table_and_sql(page: str, answers) -> None:
    tree = parsed(page)
    queries = {query.name: query for query in sqlfiles.report()}
    _, rows = answers
    seen = 0
    for section in tree.iter(f"{NAMESPACE}section"):
        name = section.get("aria-labelledby")
        if name not in {*report.CHARTS, *TABLES}:
            continue
        seen += 1
        query = queries[name]
        assert words(section.find(f"{NAMESPACE}h2")) == query.title
        finding = words(section.find(f"{NAMESPACE}p[@class='finding']"))
        pictures = section.findall(f".//{SVG}svg")
        if not rows[name]:
            assert finding == "The archive has nothing to show here."
            assert not pictures
            continue
        assert finding == " ".join(report.FINDINGS[name](rows).text.split())
        drawn = ["chart wide", "chart narrow"] if name in report.CHARTS else []
        assert [picture.get("class") for picture in pictures] == drawn
        for picture in pictures:
            assert picture.get("role") == "img"
            assert finding in " ".join(picture.get("aria-label").split())
            assert picture.get("viewBox")
        assert query.description in words(section.find(f".//{NAMESPACE}figcaption"))
        assert len(section.findall(f".//{NAMESPACE}tbody/{NAMESPACE}tr")) == len(rows[name])
        assert [words(head) for head in section.iter(f"{NAMESPACE}th")] == [
            column.replace("_", " ") for column in rows[name][0] if column != "colour"
        ]
        assert "".join(section.find(f".//{NAMESPACE}code").itertext()) == query.statement
        addresses = {release["url"] for row in rows[name] for release in row["latest_releases"]}
        linked = {link.get("href") for link in section.iter(f"{NAMESPACE}a")}
        assert linked == addresses
        assert all(address.startswith("https://www.beehive.govt.nz/") for address in linked)
        assert linked or name == "prime_ministers"  # the sample credits none
    assert seen == len(report.CHARTS) + len(TABLES)


def test_the_sample_fills_most_figures(answers) -> None:
    _, rows = answers
    assert {name for name in report.FINDINGS if not rows[name]} <= {"elections"}


def test_nothing_is_loaded_and_nothing_runs(page: str) -> None:
    tree = parsed(page)
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag.rpartition("}")[2] not in ("script", "iframe", "img", "object", "embed", "image", "use")
        for key, value in element.attrib.items():
            assert not key.startswith("on"), (element.tag, key)
            if key in ("href", "src", "xlink:href", "action", "data"):
                is_link = element.tag == f"{NAMESPACE}a" and value.startswith("https://")
                assert is_link or value.startswith(("#", "data:,")), value
    assert not re.search(r"@import|url\((?!#)", page)
    policy = tree.find(f".//{NAMESPACE}meta[@http-equiv='Content-Security-Policy']").get("content")
    assert policy.startswith("default-src 'none'")


def test_the_page_can_be_read_by_ear_and_keyboard(page: str) -> None:
    tree = parsed(page)
    assert tree.get("lang") == "en-NZ"
    body = tree.find(f"{NAMESPACE}body")
    assert {"header", "nav", "main", "footer"} <= {child.tag.removeprefix(NAMESPACE) for child in body}
    levels = [int(e.tag[-1]) for e in body.iter() if re.fullmatch(rf"{re.escape(NAMESPACE)}h[1-6]", str(e.tag))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [e.get("id") for e in tree.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    assert {e.get("href")[1:] for e in body.iter(f"{NAMESPACE}a") if e.get("href").startswith("#")} <= set(ids)
    for table in body.iter(f"{NAMESPACE}table"):
        assert words(table.find(f"{NAMESPACE}caption"))
        assert all(head.get("scope") == "col" for head in table.iter(f"{NAMESPACE}th"))
    for box in body.iterfind(f".//{NAMESPACE}div[@class='scroll']"):
        assert (box.get("tabindex"), box.get("role")) == ("0", "region")
        assert box.get("aria-label")


def test_the_page_says_what_it_is_made_from(page: str, answers) -> None:
    build, rows = answers
    text = words(parsed(page))
    for fact in (build["build_id"], build["source_state"], report.shown(build["latest_release_date"])):
        assert fact in text
    assert f"<dt>Releases</dt><dd>{rows['headline'][0]['release_count']}</dd>" in page


@pytest.mark.slow
def test_text_of_the_archive_is_nothing_but_text(answers) -> None:
    build, rows = answers
    release = {"title": HOSTILE, "url": f"https://example.invalid/{HOSTILE}"}
    hostile = {
        name: [
            {
                key: HOSTILE if isinstance(cell, str) else [release] if isinstance(cell, list) else cell
                for key, cell in row.items()
            }
            for row in found
        ]
        for name, found in rows.items()
        if name != "quality"  # its texts are the query's own
    } | {"quality": rows["quality"]}
    page = report.render({key: HOSTILE if isinstance(cell, str) else cell for key, cell in build.items()}, hostile)
    tree = parsed(page)
    assert not [e for e in tree.iter() if str(e.tag).rpartition("}")[2] in ("script", "img")]
    assert not re.search("[\u202e\x1b\uffff]", page)
    assert "{{ 7 * 7 }}" in words(tree)


def test_a_figure_of_nothing_says_so(answers) -> None:
    build, rows = answers
    page = report.render(
        build, {name: found if name in ("headline", "quality") else [] for name, found in rows.items()}
    )
    tree = parsed(page)
    assert not list(tree.iter(f"{SVG}svg"))
    assert page.count("The archive has nothing to show here.") == len(
        {*report.FINDINGS, *report._QUALITY} - {"quality"}
    )


def test_findings_follow_the_rows() -> None:
    elections = [
        {"election_date": date(2011, 11, 26), "window_name": name, "release_count": count}
        for name, count in (("A year earlier", 60), ("Four weeks before", 50), ("Four weeks after", 70))
    ] + [{"election_date": date(2014, 9, 20), "window_name": "Four weeks before", "release_count": 7}]
    assert report.FINDINGS["elections"]({"elections": elections}).text == (
        "In the four weeks before 1 of 1 election, less was published than in the same weeks a year earlier. "
        "In the four weeks after 0 of 1 election, less was published than in the four weeks before."
    )
    told = report.FINDINGS["elections"]({"elections": elections[-1:]})
    assert told.text == "No election has two periods to compare."
    pair = {"minister_a_name": "A", "minister_b_name": "B", "statement_count": 1,
            "first_release_date": date(2010, 1, 1), "last_release_date": date(2011, 1, 1)}  # fmt: skip
    pairs = report.FINDINGS["co_announcements"]
    assert pairs({"co_announcements": [pair]}).text.endswith(
        "on 1 statement, from 2010 to 2011: more than any other pair."
    )
    assert pairs({"co_announcements": [pair, pair]}).text.endswith("as many as any other pair.")


def test_an_incomplete_year_is_no_record() -> None:
    years = [{"year": year, "is_whole_year": year < 2026, "percent": float(percent)}
             for year, percent in ((2024, 10), (2025, 20), (2026, 90))]  # fmt: skip
    told = report.FINDINGS["women"]({"women": years}).text
    assert told == "The share of women was largest in 2025: 20.0 %. It was 10.0 % in 2024."
    counts = [row | {"release_count": int(row["percent"]), "doubtful_month_count": 1} for row in years]
    told = report.FINDINGS["output_by_year"]({"output_by_year": counts}).text
    assert told == (
        "Most was published in 2025, 20 releases, and least in 2024, 10 (1 month may lack releases). "
        "Incomplete in the archive: 2026."
    )


# Two releases a day from 2012 to 2015, but for 2013, with a Budget day in the year that is missing.
_FOUR_YEARS_BUT_ONE = """
truncate core.fact_release;
truncate core.dim_date;
insert into core.dim_date by name
select
    strftime(day, '%Y%m%d')::integer as date_id, day::date as calendar_date, year(day) as year, month(day) as month,
    monthname(day) as month_name,
    date_trunc('month', day)::date as month_start_date, isodow(day) as weekday, 'labour' as government_id,
    (select min(minister_id) from core.dim_minister) as prime_minister_id,
    day = date '2014-09-20' as is_election_day, day = date '2013-05-16' as is_budget_day
from generate_series(timestamp '2012-01-01', timestamp '2015-12-31', interval 1 day) as days (day);
insert into core.fact_release by name
select
    format('{}-{}', date_id, number) as release_id, format('{}-{}', date_id, number) as twin_group_id,
    'labour' as government_id, calendar_date as nz_date, date_id as nz_date_id, 1 as minister_count, 1 as word_count
from core.dim_date cross join range(2) as numbers (number)
where year(calendar_date) <> 2013;
"""


def test_gaps_of_the_archive_are_no_quiet_times() -> None:
    """A month without any release is a gap: its days are in no average, and no window over it is compared."""
    queries = {query.name: query.statement for query in sqlfiles.report()}
    with world({"core.fact_release": []}) as connection:
        connection.execute(_FOUR_YEARS_BUT_ONE)
        assert {row["releases_per_day"] for row in dicts(connection, queries["weeks"])} == {2.0}
        years = [(row["year"], row["is_whole_year"]) for row in dicts(connection, queries["output_by_year"])]
        assert years == [(2012, True), (2014, True), (2015, True)]
        connection.execute("delete from core.fact_release where nz_date between '2014-06-01' and '2014-06-30'")
        connection.execute("delete from core.fact_release where nz_date >= '2015-12-14'")
        years = [(row["year"], row["is_whole_year"]) for row in dicts(connection, queries["output_by_year"])]
        assert years == [(2012, True), (2014, False), (2015, False)]
        assert dicts(connection, queries["budget_days"]) == []
        windows = [row["window_name"] for row in dicts(connection, queries["elections"])]
        assert windows == ["Four weeks before", "Four weeks after"]


@pytest.mark.parametrize("width", first_quick([charts.WIDE, charts.NARROW]))
def test_every_chart_takes_a_single_row_of_zeros(width: int, answers) -> None:
    _, rows = answers
    for name, chart in report.CHARTS.items():
        for found in rows[name][:1]:
            zero = {k: 0 if type(cell) is int and k != "year" else 0.0 if isinstance(cell, float) else cell
                    for k, cell in found.items()}  # fmt: skip
            assert charts.draw(chart, [zero], "label", name)


def test_without_a_published_build_it_says_what_query_says(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="run `beehive refresh` first"):
        report.write_report(tmp_path / "beehive.duckdb", tmp_path / "report.html")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_a_sentence(sample, tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="cannot be written"):
        report.write_report(sample.published, tmp_path / "none" / "report.html")


def test_a_page_in_place_of_a_folder_is_a_sentence(sample, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="not a report that this command wrote"):
        report.write_report(sample.published, tmp_path)


@pytest.mark.slow
def test_the_old_page_stays_where_the_new_one_cannot_go(page: str, sample, tmp_path: Path, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "report.html").write_text(page, encoding="utf-8")
    monkeypatch.setattr(report, "render", lambda *_: "new")
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(Unusable, match="No space left on device"):
        report.write_report(sample.published, tmp_path / "report.html")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == page


def test_a_file_of_another_content_is_a_sentence(tmp_path: Path) -> None:
    duckdb.connect(str(tmp_path / "beehive.duckdb")).close()
    with pytest.raises(Unusable, match="has no data for a report"):
        report.write_report(tmp_path / "beehive.duckdb", tmp_path / "report.html")


@pytest.mark.slow
def test_the_command_writes_the_same_page_of_the_same_build(
    page: str, sample, tmp_path: Path, monkeypatch, capfd
) -> None:
    again = tmp_path / "again.html"
    monkeypatch.setattr(
        "sys.argv", ["beehive", "report", "--warehouse", str(sample.published.parent), "--output", str(again)]
    )
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert capfd.readouterr().out.startswith(f"{again}: ")
    assert again.read_text(encoding="utf-8") == page
    assert page.startswith("<!DOCTYPE html>")
