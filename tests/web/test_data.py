"""The public views over HTTP: the same rows as SQL gives, in every format, whole and in pages."""

import csv
import html
import io
import json
import math
import shutil
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import httpx
import hypothesis.strategies as st
import polars as pl
import pytest
from hypothesis import given, settings

from flows.load import sqlfiles
from flows.load.parquet import LEFT_OUT_COLUMNS, find_files
from flows.serve.export import export
from flows.settings import Settings
from flows.web.catalog import RESERVED
from tests.conftest import examples
from tests.web.conftest import Start, client, start

pytestmark = pytest.mark.slow

VIEWS = {file.name: file for file in sqlfiles.views()}
Rows = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def sql(sample: Settings) -> Callable[[str], tuple[list[str], Rows]]:
    """Ask the sample itself."""
    connection = duckdb.connect()
    connection.execute(f"attach '{sample.published}' as beehive (read_only); use beehive")

    def ask(query: str) -> tuple[list[str], Rows]:
        result = connection.execute(query)
        return [column[0] for column in result.description or []], result.fetchall()

    return ask


def as_json(value: Any) -> Any:
    """What JSON has for a value of SQL."""
    match value:
        case datetime():
            return f"{value:%Y-%m-%dT%H:%M:%S.%fZ}"
        case date():
            return value.isoformat()
        case Decimal():
            return float(value)
        case _:
            return value


def folded(text: str) -> str:
    """A text without case, macrons and accents."""
    return "".join(one for one in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(one))


def key(row: Any) -> str:
    return repr(row)


def pages(site: httpx.Client, address: str) -> tuple[list[dict[str, Any]], int]:
    """The rows of all pages, and how many there must be."""
    rows: list[dict[str, Any]] = []
    following: str | None = address
    while following:
        answer = site.get(following)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        rows += page["rows"]
        assert page["is_limited"] == (page["next"] is not None)
        assert answer.headers["x-total-count"] == str(page["total_count"])
        following = page["next"]
        assert answer.links.get("next", {}).get("url") == following
    return rows, page["total_count"]


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_has_the_same_rows_in_every_format(name: str, site: httpx.Client, sql) -> None:
    columns, expected = sql(f"from main.{name}")
    whole = site.get(f"/views/{name}.json?limit=all").json()
    assert sorted(map(key, ([row[one] for one in columns] for row in whole["rows"]))) == sorted(
        map(key, ([as_json(value) for value in row] for row in expected))
    )
    assert whole["total_count"] == len(expected)
    assert not whole["is_limited"]
    left_out = LEFT_OUT_COLUMNS.get(f"main.{name}", frozenset())
    published = pl.read_parquet(site.get(f"/views/{name}.parquet").content)
    kept = [column for column in columns if column not in left_out]
    assert published.columns == kept
    assert published.height == len(expected)
    written = pl.read_parquet(
        site.get(f"/views/{name}.parquet?limit=all&columns={','.join(kept)}&order={kept[0]}").content
    )
    assert written.schema == published.schema
    assert sorted(map(key, written.rows())) == sorted(map(key, published.rows()))


def test_csv_is_what_an_export_writes(site: httpx.Client, sample: Settings, tmp_path: Path) -> None:
    export(sample, tmp_path / "export", "csv", lambda _done, _total: None)
    for name in VIEWS:
        answer = site.get(f"/views/{name}.csv")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        exported = (tmp_path / "export" / "main" / f"{name}.csv").read_bytes()
        found, expected = (list(csv.reader(io.StringIO(text.decode()))) for text in (answer.content, exported))
        assert found[0] == expected[0]
        assert sorted(found) == sorted(expected), name
        assert int(answer.headers["x-total-count"]) == len(found) - 1
        # An empty text is a pair of quotes, and a missing value an empty cell, as in the export.
        assert answer.content.count(b'""') == exported.count(b'""')


FILTERABLE = ("releases", "release_ministers", "portfolio_holders", "money_amounts", "release_history", "ministers")


