"""The data dictionary and the diagrams of the tables, generated from the SQL files.

`make docs` writes sql/DICTIONARY.md, and the part of docs/schema.md between its two marks.
"""

import re
from collections.abc import Iterator
from typing import Any

import duckdb

from flows.load import sqlfiles, star
from flows.load.datapackage import keys_of
from flows.load.sqlfiles import SqlFile
from flows.paths import PROJECT, SQL

PATH = SQL / "DICTIONARY.md"
SCHEMA_PATH = PROJECT / "docs" / "schema.md"

_INTRODUCTION = """# Data dictionary

Written by `make docs` from the headers of the files in this folder, which are also the comments inside the database.
Query the views of `main`. They are built on the tables of `core`, a star schema. `meta` holds where the data came from
and how good it is.
"""
_SECTIONS = {
    "main": "## main: public views",
    "core": "## core: the star schema",
    "meta": "## meta: provenance and quality",
}


def render() -> str:
    """Return the dictionary as Markdown; the types come from an empty warehouse built from the same files."""
    with star.empty_build() as connection:
        objects = sorted((*sqlfiles.views(), *sqlfiles.tables()), key=lambda file: file.name)
        parts = [_INTRODUCTION]
        for schema, heading in _SECTIONS.items():
            parts.append(heading + "\n")
            parts += [_section(connection, file) for file in objects if file.schema == schema]
    return "\n".join(parts)


def _section(connection: duckdb.DuckDBPyConnection, file: SqlFile) -> str:
    lines = [f"### {file.qualified}", "", file.description, "", f"Grain: one row per {', '.join(file.grain)}."]
    if file.warning:
        lines += ["", f"**Warning:** {file.warning}"]
    if file.example:
        lines += ["", "```sql", file.example, "```"]
    lines += ["", "| column | type | meaning |", "| --- | --- | --- |"]
    for column, data_type in star.columns(connection)[file.qualified]:
        lines.append(f"| {column} | {data_type} | {file.columns.get(column, '')} |")
    return "\n".join(lines) + "\n"


_MARKED = re.compile(r"(?<=<!-- written by make docs -->\n).*?(?=<!-- until here -->)", re.DOTALL)
_FACT = "core.fact_release"


def render_schema(page: str) -> str:
    """Return the page docs/schema.md with current diagrams between its marks."""
    return _MARKED.sub(lambda _: _diagrams(), page)


def _diagrams() -> str:
    """Return the diagrams of the tables in `core`, grouped by the tables that their foreign keys name."""
    with star.empty_build() as connection:
        keys = keys_of(connection)
        types = {table: dict(columns) for table, columns in star.columns(connection).items()}
    core = [file for file in sqlfiles.tables() if file.schema == "core"]
    groups: dict[str, list[SqlFile]] = {
        "### The star, and the tables that join releases to people and portfolios": [],
        "### Tables that refer to people, portfolios and governments, but not to releases": [],
        "### Tables that refer only to releases": [],
    }
    star_tables, without_releases, only_releases = groups.values()
    unconnected = []
    for file in core:
        targets = {key["reference"]["resource"] for key in _foreign_keys(keys, file)}
        if file.qualified == _FACT or file.name.startswith("dim_") or {_FACT} < targets:
            star_tables.append(file)
        elif targets == {_FACT}:
            only_releases.append(file)
        elif targets:
            without_releases.append(file)
        else:
            unconnected.append(file)
    parts = []
    for heading, files in groups.items():
        parts += ["", heading, "", "```mermaid", "erDiagram"]
        parts += [line for file in files for line in _entity(file, keys, types[file.qualified])]
        parts += [line for file in files for line in _relations(file, keys)]
        parts += ["```"]
    names = ", ".join(f"`{file.name}`" for file in unconnected)
    return "\n".join([*parts, "", f"No foreign key connects {names} to other tables.", "", ""])


def _foreign_keys(keys: dict[str, dict[str, Any]], file: SqlFile) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = keys.get(file.qualified, {}).get("foreignKeys", [])
    return found


def _entity(file: SqlFile, keys: dict[str, dict[str, Any]], types: dict[str, str]) -> Iterator[str]:
    """Yield the lines of a table with its key columns."""
    foreign = {column for key in _foreign_keys(keys, file) for column in key["fields"]}
    yield f"    {file.name} {{"
    for column, data_type in types.items():
        marks = ["PK"] * (column in file.grain) + ["FK"] * (column in foreign)
        if marks:
            yield f"        {data_type.lower()} {column} {', '.join(marks)}"
    yield "    }"


def _relations(file: SqlFile, keys: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Yield a line for each foreign key; two keys to the same table share a line with both columns."""
    by_target: dict[str, list[list[str]]] = {}
    for key in _foreign_keys(keys, file):
        by_target.setdefault(key["reference"]["resource"], []).append(key["fields"])
    for target, columns in by_target.items():
        many = "o|" if [list(file.grain)] == columns else "o{"
        label = ", ".join(column for key in columns for column in key)
        yield f'    {target.partition(".")[2]} ||--{many} {file.name} : "{label}"'


if __name__ == "__main__":
    PATH.write_text(render(), encoding="utf-8")
    SCHEMA_PATH.write_text(render_schema(SCHEMA_PATH.read_text(encoding="utf-8")), encoding="utf-8")
