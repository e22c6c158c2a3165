"""The small modules: headers of SQL files, settings, the search for a Prefect server, the lock."""

import json
from pathlib import Path
from typing import Any

import pytest

from flows.errors import Refused, Unusable
from flows.load import sqlfiles, transform
from flows.load.database import connect, disable_progress_bar
from flows.load.lock import writer_lock
from flows.load.sqlfiles import SqlFile
from flows.load.state import inputs_digest, read_published, read_record
from flows.paths import SQL
from flows.schedule import local as schedule
from flows.schedule import server
from flows.settings import Settings


def test_a_header_is_read_with_its_continuations(tmp_path: Path) -> None:
    path = tmp_path / "thing.sql"
    path.write_text(
        "-- description: One row\n--     per thing.\n-- grain: a, b\n-- column a: First.\n-- column b: Second\n"
        "--     part.\nselect 1 -- core.not_this\nfrom core.that, 'meta.neither'\n"
    )
    file = sqlfiles._parse(path, "main")
    assert (file.description, file.grain) == ("One row per thing.", ("a", "b"))
    assert file.columns == {"a": "First.", "b": "Second part."}
    assert file.references == {"core.that"}
    assert file.comment == "One row per thing. Grain: one row per a, b."


@pytest.mark.parametrize("text", ["select 1", "-- grain: a\nselect 1", "-- description: x\n-- what: y\nselect 1"])
def test_a_file_without_a_proper_header_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "thing.sql").write_text(text)
    with pytest.raises(Unusable, match=r"thing\.sql"):
        sqlfiles._parse(tmp_path / "thing.sql", "main")


def test_tables_stand_after_what_they_refer_to() -> None:
    names = [file.qualified for file in sqlfiles.tables()]
    for file in sqlfiles.tables():
        assert all(names.index(other) < names.index(file.qualified) for other in file.references)


def test_flags_win_over_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BEEHIVE_WAREHOUSE", str(tmp_path / "of the environment"))
    monkeypatch.setenv("BEEHIVE_KEEP_BUILDS", "7")
    settings = Settings(warehouse=tmp_path / "of the flag")
    assert (settings.published, settings.keep_builds) == (tmp_path / "of the flag" / "beehive.duckdb", 7)


def test_a_prefect_server_is_found_where_prefect_looks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    assert server.configured() is None
    (tmp_path / "profiles.toml").write_text(
        'active = "here"\n[profiles.here]\nPREFECT_API_URL = "http://127.0.0.1:4200/api"\n[profiles.other]\n'
    )
    assert server.configured() == "http://127.0.0.1:4200/api"
    monkeypatch.setenv("PREFECT_PROFILE", "other")
    assert server.configured() is None
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    assert server.configured() == "http://127.0.0.1:9/api"
    assert server.fault("http://127.0.0.1:9/api", seconds=1) == "does not answer"
    assert server.fault("file:///etc/passwd") == "is not a Prefect server"


def test_the_lock_names_its_holder_and_is_given_back(tmp_path: Path) -> None:
    with writer_lock(tmp_path), pytest.raises(Refused, match="process"), writer_lock(tmp_path):
        pass
    with writer_lock(tmp_path):
        assert (tmp_path / "writer.txt").exists()
    assert not (tmp_path / "writer.txt").exists()


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"build_id": 1}', "not json"])
def test_a_damaged_record_of_what_is_published_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "published.json").write_text(text)
    assert read_published(tmp_path) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"build_id": None}, {"source_state": 5}, {"release_count": "many"}, {"code_version": None}, {"begun": 5},
        {"withdrawn": [1]}, {"withdrawn": [{"build_id": "c"}]}, {"measures": None}, {"measures": {"releases": [1]}},
        {"measures": {"releases": {"2003": "many"}}}, {"checked_at": "2026-01-01T00:00:00"},
    ],
    ids=str,
)  # fmt: skip
def test_a_record_with_a_value_of_another_type_counts_as_none(tmp_path: Path, wrong: dict[str, Any]) -> None:
    values = {"build_id": "b", "source_location": "", "source_state": "s", "inputs_digest": "", "release_count": 1,
              "file_size": 1, "file_changed_at": 1, "parquet_file_count": 1,
              "published_at": "2026-01-01T00:00:00+00:00", "checked_at": "2026-01-01T00:00:00+00:00"}  # fmt: skip
    (tmp_path / "published.json").write_text(json.dumps(values))
    assert read_record(tmp_path) is not None
    (tmp_path / "published.json").write_text(json.dumps(values | wrong))
    assert read_record(tmp_path) is None


def test_the_digest_of_the_inputs_is_stable() -> None:
    assert inputs_digest() == inputs_digest()


def test_a_scheduled_run_finds_a_source_that_was_named_from_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "archive").mkdir()
    monkeypatch.chdir(tmp_path)
    settings = Settings(source="archive", index="https://example.invalid/index.json", warehouse=Path("warehouse"))
    found = schedule._environment(settings, "http://127.0.0.1:4200/api")
    assert (found["BEEHIVE_SOURCE"], found["BEEHIVE_WAREHOUSE"]) == (
        str(tmp_path / "archive"),
        str(tmp_path / "warehouse"),
    )
    assert found["BEEHIVE_INDEX"] == "https://example.invalid/index.json"


def test_no_connection_writes_a_progress_bar_into_the_output(tmp_path: Path) -> None:
    with connect(tmp_path / "one.duckdb") as connection:
        asked = "select value from duckdb_settings() where name = 'enable_progress_bar'"
        assert connection.execute(asked).fetchall() == [("false",)]
        assert disable_progress_bar(connection.cursor()).execute(asked).fetchall() == [("false",)]


def test_a_statement_that_does_not_fit_the_data_names_its_file_and_its_seeds() -> None:
    with connect() as connection:
        connection.execute("create schema seeds; create table seeds.people as select '27 October 1990' as birth_date")
        file = SqlFile(
            SQL / "transform" / "core" / "dim_minister.sql", "core", "dim_minister",
            "create table born as select birth_date::date from seeds.people", "People.",
        )  # fmt: skip
        with pytest.raises(Unusable, match=r"core/dim_minister\.sql failed: .*It reads seeds/people\.csv"):
            transform.execute(connection, file, file.statement)
