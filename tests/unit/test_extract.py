"""Sources: the same files whatever they come from, exactly their bytes, and nothing a user did not mean."""

import os
import shutil
from datetime import UTC
from pathlib import Path

import pytest

from flows.errors import Unreachable, Unusable
from flows.extract.model import ArchiveFile, Commit, FileChange, Source
from flows.extract.source import open_source
from tests.conftest import GitArchive, release_path, release_text

ODD = [
    "releases/2003/06/plain.md",
    "releases/2003/06/with space.md",
    'releases/2003/06/with "quotes" and\nnewline.md',
    "releases/2003/06/-leading-dash.md",
    "releases/2003/06/māori.md",
    "releases/2003/06/notes.txt",
    "releases/2003/06/.hidden.md",
    "speeches/2003/06/plain.md",
    ".github/workflow.yml",
    "LICENSE.md",
]


@pytest.fixture
def odd(tmp_path: Path) -> GitArchive:
    archive = GitArchive(tmp_path / "odd")
    for number, path in enumerate(ODD):
        archive.write(path, f"content {number}")
    latin = os.fsencode(archive.path) + b"/releases/2003/06/caf\xe9.md"
    Path(os.fsdecode(latin)).write_bytes(b"latin name")
    (archive.path / "releases/2003/06/link.md").symlink_to("/etc/passwd")
    archive.commit()
    return archive


def files_of(source: Source) -> dict[str, ArchiveFile]:
    state = source.state()
    source.snapshot(state)
    return {file.path: file for file in source.files(state)}


def open_here(location: Path | str, tmp_path: Path, ref: str | None = None) -> Source:
    return open_source(str(location), tmp_path / "warehouse", ref)


def test_a_directory_and_a_repository_list_and_read_the_same(odd: GitArchive, tmp_path: Path) -> None:
    from_git = open_here(odd.path, tmp_path)
    bare = tmp_path / "plain"
    shutil.copytree(odd.path, bare, symlinks=True, ignore=shutil.ignore_patterns(".git"))
    from_directory = open_here(bare, tmp_path)
    listed = files_of(from_git)
    assert listed == files_of(from_directory)
    assert set(listed) == {*ODD, "releases/2003/06/caf\\xe9.md", "releases/2003/06/link.md"}
    regular = [file for file in listed.values() if file.kind == "file"]
    contents = {path: content for path, _, content in from_git.read(regular)}
    assert contents == {path: content for path, _, content in from_directory.read(regular)}
    assert contents[ODD[2]] == b"content 2"
    assert contents["releases/2003/06/caf\\xe9.md"] == b"latin name"


@pytest.mark.parametrize(
    ("path", "kind", "rule"),
    [
        ("releases/2003/06/plain.md", "file", None),
        ("speeches/2003/06/plain.md", "file", None),
        ("releases/2003/06/notes.txt", "file", "not_markdown"),
        ("releases/2003/06/.hidden.md", "file", "hidden"),
        (".github/workflow.yml", "file", "hidden"),
        ("LICENSE.md", "file", "outside_content_folder"),
        ("releases/2003/06/link.md", "symbolic_link", "symbolic_link"),
        ("releases/vendored", "submodule", "submodule"),
    ],
)
def test_what_is_no_release_is_left_out_by_a_named_rule(path: str, kind: str, rule: str | None) -> None:
    assert ArchiveFile(path, "blob", 1, kind).exclusion == rule  # type: ignore[arg-type]


def test_a_submodule_is_listed_as_one(archive: GitArchive, tmp_path: Path) -> None:
    commit = archive.git("rev-parse", "HEAD")
    archive.git("update-index", "--add", "--cacheinfo", f"160000,{commit},releases/vendored")
    archive.git("commit", "--quiet", "-m", "a gitlink")
    assert files_of(open_here(archive.path, tmp_path))["releases/vendored"].kind == "submodule"


def test_a_content_folder_may_be_given_itself(archive: GitArchive, tmp_path: Path) -> None:
    whole = files_of(open_here(archive.path, tmp_path))
    part = files_of(open_here(archive.path / "releases", tmp_path))
    assert part == whole


