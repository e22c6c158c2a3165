"""Incremental = rebuild: whatever happens to an archive between refreshes, the warehouse is as if built from nothing.

A script edits an archive, a git repository or a directory, and refreshes the warehouse after each group of edits. What
the archive then holds is known from a model of it in plain Python: a dict of path and file. Without
`BEEHIVE_SCRIPTS`, two scripts are tried, which make every kind of edit; with it that many new ones, too.
"""

import os
import re
import shutil
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, TypeVar

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, event, example, given, settings
from hypothesis import strategies as st

from flows.pipeline import refresh
from flows.settings import Settings
from tests.conftest import ALL_GUARDS, GitArchive, Lines, release_path, release_text
from tests.pipeline.test_refresh import contents, rows

SCRIPTS = os.environ.get("BEEHIVE_SCRIPTS")

META = ("reconciliation", "quarantine", "excluded_file", "name_review", "source_warning")
# No function of the present state: what changed since the build before, and what a directory knows of its past only by
# the runs that saw it (a repository tells it itself).
SINCE_BEFORE = ("main.changes",)
FROM_RUNS = ("core.release_revision", "main.release_history")

# ------------------------------------------------------------------------------------------ the model


@dataclass(frozen=True)
class File:
    """One file of the archive; its path is the key it stands under."""

    slug: str  # of the url
    date: str = "2003-06-17"
    ministers: tuple[str, ...] = ("Helen Clark",)
    portfolios: tuple[str, ...] = ("Health",)
    body: str = "A body."
    title: str = "A title"
    flaw: str = ""

    @property
    def content(self) -> str:
        match self.flaw:
            case "link" | "no front matter":
                return "elsewhere.md"  # one content, now of a file, now of a link
            case "error page":
                return release_text("404 Not Found", self.date, self.slug, (), (), self.body)
        text = release_text(self.title, self.date, self.slug, self.ministers, self.portfolios, self.body)
        return text.replace("title: ", "title: ]") if self.flaw == "bad yaml" else text


Tree = dict[str, File]
Value = TypeVar("Value")


def place(folder: str, date: str, name: str) -> str:
    return folder + release_path(date, name).removeprefix("releases")


def folder_of(path: str) -> str:
    return path.partition("/")[0]


def stem_of(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".md")


def release_id(path: str) -> str:
    return stem_of(path) if folder_of(path) == "releases" else f"{folder_of(path)}/{stem_of(path)}"


def fates(tree: Tree) -> dict[str, str]:
    """What becomes of each file: of two that ask for one id the one its date stands for gets it, or the first."""
    fate = {}
    winners: dict[str, tuple[bool, str]] = {}
    for path, file in tree.items():
        if "/" not in path or file.flaw in ("link", "error page"):
            fate[path] = "excluded"
        elif file.flaw:
            fate[path] = "quarantined"
        else:
            claim = (f"/{file.date[:4]}/{file.date[5:7]}/" not in path, path)
            winners[release_id(path)] = min(claim, winners.get(release_id(path), claim))
    won = {path for _, path in winners.values()}
    return {path: fate.get(path, "loaded" if path in won else "quarantined") for path in tree}


def loaded(tree: Tree) -> Tree:
    return {path: tree[path] for path, fate in fates(tree).items() if fate == "loaded"}


# ------------------------------------------------------------------------------------------- the edits


class Edit(NamedTuple):
    """One edit; the numbers choose the file and the value, and wrap around."""

    kind: str
    which: int = 0
    what: int = 0


class Group(NamedTuple):
    """Edits that one refresh sees together."""

    edits: list[Edit]
    rebuild: bool = False


