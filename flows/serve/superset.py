"""The import bundle for Apache Superset: the connection, the datasets, and the dashboard.

`warehouse/superset/dashboard.yaml` chooses the charts and their order. Datasets are the views that have metrics and the
queries in `sql/superset/`; columns, descriptions and metrics come from the headers of these files. The same files give
the same bytes and ids, so that importing a later bundle updates what is there instead of adding to it.
"""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5
from zipfile import BadZipFile, ZipFile, ZipInfo

import yaml

from flows.errors import Unusable
from flows.load import sqlfiles, star
from flows.load.sqlfiles import Metric, SqlFile
from flows.paths import RESOURCES, SEEDS
from flows.serve.output import check_file, write_file

LAYOUT = RESOURCES / "warehouse" / "superset" / "dashboard.yaml"

_ID_NAMESPACE = UUID("9f5c2a52-8f0e-5b0b-9a6e-3b1f1d3f7a10")  # of all ids in the bundle
_WHAT = "a bundle for Superset"
_ROOT = "beehive"  # folder of all documents in the zip
_VERSION = "1.0.0"  # of Superset's format
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # of every file in the zip; the earliest that the format allows
_GRID_WIDTH = 12  # columns of Superset's grid
_LINE_LENGTH = 130  # characters of text in the width of the grid

Json = dict[str, Any]


def time_column(types: dict[str, str]) -> str | None:
    """Return the column along which charts of a view show time: nz_date, or the view's only date column.

    Args:
        types: DuckDB's type of each column of the view.
    """
    dates = [column for column, data_type in types.items() if data_type == "DATE"]
    return "nz_date" if "nz_date" in dates else dates[0] if len(dates) == 1 else None


def write_bundle(published: Path, output: Path) -> int:
    """Write the bundle for the published file of a warehouse.

    Args:
        published: The file that Superset will open; the bundle holds its absolute path.
        output: The zip file to write, in an existing folder; an earlier bundle there is replaced.

    Returns:
        The number of charts.

    Raises:
        Refused: the output is something else than an earlier bundle.
        Unusable: nothing is published there, its path has a question mark, or the zip cannot be written.
    """
    if not published.exists():
        raise Unusable(f"There is no warehouse at {published}: run `beehive refresh` first.")
    check_file(output, _is_bundle, _WHAT)
    files = bundle(published.absolute())
    content = io.BytesIO()
    with ZipFile(content, "w") as archive:
        for name, document in sorted(files.items()):
            archive.writestr(ZipInfo(f"{_ROOT}/{name}", _ZIP_TIME), yaml.safe_dump(document, allow_unicode=True))
    write_file(output, content.getvalue(), _is_bundle, _WHAT)
    return sum(name.startswith("charts/") for name in files)


def _is_bundle(path: Path) -> bool:
    try:
        with ZipFile(path) as archive:
            return f"{_ROOT}/metadata.yaml" in archive.namelist()
    except (BadZipFile, OSError):
        return False


def bundle(published: Path) -> dict[str, Json]:
    """Return the documents of the bundle by their paths in it.

    metadata.yaml has no `type`, so that both imports of Superset accept it: of dashboards, and of all assets.
    """
    layout = yaml.safe_load(LAYOUT.read_text(encoding="utf-8"))
    charts = [chart for section in layout["sections"] for row in section["rows"] for chart in row]
    with star.empty_build() as connection:
        views = {
            file.name: dict(row[:2] for row in connection.execute(f"describe {_sql(file)}").fetchall())
            for file in _datasets()
        }
    return {
        "metadata.yaml": {"version": _VERSION},
        "databases/beehive.yaml": _database(published),
        **{f"datasets/{file.name}.yaml": _dataset(file, views[file.name]) for file in _datasets()},
        **{
            f"charts/{_slug(chart['name'])}.yaml": _chart(
                chart, layout["defaults"][chart["viz_type"]], views[chart["view"]]
            )
            for chart in charts
        },
        f"dashboards/{layout['slug']}.yaml": _dashboard(layout, charts, views),
    }


def _database(published: Path) -> Json:
    """Return the connection to the published file; with `read_only` alone, SQL Lab could read other local files."""
    if "?" in str(published):
        raise Unusable(
            f"{published} has a question mark, which the URI of a Superset connection cannot hold: rename the folder."
        )
    config = {"enable_external_access": False, "lock_configuration": True}
    return {
        "version": _VERSION,
        "uuid": _id("database", "beehive"),
        "database_name": "Beehive",
        "sqlalchemy_uri": f"duckdb:///{published}",
        "expose_in_sqllab": True,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "allow_csv_upload": False,
        "allow_run_async": False,
        "extra": {
            "allows_virtual_table_explore": True,
            "engine_params": {"connect_args": {"read_only": True, "config": config}},
        },
    }


