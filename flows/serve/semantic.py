"""The semantic description of the public views: `make docs` writes warehouse/semantic.yaml from the headers.

The format is that of Apache Ossie, which was the Open Semantic Interchange (OSI), core specification 0.2.0.dev0. The
views described are those whose headers have metrics. Metrics stand at the level of the model, where all drafts of the
specification have them, so their names are unique across views.
"""

import re
from typing import Any

import duckdb
import yaml

from flows.load import sqlfiles, star
from flows.load.sqlfiles import SqlFile
from flows.paths import PROJECT

PATH = PROJECT / "warehouse" / "semantic.yaml"

_VERSION = "0.2.0.dev0"
_INTRODUCTION = """\
# Written by `make docs` from the headers in sql/views: what the views hold, count and join on, for tools that read
# the format of Apache Ossie (once Open Semantic Interchange), https://github.com/apache/ossie
"""
_DESCRIPTION = "Press releases of New Zealand's governments since 1996: who published what, when, in which portfolio."
_INSTRUCTIONS = (
    "A count of releases counts files; before 2009 a joint statement stands once per minister, so say whether texts "
    "are counted once. Days are nz_date; from October 2017 on it is the UTC day unless published_at is known. Never "
    "join release_ministers to release_portfolios: use attributions for who made what in which portfolio."
)
_JOIN = (
    "Join to the left: a row may have no partner, such as a person who is named but never credited, or a release that "
    "credits nobody."
)
_TYPES = {
    "BIGINT": "Integer",
    "BOOLEAN": "Boolean",
    "DATE": "Date",
    "DOUBLE": "Float",
    "HUGEINT": "Integer",
    "INTEGER": "Integer",
    "TIMESTAMP": "DateTime",
    "VARCHAR": "String",
}
_TEMPORAL = {"Date", "DateTime"}


def described() -> list[SqlFile]:
    """The views that have metrics, by name."""
    return sorted((file for file in sqlfiles.views() if file.metrics), key=lambda file: file.name)


def time_column(types: dict[str, str]) -> str | None:
    """The column that charts of a view go along in time: nz_date, or its only date.

    Args:
        types: DuckDB's type of each column of the view.
    """
    dates = [column for column, data_type in types.items() if data_type == "DATE"]
    return "nz_date" if "nz_date" in dates else dates[0] if len(dates) == 1 else None


def render() -> str:
    """The description as YAML; types are those of an empty warehouse made from the same files."""
    with star.empty_build() as connection:
        files = described()
        types = star.columns(connection)
        document = {
            "version": _VERSION,
            "name": "beehive",
            "description": _DESCRIPTION,
            "ai_context": {"instructions": _INSTRUCTIONS},
            "datasets": [_dataset(file, dict(types[file.qualified])) for file in files],
            "relationships": _relationships(files),
            "metrics": [metric for file in files for metric in _metrics(connection, file)],
        }
    return _INTRODUCTION + yaml.dump(document, Dumper=_Dumper, sort_keys=False, width=120, allow_unicode=True)


class _Flow(dict[str, Any]):
    """A mapping that is written on one line."""


class _Dumper(yaml.SafeDumper):
    """Writes the short mappings on one line, and each text once where it is used."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


_Dumper.add_representer(
    _Flow, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data, flow_style=True)
)


def _dataset(file: SqlFile, types: dict[str, str]) -> dict[str, Any]:
    context = {"ai_context": {"instructions": file.warning}} if file.warning else {}
    return {
        "name": file.name,
        "source": f"beehive.{file.qualified}",
        "primary_key": list(file.grain),
        "description": file.description,
        **context,
        "fields": [_field(column, file.columns[column], types) for column in types],
    }


def _field(column: str, description: str, types: dict[str, str]) -> dict[str, Any]:
    data_type = _TYPES[types[column]]
    time = time_column(types)
    is_time = column == time or (column == "year" and not time)
    dimension = {"dimension": _Flow(is_time=is_time)} if is_time or data_type in _TEMPORAL else {}
    return {
        "name": column,
        "expression": _expression(column),
        **dimension,
        "description": description,
        "datatype": data_type,
    }


def _relationships(files: list[SqlFile]) -> list[dict[str, Any]]:
    """The columns that hold the key of another view: named as it, or as it with a letter (`minister_a_id`)."""
    keys = {file.grain[0]: file for file in files if len(file.grain) == 1 and file.grain[0].endswith("_id")}
    return [
        {
            "name": f"{file.name}_{column.removesuffix('_id')}",
            "from": file.name,
            "to": keys[key].name,
            "from_columns": [column],
            "to_columns": [key],
            "ai_context": {"instructions": _JOIN},
        }
        for file in files
        for column in file.columns
        if (key := re.sub(r"_[a-z]_id$", "_id", column)) in keys and keys[key] is not file
    ]


def _metrics(connection: duckdb.DuckDBPyConnection, file: SqlFile) -> list[dict[str, Any]]:
    columns = re.compile(rf"\b({'|'.join(file.columns)})\b")
    found = []
    for metric in file.metrics:
        (data_type,) = connection.sql(f"select {metric.expression} from {file.qualified}").types  # noqa: S608
        found.append(
            {
                "name": metric.name,
                "expression": _expression(columns.sub(rf"{file.name}.\1", metric.expression)),
                "description": metric.description,
                "datatype": _TYPES[str(data_type)],
            }
        )
    return found


def _expression(sql: str) -> dict[str, Any]:
    return {"dialects": [_Flow(dialect="ANSI_SQL", expression=sql)]}


if __name__ == "__main__":
    PATH.write_text(render(), encoding="utf-8")
