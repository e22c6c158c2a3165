"""Each clause of the touched sets is needed: `.venv/bin/python -m tests.clauses`.

The files in `sql/transform/touched` select the releases of which an incremental build computes the rows anew. Each
clause is removed in turn: each branch of a union, each side of an `or`, each direction in which a difference is looked
for, and each column of a comparison that names its columns. Then a small archive is synced, and the incremental build
must differ from a full one, in a published table or in one of `work` with which the next build begins, or be refused,
so that a full build follows. A clause whose removal no script of edits notices is not needed, or its script is missing.
"""

import argparse
import json
import random
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from itertools import islice
from pathlib import Path
from shutil import copytree
from typing import Any, NamedTuple

import duckdb
import pytest

from flows import stages
from flows.load import sqlfiles, star
from flows.load.database import connect, literal, one_row
from flows.load.sqlfiles import SqlFile
from flows.load.transform import NeedsFullBuild
from flows.pipeline import refresh
from flows.settings import Settings
from flows.verify import VARIES_BY_RUN, comparable_rows
from tests.conftest import ALL_GUARDS, GitArchive, Lines, release_path, release_text

# ------------------------------------------------------------------------------------------- the clauses

_Node = dict[str, Any]
_FALSE = {"class": "CONSTANT", "type": "VALUE_CONSTANT", "alias": "", "literal": {"kind": "BOOLEAN", "text": "false"}}


class Clause(NamedTuple):
    """A file of a touched set without one clause."""

    name: str  # of the set, and what is removed
    file: SqlFile  # without it


def clauses() -> list[Clause]:
    """Return each touched set without each of its clauses, as DuckDB's own parser finds them."""
    found = []
    with connect() as connection:
        for file in sqlfiles.touched():
            (text,) = one_row(connection, "select json_serialize_sql($1)", [file.query])
            tree = json.loads(text)
            for name, smaller in _smaller(tree):
                (query,) = one_row(connection, "select json_deserialize_sql($1::json)", [json.dumps(smaller)])
                query = re.sub(r'"(work|before)"', r"\1", query)  # which are keywords, and quoted needlessly
                statement = f"create table {file.qualified} as\n{query}"
                found.append(Clause(f"{file.name}: {name}", replace(file, statement=statement)))
    return found


def _smaller(tree: _Node) -> Iterator[tuple[str, _Node]]:
    """Yield what is removed, and a copy of a query without it."""
    columns: dict[str, list[str]] = {}  # of each query that names them
    compared = set()
    for path, node in _walk(tree, ()):
        place = next((str(part) for part in reversed(path) if isinstance(part, str) and part.startswith("with ")), "")
        match node.get("type"), node.get("setop_type"):
            case "SET_OPERATION_NODE", "UNION":
                for number in range(len(node["children"])):
                    copy, branch = _copy(tree, path)
                    branch["children"][number]["where_clause"] = _FALSE
                    yield f"branch {number + 1} of {place.removeprefix('with ') or 'the result'}", copy
            case "CONJUNCTION_OR", _:
                for number in range(len(node["children"])):
                    copy, either = _copy(tree, path)
                    either["children"][number] = _FALSE
                    yield f"side {number + 1} of an or in {place.removeprefix('with ') or 'the result'}", copy
            case "COMPARE_NOTEQUAL", _ if node["left"]["type"] == node["right"]["type"] == "OPERATOR_IS_NULL":
                for side, other in (("left", "right"), ("right", "left")):
                    copy, difference = _copy(tree, path)
                    no_longer = {"class": "OPERATOR", "type": "OPERATOR_NOT", "alias": "", "children": [node[other]]}
                    difference |= {"class": "CONJUNCTION", "type": "CONJUNCTION_AND",
                                   "children": [node[side], no_longer]}  # fmt: skip
                    yield f"not {side} null alone in {place.removeprefix('with ')}", copy
            case "SET_OPERATION_NODE", "EXCEPT":
                one = min(child["from_table"]["table_name"] for child in node["children"])
                outer = list(_parent(tree, path)["select_list"][0].get("column_names", ()))
                for column in columns.get(one, ()):
                    if column not in outer and (one, column) not in compared:
                        compared.add((one, column))
                        yield f"column {column} of {one}", _uncompared(tree, one, column)
        if place and path[-1] == "query_node" and node["type"] == "SELECT_NODE":
            columns[place.removeprefix("with ")] = [one["alias"] or one["column_names"][-1]
                                                    for one in node["select_list"]
                                                    if one["alias"] or "column_names" in one]  # fmt: skip


