"""What the archive held before: versions of files, the state at any commit, what a build changed, and going back."""

import json
import random
from pathlib import Path

import duckdb
import pytest

from flows.errors import Refused, Unusable
from flows.load import state
from flows.load.publish import Rollback, rollback
from flows.load.state import read_published
from flows.serve.query import run_as_of
from flows.settings import Settings
from flows.verify import verify
from tests.conftest import FirstBuild, GitArchive, Lines, Once, Refresh, Twelve, release_path, release_text
from tests.pipeline.faults import runs
from tests.pipeline.test_processes import beehive
from tests.pipeline.test_refresh import rows

JUNE = release_path("2003-06-17", "release-6")


def june(**values: object) -> str:
    return release_text("Release 6", "2003-06-17", "release-6", **values)  # type: ignore[arg-type]


def of_june(warehouse: Path, columns: str) -> list[tuple]:
    return rows(
        warehouse, f"select {columns} from release_history where source_path = '{JUNE}' order by revision_number"
    )


APRIL, MAY = release_path("2003-04-17", "release-4"), release_path("2003-05-17", "release-5")
MOVED = "speeches/2003/05/2003-05-17-release-5.md"


@pytest.fixture(scope="session")
def revised(once: Once) -> Path:
    """The warehouse of an archive with six versions of a file, one that moved and one that became a link.

    Beside it, the file `commits` has the commits of the archive, the oldest first.
    """

    def make(folder: Path) -> None:
        archive = Twelve(folder).copy()
        for text in (
            june(body="A body with more words. A body."),
            june(ministers=("Jim Sutton", "Helen Clark"), portfolios=(), body="A body with more words. A body."),
            "no front matter any more",
            june(body="Mended."),
        ):
            archive.write(JUNE, text)
            archive.commit()
        (archive.path / JUNE).unlink()
        archive.commit("gone")
        archive.write(JUNE, june(body="Mended."))
        archive.commit("back")
        (archive.path / MOVED).parent.mkdir(parents=True)
        archive.git("mv", MAY, MOVED)
        (archive.path / APRIL).unlink()
        (archive.path / APRIL).symlink_to("2003-04-17-elsewhere.md")
        archive.commit("moved")
        (folder / "commits").write_text(archive.git("rev-list", "--reverse", "HEAD"))
        runs(archive.path, folder / "warehouse")

    return once("revised", make) / "warehouse"


@pytest.mark.slow
def test_each_version_of_a_file_tells_what_changed(revised: Path) -> None:
    assert of_june(revised, "change, ended_by, revision_title, revision_word_count, is_current") == [
        ("added", "edited", "Release 6", 2, False), ("edited", "edited", "Release 6", 7, False),
        ("edited", "edited", "Release 6", 7, False), ("edited", "edited", None, None, False),
        ("edited", "removed", "Release 6", 1, False), ("restored", None, "Release 6", 1, True),
    ]  # fmt: skip
    changed = "is_title_changed, is_ministers_changed, is_portfolios_changed, is_body_changed"
    assert of_june(revised, f"{changed}, word_added_count, word_removed_count") == [
        (None, None, None, None, None, None), (False, False, False, True, 5, 0), (False, True, True, False, 0, 0),
        *[(None, None, None, None, None, None)] * 3,
    ]  # fmt: skip
    first, second, *_, back, _ = (revised.parent / "commits").read_text().split()
    commits = of_june(revised, "valid_from_commit, valid_to_commit")
    assert (commits[0], commits[-1]) == ((first, second), (back, None))
    assert of_june(revised, "revision_ministers, revision_portfolios")[2] == ("Jim Sutton; Helen Clark", None)


@pytest.mark.slow
def test_a_renamed_file_goes_on_under_its_new_path(revised: Path) -> None:
    history = "select change, ended_by, is_current from release_history where source_path = '{}'"
    assert rows(revised, history.format(MAY)) == [("added", "renamed", False)]
    found = rows(
        revised,
        f"select release_id, change, previous_path, is_body_changed from release_history where source_path = '{MOVED}'",
    )
    assert found == [("speeches/2003-05-17-release-5", "renamed", MAY, False)]


