"""What clients of a PostgreSQL server see of a push of the sample: functions, keys, comments, dates and macrons."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb
import pytest

from flows.load.database import literal
from flows.paths import PROJECT
from flows.push.push import push
from flows.settings import Settings
from tests.conftest import Postgresql

pytestmark = pytest.mark.clients

DATABASE = "sample"
PAGE = (PROJECT / "docs" / "connect.md").read_text(encoding="utf-8")
RELEASE = "2003-06-17-nz-becomes-100th-member-iom"
# Of a portfolio with a macron in its name, and of the key and the comments of a table.
MACRON = "select portfolio_name from beehive.core_dim_portfolio where portfolio_id = 'maori-affairs'"


@pytest.fixture(scope="module")
def address(postgresql: Postgresql, sample: Settings) -> str:
    """A database with the sample, and with the role of readers that docs/connect.md describes."""
    postgresql.ask(f"create database {DATABASE}")
    push(sample, postgresql.address(DATABASE))
    return postgresql.address(DATABASE)


Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def ask(address: str) -> Any:
    from adbc_driver_postgresql import dbapi

    def run(sql: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return [tuple(row) for row in cursor.fetchall()] if cursor.description else []

    with dbapi.connect(address, autocommit=True) as connection:
        yield run


def test_functions_answer_as_the_macros_do(ask: Ask, sample: Settings) -> None:
    days = [f"{year}-{month}-11" for year in range(1993, 2027, 6) for month in ("02", "10")]
    with duckdb.connect(str(sample.published), read_only=True) as build:
        for macro in ("government_on", "ministers_on"):
            for day in days:
                ours = build.execute(f"from {macro}(date '{day}')").fetchall()
                assert ask(f"select * from beehive.{macro}('{day}')") == ours, (macro, day)
        names = [name for (name,) in build.execute("select portfolio_id from portfolios order by 1").fetchall()]
        found = 0
        for number, portfolio in enumerate(names):
            day = days[number % len(days)]
            ours = build.execute(f"from who_held('{portfolio}', date '{day}')").fetchall()
            assert ask(f"select * from beehive.who_held('{portfolio}', '{day}')") == ours, (portfolio, day)
            found += bool(ours)
        assert found > 10
        known = build.execute("select distinct kind, full_name from core.known_name order by all").fetchall()
        before = {"minister": ("Hon ", "the Rt. Hon. Dr ", "Prime Minister "), "portfolio": ("Minister of ", "the ")}
        for number, (kind, name) in enumerate(known[::5]):
            typed = before[kind][number % len(before[kind])] + (name.upper() if number % 2 else name.split()[-1])
            asked = f"{kind}_id_of({literal(typed)})"
            ours = _answer(lambda sql: build.execute(sql).fetchall(), f"select {asked}")
            assert _answer(ask, f"select beehive.{asked}") == ours, typed


def _answer(ask: Ask, sql: str) -> Any:
    """The answer, or the part of an error that says which names are meant."""
    try:
        return ask(sql)[0][0]
    except Exception as error:  # noqa: BLE001 (of two drivers)
        found = re.search(r"could be .*?\.|No \w+ is called", str(error))
        return found[0] if found else str(error)


def test_an_unknown_name_is_an_error_that_names_the_nearest(ask: Ask) -> None:
    for sql, sentence in {
        "select beehive.portfolio_id_of('Immigr')": "No portfolio is called 'Immigr'. Nearest: Immigration",
        "select * from beehive.who_held('Dragons', '2003-06-17')": "The table portfolios lists them",
    }.items():
        with pytest.raises(Exception, match=sentence):
            ask(sql)
    assert ask("select beehive.minister_id_of(null)") == [(None,)]


def test_functions_work_for_a_session_with_another_search_path_and_language(ask: Ask) -> None:
    ask("set default_text_search_config = 'pg_catalog.german'")
    ask("set datestyle = 'german'")
    assert ask("select minister_name from beehive.who_held('immigration', date '2003-06-17')") == [("Lianne Dalziel",)]
    assert ask("select beehive.search_query('houses')::text") == [("'hous'",)]


def test_the_sql_of_the_documents_runs(ask: Ask) -> None:
    blocks = re.findall(r"```postgresql\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) > 1
    for statement in "".join(blocks).split(";\n"):
        if statement.strip():
            ask(statement.replace("OWNER", "owner"))
    ask("set role beehive_readers")
    assert ask("select minister_name from beehive.who_held('immigration', '2003-06-17')") == [("Lianne Dalziel",)]
    with pytest.raises(Exception, match="permission denied"):
        ask("delete from beehive.releases")
    ask("reset role")


# What each client is asked: the key and the comments of a table, a day, a time, a number and a macron.
SEEN = {
    "key": ["release_id"],
    "day": "2003-06-17",
    "macron": "Māori Affairs",
    "comment": "Id of the release",
}

_PYTHON = """
import json, sys
import psycopg, sqlalchemy
address, release, macron = sys.argv[1:]
with psycopg.connect(address) as connection:
    day, built = connection.execute(
        "select nz_date, built_at from beehive.releases, beehive.build_info where release_id = %s", [release]
    ).fetchone()
    (name,) = connection.execute(macron).fetchone()