def _walk(node: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], _Node]]:
    """Yield each node of a tree with its path, in the order of the text."""
    if isinstance(node, dict):
        if path:
            yield path, node
        for key, inner in node.items():
            yield from _walk(inner, (*path, key))
    elif isinstance(node, list):
        for number, inner in enumerate(node):
            here = (*path, number)
            if isinstance(inner, dict) and path[-1:] == ("map",):
                here = (*here, f"with {inner['key']}")
            yield from _walk(inner, here)


def _at(tree: Any, path: tuple[Any, ...]) -> Any:
    for part in path:
        tree = tree if isinstance(part, str) and part.startswith("with ") else tree[part]
    return tree


def _copy(tree: _Node, path: tuple[Any, ...]) -> tuple[_Node, Any]:
    copy = deepcopy(tree)
    return copy, _at(copy, path)


def _parent(tree: _Node, path: tuple[Any, ...]) -> _Node:
    """Return the query that selects from a subquery."""
    return _at(tree, path[: len(path) - 1 - path[::-1].index("from_table")])


def _uncompared(tree: _Node, name: str, column: str) -> _Node:
    """Return a copy in which the differences of a query from another do not compare a column."""
    copy = deepcopy(tree)
    for _, node in _walk(copy, ()):
        sides = node["children"] if node.get("setop_type") == "EXCEPT" else ()
        if name in [side["from_table"]["table_name"] for side in sides]:
            for side in sides:
                side["select_list"][0]["exclude_list"].append(column)
    return copy


# ------------------------------------------------------------------------------------------- the archive


class Editor:
    """Writes and removes releases of an archive."""

    def __init__(self, archive: GitArchive) -> None:
        self.archive = archive

    def put(
        self, slug: str, date: str, body: str | None = None, title: str | None = None, folder: str = "", **names: Any
    ) -> None:
        """Write a release; without a body, its words are in no other release; without a folder, in that of its date."""
        text = release_text(title or words(f"title {slug}", 5), date, slug,
                            body=words(slug) if body is None else body, **names)  # fmt: skip
        self.archive.write(f"{folder}/{date}-{slug}.md" if folder else release_path(date, slug), text)

    def remove(self, slug: str, date: str) -> None:
        """Remove a release."""
        (self.archive.path / release_path(date, slug)).unlink()

    def index(self, *slugs: str) -> None:
        """Write the index: it has publication times of these releases."""
        entries = [{"url": f"{SITE}/release/{slug}", "date": "2019-05-05T13:30:00Z"} for slug in slugs]
        self.archive.path.with_name("index.json").write_text(json.dumps(entries))


CLARK, DALZIEL, MALLARD, CULLEN = ("Helen Clark",), ("Lianne Dalziel",), ("Trevor Mallard",), ("Michael Cullen",)
KEY, SHIPLEY, HIPKINS, WOODS = ("John Key",), ("Jenny Shipley",), ("Chris Hipkins",), ("Megan Woods",)
STANFORD, BROWN, BOLGER = ("Erica Stanford",), ("Simeon Brown",), ("Jim Bolger",)
SITE = "https://www.beehive.govt.nz"


def words(seed: str, count: int = 30) -> str:
    """Return words of no language, others for each seed."""
    chance = random.Random(seed)
    syllables = [one + other for one in "bdfgklmnprstvz" for other in "aeiou"]
    return " ".join("".join(chance.choices(syllables, k=4)) for _ in range(count))


def like(seed: str, shared: int, end: str, count: int = 80) -> str:
    """Return a text of which the first words are those of each text of the seed."""
    return " ".join([*words(seed, count).split()[:shared], *words(f"{seed} {end}", count).split()[shared:]])


