"""The bundle in a real Superset: its charts over the API and in a browser, its connection, its metadata.

It is installed from warehouse/superset/requirements.txt into an environment of its own, with the settings beside it.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener
from uuid import uuid4
from zipfile import ZipFile

import duckdb
import pytest
import yaml

from flows.paths import PROJECT, SAMPLE
from flows.serve.superset import LAYOUT, _datasets, _sql, write_bundle
from tests.conftest import Postgresql, release_path, release_text
from tests.web.browser import PROGRAM, Browser, browse

pytestmark = pytest.mark.clients

FOLDER = PROJECT / "warehouse" / "superset"
CHARTS = [
    chart
    for section in yaml.safe_load(LAYOUT.read_text(encoding="utf-8"))["sections"]
    for row in section["rows"]
    for chart in row
]

GOVERNMENT = "1999–2008 Fifth Labour"

# What `superset db upgrade`, `fab create-admin` and `init` do, in one process: each takes five seconds to start.
_PREPARE = """
from superset.cli.main import superset
admin = "fab create-admin --username admin --password admin --firstname A --lastname B --email a@example.invalid"
for words in ("db upgrade", admin, "init"):
    superset.main(args=words.split(), standalone_mode=False)
"""

# How each chart ended.
_CHARTS = """[...document.querySelectorAll("[data-test=chart-grid-component]")].map(chart => ({
    name: chart.querySelector("[data-test=editable-title]")?.innerText,
    is_drawn: chart.querySelector("[data-test=slice-container]") !== null,
    text: chart.innerText,
    pictures: chart.querySelectorAll("canvas, table").length,
    errors: [...chart.querySelectorAll("[role=alert], .ant-alert-error")].map(alert => alert.innerText),
}))"""
_LOADING = 'document.querySelectorAll(".loading, [data-test=loading-indicator]").length'


class Superset:
    """A Superset that runs, and its API."""

    def __init__(self, base: str, python: Path) -> None:
        self.base = base
        self.python = python
        self.cookies = CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.cookies))
        self.headers = {"Referer": base}

    def log_in(self) -> None:
        login = {"username": "admin", "password": "admin", "provider": "db"}
        token = self.ask("POST", "/api/v1/security/login", login)["access_token"]
        self.headers["Authorization"] = f"Bearer {token}"
        self.headers["X-CSRFToken"] = self.ask("GET", "/api/v1/security/csrf_token/")["result"]

    def sign_in(self) -> str:
        """Sign in as the form for people does, and return the session, which a browser sends as a cookie."""
        form = {"username": "admin", "password": "admin", "csrf_token": self.headers["X-CSRFToken"]}
        with self.opener.open(Request(f"{self.base}/login/", urlencode(form).encode(), {"Referer": self.base})):
            return next(str(cookie.value) for cookie in self.cookies if cookie.name == "session")

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The answer of the API, or AssertionError with what it says."""
        status, answer = self.send(method, path, json.dumps(body).encode() if body is not None else None)
        assert status == 200, (path, answer)
        return answer

    def send(self, method: str, path: str, data: bytes | None, kind: str = "application/json") -> tuple[int, Any]:
        headers = {**self.headers, "Content-Type": kind} if data is not None else self.headers
        try:
            with self.opener.open(Request(self.base + path, data, headers, method=method)) as answer:
                return answer.status, json.load(answer)
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def upload(self, path: str, field: str, bundle: Path) -> None:
        boundary = uuid4().hex
        parts = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="overwrite"\r\n\r\ntrue\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="bundle.zip"\r\n'
            "Content-Type: application/zip\r\n\r\n"
        )
        data = parts.encode() + bundle.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
        assert self.send("POST", path, data, f"multipart/form-data; boundary={boundary}") == (200, {"message": "OK"})

    def all(self, kind: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("GET", f"/api/v1/{kind}/?q=(page_size:100)")["result"]
        return found

    def lab(self, sql: str) -> tuple[int, Any]:
        """What SQL Lab answers to a statement."""
        (database,) = self.all("database")
        body = {"database_id": database["id"], "sql": sql, "schema": "main", "client_id": uuid4().hex[:11]}
        return self.send("POST", "/api/v1/sqllab/execute/", json.dumps(body).encode())

    def rows(self, chart: str) -> list[dict[str, Any]]:
        """The rows that the query of a chart gives."""
        (number,) = [one["id"] for one in self.all("chart") if one["slice_name"] == chart]
        (result,) = self.ask("GET", f"/api/v1/chart/{number}/data/")["result"]
        assert result["error"] is None
        rows: list[dict[str, Any]] = result["data"]
        return rows


@pytest.fixture(scope="module")
def python(environment: Callable[..., Path]) -> Path:
    """The Python of an environment with Superset."""
    if sys.version_info >= (3, 13):
        pytest.skip("Superset 6.1 rests on pandas 2.1 and msgpack 1.0, which have no wheels for Python 3.13")
    return environment("superset", "--requirement", FOLDER / "requirements.txt", "psycopg2-binary==2.9.*") / "python"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive that a test may change, as the sample is, and where its warehouse goes."""
    folder = tmp_path_factory.mktemp("dashboard")
    shutil.copytree(SAMPLE, folder / "archive")
    return folder


def publish(folder: Path) -> Path:
    """Refreshes the warehouse of the folder from its archive."""
    from flows.pipeline import refresh
    from flows.settings import Settings
    from tests.conftest import Lines

    settings = Settings(source=str(folder / "archive"), warehouse=folder / "warehouse", workers=1)
    refresh(settings, Lines())
    return settings.published


@pytest.fixture(scope="module")
def published(warehouse: Path) -> Path:
    return publish(warehouse)


@pytest.fixture(scope="module")
def superset(python: Path, published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Superset]:
    """A Superset on a port of its own, with the bundle imported."""
    home = tmp_path_factory.mktemp("superset")
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("SUPERSET_", "FLASK_", "PYTHON"))},
        "FLASK_APP": "superset",
        "SUPERSET_CONFIG_PATH": str(FOLDER / "superset_config.py"),
        "SUPERSET_HOME": str(home),
        "SUPERSET_SECRET_KEY": uuid4().hex + uuid4().hex,
    }
    done = subprocess.run([python, "-c", _PREPARE], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [python.parent / "superset", "run", "--host", "127.0.0.1", "--port", str(port), "--with-threads"]
    with (home / "log").open("w") as log:
        server = subprocess.Popen(words, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            running = Superset(f"http://127.0.0.1:{port}", python)
            until = time.monotonic() + 120
            while not is_up(running):
                assert server.poll() is None and time.monotonic() < until, (home / "log").read_text()
                time.sleep(0.5)
            running.log_in()
            write_bundle(published, home / "superset.zip")
            running.upload("/api/v1/dashboard/import/", "formData", home / "superset.zip")
            yield running
        finally:
            server.terminate()
            server.wait(30)


def is_up(superset: Superset) -> bool:
    try:
        with superset.opener.open(superset.base + "/health"):
            return True
    except URLError:
        return False


def has_rows(published: Path, chart: dict[str, Any], government: str | None = None) -> bool:
    """Whether there is anything for a chart to show: the sample holds releases of few elections and Budget days."""
    with duckdb.connect(str(published), read_only=True) as connection:
        (file,) = [file for file in _datasets() if file.name == chart["view"]]
        chosen = f"government = '{government}'" if government and "government" in file.columns else "true"
        sql = f"select 1 from ({_sql(file)}) as rows where {chosen} and ({chart.get('where', 'true')}) limit 1"
        return connection.execute(sql).fetchall() != []


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart["name"])
def test_the_query_of_a_chart_gives_rows(chart: dict[str, Any], superset: Superset, published: Path) -> None:
    assert bool(superset.rows(chart["name"])) == has_rows(published, chart)


def test_descriptions_and_metrics_arrive(superset: Superset) -> None:
    found = {one["table_name"]: superset.ask("GET", f"/api/v1/dataset/{one['id']}")["result"] for one in
             superset.all("dataset")}  # fmt: skip
    files = {file.name: file for file in _datasets()}
    assert found.keys() == files.keys()
    for name, dataset in found.items():
        file = files[name]
        assert dataset["description"] == file.comment
        assert {column["column_name"]: column["description"] for column in dataset["columns"]} == file.columns
        assert {metric["metric_name"]: (metric["expression"], metric["description"]) for metric in dataset["metrics"]} \
            == {metric.name: (metric.expression, metric.description) for metric in file.metrics}  # fmt: skip


def test_a_later_bundle_changes_what_is_there(superset: Superset, published: Path, tmp_path: Path) -> None:
    """Imported as datasets, charts and dashboards, one after the other, or as all assets at once."""
    write_bundle(published, tmp_path / "superset.zip")
    with ZipFile(tmp_path / "superset.zip") as bundle, ZipFile(tmp_path / "later.zip", "w") as later:
        for name in bundle.namelist():
            later.writestr(
                name, bundle.read(name).replace(b"New Zealand", b"Aotearoa").replace(b"Budget", b"Wellbeing")
            )

    def found() -> dict[str, list[str]]:
        titles = {"dataset": "table_name", "chart": "slice_name", "dashboard": "dashboard_title"}
        return {kind: sorted(one[title] for one in superset.all(kind)) for kind, title in titles.items()}

    before = found()
    for kind in ("dataset", "chart", "dashboard"):
        superset.upload(f"/api/v1/{kind}/import/", "formData", tmp_path / "later.zip")
    changed = found()
    assert changed["chart"] == sorted(name.replace("Budget", "Wellbeing") for name in before["chart"])
    assert {kind: len(names) for kind, names in changed.items()} == {kind: len(names) for kind, names in before.items()}
    assert any("Aotearoa" in (one["description"] or "") for one in superset.all("dataset"))
    superset.upload("/api/v1/assets/import/", "bundle", tmp_path / "superset.zip")
    assert found() == before
    assert not any("Aotearoa" in (one["description"] or "") for one in superset.all("dataset"))


@pytest.mark.parametrize("is_writing_allowed", [False, True])
def test_sql_lab_reads_the_warehouse_and_nothing_else(
    is_writing_allowed: bool, superset: Superset, tmp_path: Path
) -> None:
    """Superset refuses what is not a SELECT; where it is told to let it through, DuckDB does."""
    (database,) = superset.all("database")
    superset.ask("PUT", f"/api/v1/database/{database['id']}", {"allow_dml": is_writing_allowed})
    status, answer = superset.lab("select count(*) as release_count from releases")
    assert (status, answer["data"][0]["release_count"] > 0) == (200, True)
    for sql, reason in (
        ("select * from read_text('/etc/passwd')", "disabled"),
        ("select * from read_csv('/etc/passwd', header = false)", "disabled"),
        ("create table main.mine as select 1 as one", "read-only"),
        ("delete from core.fact_release", "read-only"),
        (f"copy (select 1) to '{tmp_path}/out.csv'", "disabled"),
        (f"attach '{tmp_path}/other.duckdb' as other", "disabled"),
        ("set enable_external_access = true", "locked"),
        ("install httpfs", "disabled"),
    ):
        status, answer = superset.lab(sql)
        assert status != 200, (sql, answer)
        if is_writing_allowed or sql.startswith("select"):
            assert reason in str(answer), (sql, answer)
    assert list(tmp_path.iterdir()) == []


def test_the_next_query_sees_a_new_publication(superset: Superset, warehouse: Path) -> None:
    ((before,),) = [row.values() for row in superset.rows("Releases")]
    ((build,),) = [(row["built_at"],) for row in superset.rows("How fresh and how good")]
    new = warehouse / "archive" / release_path("2003-06-18", "new").removeprefix("releases/")
    new.parent.mkdir(parents=True, exist_ok=True)
    new.write_text(release_text("[Invented] New", "2003-06-18", "new"), encoding="utf-8")
    publish(warehouse)
    ((after,),) = [row.values() for row in superset.rows("Releases")]
    ((rebuilt,),) = [(row["built_at"],) for row in superset.rows("How fresh and how good")]
    assert after == before + 1
    assert rebuilt > build


def test_a_push_to_postgresql_is_a_database_with_comments_and_macrons(
    superset: Superset, published: Path, postgresql: Postgresql
) -> None:
    from flows.push.push import push
    from flows.settings import Settings

    postgresql.ask("create database superset")
    address = postgresql.address("superset")
    push(Settings(warehouse=published.parent), address)
    status, made = superset.send(
        "POST", "/api/v1/database/", json.dumps({"database_name": "PostgreSQL", "sqlalchemy_uri": address}).encode()
    )
    assert status == 201, made
    database = f"/api/v1/database/{made['id']}"
    try:
        tables = superset.ask("GET", f"{database}/tables/?q=(schema_name:beehive)")
        assert tables["count"] > 60
        seen = superset.ask("GET", f"{database}/table_metadata/?name=releases&schema=beehive")
        columns = {column["name"]: column for column in seen["columns"]}
        assert columns["nz_date"]["type"] == "DATE"
        assert "Grain: one row per release_id" in seen["comment"]  # Superset 6.1 loses the columns of every key
        assert columns["release_id"]["comment"].startswith("Id of the release")
        sql = "select portfolio_name from beehive.core_dim_portfolio where portfolio_id = 'maori-affairs'"
        body = {"database_id": made["id"], "sql": sql, "schema": "beehive", "client_id": uuid4().hex[:11]}
        assert superset.ask("POST", "/api/v1/sqllab/execute/", body)["data"] == [{"portfolio_name": "Māori Affairs"}]
    finally:
        superset.ask("DELETE", database)


def wait(what: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not (found := what()) and time.monotonic() < end:
        time.sleep(0.25)
    return found


def draw(browser: Browser, url: str) -> dict[str, Any]:
    """The charts of a dashboard, by name, once each is drawn or says why not."""
    browser.look("window.isBefore = true")
    browser.call("Page.navigate", url=url)
    assert wait(lambda: browser.look("window.isBefore === undefined"), 60)
    calm = 0

    def ended() -> bool:
        nonlocal calm
        charts = browser.look(_CHARTS)
        is_done = charts and not browser.look(_LOADING) and all(one["is_drawn"] or one["errors"] for one in charts)
        calm = calm + 1 if is_done else 0
        return calm > 6  # of these looks

    wait(ended, 120)
    return {chart["name"]: chart for chart in browser.look(_CHARTS)}


@pytest.fixture(scope="module")
def drawn(superset: Superset, tmp_path_factory: pytest.TempPathFactory) -> dict[str | None, dict[str, Any]]:
    """The charts as one browser draws them, without the filter for governments and with it.

    The page is as tall as the dashboard, since charts are drawn in view.
    """
    if not PROGRAM:
        pytest.skip("Chromium is missing (tests/debian.txt)")
    chosen = (
        "?native_filters=(NATIVE_FILTER-government:(id:NATIVE_FILTER-government,ownState:(),extraFormData:(filters:!("
        f"(col:government,op:IN,val:!('{GOVERNMENT}')))),filterState:(value:!('{GOVERNMENT}'))))"
    )
    folder, base = tmp_path_factory.mktemp("drawn"), superset.base
    found = {}
    with browse(folder) as browser:
        browser.call("Emulation.setDeviceMetricsOverride", width=1400, height=4500, deviceScaleFactor=1, mobile=False)
        browser.call("Network.setCookie", url=base, name="session", value=superset.sign_in())
        for government, query in ((None, ""), (GOVERNMENT, chosen)):
            found[government] = draw(browser, f"{base}/superset/dashboard/beehive/{query.replace(' ', '%20')}")
            browser.picture(folder / f"{government}.png")
    return found


@pytest.mark.parametrize("government", [None, GOVERNMENT])
def test_a_browser_draws_every_chart(
    government: str | None, drawn: dict[str | None, dict[str, Any]], published: Path
) -> None:
    """All of it, and with the filter for governments set."""
    charts = drawn[government]
    assert charts.keys() == {chart["name"] for chart in CHARTS}
    assert {name: chart["errors"] for name, chart in charts.items() if chart["errors"]} == {}
    for chart in CHARTS:
        if has_rows(published, chart, government) and chart["viz_type"] != "big_number_total":
            assert charts[chart["name"]]["pictures"], f"{chart['name']} shows nothing: {charts[chart['name']]['text']}"
    with duckdb.connect(str(published), read_only=True) as connection:
        where = f"where government_name = '{government[10:]} Government'" if government else ""
        ((count,),) = connection.execute(f"select count(distinct release_id) from release_ministers {where}").fetchall()
    assert str(count) in charts["Releases"]["text"].splitlines()  # beside the name, and the number of filters
