"""The report: every figure bears its picture, its data, its SQL and a sentence; nothing in it obeys the archive."""

import re
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
from tests.world import world

NAMESPACE = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)> \u202e\x1b[31m \uffff {{ 7 * 7 }} ]]> \"'&"


@pytest.fixture(scope="module")
def answers(sample) -> tuple[dict[str, Any], report.Answers]:
    with open_published(sample.published) as connection:
        return dicts(connection, "from build_info")[0], {
            query.name: dicts(connection, query.statement) for query in sqlfiles.report()
        }


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
    assert set(queries) == {"headline", *report.FINDINGS}
    assert all(query.title and query.description for query in queries.values())
    assert set(report.CHARTS) == set(report.FINDINGS) - {"quality", "warnings", "set_aside", "names", "dates"}


def test_queries_read_what_is_public_alone() -> None:
    for query in sqlfiles.report():
        assert query.references
        assert all(name.startswith(("main.", "meta.")) for name in query.references), query.path


def test_every_figure_has_its_sentence_pictures_table_and_sql(page: str, answers) -> None:
    tree = parsed(page)
    queries = {query.name: query for query in sqlfiles.report()}
    _, rows = answers
    seen = 0
    for section in tree.iter(f"{NAMESPACE}section"):
        name = section.get("aria-labelledby")
        if name not in report.CHARTS:
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
        assert finding == " ".join(report.FINDINGS[name](rows).split())
        assert [picture.get("class") for picture in pictures] == ["chart wide", "chart narrow"]
        for picture in pictures:
            assert picture.get("role") == "img"
            assert finding in picture.get("aria-label")
            assert picture.get("viewBox")
        assert query.description in words(section.find(f".//{NAMESPACE}figcaption"))
        assert len(section.findall(f".//{NAMESPACE}tbody/{NAMESPACE}tr")) == len(rows[name])
        assert [words(head) for head in section.iter(f"{NAMESPACE}th")] == [
            column.replace("_", " ") for column in rows[name][0]
        ]
        assert "".join(section.find(f".//{NAMESPACE}code").itertext()) == query.statement
    assert seen == len(report.CHARTS)


def test_the_sample_fills_most_figures(answers) -> None:
    _, rows = answers
    assert {name for name in report.FINDINGS if not rows[name]} <= {"elections", "budget_days"}


def test_nothing_is_loaded_and_nothing_runs(page: str) -> None:
    tree = parsed(page)
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag.rpartition("}")[2] not in ("script", "iframe", "img", "object", "embed", "image", "use")
        for key, value in element.attrib.items():
            assert not key.startswith("on"), (element.tag, key)
            if key in ("href", "src", "xlink:href", "action", "data"):
                assert value.startswith(("#", "data:,")), value
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
    assert {e.get("href")[1:] for e in body.iter(f"{NAMESPACE}a")} <= set(ids)
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


def test_text_of_the_archive_is_nothing_but_text(answers) -> None:
    build, rows = answers
    hostile = {
        name: [{key: HOSTILE if isinstance(cell, str) else cell for key, cell in row.items()} for row in found]
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
    assert page.count("The archive has nothing to show here.") == len(report.FINDINGS) - 1


def test_findings_follow_the_rows() -> None:
    elections = [
        {"election_date": date(2011, 11, 26), "window_name": name, "releases_per_day": value}
        for name, value in (("A year earlier", 6.0), ("Three months before", 5.0), ("Three months after", 2.0))
    ] + [{"election_date": date(2014, 9, 20), "window_name": "Three months before", "releases_per_day": 7.0}]
    assert report.FINDINGS["elections"]({"elections": elections}) == (
        "In the three months before 0 of 1 election, more was published than in the same months a year earlier. "
        "In the three months after 1 of 1 election, less was published than in the three months before."
    )
    assert report.FINDINGS["elections"]({"elections": elections[-1:]}) == "No election has two periods to compare."
    pair = {"minister_a_name": "A", "minister_b_name": "B", "statement_count": 1,
            "first_release_date": date(2010, 1, 1), "last_release_date": date(2011, 1, 1)}  # fmt: skip
    told = report.FINDINGS["co_announcements"]
    assert told({"co_announcements": [pair]}).endswith("on 1 statement, from 2010 to 2011: more than any other pair.")
    assert told({"co_announcements": [pair, pair]}).endswith("as many as any other pair.")


# Two releases a day from 2012 to 2015, but for 2013, with a Budget day in the year that is missing.
_FOUR_YEARS_BUT_ONE = """
truncate core.fact_release;
truncate core.dim_date;
insert into core.dim_date by name
select
    strftime(day, '%Y%m%d')::integer as date_id, day::date as calendar_date, month(day) as month,
    monthname(day) as month_name,
    date_trunc('month', day)::date as month_start_date, isodow(day) as weekday, 'labour' as government_id,
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
        for name in ("governments", "season_by_month", "summer"):
            found = dicts(connection, queries[name])
            assert {row["releases_per_day"] for row in found} == {2.0}, name
        assert dicts(connection, queries["budget_days"]) == []
        windows = [row["window_name"] for row in dicts(connection, queries["elections"])]
        assert windows == ["Three months before", "Three months after"]


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


def test_the_old_page_stays_where_the_new_one_cannot_go(sample, tmp_path: Path, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    report.write_report(sample.published, tmp_path / "report.html")
    old = (tmp_path / "report.html").read_bytes()
    monkeypatch.setattr(report, "render", lambda *_: "new")
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(Unusable, match="No space left on device"):
        report.write_report(sample.published, tmp_path / "report.html")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert (tmp_path / "report.html").read_bytes() == old


def test_a_file_of_another_content_is_a_sentence(tmp_path: Path) -> None:
    duckdb.connect(str(tmp_path / "beehive.duckdb")).close()
    with pytest.raises(Unusable, match="has no data for a report"):
        report.write_report(tmp_path / "beehive.duckdb", tmp_path / "report.html")


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