def write_archive(edit: Editor) -> None:
    """Write what all scripts begin with. Each clause has releases of its own, on days and of people of its own."""
    for month in range(1, 13):
        edit.put(f"plain-{month}", f"2003-{month:02}-17")
        edit.put(f"other-{month}", f"2006-{month:02}-17", ministers=CULLEN, portfolios=("Finance",))
    for write in (_write_files, _write_names, _write_people, _write_titles, _write_holders, _write_like_texts):
        write(edit)


def _write_files(edit: Editor) -> None:
    # Of two files of one id, one goes, or gets it from another one.
    edit.put("same-id", "2003-05-06")
    edit.put("same-id", "2003-05-06", folder="releases/2003/04")
    edit.put("lost-id", "2003-05-07", folder="releases/2003/04")
    # Words that are in the titles of two releases, after the sync or before it.
    edit.put("word-comes", "2003-05-08", title="One pounamu")
    for name in ("stays", "goes"):
        edit.put(f"word-{name}", "2003-05-09", title=f"The kahurangi that {name}")
    # One moves, one goes, one is edited and edited back. Of two of one text, one goes.
    edit.put("moves", "2003-05-02")
    edit.put("is-reverted", "2003-05-03")
    edit.put("stays-of-went", "2003-03-05", body=words("went"))
    edit.put("went", "2003-03-06", body=words("went"))
    edit.put("stays-of-came", "2003-03-15", body=words("came"))
    for name in ("came", "went"):
        edit.put(f"time-{name}", "2019-05-05", ministers=(), portfolios=())
    edit.index("time-went")


def _write_names(edit: Editor) -> None:
    # Names that are decided by what other releases print; and other spellings of a name, which decide how it is shown.
    edit.put("placeholder", "2003-04-05", ministers=("Read the speech",))
    edit.put("tag", "2003-04-06", portfolios=("Tidal Gardens",),
             body=f"{words('tag')} [Tidal Gardens]({SITE}/portfolio/tidal-gardens)")  # fmt: skip
    edit.put("capitals", "2003-04-07", ministers=("WILHELMINA TESTPERSON",))
    edit.put("capital-tag", "2003-04-08", portfolios=("MOONLIGHT AFFAIRS",))
    # Names to search for, in two spellings that make one person.
    edit.put("spelling", "2003-04-09", ministers=("Barnaby Water Fall",), body=f"Barnaby Water-Fall. {words('fall')}")
    edit.put("spelling-stays", "2003-04-10", ministers=("Ottilie Snow Drift",))
    edit.put("spelling-goes", "2003-04-11", ministers=("Ottilie Snow-Drift",))
    edit.put("names-spelling", "2003-04-12", body=f"Ottilie Snow-Drift said so. {words('drift')}")


def _write_people(edit: Editor) -> None:
    # Ten credits of one person under a government are a term that no seed has: of John Key, there are nine.
    for month in range(1, 7):
        edit.put(f"comes-{month}", f"2018-{month:02}-03", ministers=KEY, portfolios=("Racing",))
    for month in range(1, 11):
        edit.put(f"goes-{month}", f"2018-{month:02}-23", ministers=SHIPLEY, portfolios=("Racing",))
    edit.put("key", "2018-06-13", ministers=KEY, portfolios=("Racing",), body=words("key"))
    edit.put("twin-of-key", "2018-06-14", ministers=("Jacinda Ardern",), portfolios=("Racing",), body=words("key"))
    for number, (one, other) in enumerate([(KEY, ()), ((), KEY)]):
        for name, ministers, count in (("a", one, 80), ("b", other, 74)):
            edit.put(f"judged-{number}-{name}", f"2018-02-1{number}", ministers=ministers,
                     body=like(f"judged {number}", count, name))  # fmt: skip
    # People in office while at least three releases credit them.
    for number, (name, count) in enumerate([("Xavier Example", 2), ("Yolanda Specimen", 3)]):
        for month in range(1, count + 1):
            edit.put(f"office-{number}-{month}", f"2004-0{month}-0{number + 1}", ministers=(name,))
        edit.put(f"names-{number}", f"2004-02-1{number}", body=f"{name} said so. {words(name)}")