def _dataset(file: SqlFile, types: dict[str, str]) -> Json:
    return {
        "version": _VERSION,
        "uuid": _id("dataset", file.name),
        "database_uuid": _id("database", "beehive"),
        "schema": "main",
        "table_name": file.name,
        "sql": None if file.schema == "main" else file.statement,
        "description": file.comment,
        "main_dttm_col": time_column(types),
        "columns": [
            {
                "column_name": column,
                "verbose_name": _label(column),
                "description": file.columns[column],
                "type": data_type,
                "is_dttm": data_type in ("DATE", "TIMESTAMP"),
                "groupby": True,
                "filterable": True,
                "is_active": True,
            }
            for column, data_type in types.items()
        ],
        "metrics": [
            {
                "metric_name": metric.name,
                "verbose_name": _label(metric.name),
                "expression": metric.expression,
                "description": metric.description,
                "d3format": _format(metric),
            }
            for metric in file.metrics
        ],
    }


def _chart(chart: Json, defaults: Json, types: dict[str, str]) -> Json:
    params = {
        **defaults,
        **{key: _columns(value) for key, value in chart["params"].items()},
        "viz_type": chart["viz_type"],
        "adhoc_filters": _conditions(chart, types),
    }
    return {
        "version": _VERSION,
        "uuid": _id("chart", chart["name"]),
        "dataset_uuid": _id("dataset", chart["view"]),
        "slice_name": chart["name"],
        "description": chart.get("description"),
        "viz_type": chart["viz_type"],
        "params": params,
        "query_context": json.dumps(_query(chart, params), sort_keys=True),
    }


def _conditions(chart: Json, types: dict[str, str]) -> list[Json]:
    """Return the chart's own condition, and an open time range that the dashboard's filter can narrow."""
    conditions: list[Json] = []
    if where := chart.get("where"):
        conditions.append({"clause": "WHERE", "expressionType": "SQL", "sqlExpression": where})
    if time := time_column(types):
        conditions.append(
            {
                "clause": "WHERE",
                "comparator": "No filter",
                "expressionType": "SIMPLE",
                "operator": "TEMPORAL_RANGE",
                "subject": time,
            }
        )
    return conditions


def _query(chart: Json, params: Json) -> Json:
    """Return the query of a chart for clients of the API; a browser makes its own from `params`."""
    metrics = params.get("metrics", [params["metric"]] if "metric" in params else None)
    columns = [*params.get("groupby", []), *params.get("all_columns", [])]
    if x_axis := params.get("x_axis"):
        expression = x_axis if isinstance(x_axis, dict) else {"label": x_axis, "sqlExpression": x_axis}
        grain = {"timeGrain": params["time_grain_sqla"]} if "time_grain_sqla" in params else {}
        columns = [{**expression, **grain, "columnType": "BASE_AXIS", "expressionType": "SQL"}, *columns]
    order = [json.loads(text) for text in params.get("order_by_cols", [])] or [
        [metric, False] for metric in [params.get("timeseries_limit_metric"), *(metrics or [])] if metric
    ]
    query = {
        "columns": columns,
        "metrics": metrics,
        "orderby": order,
        "row_limit": params.get("row_limit", params.get("server_page_length")),
        "extras": {"where": f"({chart['where']})"} if "where" in chart else {},
    }
    return {
        "datasource": {"id": 0, "type": "table"},  # replaced by the import
        "form_data": params,
        "queries": [query],
        "result_format": "json",
        "result_type": "full",
    }


def _columns(value: Any) -> Any:
    """Return a parameter with each {label, sql} as a column of Superset."""
    if isinstance(value, list):
        return [_columns(item) for item in value]
    if isinstance(value, dict):
        return {"label": value["label"], "sqlExpression": value["sql"], "expressionType": "SQL"}
    return value