def test_a_stray_folder_of_a_year_does_not_make_an_archive_a_content_folder(
    archive: GitArchive, tmp_path: Path
) -> None:
    plain = tmp_path / "plain"
    shutil.copytree(archive.path / "releases", plain / "releases")
    (plain / "2003").mkdir()
    assert files_of(open_here(plain, tmp_path)) == files_of(open_here(archive.path / "releases", tmp_path))


def test_the_state_of_a_directory_is_its_content(archive: GitArchive, tmp_path: Path) -> None:
    folder = archive.path / "releases"
    before = open_here(folder, tmp_path).state()
    path = next(folder.rglob("*.md"))
    os.utime(path, (0, 0))
    assert open_here(folder, tmp_path).state() == before
    original = path.read_bytes()
    path.write_bytes(original + b" ")
    assert open_here(folder, tmp_path).state() != before
    path.write_bytes(original)
    assert open_here(folder, tmp_path).state() == before


def test_a_warehouse_inside_a_directory_is_no_part_of_it(archive: GitArchive, tmp_path: Path) -> None:
    root = archive.path / "releases"
    before = open_here(root, tmp_path).state()
    for warehouse in (root / "data" / "warehouse", root / "data" / "warehouse" / "verify" / "warehouse"):
        warehouse.mkdir(parents=True)
        (warehouse / "writer.lock").touch()
        assert open_source(str(root), warehouse).state() == before
    assert open_here(root, tmp_path).state() != before  # of a refresh into another folder
    with pytest.raises(Unusable, match="both the source and the warehouse"):
        open_source(str(root), root)


def test_a_file_that_changes_while_it_is_read_is_noticed(archive: GitArchive, tmp_path: Path) -> None:
    source = open_here(archive.path / "releases", tmp_path)
    files = list(files_of(source).values())
    next((archive.path / "releases").rglob("*.md")).write_text("changed")
    with pytest.raises(Unusable, match="changed while it was being read"):
        list(source.read(files))


def test_refs_mean_what_git_means_by_them(archive: GitArchive, tmp_path: Path) -> None:
    first = archive.git("rev-parse", "HEAD")
    archive.git("tag", "plain")
    archive.git("tag", "-a", "annotated", "-m", "a tag")
    tag = archive.git("rev-parse", "annotated")
    archive.write("releases/2004/01/2004-01-01-new.md", release_text())
    second = archive.commit()
    archive.git("branch", "side")
    states = {
        ref: open_here(archive.path, tmp_path, ref).state()
        for ref in (
            None, "main", "side", "plain", "annotated", "refs/tags/annotated", tag, first, first[:10], "main~1",
            "HEAD~1",
        )
    }  # fmt: skip
    assert states == {
        None: second, "main": second, "side": second, "plain": first, "annotated": first,
        "refs/tags/annotated": first, tag: first, first: first, first[:10]: first, "main~1": first, "HEAD~1": first,
    }  # fmt: skip
    old = open_here(archive.path, tmp_path, "plain")
    assert "releases/2004/01/2004-01-01-new.md" not in files_of(old)
    with pytest.raises(Unusable, match="no branch, tag or commit named 'nowhere'"):
        open_here(archive.path, tmp_path, "nowhere").state()
    missing = open_here(archive.path, tmp_path, "0" * 40)
    with pytest.raises(Unusable, match="does not hold the commit"):
        missing.snapshot(missing.state())


def test_new_commits_and_a_rewritten_history_are_fetched(archive: GitArchive, tmp_path: Path) -> None:
    files_of(open_here(archive.path, tmp_path))
    archive.write("releases/2004/01/2004-01-01-new.md", release_text())
    archive.commit()
    assert "releases/2004/01/2004-01-01-new.md" in files_of(open_here(archive.path, tmp_path))
    archive.git("reset", "--hard", "--quiet", "HEAD~1")
    archive.write("releases/2004/02/2004-02-01-other.md", release_text())
    archive.commit()
    listed = files_of(open_here(archive.path, tmp_path))
    assert "releases/2004/02/2004-02-01-other.md" in listed
    assert "releases/2004/01/2004-01-01-new.md" not in listed


