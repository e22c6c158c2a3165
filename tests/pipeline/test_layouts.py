"""Files that another version of this program wrote: a staging file is made again, a newer build is kept."""

import json
import os
from collections import defaultdict
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
import yaml

from flows.errors import Refused
from flows.load import datapackage, star
from flows.load import staging as staging_module
from flows.load.publish import rollback
from flows.load.staging import open_staging
from flows.parse.batches import RELEASES
from flows.settings import Settings
from tests.conftest import FirstBuild, GitArchive, Refresh
from tests.pipeline.faults import World, left_over, published, releases_of, runs
from tests.pipeline.test_processes import beehive
from tests.pipeline.test_refresh import contents, rows

CHANGES = yaml.safe_load((Path(__file__).parent / "layouts.yaml").read_text(encoding="utf-8"))
# A build of an older layout lacks all that came later, so a few say much; BEEHIVE_LAYOUTS=all tries every one.
TRIED = list(CHANGES) if os.environ.get("BEEHIVE_LAYOUTS") == "all" else [*list(CHANGES)[::5], list(CHANGES)[-1]]
REFUSED = {"01fc546", "41d43ff"}  # a build of before these has no index_state, which a rollback needs


def rewrite(path: Path, *statements: str) -> None:
    path.chmod(0o644)
    with duckdb.connect(str(path)) as writer:
        for statement in statements:
            writer.execute(statement)


@pytest.mark.slow
@pytest.mark.parametrize(
    "statement",
    [
        "update layout set digest = 'of another version'",
        "alter table release drop column title cascade; update layout set digest = 'of another version'",
        "drop table layout; create table schema_version as select 99 as version",
    ],
)
def test_a_staging_file_of_another_layout_is_made_anew(
    run: Refresh, archive: GitArchive, first_build: FirstBuild, tmp_path: Path, statement: str
) -> None:
    first_build(tmp_path / "warehouse")
    before = rows(tmp_path / "warehouse", "from core.release_text order by all")
    rewrite(tmp_path / "warehouse" / "staging.duckdb", statement)
    archive.commit("the same files in another state")
    run(archive.path)
    assert rows(tmp_path / "warehouse", "select parsed_count from meta.run") == [(12,)]
    assert rows(tmp_path / "warehouse", "from core.release_text order by all") == before


def test_a_new_column_of_a_release_changes_the_layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "staging.duckdb"
    with open_staging(path, "200MB") as staging:
        staging.start_run("run", "archive", "state")
    with open_staging(path, "200MB") as staging:
        assert staging.connection.execute("select count(*) from run").fetchall() == [(1,)]
    monkeypatch.setattr(staging_module, "RELEASES", RELEASES.append(pa.field("summary", pa.string())))
    with open_staging(path, "200MB") as staging:
        assert staging.connection.execute("select count(*) from run").fetchall() == [(0,)]
        assert "summary" in [column for column, *_ in staging.connection.execute("describe release").fetchall()]


@pytest.mark.slow
def test_a_published_file_of_an_older_layout_is_replaced(run: Refresh, archive: GitArchive, tmp_path: Path) -> None:
    def releases() -> dict[str, list[tuple]]:
        found = contents(tmp_path / "warehouse", "core")
        return {name: found[name] for name in found if "release_" not in name}

    run(archive.path / "releases")
    before = releases()
    for statement in (
        "drop table core.release_revision",
        "drop table core.release_revision; create table core.release_revision (source_path varchar)",
        "alter table meta.build rename column source_location to location",
        "drop schema meta cascade",
    ):
        rewrite(tmp_path / "warehouse" / "beehive.duckdb", statement)
        assert run(archive.path / "releases", rebuild=True).status == "published", statement
        assert releases() == before, statement
        history = rows(tmp_path / "warehouse", "select count(*), bool_and(is_current) from release_history")
        assert history == [(12, True)], statement