SLUGS = ("new", "māori-day", "release-1", "two words")
DATES = ("2003-06-17", "2003-06-18", "2018-03-05", "0001-01-01", "2008-11-19", "1998-02-03")
MINISTERS: tuple[tuple[str, ...], ...] = (
    ("Lianne Dalziel",),
    ("Hon Wilhelmina Testperson",),
    (),
    ("WILHELMINA TESTPERSON", "Lianne Dalziel", "Helen Clark"),
    ("John Key",),
    ("Helen Clarke", "View PDF file"),
    ("Helen Clark", "Helen Clark"),
)
PORTFOLIOS: tuple[tuple[str, ...], ...] = (
    ("Immigration",),
    ("Tidal Gardens",),
    (),
    ("Associate Tidal gardens", "Health", "Education"),
    ("Health (Tidal Gardens)",),
)
LONG = " ".join(f"word{number} of a text" for number in range(30))
BODIES = (
    "B body.",  # as long as the first
    LONG,
    LONG.replace("word29", "another word"),
    "",
    "Helen Clark, John Key and Wilhelmina Testperson said so.",
    "18 June 2003\n\nA body with its day.",
    "[View PDF file](https://www.beehive.govt.nz/minister/a/file.pdf)\n\n"
    "[Wilhelmina Testperson](https://www.beehive.govt.nz/minister/wilhelmina-testperson)",
)
TYPES = ("releases", "speeches", "poems")
FLAWS = ("bad yaml", "no front matter", "link", "error page")

# Never edited, so that there is always something to list, if nothing to load.
FIXED = {"README.md": File("readme"), place("releases", "2003-01-01", "anchor"): File("anchor", flaw="no front matter")}
# Ten credits of one person under one government are a term that no seed knows: one less, and they are ten slips.
FIRST = FIXED | {
    place("releases", date, slug): File(slug, date, ministers, title=slug)
    for slug, date, ministers in (
        ("release-1", "2003-06-17", ("Helen Clark",)),
        ("release-2", "2003-06-18", ("Lianne Dalziel", "Helen Clark")),
        ("release-3", "2003-06-19", ()),
        *((f"key-{month}", f"2018-{month:02}-17", ("John Key",)) for month in range(1, 11)),
    )
}


CHANGES = ("edit", "minister", "portfolio", "break", "mend", "date alone")
MOVES = ("rename", "date", "type", "move")
COPIES = ("twin", "same id")
ON_FILES = (*CHANGES, *MOVES, *COPIES, "add", "delete", "add again", "revert", "delete from here on")
ON_ARCHIVES = ("touch", "side", "merge", "rewind")


def one_of(values: Sequence[Value], what: int) -> Value:
    return values[what % len(values)]


def changed(file: File, kind: str, what: int) -> File:
    """The file after a change that leaves it where it is."""
    match kind:
        case "edit":
            return replace(file, body=one_of(BODIES, what))
        case "minister":
            return replace(file, ministers=one_of(MINISTERS, what))
        case "portfolio":
            return replace(file, portfolios=one_of(PORTFOLIOS, what))
        case "break":
            return replace(file, flaw=one_of(FLAWS, what))
        case "mend":
            return replace(file, flaw="")
    return replace(file, date=one_of(DATES, what))


def elsewhere(path: str, file: File, kind: str, what: int) -> Tree:
    """The file after a move, or its copy."""
    folder, stem = folder_of(path), stem_of(path)
    match kind:
        case "rename":
            slug = f"{file.slug}-2" if what % 2 else file.slug
            return {path.replace(".md", "-2.md"): replace(file, slug=slug)}
        case "date":
            date = one_of(DATES, what)
            return {place(folder, date, stem[11:]): replace(file, date=date)}
        case "type":
            return {one_of([name for name in TYPES if name != folder], what) + path.removeprefix(folder): file}
        case "move":
            return {f"{folder}/2001/01/{stem}.md": file}
        case "twin":
            twin = replace(file, slug=f"{file.slug}-twin", ministers=one_of(MINISTERS, what))
            return {place(folder, file.date, f"{stem[11:]}-twin"): twin}
    return {f"{folder}/1999/{what % 2 + 1:02}/{stem}.md": replace(file, body=one_of((file.body, *BODIES), what))}


