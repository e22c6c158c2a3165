"""What a push makes of a build: tables with their columns, keys, comments and indexes, read from the build itself."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from flows.load.database import dicts, literal
from flows.load.parquet import LEFT_OUT_COLUMNS, find_files
from flows.push.server import quoted

# Tables that the functions under sql/postgresql read, besides the public views.
_BEHIND_FUNCTIONS = ("known_name", "tenure", "related_portfolio", "dim_portfolio", "dim_minister", "dim_government",
                     "dim_date")  # fmt: skip
_INDEXED = ("release_id", "nz_date", "minister_id", "portfolio_id")
_TYPES = {
    "VARCHAR": "text",
    "BIGINT": "bigint",
    "INTEGER": "integer",
    "DOUBLE": "double precision",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamptz",
}
# In what form a column leaves the build, where that is not its own: PostgreSQL has no text with the character 0.
_FORMS = {"VARCHAR": "replace({0}, chr(0), chr(65533))", "TIMESTAMP": "{0}::timestamptz"}
SEARCHED = "release_texts"  # the table with the column `search`, which the server computes
SEARCH_TYPE = "tsvector generated always as (search_vector(title, plain_text)) stored"
SEARCH_COMMENT = (
    "Words of title and plain_text for full-text search: `where search @@ search_query('fast track')`. PostgreSQL "
    "makes it; the view in beehive.duckdb has no such column."
)


@dataclass(frozen=True, slots=True)
class Table:
    """One table to push."""

    name: str
    source: str  # the view or table of the build, or its Parquet file, as SQL names it
    key: tuple[str, ...]  # the columns that identify a row; some may be NULL
    types: dict[str, str]  # PostgreSQL's, by column
    forms: dict[str, str]  # expression over the build, by column
    comments: dict[str, str]  # by column
    comment: str

    @property
    def columns(self) -> str:
        """Return the columns as a list in SQL."""
        return ", ".join(map(quoted, self.types))

    @property
    def rows(self) -> str:
        """Return a query of the build for the rows."""
        forms = ", ".join(f"{form} as {quoted(column)}" for column, form in self.forms.items())
        return f"select {forms} from {self.source}"  # noqa: S608

    @property
    def indexed(self) -> list[str]:
        """Return the columns with an index of their own."""
        return [column for column in _INDEXED if column in self.types and column != self.key[0]]

    @property
    def definition(self) -> str:
        """Return a digest of everything but the rows."""
        text = repr((self.types, self.key, self.comments, self.comment, self.indexed))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def same_key(self, one: str, other: str) -> str:
        """Return a condition of DuckDB under which two rows have the same key."""
        return " and ".join(f"{one}.{quoted(column)} is not distinct from {other}.{quoted(column)}"
                            for column in self.key)  # fmt: skip

    def digest_of(self, rows: str) -> str:
        """Return a query of DuckDB for key and digest of each row, in the forms that the build sends."""
        keys = ", ".join(map(quoted, self.key))
        return f"select {keys}, hash({', '.join(map(self._compared, self.types))}) as row_digest from ({rows})"  # noqa: S608

    def _compared(self, column: str) -> str:
        """Return a column in one type on both sides: the driver gives a number of PostgreSQL as text."""
        data_type = self.types[column]
        return f"{quoted(column)}::{data_type}" if data_type.startswith("numeric") else quoted(column)


def tables_of(reader: duckdb.DuckDBPyConnection, parquet: Path) -> list[Table]:
    """Return the tables to push of a build: its public views, and what functions need.

    Args:
        reader: connection to the build.
        parquet: folder of its Parquet files. To read them takes half the time of computing the views; where there are
            none, the views are computed.
    """
    wanted = {("main", row["name"]): row["name"] for row in dicts(
        reader, "select view_name as name from duckdb_views() where schema_name = 'main' and not internal order by all"
    )}  # fmt: skip
    wanted |= {("core", name): f"core_{name}" for name in _BEHIND_FUNCTIONS}
    columns = dicts(
        reader,
        "select schema_name, table_name, column_name, data_type, comment from duckdb_columns() order by column_index",
    )
    described = {
        (row["schema_name"], row["object_name"]): row
        for row in dicts(reader, "from meta.dictionary where column_name = '' and object_kind <> 'macro'")
    }
    found = []
    for (schema, source), name in wanted.items():
        own = [row for row in columns if (row["schema_name"], row["table_name"]) == (schema, source)]
        row = described[schema, source]
        found.append(
            Table(
                name=name,
                source=_source(parquet, f"{schema}.{source}"),
                key=tuple(row["grain"].split(", ")),
                types={one["column_name"]: type_of(one["data_type"]) for one in own},
                forms={one["column_name"]: _form_of(one["column_name"], one["data_type"]) for one in own},
                comments={one["column_name"]: one["comment"] or "" for one in own},
                comment=row["description"],
            )
        )
    return found


def _source(parquet: Path, qualified: str) -> str:
    files = find_files(parquet, qualified)
    if not files or qualified in LEFT_OUT_COLUMNS:
        return qualified
    return f"read_parquet([{', '.join(map(literal, files))}])"


def type_of(data_type: str) -> str:
    """Return PostgreSQL's type for a type of DuckDB.

    Raises:
        KeyError: no build has a column of this type.
    """
    if data_type.endswith("[]"):
        return f"{type_of(data_type.removesuffix('[]'))}[]"
    if number := re.fullmatch(r"DECIMAL(\(\d+,\d+\))", data_type):
        return f"numeric{number[1]}"
    return _TYPES[data_type]


def _form_of(column: str, data_type: str) -> str:
    return _FORMS.get(data_type, "{0}").format(quoted(column))