def test_a_detached_head_a_bare_clone_and_a_bundle(archive: GitArchive, tmp_path: Path) -> None:
    expected = files_of(open_here(archive.path, tmp_path))
    archive.git("clone", "--quiet", "--bare", str(archive.path), str(tmp_path / "bare.git"))
    assert files_of(open_here(tmp_path / "bare.git", tmp_path)) == expected
    assert files_of(open_here(f"file://{tmp_path}/bare.git", tmp_path)) == expected
    archive.git("bundle", "create", str(tmp_path / "whole.bundle"), "--all")
    assert files_of(open_here(tmp_path / "whole.bundle", tmp_path)) == expected
    archive.git("bundle", "create", str(tmp_path / "branch.bundle"), "main")
    assert files_of(open_here(tmp_path / "branch.bundle", tmp_path)) == expected
    archive.git("checkout", "--quiet", "--detach")
    archive.write("releases/2004/01/2004-01-01-new.md", release_text())
    archive.commit()
    assert "releases/2004/01/2004-01-01-new.md" in files_of(open_here(archive.path, tmp_path))


def test_a_broken_clone_is_made_anew(archive: GitArchive, tmp_path: Path) -> None:
    expected = files_of(open_here(archive.path, tmp_path))
    (clone,) = (tmp_path / "warehouse" / "archives").iterdir()
    (clone / "HEAD").unlink()
    assert files_of(open_here(archive.path, tmp_path)) == expected


