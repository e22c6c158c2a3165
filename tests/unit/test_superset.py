"""The bundle for Superset, without a Superset: what charts and filters name exists; the same files, the same bytes."""

from pathlib import Path
from typing import Any
from zipfile import ZipFile

import duckdb
import pytest
import yaml

from flows.errors import Unusable
from flows.serve.superset import LAYOUT, _described_views, bundle, write_bundle

LAYOUT_OF = yaml.safe_load(LAYOUT.read_text(encoding="utf-8"))
ROWS = [row for section in LAYOUT_OF["sections"] for row in section["rows"]]
CHARTS = [chart for row in ROWS for chart in row]
VIEWS = {file.name: file for file in _described_views()}


def column(value: Any) -> str:
    return value["sql"] if isinstance(value, dict) else value


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart["name"])
def test_a_chart_asks_its_view_for_what_it_has(chart: dict[str, Any], empty: duckdb.DuckDBPyConnection) -> None:
    params = chart["params"]
    expressions = {metric.name: metric.expression for metric in VIEWS[chart["view"]].metrics}
    metrics = params.get("metrics", [params["metric"]] if "metric" in params else [])
    columns = [params["x_axis"]] if "x_axis" in params else []
    columns += [*params.get("groupby", []), *params.get("all_columns", [])]
    selected = [*map(column, columns), *(expressions[metric] for metric in metrics)]
    grouped = "group by all" if metrics else ""
    empty.execute(f"select {', '.join(selected)} from {chart['view']} where {chart.get('where', 'true')} {grouped}")
    assert {params.get("x_axis_sort"), *metrics} - {None} <= {*expressions}


def test_rows_fit_the_grid_and_names_differ() -> None:
    assert all(sum(chart["width"] for chart in row) == 12 for row in ROWS)
    assert len({chart["name"] for chart in CHARTS}) == len(CHARTS)


def test_a_filter_names_a_column_and_leaves_out_the_charts_without_it() -> None:
    found = bundle(Path("/warehouse/beehive.duckdb"))["dashboards/beehive.yaml"]["metadata"]
    for told, native in zip(LAYOUT_OF["filters"], found["native_filter_configuration"], strict=True):
        if "view" in told:
            assert told["column"] in VIEWS[told["view"]].columns
            without = [n for n, chart in enumerate(CHARTS, 1) if told["column"] not in VIEWS[chart["view"]].columns]
            assert native["scope"]["excluded"] == without


def test_the_connection_opens_the_one_file_and_nothing_else() -> None:
    found = bundle(Path("/warehouse/beehive.duckdb"))["databases/beehive.yaml"]
    assert found["sqlalchemy_uri"] == "duckdb:////warehouse/beehive.duckdb"
    assert found["extra"]["engine_params"]["connect_args"] == {
        "read_only": True,
        "config": {"enable_external_access": False, "lock_configuration": True},
    }
    assert not any(found[key] for key in ("allow_ctas", "allow_cvas", "allow_dml", "allow_csv_upload"))


def test_the_same_warehouse_gives_the_same_bytes(tmp_path: Path) -> None:
    published = tmp_path / "beehive.duckdb"
    published.touch()
    assert write_bundle(published, tmp_path / "one.zip") == write_bundle(published, tmp_path / "two.zip") == len(CHARTS)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with ZipFile(tmp_path / "one.zip") as archive:
        documents = {name: yaml.safe_load(archive.read(name)) for name in archive.namelist()}
    ids = [document["uuid"] for document in documents.values() if "uuid" in document]
    assert len(set(ids)) == len(ids) == len(documents) - 1  # all but metadata.yaml


def test_it_is_made_for_a_warehouse_that_is_there_and_can_be_named(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="run `beehive refresh` first"):
        write_bundle(tmp_path / "beehive.duckdb", tmp_path / "bundle.zip")
    published = tmp_path / "what?" / "beehive.duckdb"
    published.parent.mkdir()
    published.touch()
    with pytest.raises(Unusable, match="question mark"):
        write_bundle(published, tmp_path / "bundle.zip")
    assert not (tmp_path / "bundle.zip").exists()


def test_a_folder_that_is_not_there_is_a_sentence(sample, tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="cannot be written"):
        write_bundle(sample.published, tmp_path / "none" / "superset.zip")