def _dashboard(layout: Json, charts: list[Json], views: dict[str, dict[str, str]]) -> Json:
    numbers = {chart["name"]: number for number, chart in enumerate(charts, 1)}
    return {
        "version": _VERSION,
        "uuid": _id("dashboard", layout["slug"]),
        "dashboard_title": layout["title"],
        "slug": layout["slug"],
        "description": layout["description"],
        "published": True,
        "position": _position(layout, numbers),
        "metadata": {
            "color_scheme": "supersetColors",
            "label_colors": _colours() | layout["colours"],
            "cross_filters_enabled": True,
            "filter_bar_orientation": "HORIZONTAL",
            "refresh_frequency": 0,
            "native_filter_configuration": [
                _filter(
                    item, [numbers[chart["name"]] for chart in charts if item["column"] not in views[chart["view"]]]
                )
                for item in layout["filters"]
            ],
        },
    }


def _filter(item: Json, excluded: list[int]) -> Json:
    """Return a filter of the dashboard that leaves out the charts with the excluded numbers."""
    is_time = "view" not in item
    target = {} if is_time else {"column": {"name": item["column"]}, "datasetUuid": _id("dataset", item["view"])}
    return {
        "id": f"NATIVE_FILTER-{_slug(item['name'])}",
        "name": item["name"],
        "type": "NATIVE_FILTER",
        "filterType": "filter_time" if is_time else "filter_select",
        "targets": [target],
        "scope": {"rootPath": ["ROOT_ID"], "excluded": excluded},
        "cascadeParentIds": [],
        "controlValues": {} if is_time else {"multiSelect": True, "searchAllOptions": True, "sortAscending": True},
        "defaultDataMask": {"extraFormData": {}, "filterState": {}, "ownState": {}},
    }


def _position(layout: Json, numbers: dict[str, int]) -> Json:
    """Return Superset's grid: for each section a row of text, then its rows of charts."""
    grid: Json = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "GRID_ID": {"type": "GRID", "id": "GRID_ID", "parents": ["ROOT_ID"], "children": []},
        "HEADER_ID": {"type": "HEADER", "id": "HEADER_ID", "meta": {"text": layout["title"]}},
    }

    def add_row(name: str, children: list[Json]) -> None:
        parents = ["ROOT_ID", "GRID_ID"]
        grid["GRID_ID"]["children"].append(name)
        grid[name] = {
            "type": "ROW",
            "id": name,
            "parents": parents,
            "children": [child["id"] for child in children],
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }
        grid.update({child["id"]: {**child, "parents": [*parents, name], "children": []} for child in children})

    for section in layout["sections"]:
        slug = _slug(section["title"])
        text = f"## {section['title']}\n\n{section['text']}"
        line_count = 1 + len(section["text"]) // _LINE_LENGTH
        meta: Json = {"code": text, "width": _GRID_WIDTH, "height": 11 + 3 * line_count}
        add_row(f"ROW-{slug}", [{"type": "MARKDOWN", "id": f"MARKDOWN-{slug}", "meta": meta}])
        for row_number, row in enumerate(section["rows"], 1):
            children = []
            for chart in row:
                meta = {
                    "chartId": numbers[chart["name"]],
                    "uuid": _id("chart", chart["name"]),
                    "sliceName": chart["name"],
                    "width": chart["width"],
                    "height": chart["height"],
                }
                children.append({"type": "CHART", "id": f"CHART-{_slug(chart['name'])}", "meta": meta})
            add_row(f"ROW-{slug}-{row_number}", children)
    return grid


def _format(metric: Metric) -> str | None:
    if metric.name.endswith("_date"):
        return None
    if metric.name.endswith("_share"):
        return ".1%"
    return ",d" if metric.name.endswith("_count") else ",.1f"


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize().replace("Nz ", "NZ ")


def _slug(text: str) -> str:
    return re.sub(r"\W+", "-", text.lower())


def _id(kind: str, name: str) -> str:
    return str(uuid5(_ID_NAMESPACE, f"{kind}:{name}"))


def _datasets() -> list[SqlFile]:
    """Return the views that have metrics, and the queries for Superset, by name."""
    files = [*sqlfiles.views(), *sqlfiles.datasets()]
    return sorted((file for file in files if file.metrics), key=lambda file: file.name)


def _sql(file: SqlFile) -> str:
    return f"from {file.qualified}" if file.schema == "main" else file.statement


def _colours() -> dict[str, str]:
    """Return the colour of each party by its name, and that of the leading party for each government with its years."""
    colours = {row["party_name"]: row["colour"] for row in _seed("parties")}
    for row in _seed("governments"):
        name = row["government_name"].removesuffix(" Government")
        for party in colours.keys() & set(name.split()):
            colours[f"{row['start_date'][:4]}\u2013{row['end_date'][:4]} {name}"] = colours[party]
    return colours


def _seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