def _write_titles(edit: Editor) -> None:
    # Portfolios in use while at least three releases have their tag; only then does a short title mean them.
    for number, (name, count) in enumerate([("Harbour Lights and Beacons", 2), ("Desert Rivers and Dunes", 3)]):
        short = " ".join(name.split()[:2])
        for month in range(1, count + 1):
            edit.put(f"use-{number}-{month}", f"2005-0{month}-0{number + 1}", portfolios=(name,))
        edit.put(f"before-{number}", f"2005-02-1{number}", body=f"{short} Minister {CLARK[0]} said so. {words(name)}")
        edit.put(f"after-{number}", f"2005-02-2{number}",
                 body=f"{CLARK[0]}, Minister of {short}, said so. {words(f'after {name}')}")  # fmt: skip
    # Titles of which it is decided anew what they mean.
    edit.put("new-title", "2005-06-01", body=f"Minister of Marble Staircases {CLARK[0]} said so. {words('marble')}")
    for month in (7, 8, 9):
        edit.put(f"copper-{month}", f"2005-0{month}-11", portfolios=("Copper Lanterns and Bells",))
    edit.put("copper", "2005-08-12", portfolios=("Copper, Lanterns and Bells",))
    edit.put("lost-title", "2005-08-13", body=f"Minister of Lanterns {CLARK[0]} said so. {words('lanterns')}")


def _write_holders(edit: Editor) -> None:
    # Signs of who held a portfolio, under one government that gets more and under one that loses some.
    for month in range(1, 5):
        edit.put(f"more-{month}", f"1998-0{month}-11", ministers=BOLGER, portfolios=("Women's Affairs",))
        edit.put(f"less-{month}", f"2012-0{month}-11", ministers=("Amy Adams",), portfolios=("Environment",))
    # A portfolio that is surely held only once four releases show it, and joint releases for which that counts.
    for number, (name, count) in enumerate([("Lunar Fisheries", 3), ("Solar Forests", 4)]):
        for month in range(1, count + 1):
            edit.put(f"held-{number}-{month}", f"2007-{2 * month:02}-0{number + 1}", ministers=MALLARD,
                     portfolios=(name,))  # fmt: skip
        edit.put(f"joint-{number}", f"2007-03-1{number}", ministers=MALLARD + DALZIEL, portfolios=(name,))
    edit.put("joint-2", "2007-03-13", ministers=MALLARD + DALZIEL, portfolios=("Lunar Fisheries", "Solar Forests"))
    for month in range(1, 5):
        edit.put(f"handed-{month}", f"2024-{month:02}-05", ministers=STANFORD, portfolios=("Polar Gardens",))
        edit.put(f"lowered-{month}", f"2024-{month:02}-06", ministers=STANFORD, portfolios=("Comet Farming",))
        edit.put(f"associate-{month}", f"2024-{month:02}-07", ministers=BROWN, portfolios=("Associate Comet Farming",))
        edit.put(f"longer-{month}", f"2020-{month + 1:02}-05", ministers=HIPKINS, portfolios=("Stellar Parks",))
        edit.put(f"earlier-{month}", f"2020-{month + 4:02}-06", ministers=WOODS, portfolios=("Orbital Ponds",))
    edit.put("joint-3", "2024-03-14", ministers=STANFORD + BROWN, portfolios=("Polar Gardens",))
    edit.put("joint-4", "2024-03-15", ministers=STANFORD + BROWN, portfolios=("Comet Farming",))
    edit.put("long-after-both", "2025-06-01", ministers=STANFORD + BROWN, portfolios=("Education",))
    edit.put("joint-5", "2020-07-10", ministers=HIPKINS + WOODS, portfolios=("Associate Stellar Parks",))
    edit.put("joint-6", "2020-03-10", ministers=HIPKINS + WOODS, portfolios=("Associate Orbital Ponds",))
    edit.put("long-after", "2021-06-01", ministers=HIPKINS, portfolios=("Education",))


