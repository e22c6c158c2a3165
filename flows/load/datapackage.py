"""Describe the exported tables and views as a Data Package (datapackage.org, version 2): files, columns, keys.

The same is written as Croissant, from this descriptor.

Everything comes from the database: comments, types, keys and the source of the build. The descriptor has no time of
writing, and no sizes or hashes of Parquet files, so that two builds of the same state have the same descriptor.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
from pydantic import TypeAdapter

from flows.load import croissant, sqlfiles
from flows.load.database import dicts

FILE = "datapackage.json"
NAME = "beehive-press-releases"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_JSON = TypeAdapter(dict[str, Any])  # json.dumps with indentation is Python, and takes ten times as long

_TYPES = {
    "VARCHAR": "string",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "SMALLINT": "integer",
    "UTINYINT": "integer",
    "UBIGINT": "integer",
    "FLOAT": "number",
    "DOUBLE": "number",
    "DECIMAL": "number",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
}
_FORMATS: dict[str, dict[str, Any]] = {
    "csv": {
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True},
    },
    "parquet": {"format": "parquet", "mediatype": "application/vnd.apache.parquet"},
    "xlsx": {
        "format": "xlsx",
        "mediatype": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "dialect": {"sheetNumber": 2, "header": True},
    },
}
_DESCRIPTION = (
    "Every press release that an archive of beehive.govt.nz holds, as tables: `main` has the public views and is what "
    "most need, `core` the star schema behind them, `meta` where the data came from and how good it is. Each table and "
    "column says what it counts; read the description before you add up a column."
)
LICENCE = {
    "title": "Crown copyright, unless noted otherwise: reproduction is free of charge if it is accurate and "
    "acknowledges the source; only the original on beehive.govt.nz is official",
    "path": "https://www.beehive.govt.nz/copyright",
}


def write(
    reader: duckdb.DuckDBPyConnection,
    folder: Path,
    file_format: str,
    extra: Mapping[str, Mapping[str, Any]] | None = None,
    complete: Mapping[str, frozenset[str]] | None = None,
    left_out: Mapping[str, frozenset[str]] | None = None,
    hashes: Mapping[str, str] | None = None,
) -> None:
    """Write the descriptor of the files in a folder, and that in Croissant.

    The rows of a table or view are in `SCHEMA/NAME.FORMAT`, or in all files `SCHEMA/NAME/YEAR.FORMAT`.

    Args:
        reader: connection to the build from which the files were written.
        folder: folder of the files.
        file_format: csv, parquet or xlsx.
        extra: further properties of a file, by the qualified name of its table or view.
        complete: text columns without NULL, by table or view; an empty cell in such a column is an empty text.
        left_out: columns that the files do not have, by table or view.
        hashes: SHA-256 of each file with all rows, by its path from the folder. Without them, Croissant is not written.
    """
    described = describe(reader, folder, file_format, extra or {}, complete or {}, left_out or {})
    _write_json(folder / FILE, described)
    if hashes:
        _write_json(folder / croissant.FILE, croissant.describe(described, hashes))


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_bytes(_JSON.dump_json(content, indent=1) + b"\n")


def list_files(folder: Path) -> set[str] | None:
    """Return the files that a descriptor of this module names, and the descriptors; None if there is none.

    Args:
        folder: folder of the descriptor, to which the names are relative.
    """
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
        paths = [one["path"] for one in found["resources"]]
        files = [path for one in paths for path in ([one] if isinstance(one, str) else one)]
        return {FILE, croissant.FILE, *files} if found["name"] == NAME else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def describe(
    reader: duckdb.DuckDBPyConnection,
    folder: Path,
    file_format: str,
    extra: Mapping[str, Mapping[str, Any]],
    complete: Mapping[str, frozenset[str]],
    left_out: Mapping[str, frozenset[str]],
) -> dict[str, Any]:
    """Return the descriptor: a resource for each table and view, the views of `main` first."""
    (build,) = dicts(reader, "select source_location, source_state, source_committed_at from meta.build")
    fields = _fields(reader)
    keys = keys_of(reader)
    resources = []
    for table in dicts(
        reader,
        "select schema_name || '.' || object_name as name, description, grain from meta.dictionary "
        "where column_name = '' and object_kind <> 'macro' order by schema_name <> 'main', schema_name, object_name",
    ):
        name = table["name"]
        stem = name.replace(".", "/")
        path: str | list[str] = f"{stem}.{file_format}"
        if not (folder / f"{stem}.{file_format}").exists():
            path = sorted(str(one.relative_to(folder)) for one in (folder / stem).glob(f"*.{file_format}"))
            if not path:
                continue
        kept = [field for field in fields[name] if field["name"] not in left_out.get(name, ())]
        schema: dict[str, Any] = {"fields": kept, **keys[name]}
        for field in schema["fields"]:
            if field["name"] in complete.get(name, ()):
                field["missingValues"] = []
        grain = table["grain"].split(", ")
        if "primaryKey" not in schema:
            schema["uniqueKeys"] = [grain]
        resources.append(
            {
                "name": name,
                "path": path,
                "type": "table",
                "description": table["description"],
                **_FORMATS[file_format],
                **extra.get(name, {}),
                "schema": schema,
            }
        )
    source = {"title": "The archive, as a git repository or a directory", "version": build["source_state"]}
    if build["source_location"].startswith(("https://", "http://")):  # a local path is private
        source["path"] = build["source_location"]
    committed = build["source_committed_at"]
    return {
        "$schema": PROFILE,
        "name": NAME,
        "title": "Press releases of New Zealand's governments",
        "description": _DESCRIPTION,
        "homepage": "https://www.beehive.govt.nz",
        **(
            {
                "created": f"{committed:%Y-%m-%dT%H:%M:%SZ}",
                # Semantic versioning has no leading zeros.
                "version": f"{committed.year}.{committed.month}.{committed.day}+{build['source_state'][:8]}",
            }
            if committed
            else {}
        ),
        "contributors": [
            {"title": "New Zealand Government", "path": "https://www.beehive.govt.nz", "roles": ["creator"]}
        ],
        "sources": [{"title": "beehive.govt.nz", "path": "https://www.beehive.govt.nz"}, source],
        "licenses": [LICENCE],
        "resources": resources,
    }


def _fields(reader: duckdb.DuckDBPyConnection) -> dict[str, list[dict[str, Any]]]:
    """Return the fields of each table and view."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for column in dicts(
        reader,
        "select schema_name || '.' || table_name as table_name, column_name, data_type, comment, is_nullable "
        "from duckdb_columns() where not internal order by table_name, column_index",
    ):
        field = {
            "name": column["column_name"],
            "type": type_of(column["data_type"]),
            "description": column["comment"] or "",
        }
        if not column["is_nullable"]:
            field["constraints"] = {"required": True}
        found[column["table_name"]].append(field)
    return found


