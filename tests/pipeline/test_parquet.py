"""The published Parquet files: which are by year, which are taken from the publication before, and what is in them."""

import random
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from flows.load import parquet, sqlfiles
from flows.load.changes import year_of
from flows.load.parquet import LEFT_OUT, LEFT_OUT_COLUMNS, find_files, publish_parquet
from flows.load.sqlfiles import SqlFile
from flows.settings import Settings

pytestmark = pytest.mark.slow

_RELATIONS = {file.qualified: file for file in (*sqlfiles.tables(), *sqlfiles.views()) if file.name not in LEFT_OUT}
_TABLES = {file.qualified: file for file in sqlfiles.tables()}
_DIVIDED = {name: file for name, file in _RELATIONS.items() if file.year_column}
# An edit of some rows, by what it stands for. `one` is a release, `other` another one.
_EDITS = {
    "a title": "update core.fact_release set title = title || '!' where release_id = '{one}'",
    "a text": "update core.fact_release set source_blob = 'x{one}' where release_id = '{one}';"
    "update core.release_text set body = body || ' More.', cleaned_body = null where release_id = '{one}'",
    "a statement joined": "update core.fact_release set statement_id = '{other}' where release_id = '{one}'",
    "a statement of others": "update core.fact_release set statement_id = '{one}' where nz_date < '2012-01-01'",
    "a government": "update core.fact_release set government_id = (select min(government_id) from core.dim_government)"
    " where release_id = '{one}'",
    "an amount": "update core.money_amount set amount = amount + 250000000, is_commitment = true, currency = 'NZD'"
    " where release_id = '{one}'",
    "amounts alike": "update core.money_amount set amount = 300000000, is_commitment = true, currency = 'NZD'"
    " where release_id in ('{one}', '{other}')",
    "no credit": "delete from core.bridge_release_minister where release_id = '{one}'",
    "no tags": "delete from core.bridge_release_portfolio where release_id = '{one}'",
    "a mention": "insert into core.mention by name select '{other}' as release_id, * exclude (release_id)"
    " from core.mention limit 1",
    "a place": "delete from core.release_place where search_number in"
    " (select search_number from core.fact_release where release_id = '{one}')",
    "a release gone": "; ".join(
        f"delete from {file.qualified} where release_id = '{{one}}'"
        for file in sqlfiles.tables()
        if "release_id" in file.columns and file.schema == "core"
    ),
    "a version": "update core.release_revision set word_count = coalesce(word_count, 0) + 1"
    " where source_path = (select source_path from core.fact_release where release_id = '{one}')",
    "a name": "update core.dim_minister set minister_name = minister_name || ' Junior' where minister_id ="
    " (select minister_id from core.bridge_release_minister where position > 0 limit 1)",
    "a last day": "update core.dim_minister set last_release_date = '2030-01-01' where last_release_date is not null",
    "no amounts": "delete from core.money_amount",
    "nothing": "select 1",
}


@dataclass(frozen=True)
class First:
    """A build whose rows can be edited, because its tables have no constraints, and its files."""

    file: Path
    folder: Path


@pytest.fixture(scope="module")
def first(sample: Settings, tmp_path_factory: pytest.TempPathFactory) -> First:
    """The first publication."""
    made = First(tmp_path_factory.mktemp("first") / "build.duckdb", tmp_path_factory.mktemp("first") / "parquet")
    with _copy(sample, made.file) as connection:
        publish_parquet(connection, made.folder, made.folder.with_name("none"))
    return made


@pytest.fixture
def build(first: First, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The first build, to edit."""
    shutil.copy(first.file, tmp_path / "build.duckdb")
    with duckdb.connect(str(tmp_path / "build.duckdb")) as connection:
        yield connection


def _copy(sample: Settings, path: Path, keep: str = "") -> duckdb.DuckDBPyConnection:
    """Copy a build; `keep` is a year outside of which releases are left out."""
    connection = duckdb.connect(str(path))
    connection.execute(f"attach '{sample.published}' as source (read_only); create schema core; create schema meta")
    for file in sqlfiles.tables():
        key = next((column for column in ("release_id", "source_path") if column in file.columns), "")
        where = f" where {year_of(key)} = '{keep}'" if keep and key and file.schema == "core" else ""
        connection.execute(f"create table {file.qualified} as from source.{file.qualified}{where}")
    connection.execute("detach source")
    for file in (*sqlfiles.views(), *sqlfiles.macros()):
        connection.execute(file.statement)
    return connection


def _columns(file: SqlFile) -> str:
    return ", ".join(column for column in file.columns if column not in LEFT_OUT_COLUMNS.get(file.qualified, ()))


def _check(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Check that every file has the rows of the build: those of its year, if it has one."""
    found = {str(path.relative_to(folder)) for path in folder.rglob("*.parquet")}
    expected = set()
    for name, file in _RELATIONS.items():
        files, columns = find_files(folder, name), _columns(file)
        rows = connection.execute(f"select {columns} from {name} order by all").fetchall()
        read = f"read_parquet({[str(path) for path in files]}, filename = true)"
        assert connection.execute(f"select {columns} from {read} order by all").fetchall() == rows, name
        stem = name.replace(".", "/")
        if not file.year_column:
            expected.add(f"{stem}.parquet")
            continue
        wrong = f"select filename from {read} where parse_filename(filename, true) <> {year_of(file.year_column)}"
        assert connection.execute(wrong).fetchall() == [], name
        years = connection.execute(f"select distinct {year_of(file.year_column)} from {name}").fetchall()
        expected |= {f"{stem}/{year}.parquet" for (year,) in years or [("empty",)]}
    assert found == expected


def _linked(folder: Path, before: Path) -> set[str]:
    """The files of a folder that are those of another one."""
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*.parquet")
        if (other := before / path.relative_to(folder)).exists() and path.samefile(other)
    }


