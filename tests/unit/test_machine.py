"""What a machine refuses, and what git says, as a sentence about the right thing."""

import errno
import os
import shutil
import subprocess
from multiprocessing import active_children
from pathlib import Path

import duckdb
import pytest

from flows.errors import OUTPUT, Unusable, explain
from flows.extract.address import is_git, redact
from flows.extract.source import open_source
from flows.load.database import connect, run_in_parallel
from flows.parse import batches
from tests.conftest import GitArchive, first_quick, release_text

WAREHOUSE = Path("/data/w")


def of_duckdb(number: int) -> duckdb.Error:
    """The form in which DuckDB passes on what the system says."""
    return duckdb.IOException(f'IO Error: Could not write file "/data/w/a.duckdb": {os.strerror(number)}')


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "The disk of /data/w is full"),
        (OSError(errno.ENOSPC, "No space left on device", "/data/w/archives/a"), "The disk of /data/w is full"),
        (OSError(errno.ENOSPC, "No space left on device", "/tmp/a"), "The disk of /tmp/a is full"),
        (OSError(errno.ENOSPC, "No space left on device", OUTPUT), "The output could not be written (No space left"),
        (OSError(errno.EDQUOT, "Disk quota exceeded", "/data/w/a"), "The quota on the disk of /data/w is used up"),
        (OSError(errno.EIO, "Input/output error", "/data/w/a"), "/data/w/a could not be read or written"),
        (OSError(errno.EROFS, "Read-only file system", "/data/w/a"), "/data/w/a is on a read-only disk"),
        (PermissionError(errno.EACCES, "Permission denied", "/data/w/a"), "/data/w/a cannot be used: check its perm"),
        (IsADirectoryError(errno.EISDIR, "Is a directory", "/w/a", None, "/data/w/b"), "/data/w/b is a folder, but a"),
        (NotADirectoryError(errno.ENOTDIR, "Not a directory", "/data/w/b/c"), "/data/w/b/c cannot be reached"),
        (FileExistsError(errno.EEXIST, "File exists", "/data/w/b"), "/data/w/b is a file, but a folder"),
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "/data/w/a"), "/data/w/a cannot be used (No "),
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "git"), "git is missing or not in PATH"),
        (PermissionError(errno.EACCES, "Permission denied", "git"), "git is missing or not in PATH"),
        (FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']"), "set TMPDIR"),
        (BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable"), "cannot start another process"),
        (RuntimeError("can't start new thread"), "cannot start another process or thread"),
        (MemoryError(), "too little free memory"),
        (ModuleNotFoundError("No module named 'prefect'", name="prefect"), "The Python package prefect is missing"),
        (ImportError("libssl.so.3: cannot open shared object file: Too many open files"), "too many files are open"),
        (of_duckdb(errno.ENOSPC), "The disk of /data/w is full"),
        (of_duckdb(errno.EDQUOT), "The quota on the disk of /data/w is used up"),
        (of_duckdb(errno.EIO), "/data/w/a.duckdb could not be read or written"),
        (duckdb.FatalException("FATAL Error: fsync failed!"), "/data/w could not be read or written"),
        (duckdb.FatalException('{"m":"write \\"/data/w/a\\": Input/output error"}'), "/data/w/a could not be read"),
        (of_duckdb(errno.EROFS), "/data/w/a.duckdb is on a read-only disk"),
        (of_duckdb(errno.EFBIG), "/data/w/a.duckdb would become larger"),
        (of_duckdb(errno.EMFILE), "/data/w/a.duckdb cannot be opened, because too many files"),
        (of_duckdb(errno.ENOENT), "/data/w/a.duckdb cannot be used (No such file or directory)"),
        (duckdb.IOException('Cannot open database "/data/w/b" in read-only mode: database does not exist'), "/data/w/b "
         "cannot be used (No such"),
        (of_duckdb(errno.EACCES), "/data/w/a.duckdb cannot be used: check its permissions"),
        (duckdb.OutOfMemoryException("Out of Memory Error: failed to allocate"), "raise BEEHIVE_MEMORY_LIMIT"),
        (Unusable("git fetch failed: fatal: write error: No space left on device."), "The disk of /data/w is full"),
    ],
)  # fmt: skip
def test_what_the_machine_refuses_is_a_sentence_about_the_right_thing(error: Exception, said: str) -> None:
    explained = explain(error, WAREHOUSE)
    assert explained is not None
    assert said in str(explained)
    assert explained.exit_code == 2


def test_where_memory_ran_short_is_said() -> None:
    def sort(cursor: duckdb.DuckDBPyConnection, name: str) -> None:
        if name == "core.large":
            cursor.execute("select array_agg(i) from range(10_000_000) as t(i)").fetchall()

    with connect(memory_limit="30MB", temp_directory="") as connection, pytest.raises(duckdb.Error) as raised:
        run_in_parallel(connection, {"core.small": (), "core.large": ()}, sort)
    assert "ran out of memory at core.large (" in str(explain(raised.value, WAREHOUSE))