def test_a_clone_is_kept_if_git_is_killed(archive: GitArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files_of(open_here(archive.path, tmp_path))
    (clone,) = (tmp_path / "warehouse" / "archives").iterdir()
    made = clone.stat().st_ino
    archive.commit("another state")
    real = shutil.which("git")
    git = tmp_path / "bin" / "git"
    git.parent.mkdir()
    git.write_text(f'#!/bin/sh\ncase "$*" in *rev-parse*) kill -9 $$;; esac\nexec {real} "$@"\n')
    git.chmod(0o755)
    monkeypatch.setenv("PATH", f"{git.parent}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(Unusable, match="git rev-parse"):
        files_of(open_here(archive.path, tmp_path))
    monkeypatch.undo()
    assert len(files_of(open_here(archive.path, tmp_path))) == 12
    assert clone.stat().st_ino == made


def test_a_fetch_that_was_cut_short_is_done_again(archive: GitArchive, tmp_path: Path) -> None:
    files_of(open_here(archive.path, tmp_path))
    archive.write("releases/2004/01/2004-01-01-new.md", release_text())
    commit = archive.commit()
    (clone,) = (tmp_path / "warehouse" / "archives").iterdir()
    name = f"objects/{commit[:2]}/{commit[2:]}"  # the commit came through, its files did not
    (clone / name).parent.mkdir(exist_ok=True)
    shutil.copy(archive.path / ".git" / name, clone / name)
    source = open_here(archive.path, tmp_path)
    listed = files_of(source)
    assert [path for path, _, _ in source.read([listed["releases/2004/01/2004-01-01-new.md"]])]


def test_what_a_killed_git_left_in_the_clone_goes_though_nothing_is_to_be_fetched(
    archive: GitArchive, tmp_path: Path
) -> None:
    files_of(open_here(archive.path, tmp_path))
    (clone,) = (tmp_path / "warehouse" / "archives").iterdir()
    names = ("HEAD.lock", "refs/remote/HEAD.lock", "objects/tmp_obj_1", "objects/pack/tmp_pack_1")
    for name in names:
        (clone / name).touch()
    files_of(open_here(archive.path, tmp_path))
    assert [name for name in names if (clone / name).exists()] == []


def test_git_works_whatever_becomes_of_the_folder_in_which_it_was_called(
    archive: GitArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    source = open_here(archive.path, tmp_path)
    here.rmdir()
    listed = files_of(source)
    assert len(list(source.read(listed.values()))) == 12
    assert len(list(source.history(source.state()))) == 13


def test_a_clone_of_many_fetches_is_packed(archive: GitArchive, tmp_path: Path) -> None:
    for number in range(3):
        archive.write("releases/2004/01/2004-01-01-one.md", f"version {number}")
        archive.commit()
        files_of(open_here(archive.path, tmp_path))
        (clone,) = (tmp_path / "warehouse").glob("archives/*.git")
        with (clone / "config").open("a") as config:  # git packs from 6,700 objects on, or 50 packs
            config.write("[fetch]\n\tunpackLimit = 1\n[gc]\n\tautoPackLimit = 1\n")
    assert len(list(clone.glob("objects/pack/*.pack"))) == 1
    assert list(clone.glob("objects/??/*")) == []


def test_a_shallow_clone_is_told_apart(archive: GitArchive, tmp_path: Path) -> None:
    archive.commit("a second commit")
    archive.git("clone", "--quiet", "--depth", "1", f"file://{archive.path}", str(tmp_path / "shallow"))
    source = open_here(tmp_path / "shallow", tmp_path)
    with pytest.raises(Unusable, match=r"shallow clone.*--unshallow"):
        source.snapshot(source.state())


def test_history_follows_the_first_parent(archive: GitArchive, tmp_path: Path) -> None:
    path = "releases/2003/05/2003-05-17-release-5.md"
    first = archive.git("rev-parse", "HEAD")
    (archive.path / path).unlink()
    archive.commit("delete")
    archive.git("checkout", "--quiet", "-b", "side")
    archive.write(path, "side")
    archive.commit("add again on a side branch")
    archive.git("checkout", "--quiet", "main")
    archive.git("merge", "--quiet", "--no-ff", "-m", "merge", "side")
    merge = archive.git("rev-parse", "HEAD")
    source = open_here(archive.path, tmp_path)
    source.snapshot(source.state())
    history = list(source.history(source.state()))
    steps = [step for step in history if isinstance(step, Commit)]
    commits = [(commit.commit_number, commit.commit_id) for commit in steps]
    assert (commits[0], commits[-1]) == ((1, first), (3, merge))
    assert all(commit.committed_at.tzinfo is UTC for commit in steps)
    changes = [
        (step.commit_number, step.change) for step in history if isinstance(step, FileChange) and step.path == path
    ]
    assert changes == [(1, "added"), (2, "removed"), (3, "added")]


@pytest.mark.parametrize(
    "location",
    ["ext::sh -c id", "fd::17", "http://example.org/a.git", "git://example.org/a.git", "ftp://example.org/a",
     "--upload-pack=touch /tmp/owned", "-x"],
)  # fmt: skip
def test_other_transports_and_options_are_refused(location: str, tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"allowed|looks like an option"):
        open_here(location, tmp_path)


def test_credentials_are_never_told(tmp_path: Path) -> None:
    source = open_here("https://user:s3cret@127.0.0.1:9/archive.git", tmp_path)
    assert source.location == "https://127.0.0.1:9/archive.git"
    with pytest.raises(Unusable) as raised:
        source.state()
    assert "s3cret" not in str(raised.value)
    assert "127.0.0.1" in str(raised.value)


def test_the_callers_git_variables_lead_nowhere(
    archive: GitArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = GitArchive(tmp_path / "other")
    other.commit("nothing here")
    monkeypatch.setenv("GIT_DIR", str(other.path / ".git"))
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "ext")
    assert len(files_of(open_here(archive.path, tmp_path))) == 12


# Settings that change what git lists, prints or makes, unless each command is protected from them.
STRANGE_CONFIGURATION = """
[log]
    diffMerges = off
    showSignature = true
    date = relative
    follow = true
[i18n]
    logOutputEncoding = UTF-16
[diff]
    renames = false
    renameLimit = 1
    relative = true
    orderFile = /nowhere
[color]
    ui = always
[core]
    quotePath = true
    attributesFile = /nowhere
    hooksPath = /nowhere
[init]
    defaultObjectFormat = sha256
    defaultRefFormat = reftable
[alias]
    log = "!false"
[fetch]
    prune = true
    recurseSubmodules = true
"""


def test_no_configuration_of_git_changes_what_is_read(
    archive: GitArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.git("checkout", "--quiet", "-b", "side")
    archive.git("mv", "releases/2003/05/2003-05-17-release-5.md", "releases/2003/05/2003-05-18-release-5.md")
    archive.git("mv", "releases/2003/06/2003-06-17-release-6.md", "releases/2003/06/2003-06-18-release-6.md")
    for name in ("05/2003-05-18-release-5", "06/2003-06-18-release-6"):
        path = archive.path / f"releases/2003/{name}.md"
        path.write_text(path.read_text() + "More.")
    archive.commit("rename and edit")
    archive.git("checkout", "--quiet", "main")
    archive.git("merge", "--quiet", "--no-ff", "-m", "merge", "side")

    def read(warehouse: str) -> tuple[object, ...]:
        source = open_source(str(archive.path), tmp_path / warehouse)
        snapshot = source.snapshot(source.state())
        return snapshot, list(source.files(snapshot.state)), list(source.history(snapshot.state))

    expected = read("before")
    assert [step.change for step in expected[2] if isinstance(step, FileChange)][-2:] == ["renamed", "renamed"]
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(STRANGE_CONFIGURATION)
    monkeypatch.setenv("HOME", str(home))
    assert read("by the file of the user") == expected
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / ".gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "log.diffMerges")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "off")
    monkeypatch.setenv("GIT_DEFAULT_HASH", "sha256")
    monkeypatch.setenv("GIT_NAMESPACE", "another")
    monkeypatch.setenv("GIT_DIFF_OPTS", "--unified=0")
    assert read("by variables") == expected


def test_a_fetch_follows_the_configuration_of_the_user(
    archive: GitArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".gitconfig").write_text(
        f'[url "{archive.path}"]\n insteadOf = https://archive.invalid/x.git\n'
        f'[core]\n sshCommand = "touch {tmp_path}/asked; false"\n'
    )
    assert len(files_of(open_here("https://archive.invalid/x.git", tmp_path))) == 12
    with pytest.raises(Unusable):
        open_here("ssh://archive.invalid/x.git", tmp_path).state()
    assert (tmp_path / "asked").exists()


def test_what_is_no_archive_is_a_sentence(tmp_path: Path) -> None:
    GitArchive(tmp_path / "empty")
    with pytest.raises(Unusable, match="is empty: it has no commit"):
        open_here(tmp_path / "empty", tmp_path).state()
    with pytest.raises(Unusable, match="There is no archive at"):
        open_here(tmp_path / "nowhere", tmp_path)
    (tmp_path / "file").write_text("text")
    with pytest.raises(Unusable, match="is a file but not a git bundle"):
        open_here(tmp_path / "file", tmp_path)
    (tmp_path / "folder").mkdir()
    with pytest.raises(Unusable, match="is empty"):
        open_here(tmp_path / "folder", tmp_path).state()
    with pytest.raises(Unusable, match="--ref main needs a git repository"):
        open_here(tmp_path / "folder", tmp_path, "main")
    (tmp_path / "cut.bundle").write_bytes(b"# v2 git bundle\n")
    with pytest.raises(Unusable, match=r"cut\.bundle"):
        open_here(tmp_path / "cut.bundle", tmp_path).state()


def test_a_fetch_that_fails_keeps_a_good_clone(archive: GitArchive, tmp_path: Path) -> None:
    state = archive.git("rev-parse", "HEAD")
    source = open_source(str(archive.path), tmp_path / "w")
    source.snapshot(state)
    archive.path.rename(tmp_path / "away")
    with pytest.raises(Unreachable):
        source.snapshot("0" * 40)
    assert source.snapshot(state).state == state


@pytest.mark.parametrize("kind", ["commit", "tree", "blob"])
def test_a_clone_whose_branch_names_what_a_power_cut_lost_is_made_again(
    archive: GitArchive, tmp_path: Path, kind: str
) -> None:
    state = archive.git("rev-parse", "HEAD")
    path = release_path("2003-12-17", "release-12")
    lost = archive.git("rev-parse", {"commit": "HEAD", "tree": "HEAD^{tree}", "blob": f"HEAD:{path}"}[kind])
    open_source(str(archive.path), tmp_path / "w").snapshot(state)
    (clone,) = (tmp_path / "w" / "archives").iterdir()
    (clone / "objects" / lost[:2] / lost[2:]).unlink()
    source = open_source(str(archive.path), tmp_path / "w")
    assert source.snapshot(state).state == state
    assert path in [file.path for file in source.files(state)]
