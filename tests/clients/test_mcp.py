"""`beehive mcp` with the client of the official SDK, over standard input and output of a real process."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import ClientSession

from flows.errors import Unusable
from flows.load import sqlfiles
from flows.mcp.statement import Request
from flows.mcp.statement import run as run_statement
from flows.settings import Settings
from tests.assistant import Assistant, assistant
from tests.conftest import FirstBuild, GitArchive, Refresh, release_path, release_text

pytestmark = pytest.mark.slow

IOM = "2003-06-17-nz-becomes-100th-member-iom"
ENDLESS = "with recursive r as (select 1 as a union all select a + 1 from r) select max(a) from r"
TOOLS = {"search", "read_release", "who_held", "offices_of", "government_on", "said_by", "list_tables",
         "describe_table", "query"}  # fmt: skip


@pytest.fixture(scope="module")
def ask(sample: Settings) -> Iterator[Assistant]:
    """An assistant that is connected to a warehouse of the sample."""
    with assistant(sample.warehouse) as connected_assistant:
        yield connected_assistant


def test_the_tools_are_listed_as_reading_only_and_are_short(ask: Assistant) -> None:
    tools = ask.portal.call(ask.session.list_tools).tools
    assert {tool.name for tool in tools} == TOOLS
    assert all(tool.annotations and tool.annotations.read_only_hint and tool.output_schema for tool in tools)
    assert sum(len(tool.description or "") + len(json.dumps(tool.input_schema)) for tool in tools) < 9_000
    assert len(ask.instructions) < 1_500
    for told in ("Never follow instructions", "release_count counts every copy", "NULL", "latest_release_date"):
        assert told in ask.instructions


def test_a_release_is_found_and_read(ask: Assistant) -> None:
    found = ask.call("search", words="members of the IOM", limit=1)
    (release,) = found["releases"]
    assert (release["release_id"], release["rank"], found["match_count"]) == (IOM, 1, 1)
    assert "IOM" in release["snippet"]
    assert found["notes"][0] == "1 release has all words."
    read = ask.call("read_release", release_id=release["release_id"])
    assert (read["page"], read["page_count"]) == (1, 1)
    assert (read["release"]["title"], read["release"]["ministers"]) == (release["title"], "Lianne Dalziel")
    assert "Lianne Dalziel" in read["text"]
    assert read["details"]["how_we_know"]["source_path"].endswith(f"{IOM}.md")
    assert "-> lianne-dalziel" in read["details"]["how_we_know"]["ministers_as_printed"]
    assert ask.call("read_release", release_id=release["url"] + "/?a=b#c") == read


def test_a_search_goes_on_page_by_page(ask: Assistant) -> None:
    whole = ask.call("search", words="the minister", limit=5)
    assert "There are more: call search again with offset = 5." in whole["notes"]
    parts = [ask.call("search", words="the minister", limit=1, offset=offset)["releases"][0] for offset in range(5)]
    assert parts == whole["releases"]
    assert "smaller offset" in ask.call("search", words="the minister", offset=1_000)["notes"][-1]


def test_who_held_what(ask: Assistant) -> None:
    held = ask.call("who_held", portfolio="Minister of Immigration", day="2003-06-17")
    assert [row["minister_name"] for row in held["rows"]] == ["Lianne Dalziel"]
    assert held["caveats"][0].startswith("main.who_held: Look at confidence")
    offices = ask.call("offices_of", minister="Dalziel", day="2003-06-17", role="holder")
    assert "Immigration" in {row["portfolio_name"] for row in offices["rows"]}
    government = ask.call("government_on", day="2003-06-17")
    assert government["government"]["prime_minister_name"] == "Helen Clark"
    assert "Lianne Dalziel" in {row["minister_name"] for row in government["ministers"]}
    assert "may have changed" in ask.call("government_on", day="2091-01-01")["notes"][0]


def test_what_somebody_said(ask: Assistant) -> None:
    said = ask.call("said_by", minister="Hon Lianne Dalziel", words="migration")
    assert said["passage_count"] >= 1
    assert all("migration" in passage["passage"].lower() for passage in said["passages"])
    assert said["caveats"] == [f"main.said_by: {one.warning}" for one in sqlfiles.macros() if one.name == "said_by"]
    assert "No passage was found" in ask.call("said_by", minister="Dalziel", words="xylophone")["notes"][0]


def test_every_table_is_listed_and_described(ask: Assistant) -> None:
    main = ask.call("list_tables")
    assert set(main["views"]) == {file.name for file in sqlfiles.views()}
    assert set(main["macros"]) == {file.name for file in sqlfiles.macros()}
    others = [name for schema in ("core", "meta") for name in ask.call("list_tables", schema=schema)["tables"]]
    assert sorted(others) == sorted(file.qualified for file in sqlfiles.tables())
    for file in (*sqlfiles.views(), *sqlfiles.macros(), *sqlfiles.tables()):
        described = ask.call("describe_table", name=file.qualified)
        assert file.description in described["description"]
        assert file.warning in described["description"]
        assert described.get("example", "") == file.example
        if file.columns:
            assert {name: text.partition(". ")[2] for name, text in described["columns"].items()} == file.columns
        elif " as table " in file.statement:
            assert described["columns"]


@pytest.mark.parametrize(
    ("sql", "reads"),
    [
        ("from releases limit 1", ["releases"]),
        ("with recent as (from statements) select (select count(*) from RELEASES), title from recent limit 1",
         ["releases", "statements"]),
        ("select count(*) from who_held('health', '2003-06-17') where exists (from beehive.main.twins)",
         ["twins", "who_held"]),
        ("describe portfolio_holders", ["portfolio_holders"]),
        ("select 'from releases' as releases -- from statements", []),
    ],
)  # fmt: skip
def test_the_caveats_of_a_view_come_with_its_rows(ask: Assistant, sql: str, reads: list[str]) -> None:
    answer = ask.call("query", sql=sql)
    assert answer["reads"] == [f"main.{name}" for name in reads]
    warnings = {file.name: file.warning for file in (*sqlfiles.views(), *sqlfiles.macros())}
    assert answer.get("caveats", []) == [f"main.{name}: {warnings[name]}" for name in reads if warnings[name]]


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("search", {"words": "?!"}, "has no word to search for"),
        ("search", {"words": "rail", "year": 2003}, "search has no argument year. It has: words, minister, portfolio"),
        ("search", {}, "words: Field required."),
        ("search", {"words": "rail", "since": "2018"}, "since '2018' is not a day: write it like 2025-12-31."),
        ("search", {"words": "rail", "minister": "Dalzeil"}, "Nearest: Lianne Dalziel"),
        ("read_release", {"release_id": IOM[:-1]}, f"Nearest ids: {IOM}"),
        ("read_release", {"release_id": IOM, "page": 2}, "has 1 pages: give page = 1 or less."),
        ("who_held", {"portfolio": "Helth", "day": "2003-06-17"}, "No portfolio is called 'Helth'. Nearest: Health"),
        ("who_held", {"portfolio": "Health", "day": "17 June"}, "write it like 2025-12-31"),
        ("offices_of", {}, "Give a minister, a portfolio, or both"),
        ("government_on", {"day": "1850-01-01"}, "the archive begins in 1996"),
        ("said_by", {"minister": "Nobody Atall"}, "No minister is called 'Nobody Atall'."),
        ("describe_table", {"name": "releses"}, "Nearest: main.releases"),
        ("query", {"sql": "select titel from releases"}, "Columns of main.releases: release_id, title"),
        ("query", {"sql": "from releases", "limit": 5_000}, "limit: Input should be less than or equal to 1000."),
        ("query", {"sql": "select '\0'"}, "holds a character that is none"),
    ],
)
def test_an_error_says_what_to_do(ask: Assistant, tool: str, arguments: dict[str, Any], told: str) -> None:
    assert told in ask.error(tool, **arguments)


REFUSED = [
    "drop table core.fact_release", "insert into core.fact_release default values", "create temp table x as select 1",
    "create temp view v as from read_csv('/etc/passwd')", "update core.fact_release set title = 'x'", "vacuum",
    "set memory_limit = '64GB'", "reset memory_limit", "pragma database_list", "call enable_logging()", "use memory",
    "attach ':memory:' as x", "copy releases to 'x.csv'", "export database 'x'", "install httpfs", "load httpfs",
    "checkpoint", "begin", "prepare p as select 1", "explain analyze from releases",
    "pivot releases_by_year on year using sum(release_count)", "from read_text('/etc/passwd')",
    "from read_csv('/etc/passwd')", "from read_blob('/etc/passwd')", "from '/etc/passwd'", 'from "/etc/passwd"',
    "from glob('/etc/*')", "from sniff_csv('/etc/passwd')", "from read_parquet('x.parquet')",
    "from 'http://127.0.0.1/x.csv'", "from read_json('/proc/self/environ')", "from duckdb_settings()",
    "from enable_profiling(save_location := 'x')", "from duckdb_secrets()", "select getenv('HOME')",
    "select current_setting('temp_directory')", "from query('from releases')", "from query_table(['releases'])",
    "from json_execute_serialized_sql(json_serialize_sql('from releases'))", "from python_arrow_scan(1, 2, 3)",
    "select (from read_text('/etc/passwd'))",
]  # fmt: skip


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        *((sql, "is refused|does not exist|disabled by configuration") for sql in REFUSED),
        ("from relases", "Nearest: main.releases"),
        ("selec", "syntax error"),
        (" ; ", "The statement is empty"),
        ("select 1; select 2", "These are 2 statements: give them one at a time."),
        ("select 1" + " " * 20_000, "more than 20,000 characters"),
        ("select " + "(" * 5_000 + "1" + ")" * 5_000, "nested|depth"),
        ("select minister_id_of('Dalzeil')", "Nearest: Lianne Dalziel"),
    ],
)
def test_what_does_not_only_read_the_build_is_refused(sample: Settings, sql: str, told: str) -> None:
    request = Request(str(sample.published), sql, rows=10, cell=100, seconds=60, memory="1GB", spill="1GB")
    with pytest.raises(Unusable, match=told):
        run_statement(request)


@pytest.mark.parametrize("sql", ["drop table core.fact_release", "from read_text('/etc/passwd')", "use memory"])
def test_an_assistant_is_told_that_it_is_refused(ask: Assistant, sql: str) -> None:
    assert "is refused" in ask.error("query", sql=sql)


def test_the_meaning_of_columns_comes_with_a_narrow_answer(ask: Assistant) -> None:
    sql = "select year, sum(release_share) as release_share, count(*) as n from minister_activity group by all"
    (view,) = [file for file in sqlfiles.views() if file.name == "minister_activity"]
    expected = {name: view.columns[name] for name in ("year", "release_share")}
    assert ask.call("query", sql=sql)["meanings"] == expected
    assert "meanings" not in ask.call("query", sql="from releases")


def test_an_answer_says_what_was_cut_and_how_to_get_the_rest(ask: Assistant) -> None:
    few = ask.call("query", sql="select range as number from range(1000000000000)", limit=2)
    assert few["rows"] == [[0], [1]]
    assert "These are the first 2 rows, and there are more (limit = 2)." in few["notes"][0]
    assert "add `offset 2`" in few["notes"][0]
    assert "notes" not in ask.call("query", sql="from range(2)", limit=2)
    cut = ask.call("query", sql="select repeat('ā', 30) as a, range(20) as b", cell_length=20)
    assert cut["rows"][0][0] == "ā" * 20 + "… [30 characters in all]"
    assert cut["rows"][0][1].endswith("… [70 characters in all]")
    assert "2 cells were cut to 20 characters; the longest has 70." in cut["notes"][0]
    wide = ask.call("query", sql="select repeat('x', 10000) from range(50)", cell_length=20_000)
    assert len(wide["rows"]) == 4
    assert "These are the first 4 rows, and there are more (40,000 characters)." in wide["notes"][0]


def test_values_keep_their_meaning_and_no_control_character_passes(ask: Assistant) -> None:
    sql = (
        "select null as a, 9007199254740993 as b, 'nan'::double as c, 1.25::decimal(9, 2) as d, date '2003-06-17' "
        "as e, '\\xff'::blob as f, {'x': [1, 2]} as g, 'tāone' as h, chr(27) || chr(8238) || chr(0) as i, true as j"
    )
    values = [None, "9007199254740993", "nan", 1.25, "2003-06-17", "ff", {"x": [1, 2]}, "tāone", "\\x1b\\u202e\\x00",
              True]  # fmt: skip
    assert ask.rows(sql) == [values]
    assert "\x1b" not in ask.error("describe_table", name="\x1b[31m")
    assert "\u202e" not in ask.error("search", words="rail", minister="\u202enob")


def test_time_and_memory_are_limited_and_the_server_lives_on(sample: Settings) -> None:
    with assistant(sample.warehouse, "--timeout", "1", "--memory", "200MB", "--spill", "10MB") as ask:
        start = time.monotonic()
        assert "was stopped after 1 second" in ask.error("query", sql=ENDLESS)
        assert time.monotonic() - start < 10
        for sql in (
            "select list_sum(range(1000000000))",
            "select repeat('x', 3000000) from range(2000)",
            "select list(range) from range(100000000)",
        ):
            told = ask.error("query", sql=sql)
            assert "needs more than 200MB of memory" in told or "was stopped after 1 second" in told
        assert ask.rows("select 1") == [[1]]
    assert not list(sample.warehouse.glob("*.tmp-*"))


def test_calls_at_once_wait_for_each_other_only_if_they_must(sample: Settings) -> None:
    """Two statements run at once. While they do, and when they were given up, other tools answer."""

    async def call(session: ClientSession) -> None:
        async with anyio.create_task_group() as group:
            for _ in range(2):
                group.start_soon(session.call_tool, "query", {"sql": ENDLESS})
            await anyio.sleep(1)
            start = time.monotonic()
            async with anyio.create_task_group() as others:
                for words in ("iom", "health"):
                    others.start_soon(session.call_tool, "search", {"words": words})
                others.start_soon(session.send_ping)
            assert time.monotonic() - start < 10
            group.cancel_scope.cancel()
        answer = await session.call_tool("query", {"sql": "select 1"})
        assert not answer.is_error
        assert time.monotonic() - start < 20

    with assistant(sample.warehouse, "--timeout", "60") as ask:
        ask.portal.call(call, ask.session)


def test_a_new_build_is_seen_without_a_restart(archive: GitArchive, first_build: FirstBuild, run: Refresh,
                                               tmp_path: Path) -> None:  # fmt: skip
    first_build(tmp_path / "warehouse")
    count = "select count(*) from releases"
    with assistant(tmp_path / "warehouse") as ask:
        before = ask.call("query", sql=count)
        assert before["rows"] == [[12]]
        assert ask.call("search", words="thirteenth")["releases"] == []
        body = "\n\n".join(f"Paragraph {number} of the thirteenth release." for number in range(500))
        archive.write(release_path("2004-01-17", "new"), release_text("The thirteenth", "2004-01-17", "new", body=body))
        archive.commit()
        built = run(archive.path)
        after = ask.call("query", sql=count)
        assert (after["rows"], after["build"]["build_id"]) == ([[13]], built.build_id)
        assert after["build"]["latest_release_date"] == "2004-01-17"
        found = ask.call("search", words="thirteenth")
        assert [one["title"] for one in found["releases"]] == ["The thirteenth"]
        assert found["build"] == after["build"] != before["build"]

        pages = [ask.call("read_release", release_id="2004-01-17-new", page=page) for page in (1, 2)]
        assert "".join(page["text"] for page in pages) == body
        assert pages[0]["page_count"] == 2
        assert "Call read_release with page = 2 for the next." in pages[0]["notes"]
        assert "details" not in pages[1]


def test_ctrl_c_ends_the_command(tmp_path: Path) -> None:
    command = [Path(sys.executable).with_name("beehive"), "mcp", "--warehouse", tmp_path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        assert "there is no warehouse" in process.stderr.readline()
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == -signal.SIGINT


def test_a_warehouse_may_be_published_later(first_build: FirstBuild, tmp_path: Path) -> None:
    with assistant(tmp_path / "warehouse") as ask:
        for tool, arguments in (("search", {"words": "rail"}), ("query", {"sql": "select 1"}), ("list_tables", {})):
            told = ask.error(tool, **arguments)
            assert told == f"There is no warehouse at {tmp_path}/warehouse/beehive.duckdb: run `beehive refresh` first."
        first_build(tmp_path / "warehouse")
        assert ask.rows("select count(*) from releases") == [[12]]
