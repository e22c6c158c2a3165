"""The whole sequence on archives that tests edit: what changes is published, and nothing else does."""

import errno
import shutil
from functools import cache
from pathlib import Path

import duckdb
import pytest

from flows.errors import Refused, Unusable
from flows.load import sqlfiles
from flows.load.parquet import LEFT_OUT, LEFT_OUT_COLUMNS, find_files
from flows.pipeline import refresh
from flows.settings import Settings, read_settings
from flows.verify import _NUMBERS, VARIES_BY_HISTORY, VARIES_BY_RUN, comparable_rows
from tests.conftest import FirstBuild, GitArchive, Lines, Once, Refresh, Twelve, release_path, release_text

MAY = release_path("2003-05-17", "release-5")


def rows(warehouse: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(warehouse / "beehive.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def contents(warehouse: Path, *schemas: str) -> dict[str, list[tuple]]:
    """Every row of these schemas, or of core and main, that is a function of the state, ordered, to compare two builds.

    To ask for the columns of an object takes as long as to read it, so only those are asked for that hold numbers.
    """
    numbered = {*_NUMBERS, "forms"}
    with duckdb.connect(str(warehouse / "beehive.duckdb"), read_only=True) as connection:
        ((kind,),) = connection.execute("select source_kind from meta.build").fetchall()
        left_out = VARIES_BY_RUN | (VARIES_BY_HISTORY if kind == "directory" else frozenset())
        found = {}
        for file in (*sqlfiles.tables(), *sqlfiles.views()):
            if file.schema in (schemas or ("core", "main")) and file.qualified not in left_out:
                is_numbered = numbered & file.columns.keys()
                from_rows = comparable_rows(connection, "beehive", file.qualified) if is_numbered else file.qualified
                found[file.qualified] = connection.execute(f"from {from_rows} order by all").fetchall()
    return found


def objects(warehouse: Path) -> list[tuple]:
    """Every table, column, key, view and macro, with its SQL and comment."""
    queries = (
        "select schema_name, table_name, sql, comment from duckdb_tables()",
        "select schema_name, view_name, sql, comment from duckdb_views() where not internal",
        "select table_name, column_name, data_type, comment, is_nullable from duckdb_columns() where not internal",
        "select table_name, constraint_text from duckdb_constraints()",
        "select function_name, parameters, macro_definition, comment from duckdb_functions() where not internal",
        "from meta.dictionary",
    )
    return [row for query in queries for row in rows(warehouse, f"{query} order by all")]


def changes(warehouse: Path) -> list[tuple]:
    return rows(warehouse, "select change, path, previous_path from meta.change_log order by all")


@pytest.mark.slow
def test_the_sample_twice_is_the_same(run: Refresh, tmp_path: Path, sample: Settings) -> None:
    shutil.copytree(sample.warehouse, tmp_path / "warehouse", symlinks=True)
    assert run(sample.source).status == "nothing_new"
    assert run(sample.source, rebuild=True).status == "published"
    assert contents(tmp_path / "warehouse") == contents(sample.warehouse)
    assert changes(tmp_path / "warehouse") == []


def test_the_sample_balances_and_shows_every_reason_of_the_parser(sample: Settings) -> None:
    files = sum(1 for path in Path(sample.source).rglob("*") if path.is_file())
    ((listed, loaded, quarantined, excluded),) = rows(
        sample.warehouse,
        "select sum(file_count), sum(loaded_count), sum(quarantined_count), sum(excluded_count) "
        "from meta.reconciliation",
    )
    assert listed == files == loaded + quarantined + excluded
    assert loaded > 30
    reasons = {reason for (reason,) in rows(sample.warehouse, "select distinct reason from meta.quarantine")}
    assert reasons >= {"missing_key", "bad_date", "no_front_matter", "bad_yaml", "not_utf8", "yaml_reference"}


def test_the_seed_release_reads_as_printed(sample: Settings) -> None:
    ((title, date, ministers, portfolios, government),) = rows(
        sample.warehouse,
        "select title, published_date::varchar, ministers, portfolios, government_name from releases "
        "where release_id = '2003-06-17-nz-becomes-100th-member-iom'",
    )
    assert (title, date) == ("NZ becomes 100th member of IOM", "2003-06-17")
    assert (ministers, portfolios, government) == ("Lianne Dalziel", "Immigration", "Fifth Labour Government")


def test_each_kind_of_change_is_published_and_equals_a_rebuild(
    run: Refresh, archive: GitArchive, first_build: FirstBuild, tmp_path: Path
) -> None:
    first_build(tmp_path / "warehouse")
    warehouse = tmp_path / "warehouse"

    archive.write(release_path("2004-01-01", "new"), release_text("New", "2004-01-01", "new"))
    (archive.path / MAY).unlink()
    archive.write(release_path("2003-06-17", "release-6"), release_text("Edited", "2003-06-17", "release-6"))
    archive.git("mv", release_path("2003-07-17", "release-7"), "releases/2003/07/2003-07-18-release-7.md")
    archive.write("releases/2003/07/2003-07-18-release-7.md", release_text("Release 7", "2003-07-18", "release-7"))
    archive.commit()
    outcome = run(archive.path)

    assert changes(warehouse) == [
        ("added", release_path("2004-01-01", "new"), None),
        ("edited", release_path("2003-06-17", "release-6"), None),
        ("removed", MAY, None),
        ("renamed", "releases/2003/07/2003-07-18-release-7.md", release_path("2003-07-17", "release-7")),
    ]
    assert outcome.changes == {"added": 1, "edited": 1, "removed": 1, "renamed": 1}
    run(archive.path, warehouse="anew")
    assert contents(warehouse) == contents(tmp_path / "anew")
    assert objects(warehouse) == objects(tmp_path / "anew")


@pytest.mark.slow
def test_only_new_content_is_parsed(run: Refresh, archive: GitArchive, first_build: FirstBuild, tmp_path: Path) -> None:
    first_build(tmp_path / "warehouse")
    archive.write(release_path("2004-01-01", "new"), release_text("New", "2004-01-01", "new"))
    archive.commit()
    run(archive.path)
    parsed = rows(tmp_path / "warehouse", "select parsed_count from meta.run order by run_id")
    assert parsed == [(12,), (1,)]


@pytest.mark.slow
def test_a_directory_and_a_repository_of_the_same_files_load_the_same(
    run: Refresh, archive: GitArchive, first_build: FirstBuild, tmp_path: Path
) -> None:
    first_build(tmp_path / "git")
    (archive.path / ".git").rename(tmp_path / "elsewhere")
    run(archive.path, warehouse="directory")
    history = {"source_commit", "first_seen_at", "last_changed_at"}
    git, directory = contents(tmp_path / "git"), contents(tmp_path / "directory")
    for name in ("core.bridge_release_minister", "core.release_text", "core.dim_minister", "main.releases_by_month"):
        assert git[name] == directory[name]
    facts = [c for c in next(f for f in sqlfiles.tables() if f.name == "fact_release").columns if c not in history]
    select = f"select {', '.join(facts)} from core.fact_release order by all"
    assert rows(tmp_path / "git", select) == rows(tmp_path / "directory", select)


MISPLACED = "releases/2001/01/2003-05-17-release-5.md"


@pytest.fixture(scope="session")
def varied(once: Once) -> Path:
    """The warehouse of an archive with an edit, other content types, an id that two files have, and new names."""

    def make(folder: Path) -> None:
        archive = Twelve(folder).copy()
        archive.write(release_path("2003-06-17", "release-6"), release_text("Edited", "2003-06-17", "release-6"))
        archive.write("speeches/2003/05/2003-05-17-release-5.md", release_text("A speech", "2003-05-17", "release-5"))
        archive.write("poems/2003/05/2003-05-18-ode.md", release_text("An ode", "2003-05-18", "ode"))
        archive.write(MISPLACED, release_text("Misplaced", "2003-05-17", "release-5"))
        ministers, portfolios = ("Hon Wilhelmina Testperson",), ("Tidal Gardens",)
        text = release_text("New", "2004-01-01", "new", ministers=ministers, portfolios=portfolios)
        archive.write(release_path("2004-01-01", "new"), text)
        archive.commit()
        (folder / "commits").write_text(archive.git("rev-list", "--reverse", "HEAD"))
        refresh(Settings(source=str(archive.path), warehouse=folder / "warehouse", workers=1), Lines())

    return once("varied", make) / "warehouse"


@pytest.mark.slow
def test_history_tells_when_a_file_came_and_changed(varied: Path) -> None:
    first, second = (varied.parent / "commits").read_text().split()
    found = dict(rows(varied, "select release_id, source_commit from releases"))
    assert found["2003-05-17-release-5"] == first
    assert found["2003-06-17-release-6"] == second


@pytest.mark.slow
def test_another_content_type_is_loaded_and_an_unknown_one_reported(varied: Path) -> None:
    found = rows(varied, "select release_id, content_type from releases where content_type <> 'releases'")
    assert sorted(found) == [
        ("poems/2003-05-18-ode", "poems"),
        ("speeches/2003-05-17-release-5", "speeches"),
    ]
    assert rows(varied, "select kind, detail from meta.source_warning") == [("unknown_folder", "poems")]


@pytest.mark.slow
def test_two_files_of_one_id_keep_the_one_that_stands_where_its_date_says(varied: Path) -> None:
    (found,) = rows(varied, "select path, reason, message from meta.quarantine")
    assert found[:2] == (MISPLACED, "duplicate_id")
    assert MAY in found[2]


@pytest.mark.slow
def test_an_unseen_name_is_provisional_and_listed(varied: Path) -> None:
    assert rows(varied, "select name_to_review_count from build_info") == [(2,)]
    assert rows(varied, "select name_kind, printed_as, member_id from names_to_review") == [
        ("minister", "Hon Wilhelmina Testperson", "wilhelmina-testperson"),
        ("portfolio", "Tidal Gardens", "tidal-gardens"),
    ]
    assert rows(varied, "select sort_name from ministers where kind = 'provisional'") == [("Testperson, Wilhelmina",)]


# ---------------------------------------------------------------------------------------------- guards


@pytest.mark.slow
def test_a_shrunken_archive_is_refused_until_allowed(
    run: Refresh, archive: GitArchive, first_build: FirstBuild, tmp_path: Path
) -> None:
    first_build(tmp_path / "warehouse")
    before = (tmp_path / "warehouse" / "beehive.duckdb").read_bytes()
    for month in range(1, 8):
        (archive.path / release_path(f"2003-{month:02}-17", f"release-{month}")).unlink()
    archive.commit()
    with pytest.raises(Refused, match=r"Seen: 7 of 12 \(all years\).*--allow releases_gone"):
        run(archive.path)
    assert (tmp_path / "warehouse" / "beehive.duckdb").read_bytes() == before
    assert run(archive.path, allow={"releases_gone", "releases_gone_in_a_year"}).release_count == 5


def test_a_failed_check_keeps_the_old_build_and_shows_the_rows(
    run: Refresh, archive: GitArchive, first_build: FirstBuild, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_build(tmp_path / "warehouse")
    before = (tmp_path / "warehouse" / "beehive.duckdb").read_bytes()
    failing = sqlfiles.checks()[0]
    broken = type(failing)(
        path=failing.path, schema="check", name="no_release_is_new", severity="fail", description="A rule that breaks.",
        statement="select release_id from core.fact_release where title = 'New'",
    )  # fmt: skip
    monkeypatch.setattr(sqlfiles, "checks", cache(lambda: [broken]))
    archive.write(release_path("2004-01-01", "new"), release_text("New", "2004-01-01", "new"))
    archive.commit()
    with pytest.raises(Refused, match=r"no_release_is_new.*2004-01-01-new"):
        run(archive.path)
    assert (tmp_path / "warehouse" / "beehive.duckdb").read_bytes() == before
    with duckdb.connect(str(tmp_path / "warehouse" / "rejected.duckdb"), read_only=True) as rejected:
        found = rejected.execute(
            "select failing_count from meta.check_result where not is_passed and severity = 'fail'"
        )
        assert found.fetchall() == [(1,)]


def test_a_dry_run_publishes_nothing(run: Refresh, archive: GitArchive, tmp_path: Path) -> None:
    outcome = run(archive.path, dry_run=True)
    assert outcome.status == "dry_run"
    assert outcome.release_count == 12
    left = {path.name for path in (tmp_path / "warehouse").iterdir()}
    assert left == {"archives", "staging.duckdb", "writer.lock"}


@pytest.mark.parametrize("make", ["missing", "file", "empty directory", "no release", "empty repository"])
def test_a_source_without_releases_is_a_sentence(run: Refresh, tmp_path: Path, make: str) -> None:
    source = tmp_path / "source"
    match make:
        case "file":
            source.write_text("no bundle")
        case "empty directory":
            source.mkdir()
        case "no release":
            source.mkdir()
            (source / "README.md").write_text("# nothing")
        case "empty repository":
            GitArchive(source)
    with pytest.raises(Unusable, match="source"):
        run(source)
    assert not (tmp_path / "warehouse" / "beehive.duckdb").exists()


def test_bad_files_are_quarantined_and_cost_no_good_one(run: Refresh, archive: GitArchive, tmp_path: Path) -> None:
    good = release_text()
    bad: dict[str, str | bytes] = {
        "not_utf8": good.replace("A body.", "caf").encode() + b"\xe9",
        "missing_key": good.replace('title: "A title"\n', ""),
        "bad_date": good.replace("2003-06-17", "2012-02-30"),
        "yaml_reference": good.replace("ministers:", "a: &a [x]\nb: *a\nministers:"),
        "too_large": good + "x" * 5_000_000,
        "no_front_matter": "Just text.",
        "bad_yaml": good.replace("ministers:", "ministers"),
        "empty_value": good.replace("  - Helen Clark", "  - "),
        "wrong_type": good.replace("ministers:\n  - Helen Clark", "ministers: Helen Clark"),
        "bad_url": good.replace("https://www.beehive.govt.nz", "javascript:alert(1)//"),
        "duplicate_key": good.replace("date:", "title: twice\ndate:"),
        "too_deep": good.replace("Helen Clark", "[" * 50 + "]" * 50),
        "front_matter_too_long": good.replace("A title", "A" * 300_000),
    }
    for number, (reason, content) in enumerate(bad.items(), start=1):
        archive.write(release_path(f"2004-01-{number:02}", reason.replace("_", "-")), content)
    archive.commit()
    outcome = run(archive.path)
    assert (outcome.release_count, outcome.quarantined_count) == (12, len(bad))
    found = rows(tmp_path / "warehouse", "select path, reason, message from meta.quarantine")
    assert {path[28:-3].replace("-", "_"): reason for path, reason, _ in found} == {reason: reason for reason in bad}
    assert all(message for _, _, message in found)


# --------------------------------------------------------------------------------------------- publish


def test_the_published_file_is_read_only_old_format_and_documented(sample: Settings) -> None:
    assert sample.published.stat().st_mode & 0o777 == 0o444
    with duckdb.connect(str(sample.published), read_only=True) as connection:
        ((storage,),) = connection.execute(
            "select tags['storage_version'] from duckdb_databases() where database_name = 'beehive'"
        ).fetchall()
        assert storage.startswith("v1.4.0")
        undocumented = connection.execute(
            "select table_name, column_name from duckdb_columns() where not internal and coalesce(comment, '') = '' "
            "union all select view_name, '' from duckdb_views() where not internal and coalesce(comment, '') = '' "
            "union all select table_name, '' from duckdb_tables() where coalesce(comment, '') = ''"
        ).fetchall()
        assert undocumented == []
        described = connection.execute("select count(*) from meta.dictionary where description = ''").fetchall()
        assert described == [(0,)]


def test_views_work_whatever_the_file_is_attached_as(sample: Settings) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{sample.published}' as other (read_only)")
        for file in sqlfiles.views():
            connection.execute(f"from other.{file.name} limit 1").fetchall()


def test_parquet_stands_beside_the_file_and_holds_the_same(sample: Settings) -> None:
    with duckdb.connect(str(sample.published), read_only=True) as connection:
        for file in (*sqlfiles.tables(), *sqlfiles.views()):
            files = find_files(sample.parquet, file.qualified)
            if file.name in LEFT_OUT:
                assert files == []
                continue
            columns = ", ".join(c for c in file.columns if c not in LEFT_OUT_COLUMNS.get(file.qualified, ()))
            here = connection.execute(f"select {columns} from {file.qualified} order by all").fetchall()
            assert connection.read_parquet([str(path) for path in files]).order("all").fetchall() == here, (
                file.qualified
            )


@pytest.mark.slow
def test_earlier_builds_are_kept(run: Refresh, archive: GitArchive, first_build: FirstBuild, tmp_path: Path) -> None:
    first_build(tmp_path / "warehouse")
    for number in range(1, 4):
        archive.write(
            release_path(f"2004-01-0{number}", "new"), release_text("New", f"2004-01-0{number}", f"new-{number}")
        )
        archive.commit()
        run(archive.path, keep_builds=2)
    kept = sorted((tmp_path / "warehouse" / "builds").iterdir())
    counts = []
    for build in kept:
        with duckdb.connect(str(build), read_only=True) as connection:
            counts += [row[0] for row in connection.execute("select count(*) from releases").fetchall()]
    assert counts == [13, 14]
    assert rows(tmp_path / "warehouse", "select count(*) from releases") == [(15,)]


@pytest.mark.slow
@pytest.mark.parametrize("is_full", [True, False])
def test_without_hard_links_the_build_before_is_kept_whole_or_not_at_all(
    run: Refresh,
    archive: GitArchive,
    first_build: FirstBuild,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_full: bool,
) -> None:
    def no_links(*_paths: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    def half(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[:100_000])
        raise OSError(errno.ENOSPC, "No space left on device")

    first_build(tmp_path / "warehouse")
    before = (tmp_path / "warehouse" / "beehive.duckdb").read_bytes()
    archive.commit()
    monkeypatch.setattr("os.link", no_links)
    if is_full:
        monkeypatch.setattr("shutil.copy2", half)
        with pytest.raises(Unusable, match="is full"):
            run(archive.path)
        assert list((tmp_path / "warehouse" / "builds").glob("beehive-*")) == []
    else:
        run(archive.path)
        (kept,) = (tmp_path / "warehouse" / "builds").glob("beehive-*")
        assert kept.read_bytes() == before


@pytest.mark.slow
def test_a_reader_keeps_its_build_and_a_new_one_sees_the_next(
    run: Refresh, archive: GitArchive, first_build: FirstBuild, tmp_path: Path
) -> None:
    first_build(tmp_path / "warehouse")
    published = tmp_path / "warehouse" / "beehive.duckdb"
    with duckdb.connect(str(published), read_only=True) as reader:
        archive.write(release_path("2004-01-01", "new"), release_text("New", "2004-01-01", "new"))
        archive.commit()
        run(archive.path)
        assert reader.execute("select count(*) from releases").fetchall() == [(12,)]
    assert rows(tmp_path / "warehouse", "select count(*) from releases") == [(13,)]


@pytest.mark.slow
def test_what_somebody_replaced_or_removed_is_published_again(
    run: Refresh, archive: GitArchive, first_build: FirstBuild, tmp_path: Path
) -> None:
    first_build(tmp_path / "warehouse")
    published = tmp_path / "warehouse" / "beehive.duckdb"
    published.unlink()
    assert run(archive.path).status == "published"
    published.unlink()
    published.write_bytes(b"no database")
    assert run(archive.path).status == "published"
    (tmp_path / "warehouse" / "parquet").unlink()
    assert run(archive.path).status == "published"
    assert run(archive.path).status == "nothing_new"


@pytest.mark.slow
def test_a_lost_or_damaged_staging_file_costs_a_read_only(
    run: Refresh, archive: GitArchive, first_build: FirstBuild, tmp_path: Path
) -> None:
    first_build(tmp_path / "warehouse")
    before = rows(tmp_path / "warehouse", "from core.release_text order by all")
    staging = tmp_path / "warehouse" / "staging.duckdb"
    for damage in (b"", b"no database at all", staging.read_bytes()[:9000]):
        staging.write_bytes(damage)
        assert run(archive.path).status in ("published", "nothing_new")
        archive.commit("nothing changed, but the state has another name")
        assert run(archive.path).status == "published"
        assert rows(tmp_path / "warehouse", "from core.release_text order by all") == before


@pytest.mark.slow
@pytest.mark.parametrize("name", ["md:x", "a[b*{c};'d'"])
def test_a_folder_that_duckdb_would_take_for_an_address_or_a_pattern_is_a_folder(
    name: str, archive: GitArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for rebuild in (False, True):  # the second run reads the build of the first
        settings = read_settings(source=str(archive.path), warehouse=name, workers=1)
        assert refresh(settings, Lines(), rebuild=rebuild).release_count == 12
    assert {path.name for path in tmp_path.iterdir()} == {name}