def edited(tree: Tree, past: list[Tree], edit: Edit) -> Tree:
    """The tree after an edit; one that finds nothing to do leaves it as it is."""
    kind, which, what = edit
    if kind == "add":
        slug, date = one_of(SLUGS, which), one_of(DATES, what)
        return tree | {place("releases", date, slug): File(slug, date, title=slug)}
    if kind == "delete from here on":
        going = sorted(tree.keys() - FIXED.keys())[which:]
        return {path: file for path, file in tree.items() if path not in going}

    gone = {path for old in past for path in old} - tree.keys()
    flawed = {path for path, file in tree.items() if file.flaw}
    paths = sorted((gone if kind == "add again" else flawed if kind == "mend" else tree.keys()) - FIXED.keys())
    if not paths:
        return tree
    path = one_of(paths, which)
    if kind in ("add again", "revert"):
        before = [old[path] for old in reversed(past) if path in old and old[path] != tree.get(path)]
        return tree | {path: one_of(before, what)} if before else tree
    if kind in CHANGES:
        return tree | {path: changed(tree[path], kind, what)}
    came = {} if kind == "delete" else elsewhere(path, tree[path], kind, what)
    stays = tree if kind in COPIES else {other: file for other, file in tree.items() if other != path}
    return stays | came


EDITS = st.builds(Edit, st.sampled_from((*ON_FILES, *ON_ARCHIVES)), st.integers(0, 7), st.integers(0, 6))
GROUPS = st.builds(Group, st.lists(EDITS, min_size=1, max_size=4), st.sampled_from((False, False, False, True)))
EVERY_EDIT = [
    Group([]),
    Group(
        [
            *(Edit("edit", 0, 1), Edit("minister", 1, 1), Edit("portfolio", 1, 1), Edit("break", 2, 1)),
            *(Edit("twin", 0, 1), Edit("same id", 1, 1), Edit("same id", 0, 2), Edit("side", 4, 6)),
        ]
    ),
    Group([Edit("touch")]),
    Group(  # the first of three of one id goes, and what broke a rule is a link of the same content
        [
            *(Edit("delete", 3), Edit("break", 4, 2), Edit("date", 5), Edit("rename", 6, 1), Edit("type", 4)),
            *(Edit("add", 0, 1), Edit("merge")),
        ]
    ),
    Group(
        [
            *(Edit("mend"), Edit("add again"), Edit("revert", 4), Edit("move", 3), Edit("date alone", 0, 2)),
            *(Edit("delete", 5), Edit("rewind"), Edit("delete from here on", 9)),
        ]
    ),
]


# ---------------------------------------------------------------------------------------- the archives


