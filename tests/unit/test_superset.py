"""The bundle for Superset, without a Superset: what charts and filters name exists; the same files, the same bytes."""

from functools import cache
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import duckdb
import pytest
import yaml

from flows.errors import Unusable
from flows.serve.superset import LAYOUT, _datasets, _sql, bundle, write_bundle

LAYOUT_OF = yaml.safe_load(LAYOUT.read_text(encoding="utf-8"))
ROWS = [row for section in LAYOUT_OF["sections"] for row in section["rows"]]
CHARTS = [chart for row in ROWS for chart in row]
VIEWS = {file.name: file for file in _datasets()}


@cache
def documents() -> dict[str, Any]:
    """The documents of a bundle."""
    return bundle(Path("/warehouse/beehive.duckdb"))


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
    keys = ", ".join(str(number) for number in range(1, len(columns) + 1))
    grouped = f"group by {keys}" if metrics and columns else ""
    rows = f"({_sql(VIEWS[chart['view']])})"
    empty.execute(f"select {', '.join(selected)} from {rows} as rows where {chart.get('where', 'true')} {grouped}")
    assert {params.get("x_axis_sort"), params.get("timeseries_limit_metric"), *metrics} - {None} <= {*expressions}


@pytest.mark.parametrize("file", [file for file in VIEWS.values() if file.schema != "main"], ids=lambda file: file.name)
def test_a_query_has_the_columns_of_its_header_and_counts_each_release_once(file: Any, sample: Any) -> None:
    with duckdb.connect(str(sample.published), read_only=True) as connection:
        found = connection.sql(file.statement)
        assert found.columns == [*file.columns]
        counted = f"({file.statement}) as rows"
        for metric in file.metrics:
            connection.sql(f"select {metric.expression} from {counted} group by government").fetchall()
        totals = f"select count(distinct release_id), round(sum(release_share), 3) from {counted}"
        assert (
            connection.execute(totals).fetchone()
            == connection.execute("select count(*), count(*) from releases").fetchone()
        )


def test_rows_fit_the_grid_and_names_differ() -> None:
    assert all(sum(chart["width"] for chart in row) == 12 for row in ROWS)
    assert len({chart["name"] for chart in CHARTS}) == len(CHARTS)


def test_every_filter_acts_on_every_chart_but_those_about_the_build() -> None:
    found = documents()["dashboards/beehive.yaml"]["metadata"]
    about_the_build = [n for n, chart in enumerate(CHARTS, 1) if chart["view"] in ("build_info", "data_quality")]
    assert [native["scope"]["excluded"] for native in found["native_filter_configuration"]] == [about_the_build] * 7


def test_parties_and_governments_have_the_colours_of_the_parties(sample: Any) -> None:
    colours = documents()["dashboards/beehive.yaml"]["metadata"]["label_colors"]
    with duckdb.connect(str(sample.published), read_only=True) as connection:
        parties = dict(connection.execute("select party_name, colour from core.dim_party where is_party").fetchall())
        shown = f"select distinct government from ({VIEWS['dashboard_releases'].statement})"
        governments = {name for (name,) in connection.execute(shown).fetchall()} - {"(undated)"}
    assert parties.items() <= colours.items()
    assert governments <= colours.keys()
    assert colours["1999–2008 Fifth Labour"] == parties["Labour"]
    assert sorted(governments)[0].endswith("Fourth National")  # so a legend by name is one by time


def test_a_filter_names_a_column_and_leaves_out_the_charts_without_it() -> None:
    found = documents()["dashboards/beehive.yaml"]["metadata"]
    for told, native in zip(LAYOUT_OF["filters"], found["native_filter_configuration"], strict=True):
        if "view" in told:
            assert told["column"] in VIEWS[told["view"]].columns
            without = [n for n, chart in enumerate(CHARTS, 1) if told["column"] not in VIEWS[chart["view"]].columns]
            assert native["scope"]["excluded"] == without


def test_the_connection_opens_the_one_file_and_nothing_else() -> None:
    found = documents()["databases/beehive.yaml"]
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