@pytest.mark.parametrize(
    "error",
    [KeyError("INTEGER[]"), RuntimeError("Query interrupted"), duckdb.BinderException("Binder Error: no column x"),
     Unusable("git ls-remote failed: Permission denied (publickey)."), ModuleNotFoundError("x", name="flows.x")],
)  # fmt: skip
def test_a_bug_and_an_error_that_is_plain_already_are_not_explained(error: Exception) -> None:
    assert explain(error, WAREHOUSE) is None


# ----------------------------------------------------------------------------------------------------- git


def test_a_transport_may_be_written_in_capitals_and_a_host_without_a_user() -> None:
    assert is_git("HTTPS://example.invalid/a.git")
    assert redact("HTTPS://u:p@example.invalid/a.git") == "https://example.invalid/a.git"


def test_a_password_in_an_address_of_ssh_is_refused_and_not_shown() -> None:
    assert redact("u:s3cret@example.invalid:a.git") == "example.invalid:a.git"
    with pytest.raises(Unusable, match=r"^The source 'example\.invalid:a\.git' was given with a password"):
        is_git("u:s3cret@example.invalid:a.git")
    assert is_git("host.example.invalid:a.git")
    assert not is_git("folder/with:colon")


def _bundle_of_a_part(archive: GitArchive, tmp_path: Path) -> Path:
    archive.commit()
    archive.git("bundle", "create", "--quiet", str(tmp_path / "part.bundle"), "HEAD~1..main")
    return tmp_path / "part.bundle"


def _partial_clone(archive: GitArchive, tmp_path: Path) -> Path:
    archive.git("config", "uploadpack.allowFilter", "true")
    archive.git(
        "clone", "--quiet", "--bare", "--filter=blob:none", archive.path.as_uri(), str(tmp_path / "partial.git")
    )
    return tmp_path / "partial.git"


def _sha256(_archive: GitArchive, tmp_path: Path) -> Path:
    made = tmp_path / "sha256"
    subprocess.run(["git", "init", "--quiet", "--object-format=sha256", made], check=True)
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.invalid"]
    subprocess.run(["git", *identity, "-C", made, "commit", "--quiet", "--allow-empty", "-m", "a"], check=True)
    return made


def _of_another_owner(archive: GitArchive, _tmp_path: Path) -> Path:
    if os.geteuid():
        pytest.skip("only root can give files away")
    for path in (archive.path, archive.path / ".git"):
        os.chown(path, 1234, 1234)
    return archive.path


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_sha256, "by sha256, which this program does not read"),
        pytest.param(_bundle_of_a_part, "holds only a part of the history: make a whole one", marks=pytest.mark.slow),
        pytest.param(_partial_clone, "lacks objects, as a partial clone does", marks=pytest.mark.slow),
        pytest.param(_of_another_owner, "safe.directory", marks=pytest.mark.slow),
    ],
)
def test_a_repository_that_git_refuses_is_not_blamed_on_the_network(
    make, said: str, archive: GitArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))  # whose configuration trusts no folder
    location = make(archive, tmp_path)
    with pytest.raises(Unusable) as raised:
        source = open_source(str(location), tmp_path / "w")
        source.snapshot(source.state())
    assert said in str(raised.value)
    assert "network" not in str(raised.value)


@pytest.mark.parametrize("word", first_quick(["cat-file", "fetch", "ls-tree"]))
def test_a_git_that_is_killed_does_not_cost_the_clone(
    word: str, archive: GitArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_source(str(archive.path), tmp_path / "w").state()
    open_source(str(archive.path), tmp_path / "w").snapshot(first)
    (clone,) = (tmp_path / "w" / "archives").iterdir()
    before = sorted(path.name for path in clone.rglob("*.pack"))
    archive.write("releases/2004/01/2004-01-01-a.md", release_text())
    state = archive.commit() if word == "fetch" else first
    killed = tmp_path / "bin" / "git"
    killed.parent.mkdir()
    killed.write_text(
        f'#!/bin/sh\nfor one; do [ "$one" != {word} ] || kill -9 $$; done\nexec {shutil.which("git")} "$@"\n'
    )
    killed.chmod(0o755)
    monkeypatch.setenv("PATH", str(killed.parent), prepend=os.pathsep)
    source = open_source(str(archive.path), tmp_path / "w")
    with pytest.raises(Unusable, match=rf"git {word} of .* was killed by signal 9.*The clone is kept"):
        source.snapshot(state)
        list(source.read(list(source.files(state))))
    assert before == sorted(path.name for path in clone.rglob("*.pack"))


# ------------------------------------------------------------------------------------------------- workers


@pytest.mark.slow
def test_a_worker_that_is_killed_is_replaced_by_fewer_and_nothing_is_lost_or_double() -> None:
    contents = [(f"{number}.md", str(number), release_text(slug=str(number)).encode()) for number in range(64)]
    said: list[str] = []

    def killing():
        for number, content in enumerate(contents):
            if number in (20, 40):
                active_children()[0].kill()
            yield content

    made = list(batches.parse_many(killing(), 4, 4, said.append))
    assert [path for batch in made for path in batch.releases["path"].to_pylist()] == [one[0] for one in contents]
    assert [line.partition("; ")[2] for line in said] == ["2 worker processes go on", "this process goes on"]