class Archive:
    """A model and the same files on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tree = dict(FIRST)
        self.past = [self.tree]  # all there was
        self.line = [self.tree]  # what a rewind goes back to
        self.sides: list[tuple[str, dict[str, File | None]]] = []
        self.start()
        self.write(self.tree)
        self.commit("touch")

    def apply(self, edit: Edit) -> None:
        match edit.kind:
            case "side":
                _, which, what = edit
                tree = edited(self.tree, self.past, Edit(one_of(ON_FILES, 3 * which + what), which, what))
                paths = [path for path in self.tree | tree if self.tree.get(path) != tree.get(path)]
                self.sides.append((f"side-{len(self.past)}", {path: tree.get(path) for path in paths}))
                self.past.append(tree)
                self.branch(self.sides[-1][0], tree)
                return
            case "merge" if self.sides:
                name, delta = self.sides.pop(0)
                merged = self.tree | delta
                self.tree = {path: file for path, file in merged.items() if file is not None}
                self.merge(name)
            case "rewind" if len(self.line) > 1:
                self.line.pop()
                self.tree = self.line[-1]
                self.rewind()
                return
            case _:
                self.tree = edited(self.tree, self.past, edit)
        self.past.append(self.tree)
        self.line.append(self.tree)
        self.write(self.tree)
        self.commit(edit.kind)

    def write(self, tree: Tree) -> None:
        """Makes the folder hold the tree, and writes no file that is right already."""
        entries = [entry for entry in self.path.rglob("*") if ".git" not in entry.relative_to(self.path).parts]
        there = {entry.relative_to(self.path).as_posix(): entry for entry in entries if not_a_folder(entry)}
        for path, entry in there.items():
            if path not in tree or held(entry) != (tree[path].content, tree[path].flaw == "link"):
                entry.unlink()
        for path, file in tree.items():
            entry = self.path / path
            if not_a_folder(entry):
                continue
            entry.parent.mkdir(parents=True, exist_ok=True)
            if file.flaw == "link":
                entry.symlink_to(file.content)
            else:
                entry.write_text(file.content, encoding="utf-8")


def not_a_folder(entry: Path) -> bool:
    return entry.is_symlink() or entry.is_file()


def held(entry: Path) -> tuple[str, bool]:
    return (str(entry.readlink()), True) if entry.is_symlink() else (entry.read_text(encoding="utf-8"), False)


class Repository(Archive):
    """A git repository: each edit is a commit, one that changes nothing too."""

    def start(self) -> None:
        self.git = GitArchive(self.path)

    def commit(self, kind: str) -> None:
        self.git.commit(kind)

    def branch(self, name: str, tree: Tree) -> None:
        self.git.git("checkout", "--quiet", "-b", name)
        self.write(tree)
        self.git.commit(name)
        self.git.git("checkout", "--quiet", "main")

    def merge(self, name: str) -> None:
        self.git.git("merge", "--quiet", "--no-ff", "--no-commit", "--strategy", "ours", name)

    def rewind(self) -> None:
        self.git.git("reset", "--quiet", "--hard", "HEAD~1")

    @property
    def state(self) -> object:
        return self.git.git("rev-parse", "HEAD")


class Directory(Archive):
    """A plain directory, whose files are all of one age unless one is touched: only contents tell."""

    def start(self) -> None:
        self.path.mkdir()

    def commit(self, kind: str) -> None:
        for path in self.tree:
            if kind != "touch":
                os.utime(self.path / path, (1e9, 1e9), follow_symlinks=False)
            else:
                os.utime(self.path / path, follow_symlinks=False)

    def branch(self, name: str, tree: Tree) -> None:
        """Elsewhere: nothing of it is seen here before the merge."""

    def merge(self, name: str) -> None:
        """The edits of the side are in the tree that is now written."""

    def rewind(self) -> None:
        self.write(self.tree)

    @property
    def state(self) -> object:
        return {path: (file.content, file.flaw == "link") for path, file in self.tree.items()}


# ---------------------------------------------------------------------------------------- the property

# Everything else is built incrementally.
FULL_BUILD_REASONS = "no published build|the source does not go on|Constraint Error"


def everything(warehouse: Path, leave_out: Iterable[str] = ()) -> dict[str, list[tuple]]:
    """Every row that is a function of the archive's state."""
    found = contents(warehouse)
    with duckdb.connect(str(warehouse / "beehive.duckdb"), read_only=True) as connection:
        for name in META:
            found[f"meta.{name}"] = connection.execute(f"from meta.{name} order by all").fetchall()
    return {name: found[name] for name in found if name not in leave_out}