def type_of(data_type: str) -> str:
    """Return the type of a field for a DuckDB type; types that only builds of earlier versions have are not told apart.

    Args:
        data_type: name of the DuckDB type, such as `INTEGER` or `VARCHAR[]`.
    """
    if data_type.endswith("]"):
        return "array"
    return _TYPES.get(data_type.partition("(")[0], "any")


def keys_of(reader: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """Return the primary, unique and foreign keys of each table: declared keys, and keys that a check verifies."""
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for key in dicts(
        reader,
        "select schema_name as schema, schema_name || '.' || table_name as table_name, constraint_type, "
        "constraint_column_names as columns, referenced_table, referenced_column_names as referenced "
        "from duckdb_constraints() where constraint_type in ('PRIMARY KEY', 'UNIQUE', 'FOREIGN KEY') "
        "order by table_name, constraint_index",
    ):
        if key["constraint_type"] == "PRIMARY KEY":
            found[key["table_name"]]["primaryKey"] = key["columns"]
        elif key["constraint_type"] == "UNIQUE":
            found[key["table_name"]].setdefault("uniqueKeys", []).append(key["columns"])
        else:
            target = f"{key['schema']}.{key['referenced_table']}"
            _add_foreign_key(found[key["table_name"]], key["columns"], target, key["referenced"])
    for file in sqlfiles.tables():
        if "primaryKey" not in found[file.qualified] and file.grain:
            found[file.qualified]["primaryKey"] = list(file.grain)
        if file.foreign_key:
            column, _, target = file.foreign_key.partition(" in ")
            _add_foreign_key(found[file.qualified], [column], target, [column])
    return found


def _add_foreign_key(keys: dict[str, Any], columns: list[str], target: str, referenced: list[str]) -> None:
    reference = {"fields": columns, "reference": {"resource": target, "fields": referenced}}
    keys.setdefault("foreignKeys", []).append(reference)
