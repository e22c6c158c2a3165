"""Find out what a build changed, by digests of the rows of each table in this build and in the one before.

Digests are compared rather than what a load meant to change: so it does not matter how a build was made.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from flows.load import sqlfiles
from flows.load.database import one_row, run_in_parallel

UNDATED = "undated"  # the year of an id or a path that does not begin with a day
_FACT = "core.fact_release"
# Columns that name the release, or the file of the archive, to which a row of a table belongs.
_YEAR_COLUMNS = ("release_id", "source_path")
# To read the texts costs as much as all else, and a text follows from source_blob, which is in the other table.
_FOLLOWS = {"core.release_text": _FACT}


def year_of(column: str) -> str:
    """Return an SQL expression for the year of a release, four digits. It follows from the id, so that it stays.

    Args:
        column: column with the id of a release, or with the path of a file of the archive.
    """
    return f"coalesce(nullif(regexp_extract({column}, '(?:^|/)(\\d{{4}})-', 1), ''), '{UNDATED}')"


@dataclass(frozen=True, slots=True)
class Digests:
    """Digests of all rows of a build. They depend on the version of DuckDB."""

    years: dict[str, dict[str, str]]  # of each table with releases, by table and year
    columns: dict[str, dict[str, str]]  # of each other table, by table and column

    @classmethod
    def of(cls, reader: duckdb.DuckDBPyConnection, left_out: tuple[str, ...]) -> "Digests":
        """Return the digests of a build of this program.

        Args:
            reader: connection to the build.
            left_out: names of tables to pass over. What is made of one of them always counts as changed.
        """
        found = cls({}, {})
        passed = {*left_out, *(name.partition(".")[2] for name in _FOLLOWS)}
        tables = {file.qualified: file for file in sqlfiles.tables() if file.name not in passed}

        def read(cursor: duckdb.DuckDBPyConnection, name: str) -> None:
            columns = list(tables[name].columns)
            row = ", ".join(f"here.{column}" for column in columns)
            key = next((column for column in _YEAR_COLUMNS if column in columns), "")
            if key or "search_number" in columns:
                joined = "" if key else f" left join {_FACT} as release using (search_number)"
                year = year_of(f"here.{key}" if key else "coalesce(release.release_id, '')")
                query = f"select {year}, count(*) || ':' || sum(hash({row})) from {name} as here{joined} group by 1"  # noqa: S608
                found.years[name] = dict(cursor.execute(query).fetchall())
            else:
                grain = ", ".join(f"here.{column}" for column in tables[name].grain or columns)
                sums = ", ".join(f"count(*) || ':' || sum(hash({grain}, here.{column}))" for column in columns)
                values = one_row(cursor, f"select {sums} from {name} as here")  # noqa: S608
                found.columns[name] = {column: str(value) for column, value in zip(columns, values, strict=True)}

        run_in_parallel(reader, dict.fromkeys(tables, ()), read)
        return found


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between two builds that the same program made of the same seeds."""

    years: Mapping[str, frozenset[str]]  # of releases whose rows differ, by table
    columns: Mapping[str, frozenset[str]]  # that differ, by table; all of them if there are other rows

    @classmethod
    def between(cls, before: Digests, after: Digests) -> "Changes":
        """Return the changes from one build to another one."""
        return cls(_differing(before.years, after.years), _differing(before.columns, after.columns))

    def of(self, qualified: str) -> frozenset[str] | None:
        """Return the years in which a table or view may have other rows; None if any row may differ.

        A table without releases changes what is made of it if a column changed whose name the SQL mentions.
        """
        tables, code = sqlfiles.inputs_of(qualified)
        words = frozenset(re.findall(r"\w+", code))
        found: frozenset[str] = frozenset()
        for table in {_FOLLOWS.get(table, table) for table in tables}:
            if table in self.years:
                found |= self.years[table]
            elif table not in self.columns or self.columns[table] & (
                self.columns[table] if table == qualified else words
            ):
                return None
        return found


def _differing(
    before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]]
) -> dict[str, frozenset[str]]:
    """Return the parts of each table whose digests differ."""
    found = {}
    for table in before.keys() | after.keys():
        old, new = before.get(table, {}), after.get(table, {})
        found[table] = frozenset(part for part in old.keys() | new.keys() if old.get(part) != new.get(part))
    return found