def _write_like_texts(edit: Editor) -> None:
    # Texts that are nearly the same as one that comes or goes, which is the earlier one.
    edit.put("near-of-came", "2008-03-05", title="Nearly the same", body=like("came near", 79, "a"))
    edit.put("went-near", "2008-04-04", title="Nearly the same again", body=like("went near", 79, "a"))
    edit.put("near-of-went", "2008-04-05", title="Nearly the same again", body=like("went near", 79, "b"))
    edit.put("near-of-later", "2008-05-04", title="Nearly the same still", body=like("later", 79, "a"))
    # So many like texts, or titles, on one day that each is compared with the next twenty only.
    for number in range(36):
        edit.put(f"texts-{number:02}", "2010-03-10", ministers=(), body=like("crowd", 78, f"{number}"))
    for number in range(24):
        edit.put(f"titles-{number:02}", "2010-06-10", ministers=(), title="A title which so many releases have",
                 body=f"{like('part', 28, 'end', 30)} {'' if number else words('rest', 150)}" if number in (0, 21)
                 else None)  # fmt: skip


def sync(edit: Editor) -> None:
    """Edit many places, for each of which only one clause is needed."""
    edit.archive.git("mv", release_path("2003-05-02", "moves"), "releases/2003/04/2003-05-02-moves.md")
    edit.put("is-reverted", "2003-05-03", body="Another text.")
    edit.archive.commit()
    edit.put("is-reverted", "2003-05-03")
    edit.put("new", "2003-05-04")
    edit.put("empty", "2003-05-05", body="")
    edit.remove("same-id", "2003-05-06")
    edit.put("lost-id", "2003-05-07")
    edit.put("word-came", "2003-05-10", title="Another pounamu")
    edit.remove("word-goes", "2003-05-09")
    edit.remove("plain-7", "2003-07-17")
    edit.remove("went", "2003-03-06")
    edit.put("came", "2003-03-16", body=words("came"))
    edit.index("time-came")
    edit.put("placeholder-of-link", "2003-08-05", ministers=("Read the speech",),
             body=f"{words('placeholder')} [Read the speech]({SITE}/minister/helen-clark/speech)")  # fmt: skip
    edit.put("tag-without-link", "2003-08-06", portfolios=("Tidal Gardens",))
    edit.put("small-letters", "2003-08-07", ministers=("Wilhelmina Testperson",))
    edit.put("small-letter-tag", "2003-08-08", portfolios=("Moonlight Affairs",))
    edit.put("comes-10", "2018-10-03", ministers=KEY, portfolios=("Racing",))
    edit.remove("goes-5", "2018-05-23")
    edit.put("office-0-3", "2004-03-01", ministers=("Xavier Example",))
    edit.remove("office-1-2", "2004-02-02")
    edit.put("use-0-3", "2005-03-01", portfolios=("Harbour Lights and Beacons",))
    edit.remove("use-1-2", "2005-02-02")
    edit.put("marble", "2005-06-02", portfolios=("Marble Staircases",))
    edit.remove("copper", "2005-08-12")
    edit.put("more-5", "1998-05-11", ministers=BOLGER, portfolios=("Women's Affairs",))
    edit.remove("less-4", "2012-04-11")
    edit.put("held-0-4", "2007-05-01", ministers=MALLARD, portfolios=("Lunar Fisheries",))
    edit.remove("held-1-3", "2007-06-02")
    for month in range(1, 5):
        edit.put(f"handed-{month}", f"2024-{month:02}-05", ministers=BROWN, portfolios=("Polar Gardens",))
        edit.put(f"lowered-{month}", f"2024-{month:02}-06", ministers=STANFORD,
                 portfolios=("Associate Comet Farming",))  # fmt: skip
    edit.put("longer-5", "2020-08-05", ministers=HIPKINS, portfolios=("Stellar Parks",))
    edit.put("earlier-0", "2020-02-06", ministers=WOODS, portfolios=("Orbital Ponds",))


def edit_like_texts(edit: Editor) -> None:
    """Add and remove releases whose texts are nearly those of others."""
    edit.put("came-near", "2008-03-04", title="Nearly the same", body=like("came near", 79, "b"))
    edit.remove("went-near", "2008-04-04")
    edit.put("later", "2008-05-05", title="Nearly the same still", body=like("later", 79, "b"))
    edit.put("last", "2025-08-01", ministers=(), portfolios=())  # it moves the last day of the government in office