def assert_changes(warehouse: Path, before: Tree, after: Tree) -> None:
    """The change log names the paths that differ, each once; a pair alike and alone is a rename."""
    log = rows(warehouse, "select change, path, previous_path, release_id, title from meta.change_log")
    came, went = after.keys() - before.keys(), before.keys() - after.keys()
    edits = {path for path in after.keys() & before.keys() if after[path].content != before[path].content}

    def of(change: str) -> list[str]:
        return [row[1] for row in log if row[0] == change]

    renamed = {row[1]: row[2] for row in log if row[0] == "renamed"}
    assert sorted([*of("added"), *of("renamed")]) == sorted(came)
    assert sorted([*of("removed"), *renamed.values()]) == sorted(went)
    assert sorted(of("edited")) == sorted(edits)
    pairs = {
        (new, old)
        for new in came
        for old in went
        if after[new].content == before[old].content or after[new].slug == before[old].slug
    }
    assert renamed.items() <= pairs
    assert renamed.items() >= {
        (new, old)
        for new, old in pairs
        if all((other == new) == (another == old) for other, another in pairs)
    }  # fmt: skip
    for _, path, _, found_id, title in log:
        file = after.get(path) or before[path]
        assert (found_id, title) == (release_id(path), file.title)


@pytest.fixture(scope="module", params=[Repository, Directory])
def first(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Archive, Path]:
    """An archive with its first build, and a copy of both, with which each script begins.

    A warehouse knows its archive by the path, so that each script works in the same folder.
    """
    folder = tmp_path_factory.mktemp("script")
    archive = request.param(folder / "archive")
    run(archive, folder / "warehouse")
    copy = tmp_path_factory.mktemp("first") / "copy"
    shutil.copytree(folder, copy, symlinks=True)
    return archive, copy


def run(archive: Archive, warehouse: Path, *, rebuild: bool = False) -> str:
    values = Settings(source=str(archive.path), warehouse=warehouse, workers=1)
    return refresh(values, Lines(), rebuild=rebuild, allow=ALL_GUARDS).status


@pytest.mark.slow
@example(script=[Group([Edit("delete from here on")]), Group([Edit("add")])])
@given(script=st.lists(GROUPS, min_size=1, max_size=3))
@example(script=EVERY_EDIT)
@settings(
    max_examples=max(1, int(SCRIPTS or 0) // 2),  # of each source
    phases=list(Phase) if SCRIPTS else [Phase.explicit],
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
def test_what_is_refreshed_step_by_step_is_what_is_built_from_nothing(
    first: tuple[Archive, Path], script: list[Group]
) -> None:
    archive, copy = deepcopy(first[0]), first[1]
    folder = archive.path.parent
    shutil.rmtree(folder)
    shutil.copytree(copy, folder, symlinks=True)
    warehouse = folder / "warehouse"
    before, state = loaded(archive.tree), archive.state

    for edits, rebuild in script:
        for edit in edits:
            archive.apply(edit)
        status = run(archive, warehouse, rebuild=rebuild)
        assert status == ("published" if rebuild or archive.state != state else "nothing_new")
        after = loaded(archive.tree)
        assert dict(rows(warehouse, "select path, fate from source_files")) == fates(archive.tree)
        ((listed, decided, is_balanced),) = rows(
            warehouse,
            "select sum(file_count), sum(loaded_count + quarantined_count + excluded_count), bool_and(is_balanced) "
            "from meta.reconciliation",
        )
        assert (listed, decided, is_balanced) == (len(archive.tree), len(archive.tree), True)
        if status == "published":
            assert_changes(warehouse, before, after)
        before, state = after, archive.state
        ((number, reason),) = rows(warehouse, "select increment_number, full_build_reason from build_info")
        event("incremental" if number else f"full: {reason[:40]}")
        assert number or rebuild or re.match(FULL_BUILD_REASONS, reason), reason

    run(archive, folder / "anew")
    leave_out = (*SINCE_BEFORE, *(FROM_RUNS if isinstance(archive, Directory) else ()))
    found = everything(warehouse, leave_out)
    expected = everything(folder / "anew", leave_out)
    assert found.keys() == expected.keys()
    differing = {
        name: {
            "only step by step": [row for row in found[name] if row not in expected[name]],
            "only from nothing": [row for row in expected[name] if row not in found[name]],
        }
        for name in found
        if found[name] != expected[name]
    }
    assert differing == {}