@pytest.mark.slow
def test_a_file_that_becomes_a_link_is_gone(revised: Path) -> None:
    history = f"select change, ended_by from release_history where source_path = '{APRIL}'"
    assert rows(revised, history) == [("added", "removed")]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_the_history_at_any_commit_is_a_checkout_of_it(
    run: Refresh, archive: GitArchive, tmp_path: Path, seed: int
) -> None:
    choose = random.Random(seed)
    for step in range(12):
        files = sorted(path for path in archive.path.rglob("*.md") if path.is_file())
        match choose.choice(["add", "edit", "delete", "move", "restore", "merge", "touch"]):
            case "edit":
                path = choose.choice(files)
                path.write_text(path.read_text() + f" More of {step}.")
            case "delete" if len(files) > 4:
                choose.choice(files).unlink()
            case "move":
                path = choose.choice(files)
                path.rename(path.with_name(f"2003-01-17-moved-{step}.md"))
            case "restore":
                archive.git("checkout", "--quiet", archive.git("rev-list", "--max-parents=0", "HEAD"), "--", ".")
            case "merge":
                archive.git("checkout", "--quiet", "-b", f"side-{step}")
                archive.write(release_path("2003-02-17", f"side-{step}"), june(body=f"side {step}"))
                archive.commit("side")
                archive.git("checkout", "--quiet", "main")
                archive.git("merge", "--quiet", "--no-ff", "-m", "merge", f"side-{step}")
            case "add":
                archive.write(release_path("2003-03-17", f"added-{step}"), june(body=f"added {step}"))
        archive.commit(f"step {step}")
    run(archive.path)
    with duckdb.connect(str(tmp_path / "warehouse" / "beehive.duckdb"), read_only=True) as reader:
        for commit in archive.git("rev-list", "--first-parent", "HEAD").split():
            tree = {
                (line.split("\t")[1], line.split()[2]) for line in archive.git("ls-tree", "-r", commit).splitlines()
            }
            found = reader.execute("select source_path, source_blob from releases_as_of($1)", [commit[:12]]).fetchall()
            assert set(found) == tree, commit