@settings(max_examples=examples(40))
@given(data=st.data())
def test_filters_keep_the_rows_that_python_keeps(data: st.DataObject, site: httpx.Client, sql) -> None:
    name = data.draw(st.sampled_from(FILTERABLE))
    columns, rows = sql(f"from main.{name}")
    grain = [columns.index(one) for one in VIEWS[name].grain]
    place = data.draw(st.integers(0, len(columns) - 1))
    column, values = columns[place], sorted({row[place] for row in rows if row[place] not in (None, "")}, key=str)
    tests = ["is"] + (["", "from", "to"] if values else [])
    if values and isinstance(values[0], str):
        tests.append("contains")
    test = data.draw(st.sampled_from(tests))
    if test == "is":
        given_texts = [data.draw(st.sampled_from(["missing", "given"]))]
        keeps = lambda value: (value is None) == (given_texts[0] == "missing")  # noqa: E731
    else:
        chosen = data.draw(st.lists(st.sampled_from(values), min_size=1, max_size=3 if test in ("", "contains") else 1))
        given_texts = [str(one).lower() if isinstance(one, bool) else str(one) for one in chosen]
        keeps = {
            "": lambda value: value in chosen,
            "from": lambda value: value is not None and value >= chosen[0],
            "to": lambda value: value is not None and value <= chosen[0],
            "contains": lambda value: value is not None and any(folded(one) in folded(value) for one in chosen),
        }[test]
    parameter = f"{column}.{test}" if test else column
    answer = site.get(f"/views/{name}.json", params=[*((parameter, one) for one in given_texts), ("limit", "all")])
    assert answer.status_code == 200, answer.text
    found = [[row[one] for one in VIEWS[name].grain] for row in answer.json()["rows"]]
    expected = [[as_json(row[one]) for one in grain] for row in rows if keeps(row[place])]
    assert sorted(map(key, found)) == sorted(map(key, expected))


@settings(max_examples=examples(15))
@given(data=st.data())
def test_pages_together_hold_each_row_once(data: st.DataObject, site: httpx.Client, sql) -> None:
    name = data.draw(st.sampled_from(FILTERABLE))
    columns, rows = sql(f"from main.{name}")
    least = math.ceil(len(rows) / 12)
    limit = data.draw(st.integers(max(1, least), len(rows) + 3))
    order = data.draw(
        st.lists(st.sampled_from(columns).flatmap(lambda one: st.sampled_from([one, f"-{one}"])), max_size=2)
    )
    found, total = pages(site, f"/views/{name}.json?limit={limit}" + (f"&order={','.join(order)}" if order else ""))
    assert total == len(rows)
    assert sorted(json.dumps(row) for row in found) == sorted(
        json.dumps(dict(zip(columns, map(as_json, row), strict=True))) for row in rows
    )
    if order:
        column = columns.index(order[0].lstrip("-"))
        values = [row[columns[column]] for row in found if row[columns[column]] is not None]
        assert values == sorted(values, reverse=order[0].startswith("-"))


WORDS = st.one_of(
    st.sampled_from([*RESERVED, "year", "year.from", "title.contains", "title.is", "nz_date.to", "nope", "", "a.b.c"]),
    st.text(max_size=12),
)
VALUES = st.one_of(
    st.sampled_from(["2003", "all", "-1", "0", "2003-06-17", "missing", "true", "title", "-title,title", "1e999", "٣"]),
    st.text(max_size=20),
    st.integers().map(str),
)


