"""A new build is warmed behind the one that is shown, and shown when it is ready; real builds, and a real server."""

import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from flows.serve.published import Build, WarmPublished
from flows.serve.query import Limits
from flows.settings import Settings
from flows.web.app import make_app
from flows.web.warm import warm
from tests.web.conftest import Start, until
from tests.web.test_serving import open_builds

pytestmark = pytest.mark.slow


def publish(sample: Settings, warehouse: Path, build_id: str) -> None:
    """Publish a copy of the sample's build with an id of its own."""
    new = warehouse / "new"
    shutil.copy(sample.published, new)
    with duckdb.connect(str(new)) as connection:
        connection.execute("update meta.build set build_id = $1", [build_id])
    new.replace(warehouse / "beehive.duckdb")


@contextmanager
def following(published: WarmPublished) -> Iterator[WarmPublished]:
    published.follow()
    try:
        yield published
    finally:
        published.stop()


def test_a_build_is_shown_when_all_steps_of_its_warming_are_done(sample: Settings, tmp_path: Path) -> None:
    publish(sample, tmp_path, "first")
    app = make_app(sample.model_copy(update={"warehouse": tmp_path}))
    shown_at_steps: list[tuple[str, str]] = []

    def watched(build: Build, shown: Build) -> Iterator[object]:
        for step in warm(app, build, shown):
            shown_at_steps.append((build.build_id, published.newest().build_id))
            yield step

    published = WarmPublished(tmp_path / "beehive.duckdb", Limits(), watched)
    with following(published):
        until(lambda: published.is_warm)
        publish(sample, tmp_path, "second")
        assert published.newest().build_id == "first"
        until(lambda: published.newest().build_id == "second")
    of_second = [shown for build_id, shown in shown_at_steps if build_id == "second"]
    assert len(of_second) > 20
    assert set(of_second) == {"first"}
    # All that pages need is there, so that no page asks DuckDB for it.
    assert {"texts", "facets", "home", "holders", "release_quotations", "releases_listed"} <= set(
        published.newest().known
    )


def test_a_build_that_is_replaced_while_it_is_warmed_is_never_shown(sample: Settings, tmp_path: Path) -> None:
    publish(sample, tmp_path, "first")
    seen: list[str] = []

    def watched(build: Build, _shown: Build) -> Iterator[object]:
        for number in range(5):
            seen.append(published.newest().build_id)
            if (build.build_id, number) == ("second", 3):
                publish(sample, tmp_path, "third")
            yield None

    published = WarmPublished(tmp_path / "beehive.duckdb", Limits(), watched)
    with following(published):
        until(lambda: published.is_warm)
        publish(sample, tmp_path, "second")
        until(lambda: published.is_warm and published.newest().build_id == "third")
    assert seen == ["first"] * (5 + 4 + 5)


def test_a_build_that_is_not_warm_in_time_is_shown(sample: Settings, tmp_path: Path) -> None:
    publish(sample, tmp_path, "first")
    is_over = threading.Event()

    def slow(build: Build, _shown: Build) -> Iterator[object]:
        while build.build_id == "second" and not is_over.wait(0.05):
            yield None

    published = WarmPublished(tmp_path / "beehive.duckdb", Limits(), slow, seconds_to_warm=0.5)
    with following(published):
        until(lambda: published.is_warm)
        publish(sample, tmp_path, "second")
        until(lambda: published.newest().build_id == "second")
        assert not published.is_warm
        is_over.set()
        until(lambda: published.is_warm)


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs /proc")
def test_people_who_read_meanwhile_see_no_error_and_at_most_two_builds_are_open(
    serve: Start, sample: Settings, tmp_path: Path
) -> None:
    publish(sample, tmp_path, "build-0")
    door = serve(tmp_path)
    until(lambda: door.get("/health").json()["is_warm"])
    until(lambda: door.get("/report").status == 200)
    paths = ["/", "/search?q=health", "/search?year=2003", "/releases/2003-06-17-nz-becomes-100th-member-iom"]
    statuses: Counter[int] = Counter()
    order: list[str] = []
    is_over = threading.Event()

    def read() -> None:
        while not is_over.wait(0.02):
            for path in paths:
                answer = door.get(path)
                statuses[answer.status] += 1
                order.append(answer.headers["x-build-id"])

    most = 0
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read)
        for number in range(1, 4):
            publish(sample, tmp_path, f"build-{number}")
            for _ in range(10):
                most = max(most, open_builds(door))
                is_over.wait(0.1)
        until(lambda: "build-3" in order)
        is_over.set()
        reading.result()
    assert set(statuses) == {200}
    assert order == sorted(order)
    assert most <= 2
    before = door.get("/report")
    assert "This is the report of build build-0. That of build build-3," in before.text
    assert (before.headers["x-build-id"], "etag" in before.headers) == ("build-0", False)
    until(lambda: "This is the report of" not in (report := door.get("/report")).text and "build-3," in report.text)
    (tmp_path / "beehive.duckdb").unlink()  # what is open is read on
    until(lambda: door.get("/health").json()["state"] == "degraded")
    assert "There is no warehouse" in door.get("/health").json()["problem"]
    assert door.get("/search?q=schools").status == 200
    assert "Traceback" not in door.log.read_text()