engine = sqlalchemy.create_engine(address.replace("postgresql:", "postgresql+psycopg:"))
looked = sqlalchemy.inspect(engine)
columns = {one["name"]: one for one in looked.get_columns("releases", schema="beehive")}
print(json.dumps({
    "key": looked.get_pk_constraint("releases", schema="beehive")["constrained_columns"],
    "day": day.isoformat(), "macron": name, "comment": columns["release_id"]["comment"],
    "zone": str(built.tzinfo), "tables": len(looked.get_table_names(schema="beehive")),
    "type": str(columns["nz_date"]["type"]),
    "table comment": looked.get_table_comment("releases", schema="beehive")["text"],
}))
"""


@pytest.fixture(scope="module")
def python(environment: Callable[..., Path]) -> Path:
    return environment("postgresql", "psycopg[binary]==3.3.*", "sqlalchemy==2.0.*", "pyodbc==5.*") / "python"


def test_psycopg_and_sqlalchemy(address: str, python: Path) -> None:
    """SQLAlchemy is what Superset reads tables, keys and comments with."""
    done = subprocess.run(
        [python, "-c", _PYTHON, address, RELEASE, MACRON], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert_seen(seen)
    assert (seen["type"], seen["tables"] > 60, seen["zone"] != "None") == ("DATE", True, True)
    assert "Grain: one row per release_id" in seen["table comment"]


def assert_seen(seen: dict[str, Any]) -> None:
    assert {name: seen[name] for name in ("key", "day", "macron")} == {n: SEEN[n] for n in ("key", "day", "macron")}
    assert seen["comment"].startswith("Id of the release")


def program(name: str, package: str) -> str:
    found = shutil.which(name)
    if not found:
        pytest.skip(f"Debian's package {package} is not installed")
    return found


_ODBC = """
import json, sys
import pyodbc
driver, port, database, password, release, macron = sys.argv[1:]
connection = pyodbc.connect(DRIVER=driver, SERVER="127.0.0.1", PORT=port, DATABASE=database, UID="owner", PWD=password)
cursor = connection.cursor()
(day,) = cursor.execute("select nz_date from beehive.releases where release_id = ?", release).fetchone()
(name,) = cursor.execute(macron).fetchone()
keys = [row.column_name for row in cursor.primaryKeys("releases", schema="beehive")]
columns = {row.column_name: row for row in cursor.columns("releases", schema="beehive")}
(comment,) = cursor.execute("select col_description('beehive.releases'::regclass, 1)").fetchone()
print(json.dumps({"key": keys, "day": day.isoformat(), "macron": name, "comment": comment,
    "types": [columns[column].type_name for column in ("nz_date", "word_count")]}))
