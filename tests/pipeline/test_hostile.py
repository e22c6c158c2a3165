"""Archives, sources and questions that mean harm: nothing runs, leaks or hangs, and no good release is lost."""

import csv
import io
import json
import os
import re
import shlex
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from markdown_it import MarkdownIt

from flows.errors import BeehiveError, Unusable
from flows.extract.model import Commit, FileChange
from flows.extract.source import open_source
from flows.load.database import literal
from flows.parse.release import MAX_AMOUNTS, MAX_ITEMS, MAX_WORDS, Rejection, parse
from flows.run import Change, Outcome
from flows.serve.query import run_query
from flows.settings import Settings
from tests.conftest import ROOT, GitArchive, Lines, Refresh, release_path, release_text
from tests.pipeline.test_processes import BEEHIVE, beehive
from tests.pipeline.test_refresh import rows

SECRET = "s3cretpassw0rd"
ESCAPES = "\x1b[31mred\x1b]0;owned\x07\x9b2J\x7f\x08\u202eder\u2066"
SCRIPT = "<script>alert(1)</script> <img src=x onerror=alert(1)>"


# --------------------------------------------------------------------------- trees that no file system has


def blob(archive: GitArchive, content: str | bytes) -> str:
    content = content.encode() if isinstance(content, str) else content
    return git_bytes(archive, content, "hash-object", "-w", "--stdin")


def git_bytes(archive: GitArchive, given: bytes, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=archive.path, input=given, capture_output=True, check=True)
    return done.stdout.decode().strip()


def tree(archive: GitArchive, entries: dict[bytes, tuple[str, str]]) -> str:
    """Writes a tree of paths, each a mode and an object; git's own check of names is not asked."""
    folders: dict[bytes, dict[bytes, tuple[str, str]]] = {}
    lines: list[bytes] = []
    for path, (mode, name) in entries.items():
        head, slash, rest = path.partition(b"/")
        if slash:
            folders.setdefault(head, {})[rest] = (mode, name)
        else:
            kind = {"160000": "commit", "040000": "tree"}.get(mode, "blob")
            lines.append(f"{mode} {kind} {name}\t".encode() + head)
    lines += [f"040000 tree {tree(archive, inside)}\t".encode() + head for head, inside in folders.items()]
    return git_bytes(archive, b"".join(line + b"\0" for line in lines), "mktree", "-z", "--missing")


def commit_tree(archive: GitArchive, top: str) -> str:
    commit = archive.git("commit-tree", top, "-m", "hostile")
    archive.git("update-ref", "refs/heads/main", commit)
    return commit


def good_entries(archive: GitArchive) -> dict[bytes, tuple[str, str]]:
    listed = archive.git("ls-tree", "-r", "HEAD").splitlines()
    return {line.partition("\t")[2].encode(): ("100644", line.split()[2]) for line in listed}


PATHS: dict[bytes, str | None] = {  # path in the tree: why it is left out, None where it is loaded
    b"releases/2003/06/2003-06-17-new\nline.md": None,
    b"releases/2003/06/2003-06-17-ta\tb.md": None,
    b"releases/2003/06/2003-06-17-control\x02\x1b[31m\x7f.md": None,
    b"releases/2003/06/2003-06-17-\"double\" 'single' `back`.md": None,
    b"releases/2003/06/'; drop table core.fact_release; --.md": None,
    b"releases/2003/06/$(touch owned)`touch owned`;touch owned|touch owned.md": None,
    b"releases/2003/06/%s%n{0}{path}.md": None,
    b"releases/2003/06/--upload-pack=touch owned.md": None,
    b"releases/2003/06/-rf.md": None,
    b"releases/2003/06/ leading and trailing .md": None,
    b"releases/2003/06/C:\\windows\\system32\\con.md": None,
    b"releases/2003/06/latin-\xe9\xff.md": None,
    b"releases/2003/06/half-\xed\xa0\x80-a-pair.md": None,
    b"releases/2003/06/CASE.md": None,
    b"releases/2003/06/case.md": None,
    "releases/2003/06/māori.md".encode(): None,
    "releases/2003/06/ma\u0304ori.md".encode(): None,
    "releases/2003/06/\u202egnp.md".encode(): None,
    b"releases/2003/06/" + b"long" * 1_500 + b".md": None,
    b"releases/" + b"deep/" * 60 + b"deep.md": None,
    b"releases/2003/06/<script>alert(1)<": "not_markdown",
    b"releases/2003/06/ends-with.md\n": "not_markdown",
    b"releases/../../../../tmp/owned.md": "hidden",
    b"../owned.md": "hidden",
    b"./owned.md": "hidden",
    b".git/hooks/post-checkout.md": "hidden",
    b"-x.md": "outside_content_folder",
    b"re\x1b[31m|<b>leases/2003/06/folder.md": None,
}


def shown(path: bytes) -> str:
    return path.decode(errors="backslashreplace")