@settings(max_examples=examples(60))
@given(
    end=st.sampled_from([".csv", ".json", ".parquet", ""]),
    parameters=st.lists(st.tuples(WORDS, VALUES), max_size=4),
)
def test_no_parameter_is_a_fault_of_the_server(end: str, parameters: list[tuple[str, str]], site: httpx.Client) -> None:
    encodable = [
        (name, text) for name, text in parameters if not any(0xD800 <= ord(one) <= 0xDFFF for one in name + text)
    ]
    answer = site.get(f"/views/releases{end}", params=encodable)
    assert answer.status_code in (200, 400, 409), answer.text
    if answer.status_code != 200:
        assert answer.json()["error"].endswith((".", "views"))


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("ministre=1", "ministre is no column of releases. Nearest: ministers"),
        ("year=next", "year='next' is not a whole number: write it like 2025."),
        ("nz_date.from=17/6/2003", "nz_date.from='17/6/2003' is not a day: write it like 2025-12-31."),
        ("is_canonical=yes", "is not a value true or false"),
        ("year=", "year= has no value: leave it out, or ask for rows without a value with year.is=missing."),
        ("year.contains=20", "needs a column of text"),
        ("year.near=2003", "is not understood"),
        ("year.from=2003&year.from=2004", "is given 2 times"),
        ("limit=0", "limit='0' is not a number of rows"),
        ("columns=title,nope", "columns=nope is no column of releases."),
        ("order=-nope", "order=-nope is no column of releases."),
        ("excel=2", "write excel=1"),
        ("&".join(["year=2003"] * 501), "more than 500 values"),
        ("title=%00&title='; drop table x", ""),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_explained(query: str, sentence: str, site: httpx.Client) -> None:
    answer = site.get(f"/views/releases.csv?{query}")
    assert answer.status_code == (400 if sentence else 200)
    assert sentence in answer.text


def test_a_value_that_does_not_occur_is_named_with_those_near_it(site: httpx.Client, sql) -> None:
    ((name,),) = sql("select min(minister_name) from ministers where strip_accents(minister_name) <> minister_name")[1]
    plain = folded(name)
    answer = site.get("/views/ministers.json", params={"minister_name": plain}).json()
    assert answer["rows"] == []
    assert f"No minister_name is {plain!r}. Values like it: {name}" in answer["hint"]
    assert name in html.unescape(site.get("/views/ministers", params={"minister_name": plain}).text)
    assert site.get("/views/ministers.json?minister_id=nope").json()["hint"] == "No minister_id is 'nope'."
    both = site.get("/views/ministers.json", params={"minister_name": name, "release_count": 999_999_999}).json()
    assert (both["rows"], both["hint"]) == ([], None)
    assert "hint" not in site.get("/views/ministers.json", params={"minister_name": name}).json()


def test_a_page_after_the_last_row_is_refused(site: httpx.Client, sql) -> None:
    ((count,),) = sql("select count(*) from releases")[1]
    assert site.get(f"/views/releases?offset={count - 1}").status_code == 200
    answer = site.get(f"/views/releases?offset={count}")
    assert answer.status_code == 400
    assert f"is after the last row: there are {count:,} rows." in answer.json()["error"]


def test_an_unknown_view_names_the_nearest(site: httpx.Client) -> None:
    answer = site.get("/views/minister.csv")
    assert answer.status_code == 404
    assert "Nearest: ministers" in answer.json()["error"]


def test_a_page_of_another_build_is_refused(site: httpx.Client) -> None:
    answer = site.get("/views/releases.json?limit=1&offset=1&build=20200101T000000Z-00000000")
    assert answer.status_code == 409
    assert "begin again" in answer.json()["error"]


@pytest.mark.parametrize("name", ["releases", "laws"])  # joined of the files of all years, and the published file
def test_parts_of_the_file_of_a_whole_view_can_be_read(name: str, site: httpx.Client, sample: Settings) -> None:
    whole = site.get(f"/views/{name}.parquet")
    published = pl.read_parquet(find_files(sample.parquet, f"main.{name}"))
    assert pl.read_parquet(whole.content).equals(published)
    assert whole.headers["accept-ranges"] == "bytes"
    assert site.head(f"/views/{name}.parquet").headers["content-length"] == str(len(whole.content))
    end = site.get(f"/views/{name}.parquet", headers={"Range": "bytes=-8"})
    assert (end.status_code, end.content) == (206, whole.content[-8:])
    key = published.columns[0]
    assert pl.scan_parquet(f"{site.base_url}/views/{name}.parquet").select(key).collect().height == published.height