"""


def test_odbc(postgresql: Postgresql, address: str, python: Path) -> None:
    """The driver that Excel, Power BI and Tableau can use; it lists columns and keys, but comments only to a query."""
    driver = next(Path("/usr/lib").glob("*/odbc/psqlodbcw.so"), None)
    if driver is None:
        pytest.skip("Debian's package odbc-postgresql is not installed")
    done = subprocess.run(
        [python, "-c", _ODBC, driver, str(postgresql.port), DATABASE, quote(postgresql.password, safe=""), RELEASE,
         MACRON],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert_seen(seen)
    assert seen["types"] == ["date", "int4"]


_JAVA = """
import java.sql.*;
public class Seen {
    public static void main(String[] given) throws Exception {
        try (Connection connection = DriverManager.getConnection(given[0], "owner", given[1])) {
            DatabaseMetaData about = connection.getMetaData();
            ResultSet keys = about.getPrimaryKeys(null, "beehive", "releases");
            while (keys.next()) System.out.println("key\\t" + keys.getString("COLUMN_NAME"));
            ResultSet columns = about.getColumns(null, "beehive", "releases", "release_id");
            while (columns.next()) System.out.println("comment\\t" + columns.getString("REMARKS"));
            ResultSet tables = about.getTables(null, "beehive", "releases", new String[] {"TABLE"});
            while (tables.next()) System.out.println("table\\t" + tables.getString("REMARKS"));
            ResultSet rows = connection.createStatement().executeQuery(
                "select releases.nz_date, (" + given[3] + "), amount from beehive.releases, beehive.money_amounts "
                + "where releases.release_id = '" + given[2] + "' limit 1");
            rows.next();
            System.out.println("day\\t" + rows.getDate(1).toLocalDate());
            System.out.println("macron\\t" + rows.getString(2));
            System.out.println("number\\t" + rows.getBigDecimal(3).scale());
        }
    }
}
"""


def test_jdbc(postgresql: Postgresql, address: str, tmp_path: Path) -> None:
    """The driver of DBeaver, Metabase and Tableau."""
    java = program("java", "openjdk-17-jdk-headless")
    driver = Path("/usr/share/java/postgresql.jar")
    if not driver.exists():
        pytest.skip("Debian's package libpostgresql-jdbc-java is not installed")
    (tmp_path / "Seen.java").write_text(_JAVA, encoding="utf-8")
    url = f"jdbc:postgresql://127.0.0.1:{postgresql.port}/{DATABASE}"
    done = subprocess.run(
        [java, "-Dfile.encoding=UTF-8", "-XX:TieredStopAtLevel=1", "-cp", driver, tmp_path / "Seen.java", url,
         postgresql.password, RELEASE, MACRON],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = dict(line.split("\t") for line in done.stdout.splitlines())
    assert_seen({**seen, "key": [seen["key"]]})
    assert "Grain: one row per release_id" in seen["table"]
    assert seen["number"] == "2"


_R = """
suppressMessages(library(RPostgreSQL))
given <- commandArgs(trailingOnly = TRUE)
connection <- dbConnect(PostgreSQL(), host = "127.0.0.1", port = as.integer(given[1]), dbname = given[2],
                        user = "owner", password = given[3])
asked <- function(sql) dbGetQuery(connection, sql)[1, 1]
day <- asked(paste0("select nz_date from beehive.releases where release_id = '", given[4], "'"))
cat("day\\t", class(day), "\\t", format(day), "\\n", sep = "")
cat("macron\\t", asked(given[5]), "\\n", sep = "")
cat("key\\t", asked("select attname::text from pg_index inner join pg_attribute on attrelid = indrelid
    and attnum = any(indkey) where indisprimary and indrelid = 'beehive.releases'::regclass"), "\\n", sep = "")
cat("comment\\t", asked("select col_description('beehive.releases'::regclass, 1)"), "\\n", sep = "")
"""


def test_r(postgresql: Postgresql, address: str) -> None:
    rscript = program("Rscript", "r-cran-rpostgresql")
    done = subprocess.run(
        [rscript, "--vanilla", "-e", _R, str(postgresql.port), DATABASE, postgresql.password, RELEASE, MACRON],
        capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    seen = {line[0]: line[1:] for line in lines}
    assert seen["day"][0] == "Date"
    assert_seen({"key": seen["key"], "day": seen["day"][1], "macron": seen["macron"][0], "comment": seen["comment"][0]})