@pytest.mark.daily
def test_paths_that_no_file_system_takes_are_loaded_or_left_out_by_rule(
    run: Refresh, archive: GitArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = good_entries(archive)
    for number, path in enumerate(PATHS):
        entries[path] = ("100644", blob(archive, release_text(f"Path {number}", "2003-06-17", f"path-{number}")))
    entries[b"releases/passwd.md"] = ("120000", blob(archive, "/etc/passwd"))
    entries[b"releases/folder.md"] = ("120000", blob(archive, "../../.."))
    entries[b"releases/loop.md"] = ("120000", blob(archive, "loop.md"))
    entries[b"releases/module.md"] = ("160000", archive.git("rev-parse", "HEAD"))
    archive.write(".gitmodules", '[submodule "m"]\n path = releases/module.md\n url = ext::sh -c "touch owned"\n')
    entries[b".gitmodules"] = ("100644", blob(archive, (archive.path / ".gitmodules").read_bytes()))
    commit_tree(archive, tree(archive, entries))
    monkeypatch.chdir(tmp_path)
    watched = (tmp_path, archive.path.parent)
    before = {path for folder in watched for path in folder.rglob("*") if "warehouse" not in path.parts}

    outcome = run(archive.path)

    warehouse = tmp_path / "warehouse"
    found = dict(rows(warehouse, "select path, reason from source_files"))
    assert {path: found[shown(path)] for path in PATHS} == PATHS
    assert found["releases/passwd.md"] == found["releases/folder.md"] == found["releases/loop.md"] == "symbolic_link"
    assert found["releases/module.md"] == "submodule"
    assert len(found) == len(entries)
    assert outcome.release_count == 12 + list(PATHS.values()).count(None)
    after = {path for folder in watched for path in folder.rglob("*") if "warehouse" not in path.parts}
    assert after == before
    assert rows(warehouse, "select count(*) from release_texts where body like '%root:%'") == [(0,)]
    seen = "select count(*) from core.fact_release where first_seen_at is null"
    assert rows(warehouse, seen) == [(0,)]


def listed(archive: GitArchive, tmp_path: Path) -> tuple[set[str], set[str]]:
    """The paths of the state, and those that its history tells of."""
    source = open_source(str(archive.path), tmp_path / "warehouse")
    state = source.state()
    source.snapshot(state)
    paths = [file.path for file in source.files(state)]
    assert len(paths) == len(set(paths)), "two files are shown as one"
    return set(paths), {step.path for step in source.history(state) if isinstance(step, FileChange)}


def test_a_name_may_hold_any_character_that_git_lets_it_hold(archive: GitArchive, tmp_path: Path) -> None:
    entries = good_entries(archive)
    names = [b"releases/%c/a%cb.md" % (code, code) for code in range(1, 256) if code != ord("/")]
    entries |= dict.fromkeys(names, ("100644", blob(archive, release_text())))
    commit_tree(archive, tree(archive, entries))
    state, history = listed(archive, tmp_path)
    assert state == history | {"releases/./a.b.md"}
    assert state == {shown(name) for name in entries}


def test_a_name_of_other_bytes_and_the_name_it_is_shown_as_stand_side_by_side(
    archive: GitArchive, tmp_path: Path
) -> None:
    entries = good_entries(archive)
    names = (b"caf\xe9", b"caf\\xe9", b"caf\\x5cxe9", b"caf\\\xe9", b"caf\\\\xe9", b"caf\\\\\xe9")
    entries |= {b"releases/" + name + b".md": ("100644", blob(archive, release_text())) for name in names}
    commit_tree(archive, tree(archive, entries))
    state, history = listed(archive, tmp_path)
    assert state == history
    assert len(state) == 12 + len(names)


@pytest.mark.parametrize("name", [b"", b"a\0b", b"with/slash"])
def test_a_tree_with_a_name_that_git_itself_refuses_is_a_sentence(
    run: Refresh, archive: GitArchive, tmp_path: Path, name: bytes
) -> None:
    content = blob(archive, release_text())
    raw = b"100644 " + name + b"\0" + bytes.fromhex(content)
    top = git_bytes(archive, raw, "hash-object", "-t", "tree", "-w", "--stdin", "--literally")
    commit_tree(archive, top)
    try:
        outcome = run(archive.path)
    except BeehiveError as error:
        assert str(error).count("\n") == 0
    else:
        assert outcome.release_count == 0


@pytest.mark.parametrize("seconds", ["253402300800", "99999999999999", "-1", ""])
def test_a_commit_of_an_impossible_time_has_some_time(archive: GitArchive, tmp_path: Path, seconds: str) -> None:
    who = f"A <a@example.invalid> {seconds} +0000".encode()
    top = archive.git("rev-parse", "HEAD^{tree}").encode()
    raw = b"tree " + top + b"\nauthor " + who + b"\ncommitter " + who + b"\n\nhostile\n"
    commit = git_bytes(archive, raw, "hash-object", "-t", "commit", "-w", "--stdin", "--literally")
    archive.git("update-ref", "refs/heads/main", commit)
    source = open_source(str(archive.path), tmp_path / "warehouse")
    snapshot = source.snapshot(source.state())
    assert len(list(source.files(snapshot.state))) == 12
    assert snapshot.committed_at is not None
    assert [step.commit_id for step in source.history(commit) if isinstance(step, Commit)] == [commit]


# --------------------------------------------------------------------------------------- hostile contents

LONG_NAME = "Hon " + "Zeb" * 6_000
CONTENTS: dict[str, tuple[str, str | None]] = {  # slug: content, reason
    "object": (release_text().replace('"A title"', '!!python/object/apply:os.system ["touch owned"]'), "wrong_type"),
    "name": (release_text(ministers=("!!python/name:os.system",)), "empty_value"),
    "module": (release_text().replace('"A title"', "!!python/module:antigravity x"), None),
    "binary": (release_text().replace('"A title"', "!!binary aGVsbG8="), None),
    "set": (release_text().replace("ministers:\n  - Helen Clark", "ministers: !!set {Helen Clark}"), "wrong_type"),
    "custom": (release_text().replace('"A title"', "!<tag:evil,2000:x> A title"), None),
    "tag-directive": ("---\n%TAG ! tag:evil,2000:\n" + release_text()[4:], "bad_yaml"),
    "merge": (release_text().replace("date:", "base: &b {date: 2003-06-17}\n<<: *b\ndate:"), "yaml_reference"),
    "bomb": (
        release_text().replace("ministers:", "".join(
            f"l{n}: &l{n} [{', '.join([f'*l{n - 1}' if n else 'lol'] * 9)}]\n" for n in range(12)) + "ministers:"),
        "yaml_reference",
    ),
    "two-documents": (release_text().replace("date:", "...\n%YAML 1.1\ndate:"), "bad_yaml"),
    "nul": (release_text(r"a\0b", ministers=('"Helen\\0Clark"',), portfolios=('"He\\0alth"',), body="a\0b"), None),
    "controls": (release_text(r"\x01\x1b[31m\x7f\x80\u2028", ministers=(r'"\x1b[1mZ\x07 Quux"',), body=ESCAPES), None),
    "newlines": (release_text(r"One\nTwo\r\nThree", ministers=(r'"Zeb\nQuux"',), portfolios=(r'"Tidal\nP"',)), None),
    "markup": (release_text(SCRIPT, ministers=(f'"{SCRIPT}"',), portfolios=(f'"{SCRIPT}"',), body=SCRIPT), None),
    "sql": (release_text("'; drop table core.fact_release; --", ministers=("\"'; drop schema core; --\"",)), None),
    "formula": (release_text("=HYPERLINK(1)", ministers=('"=cmd|x"', '"+1"', '"-1"', '"@SUM(1)"')), None),
    "punctuation": (release_text("!", ministers=('"!!!"', '"..."', '"\u200b"'), portfolios=('"???"', '"…"')), None),
    "reserved": (release_text(ministers=("Not stated", "Unknown", "unresolved"), portfolios=("Unknown",)), None),
    "long-name": (release_text(ministers=(LONG_NAME,), portfolios=("Tidal" * 4_000,)), "front_matter_too_long"),
    "many-names": (
        release_text(ministers=tuple(f"Zeb Quux{n:x}" for n in range(100)), portfolios=("Health",) * 100), None),
    "right-to-left": (release_text("\u202etxt.exe", ministers=('"\u202eZeb Quux"', '"أحمد"', '"李 明"')), None),
    "percent": (release_text("%s %n {0} {title} ${HOME} $(id) `id`"), None),
}  # fmt: skip


def test_hostile_contents_cost_no_good_release_and_read_as_printed(
    run: Refresh, archive: GitArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for slug, (content, _) in CONTENTS.items():
        archive.write(release_path("2003-06-18", slug), content)
    archive.commit()
    monkeypatch.chdir(tmp_path)
    run(archive.path)
    warehouse = tmp_path / "warehouse"
    reasons = dict(rows(warehouse, "select path, reason from source_files"))
    assert {slug: reasons[release_path("2003-06-18", slug)] for slug in CONTENTS} == {
        slug: reason for slug, (_, reason) in CONTENTS.items()
    }
    titles = dict(rows(warehouse, "select source_path, title from core.fact_release"))
    assert titles[release_path("2003-06-18", "binary")] == "aGVsbG8="
    assert titles[release_path("2003-06-18", "nul")] == "a\0b"
    assert titles[release_path("2003-06-18", "newlines")] == "One\nTwo\r\nThree"
    assert titles[release_path("2003-06-18", "controls")] == "\x01\x1b[31m\x7f\x80\u2028"
    assert titles[release_path("2003-06-18", "sql")] == "'; drop table core.fact_release; --"
    credited = {name for (name,) in rows(warehouse, "select credited_as from core.bridge_release_minister")}
    assert {"Helen\0Clark", "\x1b[1mZ\x07 Quux", "Zeb\nQuux", "'; drop schema core; --"} <= credited
    assert not (tmp_path / "owned").exists()
    assert not (archive.path / "owned").exists()


@pytest.mark.daily
@pytest.mark.parametrize(
    "unit",
    [
        "$1 ",
        pytest.param("aā", marks=pytest.mark.slow),
        pytest.param("\u05b1\u05b0", marks=pytest.mark.slow),
    ],
)  # fmt: skip
def test_one_file_never_fails_a_refresh_nor_does_its_place_in_the_history(
    run: Refresh, archive: GitArchive, tmp_path: Path, unit: str
) -> None:
    path = release_path("2004-01-01", "huge")
    body = unit * (3_900_000 // len(unit.encode()))
    names = tuple(f"Zeb Quux{number:x}" for number in range(200))
    archive.write(path, release_text("Huge", "2004-01-01", "huge", names, names, body=body))
    archive.commit()
    is_quarantined = isinstance(parse(path, "blob", (archive.path / path).read_bytes()), Rejection)
    assert run(archive.path).release_count == 13 - is_quarantined
    fates = [("text_too_long",)] if is_quarantined else []
    assert rows(tmp_path / "warehouse", "select reason from meta.quarantine") == fates
    archive.git("revert", "--no-edit", "HEAD")
    assert run(archive.path).release_count == 12
    history = f"select count(*) from release_history where source_path = '{path}'"
    assert rows(tmp_path / "warehouse", history) == [(1,)]


@pytest.mark.slow
def test_files_that_hold_just_as_much_as_the_limits_allow_are_loaded(
    run: Refresh, archive: GitArchive, tmp_path: Path
) -> None:
    names = tuple(f"Zeb Quux{number:x}" for number in range(MAX_ITEMS))
    bodies = {
        "links": " ".join(f"[{'a' * 3_900}{number}](/minister/x{number})" for number in range(990)),
        "words": " ".join(f"w{number:x}" for number in range(MAX_WORDS - 1_000)),
        "names": "Ms Clark said " * (MAX_WORDS // 3),
        "amounts": "$1.50 million " * MAX_AMOUNTS,
    }
    for slug, body in bodies.items():
        archive.write(release_path("2004-01-01", slug), release_text(slug, "2004-01-01", slug, names, names, body=body))
    archive.commit()
    assert run(archive.path).release_count == 16
    assert rows(tmp_path / "warehouse", "select * from meta.quarantine") == []


@pytest.mark.slow
def test_fifty_megabytes_of_front_matter_are_set_aside_whatever_the_limit(
    run: Refresh, archive: GitArchive, tmp_path: Path
) -> None:
    archive.write(release_path("2004-01-01", "huge"), release_text("A" * 50_000_000, "2004-01-01", "huge"))
    archive.commit()
    assert run(archive.path).release_count == 12
    assert rows(tmp_path / "warehouse", "select reason from meta.quarantine") == [("too_large",)]
    found = parse("releases/x.md", "blob", release_text("A" * 50_000_000).encode())
    assert isinstance(found, Rejection)
    assert found.reason == "front_matter_too_long"


@pytest.mark.slow
@pytest.mark.parametrize(
    "content",
    [
        *(release_text("Far", day, "odd") for day in ("9999-12-31", "0002-01-01")),
        release_text(
            "Many", "2026-06-17", "odd", tuple(f"Hon Zeb Quux{number:x}" for number in range(3_000)),
            tuple(f"Tidal Parks{number:x}" for number in range(3_000)),
        ),
    ],
    ids=["the last day there is", "the second year there was", "three thousand names"],
)  # fmt: skip
def test_one_absurd_release_is_loaded_or_set_aside_and_never_takes_the_others_with_it(
    run: Refresh, archive: GitArchive, tmp_path: Path, content: str
) -> None:
    archive.write(release_path("2003-06-18", "odd"), content)
    archive.commit()
    start = time.process_time()
    assert run(archive.path).release_count in (12, 13)
    assert time.process_time() - start < 8


# ------------------------------------------------------------------------------------- folders on the disk


@pytest.fixture
def folder(archive: GitArchive) -> Path:
    """The archive as a plain directory."""
    (archive.path / ".git").rename(archive.path.parent / "git-elsewhere")
    return archive.path


def test_pipes_sockets_devices_and_links_in_a_folder_neither_hang_nor_are_followed(
    folder: Path, tmp_path: Path
) -> None:
    odd = folder / "releases" / "odd"
    odd.mkdir()
    os.mkfifo(odd / "pipe.md")
    (odd / "passwd.md").symlink_to("/etc/passwd")
    (odd / "zero.md").symlink_to("/dev/zero")
    (odd / "folder").symlink_to("/etc", target_is_directory=True)
    (odd / "above").symlink_to(folder, target_is_directory=True)
    (odd / "loop.md").symlink_to("loop.md")
    try:
        os.mknod(odd / "device.md", 0o666 | 0o020000, os.makedev(1, 5))  # /dev/zero, which never ends
        is_device = True
    except PermissionError:  # only root may
        is_device = False
    here = os.open(odd, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"/proc/self/fd/{here}/socket.md")  # a socket's own path may have 107 bytes only
    os.close(here)
    source = open_source(str(folder), tmp_path / "warehouse")
    files = list(source.files(source.state()))
    regular = [file for file in files if file.kind == "file"]
    assert len(list(source.read(regular))) == 12
    assert {file.path: file.size for file in files if file.kind == "symbolic_link"} == {
        "releases/odd/passwd.md": 11, "releases/odd/zero.md": 9, "releases/odd/folder": 4,
        "releases/odd/above": len(str(folder)), "releases/odd/loop.md": 7,
    }  # fmt: skip
    special = {"releases/odd/pipe.md", "releases/odd/socket.md"} | ({"releases/odd/device.md"} if is_device else set())
    assert {file.path for file in files if file.exclusion == "special_file"} == special
    assert len(files) == 17 + len(special)


@pytest.mark.slow
def test_a_folder_deeper_than_the_interpreter_nests_is_loaded_or_a_sentence(folder: Path, tmp_path: Path) -> None:
    here = os.open(folder / "releases", os.O_RDONLY)
    for _ in range(1_200):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    file = os.open("deep.md", os.O_CREAT | os.O_WRONLY, dir_fd=here)
    os.write(file, release_text("Deep", "2003-06-17", "deep").encode())
    os.close(file)
    os.close(here)
    done = beehive("refresh", "--source", str(folder), "--warehouse", str(tmp_path / "w"))
    subprocess.run(["rm", "-rf", folder / "releases" / "d"], check=True)  # pytest's own removal nests too
    assert "Traceback" not in done.stderr
    assert (done.returncode, "13 releases" in done.stdout) == (0, True) or done.stderr.count("\n") == 1


@pytest.mark.parametrize("make", ["pipe", "device", "socket", "loop", "long name", "no such user", "nested .git file"])
def test_a_source_that_is_no_archive_is_a_sentence_at_once(make: str, tmp_path: Path) -> None:
    source = tmp_path / "source"
    location = str(source)
    match make:
        case "pipe":
            os.mkfifo(source)
        case "device":
            location = "/dev/zero"
        case "socket":
            with socket.socket(socket.AF_UNIX) as listening:
                listening.bind(os.path.relpath(source))
        case "loop":
            source.symlink_to(source)
        case "long name":
            location = "x" * 5_000
        case "no such user":
            location = "~no-such-user/archive"
        case "nested .git file":
            source.mkdir()
            (source / ".git").write_text("gitdir: /nowhere\n")
    done = beehive("refresh", f"--source={location}", "--warehouse", str(tmp_path / "w"))
    assert (done.returncode, done.stderr.startswith("beehive: "), done.stderr.count("\n")) == (2, True, 1), done.stderr


# ------------------------------------------------------------------------------------ hostile repositories


def trap(archive: GitArchive, marker: Path) -> None:
    """Every place in a repository from which git could be made to run something."""
    command = f"touch {shlex.quote(str(marker))}"
    hooks = archive.path / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-checkout", "pre-receive", "update", "post-update", "reference-transaction", "pre-push",
                 "post-merge", "pre-auto-gc", "fsmonitor-watchman", "post-index-change"):  # fmt: skip
        (hooks / name).write_text(f"#!/bin/sh\n{command}\n")
        (hooks / name).chmod(0o755)
    included = archive.path / "included.config"
    included.write_text(f'[core]\n\tsshCommand = "{command}"\n\tfsmonitor = "{command}"\n\tpager = "{command}"\n')
    (archive.path / ".git" / "objects" / "info").mkdir(exist_ok=True)
    (archive.path / ".git" / "objects" / "info" / "alternates").write_text("/nowhere/objects\n")
    with (archive.path / ".git" / "config").open("a") as config:
        config.write(
            f'[core]\n\tfsmonitor = "{command}"\n\tsshCommand = "{command}"\n\tgitProxy = "{command}"\n'
            f'\talternateRefsCommand = "{command}"\n\tpager = "{command}"\n\teditor = "{command}"\n'
            f'[uploadpack]\n\tpackObjectsHook = "{command}"\n\tallowAnySHA1InWant = true\n'
            f'[credential]\n\thelper = "!{command}"\n[alias]\n\tls-remote = "!{command}"\n\tfetch = "!{command}"\n'
            f'[diff]\n\texternal = "{command}"\n[gpg]\n\tprogram = "{command}"\n[log]\n\tshowSignature = true\n'
            f'[include]\n\tpath = {included}\n[url "ext::sh -c {command}"]\n\tinsteadOf = https://\n'
        )


@pytest.mark.slow
def test_a_repository_of_traps_springs_none(run: Refresh, archive: GitArchive, tmp_path: Path) -> None:
    trap(archive, tmp_path / "owned")
    assert run(archive.path).release_count == 12
    assert not (tmp_path / "owned").exists()


def test_objects_that_a_repository_borrows_are_kept_by_the_warehouse(archive: GitArchive, tmp_path: Path) -> None:
    archive.git("clone", "--quiet", "--shared", str(archive.path), str(tmp_path / "borrower"))
    source = open_source(str(tmp_path / "borrower"), tmp_path / "warehouse")
    source.snapshot(source.state())
    (clone,) = (tmp_path / "warehouse" / "archives").iterdir()
    archive.path.rename(tmp_path / "gone")
    whole = ["git", "--git-dir", clone, "rev-list", "--objects", "--all"]
    assert len(subprocess.run(whole, capture_output=True, check=True).stdout.splitlines()) > 12
    assert not (clone / "objects" / "info" / "alternates").exists()


@pytest.mark.slow
def test_the_repository_one_stands_in_has_no_say(archive: GitArchive, tmp_path: Path) -> None:
    decoy, here = GitArchive(tmp_path / "decoy"), GitArchive(tmp_path / "here")
    decoy.write(release_path("2003-01-17", "decoy"), release_text("Decoy", "2003-01-17", "decoy"))
    decoy.commit()
    trap(here, tmp_path / "owned")
    with (here.path / ".git" / "config").open("a") as config:
        config.write(f'[url "{decoy.path}"]\n\tinsteadOf = {archive.path}\n')
    done = subprocess.run(
        [*BEEHIVE, "refresh", "--source", archive.path, "--warehouse", tmp_path / "w"],
        cwd=here.path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, "12 releases" in done.stdout) == (0, True), done.stderr
    assert not (tmp_path / "owned").exists()


REFS = [
    "-x", "--upload-pack=touch {marker}", "--all", "$(touch {marker})", "HEAD; touch {marker}", "main..HEAD",
    "main:releases", "main^{{tree}}", "../../etc/passwd", "refs/heads/*", "a\nb", "", " ", "-c core.pager=touch",
]  # fmt: skip


def test_a_ref_that_is_an_option_or_a_command_names_nothing(archive: GitArchive, tmp_path: Path) -> None:
    marker = tmp_path / "owned"
    for ref in REFS:
        with pytest.raises(Unusable, match="no branch, tag or commit named"):
            open_source(str(archive.path), tmp_path / "warehouse", ref.format(marker=marker)).state()
    assert not marker.exists()


@pytest.mark.parametrize(
    "location",
    ["ssh://-oProxyCommand=touch%20{marker}/x", "ssh://a@-oProxyCommand=touch%20{marker}/x", "a@-x:path",
     "EXT::sh -c touch% {marker}", "file::/etc", "-c protocol.ext.allow=always", "--config=x", "-u touch {marker}",
     "https://127.0.0.1:9/a.git --upload-pack=touch", "file:///nowhere;touch {marker}", "transport::address"],
)  # fmt: skip
def test_a_source_that_smuggles_an_option_runs_nothing(location: str, tmp_path: Path) -> None:
    marker = tmp_path / "owned"
    with pytest.raises(Unusable) as raised:
        open_source(location.format(marker=marker), tmp_path / "warehouse").state()
    assert str(raised.value).count("\n") == 0
    assert not marker.exists()


# ---------------------------------------------------------------------------------------------- credentials


@pytest.fixture
def fake_ssh(tmp_path: Path) -> str:
    """An ssh that runs what it is asked on this machine, so that a URL with a password leads to an archive."""
    script = tmp_path / "ssh"
    script.write_text('#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n')
    script.chmod(0o755)
    return str(script)


@pytest.mark.slow
def test_a_password_in_an_address_reaches_no_file_no_row_and_no_screen(
    archive: GitArchive, tmp_path: Path, fake_ssh: str
) -> None:
    source = f"ssh://user:{SECRET}@archive.invalid{archive.path}"
    where = ("--warehouse", str(tmp_path / "w"))
    said = ""
    for words in (("refresh",), ("refresh",), ("status",), ("status", "--json")):
        done = beehive(*words, *where, BEEHIVE_SOURCE=source, GIT_SSH_COMMAND=fake_ssh)
        assert done.returncode == 0, done.stderr
        said += done.stdout + done.stderr
    failed = beehive("refresh", *where, "--ref", "nowhere", "--debug", BEEHIVE_SOURCE=source, GIT_SSH_COMMAND=fake_ssh)
    assert failed.returncode
    said += failed.stdout + failed.stderr
    assert f"ssh://archive.invalid{archive.path}" in said
    assert SECRET not in said
    for path in (tmp_path / "w").rglob("*"):
        assert SECRET not in path.name
        if path.is_file():
            assert SECRET.encode() not in path.read_bytes(), path
    for name in ("beehive.duckdb", "staging.duckdb"):
        with duckdb.connect(str(tmp_path / "w" / name), read_only=True) as connection:
            for (table,) in connection.execute(
                "select schema_name || '.' || table_name from duckdb_tables()"
            ).fetchall():
                assert SECRET not in str(connection.execute(f"from {table}").fetchall()), table


@pytest.mark.parametrize("kind", ["source", "index"])
def test_a_password_in_an_address_is_in_no_list_of_processes(kind: str, archive: GitArchive, tmp_path: Path) -> None:
    git = subprocess.run(["sh", "-c", "command -v git"], capture_output=True, text=True, check=True).stdout.strip()
    log = tmp_path / "words.txt"
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "git").write_text(f'#!/bin/sh\necho "$@" >> {log}\nexec {git} "$@"\n')
    (tmp_path / "bin" / "git").chmod(0o755)
    address = f"https://user:{SECRET}@127.0.0.1:9/archive.git"
    where = {"BEEHIVE_SOURCE": str(archive.path), f"BEEHIVE_{kind.upper()}": address}
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"
    done = beehive("refresh", "--warehouse", str(tmp_path / "w"), PATH=path, **where)
    assert done.returncode == 2
    assert "127.0.0.1" in log.read_text()
    assert SECRET not in log.read_text()


@pytest.mark.parametrize("character", "'\" @#?/[\\:")
@pytest.mark.parametrize("scheme", ["https", "http", "ssh"])
def test_no_character_of_a_password_lets_it_slip_into_a_message(character: str, scheme: str, tmp_path: Path) -> None:
    source = f"{scheme}://user:s3cr{character}et@127.0.0.1:9/archive.git"
    with pytest.raises(Unusable) as raised:
        open_source(source, tmp_path / "warehouse").state()
    assert not re.search(r"s3cr|et@|user:", str(raised.value)), str(raised.value)
    assert "127.0.0.1" in str(raised.value)


@pytest.mark.parametrize(
    "location",
    ["https://archive.invalid/a@b.invalid/c.git", "https://user:word@archive.invalid/a@b.invalid/c.git",
     "ssh://git@archive.invalid/a@b.invalid/c.git", "https://user@archive.invalid/c.git?ref=a@b.invalid"],
)  # fmt: skip
def test_an_at_sign_behind_the_host_leads_to_no_other_host(
    location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "words.txt"
    (tmp_path / "git").write_text(f'#!/bin/sh\necho "$@" >> {log}\nexit 1\n')
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(Unusable, match=r"//archive\.invalid/"):
        open_source(location, tmp_path / "warehouse").state()
    assert re.search(r"://(git@)?archive\.invalid/", log.read_text())


@pytest.mark.slow
def test_a_password_in_an_address_is_no_parameter_of_a_flow_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from flows import refresh as flow

    told: list[object] = []
    monkeypatch.setattr(flow, "refresh", lambda **parameters: told.append(parameters))
    index = f"https://user:{SECRET}@127.0.0.1:9/index.git"
    settings = Settings(source=f"https://user:{SECRET}@127.0.0.1:9/archive.git", index=index, warehouse=tmp_path)
    flow.run_flow(settings, Lines(), rebuild=False, dry_run=False, allow=frozenset())
    assert told
    assert SECRET not in str(told), "Prefect keeps the parameters of a run and shows them"


# ---------------------------------------------------------------------------------------- what people see

DANGEROUS = (
    "[x](javascript:alert(1))", "![x](https://evil.invalid/beacon.png)", "<b>bold</b>", "a\n\n# Heading", "~~~\ncode",
    "`code`", "a|b", r"a\|b", r"a\\|b", "a\r\nb", "&lt;b&gt;", "**bold**", "- item", "1. item", "\tcode", SCRIPT,
)  # fmt: skip


def markdown_kinds(text: str) -> list[str]:
    """The kinds of tokens of a markdown text, those inside of lines included."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)
    return [kind for token in tokens for kind in (token.type, *(child.type for child in token.children or []))]


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_title_or_path_is_no_markup_of_the_summary(text: str) -> None:
    from flows.refresh import summary

    good = Change("edited", "releases/x.md", "A title", "text")
    plain = Outcome("published", "13 releases.", "b", "s", 13, changed=[good] * 2)
    of_text = replace(good, title=text, what_changed=text)
    hostile = replace(plain, changed=[of_text, replace(good, path=f"releases/{text}`{text}.md")])
    assert set(markdown_kinds(summary(hostile))) <= set(markdown_kinds(summary(plain))) | {"softbreak"}
    assert markdown_kinds(summary(hostile)).count("list_item_open") == 2


def test_a_query_as_markdown_shows_its_cells_and_nothing_but_them(sample: Settings) -> None:
    sql = "select " + ", ".join(f"'{text}' as \"{text}\"" for text in DANGEROUS)
    done = beehive("query", sql, "-f", "markdown", "--warehouse", str(sample.warehouse))
    assert done.returncode == 0, done.stderr
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(done.stdout)
    cells = [token for token in tokens if token.type == "inline"]
    assert [token.type for token in tokens].count("tr_open") == 2
    expected = [" ".join(text.split()) for text in DANGEROUS]
    assert ["".join(child.content for child in cell.children or []) for cell in cells] == expected * 2
    assert {child.type for cell in cells for child in cell.children or []} <= {"text", "text_special"}


def raw_controls(text: str) -> set[str]:
    return set(re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", text))


@pytest.fixture
def escaping(archive: GitArchive, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A warehouse of titles, names and folders with terminal escapes, and a change that is not refreshed yet."""
    where = ("--warehouse", str(tmp_path / "w"))
    hostile = release_text(
        ESCAPES.encode("unicode_escape").decode(), "2003-06-18", "red", (r'"Hon \e[31mZeb \x9bQuux"',)
    )
    archive.write("re\x1b[31mleases/2003/06/a.md", release_text("A", "2003-06-17", "a"))
    archive.write(release_path("2003-06-18", "red"), hostile)
    archive.commit()
    assert beehive("refresh", "--source", str(archive.path), *where).returncode == 0
    archive.write(
        release_path("2003-06-19", "new\x1b]0;owned\x07"), hostile.replace("06-18", "06-19").replace("red", "new")
    )
    archive.commit()
    yield where


@pytest.mark.slow
def test_escapes_in_titles_names_and_folders_reach_no_terminal(
    escaping: tuple[str, str], archive: GitArchive, tmp_path: Path
) -> None:
    refreshed = beehive("refresh", "--source", str(archive.path), *escaping)
    assert "added" in refreshed.stdout
    table = beehive("query", "select title, source_path from core.fact_release where title like '%red%'", *escaping)
    markdown = beehive("query", "from core.fact_release where title like '%red%'", "-f", "markdown", *escaping)
    wrong = beehive("query", "select error(title) from core.fact_release where title like '%red%'", *escaping)
    shown = {"refresh": refreshed, "status": beehive("status", *escaping), "review": beehive("review", *escaping),
             "table": table, "markdown": markdown, "error": wrong}  # fmt: skip
    assert "red" in table.stdout
    assert {name: raw_controls(done.stdout + done.stderr) for name, done in shown.items()} == {
        name: set() for name in shown
    }


CELLS = (
    "=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "a\rb", "a\nb", "a\r\nb", 'a"b', "a,b", "", " ", "\x1b[31m",
    "Māori", "'=1",
)  # fmt: skip


def test_a_query_as_csv_or_json_gives_the_cells_exactly_formulas_included(sample: Settings) -> None:
    values = ", ".join(f"({number}, {literal(text)})" for number, text in enumerate(CELLS))
    sql = f"from (values {values}) v(n, t) order by n".encode()

    def answer(form: str) -> str:
        command = [*BEEHIVE, "query", "-", "-f", form, "--warehouse", sample.warehouse]
        return subprocess.run(command, input=sql, capture_output=True, cwd=ROOT, check=True).stdout.decode()

    assert [row["t"] for row in json.loads(answer("json"))] == list(CELLS)
    found = list(csv.reader(io.StringIO(answer("csv"), newline="")))
    assert found == [["n", "t"], *([str(number), text] for number, text in enumerate(CELLS))]


def test_a_query_as_json_keeps_every_column_and_is_valid(sample: Settings) -> None:
    sql = "select 1 as a, 2 as a, 3 as a_1, 'nan'::double as n, ['-inf'::double, 4] as l, {'x': 'inf'::double} as s"
    done = beehive("query", sql, "-f", "json", "--warehouse", str(sample.warehouse))

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is not JSON")

    (row,) = json.loads(done.stdout, parse_constant=refuse)
    assert row == {"a": 1, "a_1": 2, "a_1_1": 3, "n": "nan", "l": ["-inf", 4], "s": {"x": "inf"}}


# ---------------------------------------------------------------------------------------- hostile questions

LEAVES = [
    "from glob('/etc/*')", "from read_blob('/etc/passwd')", "select content from read_text('/etc/hostname')",
    "from read_csv_auto('/etc/passwd')", "from sniff_csv('/etc/passwd')", "from read_json('/etc/passwd')",
    "from read_parquet('/etc/passwd')", "from parquet_metadata('/etc/passwd')", "from '{tmp}/other.parquet'",
    "from 'https://127.0.0.1:9/a.csv'", "from 's3://bucket/a.parquet'", "from read_duckdb('{tmp}/other.duckdb')",
    "select * from read_text('{warehouse}/published.json')", "attach '{warehouse}/staging.duckdb' as s",
    "attach '{tmp}/other.duckdb' (read_only)", "import database '{tmp}'", "copy core.fact_release from '/etc/passwd'",
    "copy (select 1) to '/dev/stdout'", "copy (select 1) to '{tmp}/out' (format parquet)",
    "load '{tmp}/evil.duckdb_extension'", "install '{tmp}/evil.duckdb_extension'", "force install httpfs",
    "update extensions", "create secret (type s3, key_id 'a', secret 'b')", "create persistent secret (type s3)",
    "create macro main.m() as 1", "create or replace view main.releases as select 1", "drop view main.releases",
    "set temp_directory = '{tmp}/spill'", "pragma temp_directory = '{tmp}/spill'", "set home_directory = '{tmp}'",
    "set memory_limit = '1TB'", "set allowed_directories = ['/']", "set lock_configuration = false",
    "reset lock_configuration", "set session enable_external_access = true",
    "set global extension_directory = '{tmp}'",
    "pragma enable_profiling = 'json'; pragma profiling_output = '{tmp}/profile.json'; select 1",
    "set profiling_output = '{tmp}/profile.json'", "set log_query_path = '{tmp}/log.sql'",
    "pragma log_query_path = '{tmp}/log.sql'", "call enable_logging(storage = 'file', storage_path = '{tmp}/log')",
    "set custom_extension_repository = 'http://127.0.0.1:9'", "select getenv('HOME')",
    "from query('copy (select 1) to ''{tmp}/out''')", "execute immediate 'select 1'",
    "explain analyze copy (select 1) to '{tmp}/out'", "prepare p as copy (select 1) to '{tmp}/out'; execute p",
    "select * from which_secret('s3://a', 's3')", "insert into core.fact_release select * from core.fact_release",
    "vacuum full x", "copy (select 1) to '{tmp}/out.csv'", "attach '{tmp}/new.duckdb'", "from read_csv('/etc/passwd')",
    "from read_text('/etc/passwd')", "from '/etc/passwd'", "set enable_external_access = true",
    "reset enable_external_access", "install httpfs", "load httpfs", "create table main.mine (a integer)",
    "delete from core.fact_release", "export database '{tmp}/out'", "from os",
    "pragma database_list; copy core.fact_release to '{tmp}/out.parquet'",
]  # fmt: skip
HARMLESS = [
    "from duckdb_secrets()", "attach ':memory:' as mine; create table mine.t as select 1",
    "create temp table t as select 1", "pragma database_list", "set variable x = 1", "checkpoint", "begin; rollback",
    "call pragma_version()", "pragma enable_profiling", "use core", "from duckdb_settings()",
    "from pragma_storage_info('core.fact_release')",
]  # fmt: skip


@contextmanager
def nothing_changes(here: Path, sample: Settings) -> Iterator[None]:
    """From a folder to work in, neither that nor the warehouse of the sample gets or loses a file.

    Other tests ask questions to the same warehouse, and what these have on disk for a moment does not count.
    """
    theirs = f"{sample.published}.tmp-"

    def files() -> dict[str, int]:
        found = [path for folder in (here, sample.warehouse) for path in folder.rglob("*")]
        return {str(path): path.lstat().st_mtime_ns for path in found if not str(path).startswith(theirs)}

    before = files()
    with chdir(here):
        yield
    assert files() == before


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of files that a question must not reach."""
    folder = tmp_path_factory.mktemp("outside")
    with duckdb.connect(str(folder / "other.duckdb")) as connection:
        connection.execute(f"create table t as select 1; copy t to '{folder}/other.parquet'")
    (folder / "evil.duckdb_extension").write_bytes(b"evil")
    return folder


@pytest.mark.parametrize("sql", LEAVES)
def test_no_statement_reaches_a_file_a_network_the_environment_or_a_setting(
    sql: str, sample: Settings, outside: Path
) -> None:
    with nothing_changes(outside, sample), pytest.raises(Unusable, match="The query failed"):
        run_query(sample.published, sql.format(tmp=outside, warehouse=sample.warehouse))


@pytest.mark.parametrize("sql", HARMLESS)
def test_what_a_statement_may_do_stays_inside_and_leaves_nothing(sql: str, sample: Settings, tmp_path: Path) -> None:
    with nothing_changes(tmp_path, sample):
        try:
            found = run_query(sample.published, sql)
        except Unusable as error:
            assert "The query failed" in str(error)
        else:
            assert sql != "from duckdb_secrets()" or list(found.rows) == []


def test_what_a_query_cannot_hold_in_memory_goes_beside_the_warehouse_and_away_again(sample: Settings) -> None:
    ((folder,),) = run_query(sample.published, "select current_setting('temp_directory')").rows
    assert Path(folder).resolve().is_relative_to(sample.warehouse.resolve())
    assert not Path(folder).exists()
