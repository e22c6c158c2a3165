"""The recipes in JavaScript of docs/connect.md: in Node, and in a browser that reads the file by ranges over HTTP."""

import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from queue import Queue
from typing import Any, BinaryIO

import duckdb
import pytest

from flows.paths import PROJECT
from flows.settings import Settings
from tests.conftest import Once

pytestmark = pytest.mark.clients

PAGE = (PROJECT / "docs/connect.md").read_text(encoding="utf-8")
NODE, BROWSER = re.findall(r"^```js\n(import [^\n]* from \"@duckdb/.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
PACKAGES = ["@duckdb/node-api@1.5.6-r.1", "@duckdb/duckdb-wasm@1.32.0"]
ASKED = "select year, release_count from releases_by_year"
MACRON = "select title from releases where title like '%ā%' order by all limit 1"
QUERIES = [MACRON, "create table mine (a int)", "select comment from duckdb_views() where view_name = 'releases'"]

# Where a browser finds the packages, and where it sends what the recipe prints.
_PAGE = """<!doctype html>
<meta charset="utf-8">
<script type="importmap">{"imports": {
    "@duckdb/duckdb-wasm": "/node_modules/@duckdb/duckdb-wasm/dist/duckdb-browser.mjs",
    "apache-arrow": "/node_modules/apache-arrow/Arrow.dom.mjs",
    "tslib": "/node_modules/tslib/tslib.es6.mjs",
    "flatbuffers": "/node_modules/flatbuffers/mjs/flatbuffers.js"
}}</script>
<script>
    let sent = Promise.resolve();
    const send = (printed) => {
        sent = sent.then(() => fetch("/printed", {method: "POST", body: JSON.stringify(printed)}));
    };
    console.log = send;
    window.onerror = window.onunhandledrejection = (event) => send("failed: " + (event.reason ?? event));
</script>
<script type="module">
RECIPE
for (const sql of QUERIES) send(await connection.query(sql).then((found) => found.toArray().map(String), String));
</script>
"""


@pytest.fixture(scope="module")
def site(once: Once, sample: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the packages, and with the warehouse under the paths that the recipes use."""
    if not shutil.which("npm"):
        pytest.skip("npm is not installed")

    def install(folder: Path) -> None:
        folder.mkdir()
        words = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, *PACKAGES]
        subprocess.run(words, check=True, capture_output=True)

    folder = tmp_path_factory.mktemp("site")
    (folder / "node_modules").symlink_to(once("npm", install) / "node_modules")
    (folder / "warehouse").symlink_to(sample.warehouse)
    page = _PAGE.replace("RECIPE", BROWSER).replace("QUERIES", json.dumps(QUERIES))
    (folder / "index.html").write_text(page, encoding="utf-8")
    return folder


def asked(sample: Settings, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(sample.published), read_only=True) as reader:
        return reader.execute(sql).fetchall()


def test_node_reads_the_file(site: Path, sample: Settings) -> None:
    done = subprocess.run(["node", "--input-type=module"], input=NODE, cwd=site, capture_output=True, text=True,
                          check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = [(row["year"], int(row["release_count"])) for row in json.loads(done.stdout)]
    assert rows == asked(sample, ASKED)


class Ranges(SimpleHTTPRequestHandler):
    """Serve files and ranges of them, as nginx or Apache would; keep what the page sends."""

    statuses: list[tuple[str, int]]
    printed: "Queue[Any]"

    def do_POST(self) -> None:
        self.printed.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def send_head(self) -> BytesIO | BinaryIO | None:
        path = Path(self.translate_path(self.path))
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if not asked or not path.is_file():
            return super().send_head()
        size = path.stat().st_size
        first, last = int(asked[1]), min(int(asked[2] or size), size - 1)
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
        self.send_header("Content-Length", str(last - first + 1))
        self.end_headers()
        with path.open("rb") as file:
            file.seek(first)
            return BytesIO(file.read(last - first + 1) if self.command == "GET" else b"")

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        self.statuses.append((self.path, int(code)))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (as in the class above)
        pass


@pytest.fixture
def web(site: Path) -> Iterator[ThreadingHTTPServer]:
    Ranges.statuses, Ranges.printed = [], Queue()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Ranges, directory=str(site))) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield running
        running.shutdown()


def test_a_browser_reads_the_file_by_ranges(web: ThreadingHTTPServer, sample: Settings, tmp_path: Path) -> None:
    program = shutil.which("chromium")
    if not program:
        pytest.skip("chromium is not installed")
    words = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-port=0"]
    address = f"http://127.0.0.1:{web.server_port}/"
    with (tmp_path / "log").open("w") as log:
        browser = subprocess.Popen([program, *words, f"--user-data-dir={tmp_path}/profile", address], stderr=log)
    try:
        printed: list[Any] = []
        while len(printed) < 1 + len(QUERIES):
            printed.append(Ranges.printed.get(timeout=90))
            assert not str(printed[-1]).startswith("failed: "), printed
    finally:
        browser.terminate()
        browser.wait(30)
    rows, macron, refused, comment = printed
    counts = [tuple(json.loads(row).values()) for row in rows]
    assert [(year, int(count)) for year, count in counts] == asked(sample, ASKED)
    ((title,),) = asked(sample, MACRON)
    assert [json.loads(row) for row in macron] == [{"title": title}]
    assert "read-only" in refused
    assert "Grain: one row per release_id" in comment[0]
    read = [status for path, status in Ranges.statuses if path == "/warehouse/beehive.duckdb"]
    assert len(read) > 5
    assert set(read) == {206}  # never the whole file