def test_after_any_edit_every_file_has_the_rows_of_its_build(
    build: duckdb.DuckDBPyConnection, first: First, tmp_path: Path
) -> None:
    choose = random.Random(19)
    before = first.folder
    _check(build, before)
    edits = list(_EDITS.values())
    choose.shuffle(edits)
    for number in range(0, len(edits), 3):
        for edit in edits[number : number + 3]:
            ids = [one for (one,) in build.execute("select release_id from core.fact_release order by all").fetchall()]
            for statement in edit.format(one=choose.choice(ids), other=choose.choice(ids)).split(";"):
                build.execute(statement)
        folder = tmp_path / str(number)
        publish_parquet(build, folder, before)
        _check(build, folder)
        assert _linked(folder, before)
        before = folder


def test_files_written_a_few_years_at_a_time_have_all_rows(
    build: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for most in ("_RELEASES_AT_A_TIME", "_TEXTS_AT_A_TIME"):
        monkeypatch.setattr(f"flows.load.parquet.{most}", 5)
    first_id = "select min(release_id) from core.money_amount"
    build.execute(f"update core.money_amount set release_id = 'odd' where release_id = ({first_id})")
    publish_parquet(build, tmp_path / "1", tmp_path / "none")
    _check(build, tmp_path / "1")


def test_what_memory_was_too_short_for_is_written_again(
    build: duckdb.DuckDBPyConnection, first: First, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, copied = parquet._copy, Counter[str]()

    def copy(reader: duckdb.DuckDBPyConnection, query: str, path: Path, *options: str) -> int:
        count = write(reader, query, path, *options)
        schema, name, *_ = path.relative_to(tmp_path / "1").with_suffix("").parts
        copied[f"{schema}.{name}"] += 1
        if copied[f"{schema}.{name}"] == 2:  # the first two lots of years are written
            raise duckdb.OutOfMemoryException("failed to allocate data of size 2.0 MiB")
        return count

    for most in ("_RELEASES_AT_A_TIME", "_TEXTS_AT_A_TIME"):
        monkeypatch.setattr(f"flows.load.parquet.{most}", 5)
    monkeypatch.setattr("flows.load.parquet._copy", copy)
    build.execute("update core.fact_release set title = title || '!'")
    publish_parquet(build, tmp_path / "1", first.folder)
    assert max(copied.values()) > 2
    _check(build, tmp_path / "1")


def test_what_did_not_change_is_the_file_of_before(
    build: duckdb.DuckDBPyConnection, first: First, tmp_path: Path
) -> None:
    publish_parquet(build, tmp_path / "1", first.folder)
    every = {str(path.relative_to(first.folder)) for path in first.folder.rglob("*.parquet")}
    assert _linked(tmp_path / "1", first.folder) == every
    for name in ("datapackage.json", "croissant.json"):
        assert (tmp_path / "1" / name).read_bytes() == (first.folder / name).read_bytes()
    year = find_files(first.folder, "core.mention")[0].stem
    build.execute(f"update core.mention set mention_count = mention_count + 1 where release_id like '{year}-%'")
    publish_parquet(build, tmp_path / "2", tmp_path / "1")
    new = every - _linked(tmp_path / "2", tmp_path / "1")
    assert {path for path in new if path.count("/") == 2} == {
        f"core/mention/{year}.parquet",
        f"main/mentions/{year}.parquet",
    }
    assert "main/releases_by_month.parquet" not in new


def test_a_file_that_is_not_as_it_was_written_is_written_anew(
    build: duckdb.DuckDBPyConnection, first: First, tmp_path: Path
) -> None:
    before = tmp_path / "0"
    shutil.copytree(first.folder, before)
    gone = find_files(before, "core.fact_release")[0]
    gone.unlink()
    cut = [before / "core/dim_date.parquet", find_files(before, "main.releases")[0]]
    for path in cut:
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    build.execute(f"update core.money_amount set amount = amount + 1 where release_id like '{gone.stem}-%'")
    publish_parquet(build, tmp_path / "1", before)
    assert not _linked(tmp_path / "1", before) & {str(path.relative_to(before)) for path in (gone, *cut)}
    _check(build, tmp_path / "1")


@pytest.mark.parametrize("damage", ["half a record", "another program"])
def test_without_a_record_of_the_same_program_all_is_written_anew(
    build: duckdb.DuckDBPyConnection, first: First, tmp_path: Path, damage: str
) -> None:
    before = tmp_path / "0"
    shutil.copytree(first.folder, before)
    text = (before / "contents.json").read_text(encoding="utf-8")
    ((program,),) = build.execute("select inputs_digest from meta.build").fetchall()
    other = text[: len(text) // 2] if damage == "half a record" else text.replace(program, "0" * len(program))
    (before / "contents.json").write_text(other, encoding="utf-8")
    publish_parquet(build, tmp_path / "1", before)
    assert _linked(tmp_path / "1", before) == set()


def test_a_build_of_another_program_is_written_whole(
    build: duckdb.DuckDBPyConnection, first: First, tmp_path: Path
) -> None:
    build.execute("update meta.build set inputs_digest = 'another'; drop view main.twins")
    build.execute("alter table core.quotation rename column release_id to id")
    publish_parquet(build, tmp_path / "1", first.folder)
    assert _linked(tmp_path / "1", first.folder) == set()
    assert find_files(tmp_path / "1", "main.twins") == []
    assert [path.name for path in find_files(tmp_path / "1", "core.quotation")] == ["quotation.parquet"]


def test_where_files_cannot_be_linked_they_are_copied(
    build: duckdb.DuckDBPyConnection, first: First, tmp_path: Path
) -> None:
    elsewhere = Path("/dev/shm")
    if not elsewhere.is_dir() or elsewhere.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("needs a second file system at /dev/shm")
    before = elsewhere / f"beehive-{tmp_path.name}"
    try:
        shutil.copytree(first.folder, before)
        publish_parquet(build, tmp_path / "1", before)
    finally:
        shutil.rmtree(before, ignore_errors=True)
    _check(build, tmp_path / "1")
    publish_parquet(build, tmp_path / "2", tmp_path / "1")  # a copy counts as written
    assert len(_linked(tmp_path / "2", tmp_path / "1")) == len([*first.folder.rglob("*.parquet")])


def test_the_rows_of_a_year_follow_from_the_releases_of_that_year(sample: Settings, tmp_path: Path) -> None:
    with duckdb.connect(str(sample.published), read_only=True) as whole:
        counted = f"select {year_of('release_id')} as year from core.fact_release group by 1 order by count(*) desc"
        for (year,) in whole.execute(f"{counted} limit 2").fetchall():
            with _copy(sample, tmp_path / f"{year}.duckdb", keep=year) as alone:
                for name, file in _DIVIDED.items():
                    if not file.within:
                        where = f"{year_of(file.year_column)} = '{year}'"
                        query = f"select {_columns(file)} from {name} where {where} order by all"
                        assert alone.execute(query).fetchall() == whole.execute(query).fetchall(), name


def test_a_view_reads_only_columns_whose_names_are_in_its_sql(sample: Settings) -> None:
    made = [*sqlfiles.views(), *sqlfiles.macros()]
    with duckdb.connect() as connection:
        connection.execute(f"attach '{sample.published}' as source (read_only)")
        for view in sqlfiles.views():
            tables, code = sqlfiles.inputs_of(view.qualified)
            words = set(re.findall(r"\w+", code))
            needed, waiting = {view.qualified}, [view]
            while waiting:
                new = [one for one in made if one.qualified in waiting[-1].references - needed]
                waiting[-1:] = new
                needed |= {one.qualified for one in new}
            connection.execute("begin; create schema core; create schema meta")
            for table in sorted(tables):
                columns = ", ".join(column for column in _TABLES[table].columns if column in words) or "1 as nothing"
                connection.execute(f"create table {table} as select {columns} from source.{table} limit 0")
            for one in made:
                if one.qualified in needed:
                    connection.execute(one.statement)
            found = connection.execute(f"from {view.qualified} limit 0").description or []
            assert [column[0] for column in found] == list(view.columns), view.name
            connection.execute("rollback")