@pytest.mark.slow
def test_as_of_takes_a_commit_a_day_and_a_time(
    run: Refresh, archive: GitArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = archive.git("rev-parse", "HEAD")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2001-01-01T00:00:00Z")
    archive.commit("by a clock that goes back")
    archive.write(release_path("2004-01-01", "new"), release_text("New", "2004-01-01", "new"))
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2099-05-05T12:00:00Z")
    archive.commit()
    run(archive.path)
    published = tmp_path / "warehouse" / "beehive.duckdb"
    counts = {
        when: len(run_as_of(published, when).rows)
        for when in (
            first,
            first[:8],
            "2099-05-04",
            "2099-05-05",
            "2099-05-05 11:59:00",
            "2099-05-05 12:00:01",
            "2099-05-05T11:59:00",
            "2099-05-05T12:00:01Z",
            "2099-5-5",
            "infinity",
            first.upper(),
        )
    }
    assert list(counts.values()) == [12, 12, 12, 13, 12, 13, 12, 13, 13, 13, 12]
    for wrong in ("soon", "ffffffffffff", "", "2099-05-05T23:00:00+13:00", "2099-05-05 12:00 Pacific/Auckland"):
        with pytest.raises(Unusable, match="neither a commit"):
            run_as_of(published, wrong)
    with pytest.raises(Unusable, match="no release at '1999-01-01': its history begins at 2"):
        run_as_of(published, "1999-01-01")
    done = beehive("as-of", first[:10], "--format", "csv", "--warehouse", str(tmp_path / "warehouse"))
    assert done.stdout.count("\n") == 13


@pytest.mark.slow
def test_a_directory_has_the_history_that_its_runs_saw(run: Refresh, archive: GitArchive, tmp_path: Path) -> None:
    folder = archive.path / "releases"
    warehouse = tmp_path / "warehouse"
    run(folder)
    archive.write(JUNE, june(body="A body, edited."))
    (folder / "2003/05/2003-05-17-release-5.md").rename(folder / "2003/05/2003-05-18-release-5.md")
    (folder / "2003/04/2003-04-17-release-4.md").unlink()
    run(folder)
    run(folder, rebuild=True)
    (warehouse / "staging.duckdb").unlink()  # and with it the text of the version before
    archive.write(JUNE, june())
    run(folder)
    assert of_june(warehouse, "change, ended_by, is_body_changed, word_added_count, word_removed_count") == [
        ("added", "edited", None, None, None), ("edited", "edited", True, 1, 0), ("edited", None, None, None, None),
    ]  # fmt: skip
    assert of_june(warehouse, "revision_word_count") == [(2,), (3,), (2,)]
    found = "select change, ended_by from release_history where source_path like '%release-5.md' order by source_path"
    assert rows(warehouse, found) == [("added", "renamed"), ("renamed", None)]
    found = "select change, ended_by from release_history where source_path like '%release-4.md'"
    assert rows(warehouse, found) == [("added", "removed")]
    times = of_june(warehouse, "valid_from_at, valid_to_at")
    assert [to for _, to in times[:-1]] == [since for since, _ in times[1:]]
    assert rows(warehouse, "select count(*) from core.archive_commit") == [(0,)]
    assert len(run_as_of(warehouse / "beehive.duckdb", str(times[1][0])).rows) == 12
    assert len(run_as_of(warehouse / "beehive.duckdb", "2999-01-01").rows) == 11


@pytest.mark.slow
def test_a_build_tells_in_words_what_it_changed(
    run: Refresh, archive: GitArchive, first_build: FirstBuild, tmp_path: Path
) -> None:
    first_build(tmp_path / "warehouse")
    archive.write(
        JUNE, release_text("Renamed", "2003-06-17", "release-6", ("Jim Sutton",), ("Health",), "A body. And more.")
    )
    archive.git("mv", release_path("2003-07-17", "release-7"), "releases/2003/07/2003-07-18-release-7.md")
    archive.write("releases/2003/07/2003-07-18-release-7.md", release_text("Release 7", "2003-07-18", "release-7"))
    archive.write(release_path("2004-01-01", "new"), release_text("New", "2004-01-01", "new"))
    archive.commit()
    run(archive.path)
    assert rows(tmp_path / "warehouse", "select change, title, what_changed from changes") == [
        ("edited", "Renamed",
         'title "Release 6" to "Renamed"; ministers + Jim Sutton - Helen Clark; text +2 -0 words'),
        ("renamed", "Release 7", "date 2003-07-17 to 2003-07-18"),
        ("added", "New", None),
    ]  # fmt: skip


@pytest.mark.slow
def test_a_rewritten_history_is_told(
    run: Refresh, archive: GitArchive, first_build: FirstBuild, tmp_path: Path
) -> None:
    warning = "the_archive_goes_on_from_the_build_before"

    def told(**settings: str) -> tuple[str | None, bool]:
        outcome = run(archive.path, **settings)
        ((history,),) = rows(tmp_path / "warehouse", "select source_history from meta.build")
        return history, any(one.check_name == warning for one in outcome.warnings)

    first_build(tmp_path / "warehouse")
    assert rows(tmp_path / "warehouse", "select source_history from meta.build") == [(None,)]
    archive.write(release_path("2004-01-01", "new"), release_text("New", "2004-01-01", "new"))
    archive.commit()
    assert told() == ("continued", False)
    archive.git("commit", "--quiet", "--amend", "-m", "another past")
    assert told() == ("rewritten", True)
    assert told(ref="HEAD~1") == ("went_back", False)


# ------------------------------------------------------------------------------------ verify, rollback


@pytest.mark.slow
def test_verify_finds_what_differs_and_nothing_else(
    archive: GitArchive, first_build: FirstBuild, tmp_path: Path
) -> None:
    settings = Settings(source=str(archive.path), warehouse=tmp_path / "warehouse", workers=1)
    first_build(settings.warehouse)
    archive.write(release_path("2004-01-02", "later"), release_text("Later", "2004-01-02", "later"))
    archive.commit()
    found = verify(settings, Lines())
    assert (found.differences, len(found.names) > 30) == ([], True)
    settings.published.chmod(0o644)
    with duckdb.connect(str(settings.published)) as writer:
        writer.execute("update core.release_text set body = 'forged' where release_id = '2003-06-17-release-6'")
    settings.published.chmod(0o444)
    record, file = settings.warehouse / "published.json", settings.published.stat()
    values = {"file_size": file.st_size, "file_changed_at": file.st_mtime_ns}
    record.write_text(json.dumps(json.loads(record.read_text()) | values))
    done = beehive("verify", "--source", str(archive.path), "--warehouse", str(settings.warehouse))
    assert done.returncode == 1
    told = [line for line in done.stdout.splitlines() if "rows only" in line]
    assert told == [
        f"{name}: 1 rows only in the published build, 1 only in the rebuild"
        for name in ("core.release_text", "main.release_texts")
    ]
    (example, *_) = [line for line in done.stdout.splitlines() if line.startswith("  - ")]
    assert "forged" in example
    assert not (settings.warehouse / "verify" / "warehouse").exists()


@pytest.mark.slow
def test_verify_of_a_directory_needs_it_unchanged(run: Refresh, archive: GitArchive, tmp_path: Path) -> None:
    settings = Settings(source=str(archive.path / "releases"), warehouse=tmp_path / "warehouse", workers=1)
    with pytest.raises(Refused, match="no warehouse"):
        verify(settings, Lines())
    run(settings.source)
    assert verify(settings, Lines()).differences == []
    archive.write(JUNE, june(body="Edited."))
    with pytest.raises(Refused, match="has changed since"):
        verify(settings, Lines())


@pytest.mark.slow
def test_a_build_taken_back_stays_back_until_there_is_a_new_state(
    run: Refresh, archive: GitArchive, first_build: FirstBuild, tmp_path: Path
) -> None:
    warehouse = tmp_path / "warehouse"
    settings = Settings(source=str(archive.path), warehouse=warehouse, workers=1)
    with pytest.raises(Refused, match="no published build"):
        rollback(settings)
    first_build(tmp_path / "warehouse")
    with pytest.raises(Refused, match="No build before"):
        rollback(settings)
    before = settings.published.read_bytes()
    first = read_published(warehouse)
    archive.write(release_path("2004-01-01", "new"), release_text("New", "2004-01-01", "new"))
    archive.commit()
    run(archive.path)
    bad = read_published(warehouse)
    assert first is not None and bad is not None
    with duckdb.connect(str(settings.published), read_only=True) as reader:
        assert rollback(settings) == Rollback(withdrawn=bad.build_id, restored=first.build_id)
        assert reader.execute("select count(*) from releases").fetchall() == [(13,)]
    assert settings.published.read_bytes() == before
    assert rows(warehouse, f"select count(*) from '{settings.parquet}/core/fact_release/*.parquet'") == [(12,)]
    assert settings.published.stat().st_mode & 0o777 == 0o444
    outcome = run(archive.path)
    assert (outcome.status, f"{bad.build_id} was withdrawn" in outcome.message) == ("nothing_new", True)
    status = beehive("status", "--warehouse", str(warehouse))
    assert (status.returncode, f"{bad.build_id} was withdrawn" in status.stdout) == (1, True)
    with pytest.raises(Refused, match="No build before"):
        rollback(settings)
    archive.write(release_path("2004-01-02", "newer"), release_text("Newer", "2004-01-02", "newer"))
    archive.commit()
    assert run(archive.path).release_count == 14
    done = beehive("rollback", "--warehouse", str(warehouse))
    assert (done.returncode, done.stdout.startswith(f"Published again: {first.build_id}")) == (0, True)
    assert run(archive.path).status == "nothing_new"
    assert run(archive.path, rebuild=True).release_count == 14


@pytest.mark.slow
def test_every_state_taken_back_stays_back_whatever_the_seeds(
    run: Refresh, archive: GitArchive, first_build: FirstBuild, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(source=str(archive.path), warehouse=tmp_path / "warehouse", workers=1, keep_builds=5)
    first_build(settings.warehouse)
    states = [archive.git("rev-parse", "HEAD")]
    for day in (1, 2):
        archive.write(release_path(f"2004-01-0{day}", "new"), release_text("New", f"2004-01-0{day}", f"new-{day}"))
        states.append(archive.commit())
        run(archive.path, keep_builds=5)
    rollback(settings)
    assert rollback(settings).restored.endswith(states[0][:8])
    record = settings.warehouse / "published.json"
    assert [one["source_state"] for one in json.loads(record.read_text())["withdrawn"]] == [states[2], states[1]]

    for commit in (states[2], states[1]):
        with monkeypatch.context() as of_another_version:
            of_another_version.setattr(state, "_PROGRAM", "another")
            outcome = run(archive.path, keep_builds=5, ref=commit)
        assert outcome.status == "nothing_new"
        assert "stays published until the archive changes" in outcome.message
    assert rows(settings.warehouse, "select count(*) from releases") == [(12,)]

    settings.published.unlink()
    with pytest.raises(Refused, match="pass --rebuild"):
        run(archive.path, keep_builds=5)
    assert run(archive.path, keep_builds=5, rebuild=True).release_count == 14
    assert [one["source_state"] for one in json.loads(record.read_text())["withdrawn"]] == [states[1]]


def test_a_record_of_an_older_version_keeps_what_it_withdrew(tmp_path: Path) -> None:
    values = {"build_id": "b", "source_location": "", "source_state": "s", "inputs_digest": "", "release_count": 1,
              "file_size": 1, "file_changed_at": 1, "parquet_file_count": 1, "published_at": "2026-01-01T00:00:00",
              "checked_at": "2026-01-01T00:00:00+00:00"}  # fmt: skip
    for written, read in ((None, []), ({"build_id": "c", "source_state": "t"}, ["c"])):
        (tmp_path / "published.json").write_text(json.dumps(values | {"withdrawn": written}))
        found = state.read_record(tmp_path)
        assert found is not None and found.withdrawn_of("t") == read