def test_a_client_that_has_the_rows_gets_none(site: httpx.Client) -> None:
    first = site.get("/views/ministers.csv")
    again = site.get("/views/ministers.csv", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_no_column_is_called_like_a_parameter() -> None:
    assert not {column for file in VIEWS.values() for column in file.columns} & set(RESERVED)


@pytest.fixture(scope="module")
def odd(sample: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a warehouse in which `laws` fails in the middle and titles of `ministers` are formulas."""
    warehouse = tmp_path_factory.mktemp("odd")
    published = warehouse / "beehive.duckdb"
    shutil.copy(sample.published, published)
    published.chmod(0o600)
    with duckdb.connect(str(published)) as connection:
        connection.execute(
            "create or replace view main.laws as select "
            "case when i = 90000 then error('broken') else 'law ' || i || repeat('x', 300) end as law_title, "
            "'act' as law_kind, false as is_amendment, null::varchar as law_years, 1 as release_count, "
            "null::date as first_release_date, null::date as last_release_date from range(95000) as numbers (i)"
        )
        connection.execute(
            "create or replace view main.party_memberships as select '=1+1' as minister_id, '-x' as minister_name, "
            "'plain' as party_name, null::date as membership_start_date, null::date as membership_end_date, "
            "'Māori \"x\"\r\n@b' as certainty, '@c' as source, '' as reason"
        )
    door = start(warehouse, warehouse / "serve.log")
    with client(door) as one:
        yield one
    door.stop()


def test_rows_that_fail_in_the_middle_break_the_connection(odd: httpx.Client) -> None:
    received = b""
    with pytest.raises(httpx.RemoteProtocolError), odd.stream("GET", "/views/laws.csv") as answer:
        for part in answer.iter_raw():
            received += part
    assert received
    with pytest.raises(httpx.RemoteProtocolError):
        odd.get("/views/laws.json?limit=all")
    failed = odd.get("/views/laws.parquet")  # written before it is sent
    assert failed.status_code >= 400
    assert odd.get("/views/ministers.csv").status_code == 200  # nothing else breaks


def test_settings_limit_the_rows_of_an_answer_and_give_the_address(serve: Start, sample: Settings) -> None:
    address = "https://releases.example.org/nz"
    few = client(serve(sample.warehouse, BEEHIVE_SERVE_ROWS="20", BEEHIVE_SERVE_URL=f"{address}/"))
    refused = few.get("/views/releases.csv")
    assert refused.status_code == 400
    assert "at most 20 in one answer" in refused.json()["error"]
    page = few.get("/views/releases.json?limit=20")
    assert page.json()["next"].startswith(f"{address}/views/releases.json?limit=20&offset=20")
    assert f"<{address}/views/" in page.headers["link"]
    assert few.get("/views/releases.parquet").status_code == 200
    assert f'href="{address}/releases/' in few.get("/feeds/search.atom").text


def test_text_for_excel_is_no_formula(odd: httpx.Client) -> None:
    plain = odd.get("/views/party_memberships.csv").text
    assert list(csv.reader(io.StringIO(plain, newline="")))[1] == [
        "=1+1",
        "-x",
        "plain",
        "",
        "",
        'Māori "x"\r\n@b',
        "@c",
        "",
    ]
    safe = odd.get("/views/party_memberships.csv?excel=1").text
    assert safe.startswith("\ufeffminister_id,")
    assert list(csv.reader(io.StringIO(safe, newline="")))[1] == [
        "'=1+1",
        "'-x",
        "plain",
        "",
        "",
        'Māori "x"\r\n@b',
        "'@c",
        "",
    ]


@pytest.mark.clients
def test_the_description_is_valid_openapi(site: httpx.Client, environment, tmp_path: Path) -> None:
    import subprocess

    programs = environment("openapi", "openapi-spec-validator")
    described = tmp_path / "openapi.json"
    described.write_bytes(site.get("/openapi.json").content)
    done = subprocess.run([programs / "openapi-spec-validator", described], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    paths = json.loads(described.read_text())["paths"]
    assert {f"/views/{name}.{{format}}" for name in VIEWS} <= set(paths)