def take_back(warehouse: Path, commit: str) -> None:
    """Make the published build and its record as they were before a commit that changed the layout.

    The build keeps its rows and loses its views, which need the columns of today, but for the two that are read when a
    build is published.
    """
    left_out: dict[str, list[str]] = defaultdict(list)
    added: dict[str, dict[str, str]] = defaultdict(dict)  # types by column
    tables: set[str] = set()
    record = json.loads((warehouse / "published.json").read_text(encoding="utf-8"))
    record["inputs_digest"] = "of other SQL"
    for change in [*CHANGES.values()][: [*CHANGES].index(commit) + 1]:
        tables.update(change.get("tables", []))
        for table, columns in change.get("columns", {}).items():
            left_out[table] += [column for column in columns if not added[table].pop(column, "")]
        for table, columns in change.get("gone", {}).items():
            added[table] |= dict(column.split() for column in columns)
        for key in change.get("record", []):
            del record[key]
    older = warehouse / "older.duckdb"
    with duckdb.connect() as writer:
        writer.execute(f"attach '{warehouse}/beehive.duckdb' as new (read_only)")
        writer.execute(f"attach '{older}' as old (storage_version '{star.STORAGE_VERSION}')")
        writer.execute("use old")
        writer.execute("create schema core; create schema meta")
        for (table,) in writer.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'new'"
        ).fetchall():
            if table not in tables:
                columns = f"* exclude ({', '.join(left_out[table])})" if left_out[table] else "*"
                columns += "".join(f", cast(null as {type_}) as {column}" for column, type_ in added[table].items())
                writer.execute(f"create table {table} as select {columns} from new.{table}")
        writer.execute("create view main.releases as from core.fact_release")
        writer.execute("create view main.build_info as from meta.build")
    older.replace(warehouse / "beehive.duckdb")
    file = (warehouse / "beehive.duckdb").stat()
    now = {"file_size": file.st_size, "file_changed_at": file.st_mtime_ns}
    record |= {key: value for key, value in now.items() if key in record}
    (warehouse / "published.json").write_text(json.dumps(record), encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("commit", TRIED)
def test_a_build_of_each_older_layout_is_followed_by_a_refresh_and_published_again_or_refused(
    world: World, tmp_path: Path, commit: str
) -> None:
    warehouse = tmp_path / "w"
    world.refresh(warehouse)
    take_back(warehouse, commit)
    runs(world.source, warehouse)
    new = published(warehouse)
    assert (releases_of(warehouse), left_over(warehouse)) == (world.expected, [])
    settings = Settings(source=str(world.source), warehouse=warehouse)
    if commit in REFUSED:
        with pytest.raises(Refused, match=r"cannot be published again.*index_state.*Nothing was changed"):
            rollback(settings)
        assert published(warehouse) == new
    else:
        rollback(settings)
        assert published(warehouse) == world.old
    assert left_over(warehouse) == []


def test_every_type_of_the_present_layout_has_its_own_type_in_the_data_package(
    empty: duckdb.DuckDBPyConnection,
) -> None:
    types = {data_type for found in star.columns(empty).values() for _, data_type in found}
    assert {datapackage.type_of(data_type) for data_type in types} <= {*datapackage._TYPES.values(), "array"}
    assert (datapackage.type_of("INTEGER[]"), datapackage.type_of("UUID")) == ("array", "any")


@pytest.mark.slow
def test_what_a_newer_version_published_is_not_replaced(
    run: Refresh, archive: GitArchive, first_build: FirstBuild, tmp_path: Path
) -> None:
    first_build(tmp_path / "warehouse")
    record = tmp_path / "warehouse" / "published.json"
    found = json.loads(record.read_text(encoding="utf-8"))
    record.write_text(json.dumps(found | {"code_version": "99.0", "a_key_of_then": 1}), encoding="utf-8")
    before = (tmp_path / "warehouse" / "beehive.duckdb").read_bytes()
    archive.commit("another state")
    with pytest.raises(Refused, match=r"published by version 99\.0 of this program"):
        run(archive.path)
    done = beehive("refresh", "--source", str(archive.path), "--warehouse", str(tmp_path / "warehouse"))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert (tmp_path / "warehouse" / "beehive.duckdb").read_bytes() == before