def lose_staging(edit: Editor) -> None:
    """Edit the first file and move the second, which get the row that they had in the staging file; shift others."""
    edit.put("more-1", "1998-01-11", ministers=BOLGER, portfolios=("Women's Affairs",), body=words("edited"))
    edit.archive.git("mv", release_path("1998-02-11", "more-2"), "releases/1998/01/1998-02-11-more-2.md")
    edit.put("new", "2003-05-04")


class Script(NamedTuple):
    """Edits between two builds of the same archive."""

    edit: Callable[[Editor], None]
    loses_staging: bool = False


SCRIPTS = {
    "sync": Script(sync),
    "longer texts": Script(lambda edit: edit.put("long", "2003-05-04", body=words("long", 5000))),
    "a name to search for": Script(lambda edit: edit.put("two", "2003-05-04", ministers=("Barnaby Water-Fall",))),
    "a name no longer": Script(lambda edit: edit.remove("spelling-goes", "2003-04-11")),
    "fewer like texts": Script(lambda edit: edit.remove("texts-10", "2010-03-10")),
    "fewer like titles": Script(lambda edit: edit.remove("titles-10", "2010-06-10")),
    "like texts": Script(edit_like_texts),
    "staging lost": Script(lose_staging, loses_staging=True),
}


# ------------------------------------------------------------------------------------------- the builds


class _Captured(Exception):
    """A refresh that has come to the load stage."""


class Archive:
    """The archive, and a warehouse of it before it is edited."""

    def __init__(self, folder: Path) -> None:
        self._git = GitArchive(folder / "archive")
        self._settings = Settings(source=str(self._git.path), index=str(folder / "index.json"), workers=1,
                                  warehouse=folder / "warehouse")  # fmt: skip
        self._folder, self._loads = folder, dict[str, Load]()
        write_archive(Editor(self._git))
        self._git.commit()
        refresh(self._settings, Lines(), allow=ALL_GUARDS)

    def load(self, name: str) -> "Load":
        """Return the load stage of a script."""
        if name not in self._loads:
            self._loads[name] = self._make_load(name)
        return self._loads[name]

    def _make_load(self, name: str) -> "Load":
        folder, script = self._folder / name, SCRIPTS[name]
        copytree(self._settings.warehouse, folder, symlinks=True)
        self._git.git("checkout", "--quiet", "-B", "edited", "main")
        Editor(self._git).index("time-went")
        script.edit(Editor(self._git))
        self._git.commit()
        settings = self._settings.model_copy(update={"warehouse": folder})
        if script.loses_staging:
            settings.staging.unlink()
        return Load(settings)


