"""A state that is listed by what changed since another one is listed as if nothing had been known of it."""

import random
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from flows import stages
from flows.extract.git import GitSource
from flows.extract.model import Difference, Listed
from flows.settings import Settings

Tree = dict[str, tuple[str, bytes]]  # mode and content (of a submodule, its commit) by path

FOLDERS = ("releases/2003/06", "releases/2003/07", "speeches/2003/06", ".github", "")
NAMES = ("2003-06-17-one.md", "2003-06-18-two.md", "māori.md", "notes.txt", "a b.md")
MODES = ("100644", "100644", "100644", "100755", "120000", "160000")
TABLES = ("listing", "archive_commit", "file_change")


class Made(NamedTuple):
    """A commit of the script, and the marks of its parents, the first one first."""

    tree: Tree
    parents: tuple[int, ...]


def edited(rng: random.Random, tree: Tree) -> Tree:
    """A tree after some edits: files added, edited, renamed, removed, or become a link, a submodule or a folder."""
    tree = dict(tree)
    for _ in range(rng.randrange(4)):
        path = f"{rng.choice(FOLDERS)}/{rng.choice(NAMES)}".lstrip("/")
        mode = rng.choice(MODES)
        text = f"{'A long text. ' * 20}{rng.randrange(6)}".encode()
        content = b"%040x" % rng.randrange(1, 4) if mode == "160000" else text
        match rng.choice(("write", "write", "rename", "remove", "folder")):
            case "write":
                tree[path] = (mode, content)
            case "rename" if tree:
                tree[path] = tree.pop(rng.choice(sorted(tree)))
            case "remove" if tree:
                del tree[rng.choice(sorted(tree))]
            case "folder" if tree:  # a file gives way to a folder of its name
                tree[f"{rng.choice(sorted(tree))}/within.md"] = ("100644", text)
    return tree


def script(rng: random.Random, count: int) -> list[Made]:
    """Some commits: most go on from the last, others from an earlier one, merge two, or revert one."""
    made = [Made({"releases/2003/06/first.md": ("100644", b"First.")}, ())]
    while len(made) < count:
        parent = rng.choice((len(made) - 1, len(made) - 1, rng.randrange(len(made))))
        tree = edited(rng, made[parent].tree)
        match rng.choice(("edit", "edit", "edit", "merge", "revert")):
            case "merge" if parent:
                other = rng.randrange(parent)
                made.append(Made({**made[other].tree, **tree} if rng.random() < 0.7 else tree, (parent, other)))
            case "revert":
                made.append(Made(made[rng.randrange(len(made))].tree, (parent,)))
            case _:
                made.append(Made(tree, (parent,)))
    return [Made(possible(one.tree), one.parents) for one in made]


def possible(tree: Tree) -> Tree:
    """A tree without files that have the name of a folder, and with one release at least."""
    tree = {path: file for path, file in tree.items() if not any(other.startswith(f"{path}/") for other in tree)}
    return tree | {"releases/kept.md": ("100644", b"Kept.")}


def import_into(path: Path, made: list[Made], rng: random.Random) -> list[str]:
    """Make a repository of the commits, a branch for each; return their ids. Some clocks are slow."""
    stream = []
    for number, one in enumerate(made):
        when = 1_050_000_000 + 3600 * number - rng.choice((0, 0, 50_000))
        stream.append(
            b"commit refs/heads/c%d\nmark :%d\ncommitter A <a@b> %d +0000\ndata 0\n" % (number, number + 1, when)
        )
        stream += [b"%s :%d\n" % (b"merge" if place else b"from", mark + 1) for place, mark in enumerate(one.parents)]
        stream.append(b"deleteall\n")
        for name, (mode, content) in one.tree.items():
            if mode == "160000":
                stream.append(b'M 160000 %s "%s"\n' % (content, name.encode()))
            else:
                stream.append(
                    b'M %s inline "%s"\ndata %d\n%s\n' % (mode.encode(), name.encode(), len(content), content)
                )
    subprocess.run(["git", "init", "--quiet", "--bare", str(path)], check=True)
    subprocess.run(["git", "fast-import", "--quiet"], cwd=path, input=b"".join(stream), check=True)
    names = [f"c{number}" for number in range(len(made))]
    done = subprocess.run(["git", "rev-parse", *names], cwd=path, capture_output=True, text=True, check=True)
    return done.stdout.split()


def main_line(made: list[Made], number: int) -> set[int]:
    """The commits on the first-parent history of one."""
    line = {number}
    while made[number].parents:
        number = made[number].parents[0]
        line.add(number)
    return line


def rows(staging: Path) -> dict[str, list[tuple[object, ...]]]:
    with duckdb.connect(str(staging), read_only=True) as connection:
        return {table: connection.execute(f"from {table} order by all").fetchall() for table in TABLES}


@pytest.mark.parametrize(
    ("seed", "count"), [(0, 2), *(pytest.param(seed, 5, marks=pytest.mark.slow) for seed in range(1, 5))]
)
def test_a_state_is_listed_the_same_from_any_other(
    seed: int, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(seed)
    made = script(rng, 16)
    commits = import_into(tmp_path / "archive.git", made, rng)
    taken: list[bool] = []
    compare = GitSource.compare

    def noted(source: GitSource, earlier: Listed, state: str) -> Difference | None:
        difference = compare(source, earlier, state)
        taken.append(difference is not None)
        return difference

    monkeypatch.setattr(GitSource, "compare", noted)
    go_on = Settings(source=str(tmp_path / "archive.git"), warehouse=tmp_path / "warehouse")
    anew = go_on.model_copy(update={"warehouse": tmp_path / "anew"})
    visits = [0]
    for number in rng.sample(range(1, len(made)), count):
        visits += sorted(main_line(made, number) - main_line(made, visits[-1]))[-1:] or [number]
        visits += [number]
    for number in visits:
        source = GitSource(go_on.source, tmp_path / "clones", commits[number])
        state = source.state()
        listed = [
            stages.list_archive(settings, source, state, stages.Inputs("", {}), None, rebuild=settings is anew).counts
            for settings in (go_on, anew)
        ]
        assert listed[0] == listed[1]
        assert rows(go_on.staging) == rows(anew.staging)
    assert taken == [before in main_line(made, after) for before, after in pairwise(visits)]
