"""The data dictionary, written from the headers of the SQL files: `make docs` writes sql/DICTIONARY.md."""

import duckdb

from flows import load, sqlfiles
from flows.paths import SQL
from flows.sqlfiles import SqlFile

PATH = SQL / "DICTIONARY.md"

_INTRODUCTION = """# Data dictionary

Written by `make docs` from the headers of the files in this folder, which are also the comments inside the
database. `main` is what the warehouse is for; `core` is the star behind it; `meta` says where the data came
from and how good it is.
"""
_SECTIONS = {
    "main": "## main: public views",
    "core": "## core: the star schema",
    "meta": "## meta: provenance and quality",
}


def render() -> str:
    """The dictionary as Markdown; types are those of an empty warehouse made from the same files."""
    with duckdb.connect() as connection:
        load.create_tables(connection)
        load.create_views(connection)
        objects = sorted((*sqlfiles.views(), *sqlfiles.tables()), key=lambda file: file.name)
        parts = [_INTRODUCTION]
        for schema, heading in _SECTIONS.items():
            parts.append(heading + "\n")
            parts += [_section(connection, file) for file in objects if file.schema == schema]
    return "\n".join(parts)


def _section(connection: duckdb.DuckDBPyConnection, file: SqlFile) -> str:
    lines = [f"### {file.qualified}", "", file.description, "", f"Grain: one row per {', '.join(file.grain)}."]
    if file.warning:
        lines += ["", f"**Mind:** {file.warning}"]
    if file.example:
        lines += ["", "```sql", file.example, "```"]
    lines += ["", "| column | type | meaning |", "| --- | --- | --- |"]
    for column, data_type in load.columns(connection)[file.qualified]:
        lines.append(f"| {column} | {data_type} | {file.columns.get(column, '')} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PATH.write_text(render(), encoding="utf-8")