class Load:
    """The load stage of one refresh, which can be run again and again: all before it is done once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._capture()
        self._expected = settings.warehouse / "expected.duckdb", settings.warehouse / "expected-work.duckdb"
        with star.new_build(self._settings, is_incremental=False) as connection:
            star.fill(connection, replace(self._info, full_build_reason="to compare with"), self._inputs)
        for made, kept in zip((self._settings.building, self._settings.work_building), self._expected, strict=True):
            made.replace(kept)

    def _capture(self) -> None:
        def stop(_: object, __: object, info: star.BuildInfo, inputs: star.Inputs, ___: object) -> None:
            self._info, self._inputs = info, inputs
            raise _Captured

        with pytest.MonkeyPatch.context() as patch, pytest.raises(_Captured):
            patch.setattr(stages, "_load_by_difference", stop)
            refresh(self._settings, Lines(), allow=ALL_GUARDS)

    def differences(self, changed: SqlFile | None = None, limit: int | None = None) -> list[str]:
        """Return where an incremental build differs from a full one; "refused" if it cannot be made.

        Args:
            changed: a touched set to take in the place of the one of its name.
            limit: how many differences to look for; None for all.
        """
        files = [changed if changed and file.name == changed.name else file for file in sqlfiles.touched()]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sqlfiles, "touched", lambda: files)
            with star.new_build(self._settings, is_incremental=True) as connection:
                try:
                    star.fill(connection, replace(self._info, increment_number=1), self._inputs)
                except NeedsFullBuild as error:
                    return [f"refused: {error}"]
                for name, path in zip(("expected", "expected_work"), self._expected, strict=True):
                    connection.execute(f"attach {literal(path)} as {name} (read_only)")
                return list(islice(_differences(connection), limit))


def _differences(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    for file in sqlfiles.tables():
        if file.qualified not in VARIES_BY_RUN and file.schema != "meta":
            sides = [comparable_rows(connection, build, file.qualified) for build in ("beehive", "expected")]
            yield from _difference(connection, file.qualified, *sides)
    for file in sqlfiles.helpers():
        if file.scope and file.scope_key != "search_number":  # the others are made anew by each build
            columns = "* exclude (search_number)" if file.name == "dated" else "*"
            sides = [f"(select {columns} from {build}.{file.name})" for build in ("work.main", "expected_work.main")]
            yield from _difference(connection, file.qualified, *sides)


def _difference(connection: duckdb.DuckDBPyConnection, name: str, one: str, other: str) -> Iterator[str]:
    counts = one_row(
        connection,
        f"select (select count(*) from (from {one} except all from {other})), "
        f"(select count(*) from (from {other} except all from {one}))",
    )
    if any(counts):
        yield f"{name} (+{counts[0]} -{counts[1]})"


# ------------------------------------------------------------------------------------------- the proof

# The script for which a clause is needed, by the beginning of the clause's name; "sync" for all others.
_NEEDED_FOR = {
    "touched_content: column": "staging lost",
    "touched_government: branch 2 of the result": "like texts",
    "touched_judged: branch 1 of other_pairs": "fewer like titles",
    "touched_judged: branch 2 of other_pairs": "like texts",
    "touched_judged: branch 1 of the result": "like texts",
    "touched_near: branch 1": "like texts",
    "touched_near: branch 2": "fewer like titles",
    "touched_pair: branch 1 of the result": "like texts",
    "touched_pair: branch 1 of near": "fewer like texts",
    "touched_pair": "fewer like titles",
    "touched_release: branch 1 of other_searches": "a name to search for",
    "touched_release: branch 2 of other_searches": "a name no longer",
    "touched_release: branch 3 of other_searches": "longer texts",
    "touched_release: branch 3 of the result": "longer texts",
}


def script_of(clause: Clause) -> str:
    """Return the script that notices that a clause is missing."""
    return next((name for begin, name in _NEEDED_FOR.items() if clause.name.startswith(begin)), "sync")


def main() -> None:
    """Remove each clause in turn; exit with 1 if the removal of one is not noticed."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("words", nargs="*", help="part of the names of the clauses to remove; default: all")
    arguments.add_argument("--every-script", action="store_true", help="play all scripts for each clause")
    given = arguments.parse_args()
    chosen = [clause for clause in clauses() if any(word in clause.name for word in given.words or [""])]
    unnoticed = []
    with tempfile.TemporaryDirectory() as name:
        archive = Archive(Path(name))
        faults = [f"{script!r}: {found}" for script in SCRIPTS if (found := archive.load(script).differences())]
        for clause in chosen:
            found = {script: archive.load(script).differences(clause.file)
                     for script in (SCRIPTS if given.every_script else [script_of(clause)])}  # fmt: skip
            noticed = [f"{script!r}: {', '.join(differing)}" for script, differing in found.items() if differing]
            sys.stdout.write(f"{clause.name}: {'; '.join(noticed) or 'not noticed'}\n")
            sys.stdout.flush()
            unnoticed += [] if noticed else [clause.name]
    sys.stdout.write(f"{len(chosen)} clauses, {len(SCRIPTS)} scripts; {len(unnoticed)} not noticed: {unnoticed}\n")
    sys.stdout.write("".join(f"with every clause, a build differs: {fault}\n" for fault in faults))
    sys.exit(1 if unnoticed or faults else 0)


if __name__ == "__main__":
    main()
