"""`beehive serve` as a process: builds that come and go, limits, slow clients, hostile releases, and how it stops."""

import shutil
import signal
import socket
import subprocess
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import html5lib
import pytest

from flows.serve.published import Limited, Published
from flows.serve.query import Limits
from flows.settings import Settings
from tests.conftest import FirstBuild, GitArchive, Refresh, release_path, release_text
from tests.web.conftest import SERVE, Door, Start, free_port, until

pytestmark = pytest.mark.slow


def open_builds(door: Door) -> int:
    """Return how many files of builds the process has open, replaced ones included."""
    folder = Path(f"/proc/{door.process.pid}/fd")
    targets = []
    for link in folder.iterdir():
        try:
            targets.append(str(link.readlink()))
        except FileNotFoundError:
            continue
    return sum("beehive.duckdb" in target for target in targets)


def test_without_a_warehouse_it_says_what_to_run_and_shows_one_that_appears(
    serve: Start, sample: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "warehouse"
    door = serve(folder)
    for path in ("/", "/search", "/health", "/releases/x"):
        answer = door.get(path)
        assert answer.status == 503
        assert "run `beehive refresh` first" in answer.text
        assert answer.headers["retry-after"]
    folder.mkdir()
    (folder / "beehive.duckdb").write_bytes(b"nothing")
    assert "cannot be opened" in door.get("/").text
    shutil.copy(sample.published, folder / "new")
    (folder / "new").replace(folder / "beehive.duckdb")
    assert door.get("/").status == 200
    assert "Traceback" not in door.log.read_text()


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs /proc")
def test_a_new_build_is_seen_without_a_restart_and_the_old_file_is_closed(
    serve: Start, archive: GitArchive, run: Refresh, first_build: FirstBuild, tmp_path: Path
) -> None:
    first_build(tmp_path / "warehouse")
    door = serve(tmp_path / "warehouse")
    old = door.get("/")
    assert "Release 12" in door.get("/search?q=release").text
    archive.write(release_path("2004-01-17", "brand-new"), release_text("Brand new", "2004-01-17", "brand-new"))
    archive.commit()
    run(archive.path)
    until(lambda: door.get("/").headers["x-build-id"] != old.headers["x-build-id"])
    new = door.get("/", if_none_match=old.headers["etag"])
    assert new.status == 200
    assert "Brand new" in new.text
    assert "Brand new" in door.get("/search?q=brand").text
    until(lambda: open_builds(door) <= 1)
    for _ in range(3):  # each of them may be replaced while it is warmed
        copy = tmp_path / "warehouse" / "copy"
        shutil.copy(tmp_path / "warehouse" / "beehive.duckdb", copy)
        copy.replace(tmp_path / "warehouse" / "beehive.duckdb")
        assert door.get("/search?q=brand").status == 200
        assert open_builds(door) <= 2
    until(lambda: door.get("/health").json()["is_warm"])
    until(lambda: open_builds(door) <= 1)


def test_a_release_that_was_removed_renamed_or_kept_out_says_so(
    serve: Start, archive: GitArchive, run: Refresh, first_build: FirstBuild, tmp_path: Path
) -> None:
    first_build(tmp_path / "warehouse")
    old = release_path("2003-03-17", "release-3")
    new = release_path("2003-03-17", "release-three")
    (archive.path / old).rename(archive.path / new)
    (archive.path / release_path("2003-04-17", "release-4")).unlink()
    archive.write(release_path("2003-05-17", "release-5"), "no front matter")
    archive.write(
        release_path("2003-06-17", "release-6"), release_text("Edited", "2003-06-17", "release-6", body="B <b>.")
    )
    archive.commit()
    run(archive.path, allow=["releases_gone", "releases_gone_in_a_year", "releases_edited", "texts_lost"])
    door = serve(tmp_path / "warehouse")
    moved = door.get("/releases/2003-03-17-release-3")
    assert (moved.status, moved.headers["location"]) == (307, "/releases/2003-03-17-release-three")
    assert "renamed from releases/2003/03/2003-03-17-release-3.md" in door.get(moved.headers["location"]).text
    removed = door.get("/releases/2003-04-17-release-4")
    assert removed.status == 404
    assert "was removed in the archive on" in removed.text
    quarantined = door.get("/releases/2003-05-17-release-5")
    assert quarantined.status == 404
    assert "is quarantined: The file does not begin with front matter" in quarantined.text
    edited = door.get("/releases/2003-06-17-release-6").text
    assert "changed: title, text" in edited
    assert "the title is now “Edited”" in edited


SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"
BAD_LINKS = "[a](javascript:alert(1)) [b](JaVaScRiPt:alert(1)) [c](data:text/html;base64,PHNjcmlwdD4=) [d](vbscript:x)"
HOSTILE = f'Text {SCRIPT} "><svg onload=alert(1)> {BAD_LINKS} <javascript:alert(1)> ![i](https://a.example/i.png)'


def test_no_release_and_no_question_brings_a_script_an_image_or_a_frame(
    serve: Start, archive: GitArchive, run: Refresh, first_build: FirstBuild, tmp_path: Path
) -> None:
    first_build(tmp_path / "warehouse")
    text = release_text(
        f"Hostile {SCRIPT}".replace('"', "'"), "2003-12-18", "hostile", ministers=(f"'{SCRIPT}'", "Helen Clark"),
        portfolios=(f"'{SCRIPT}'",), body=f"{HOSTILE}\n\n“{SCRIPT} is what I want to say,” Helen Clark said.",
    )  # fmt: skip
    text = text.replace(
        "ministers:", "attachments:\n  - 'https://www.beehive.govt.nz/a\"><script>alert(1)</script>.pdf'\nministers:"
    )
    archive.write(release_path("2003-12-18", "hostile"), text)
    archive.commit()
    run(archive.path)
    door = serve(tmp_path / "warehouse")
    question = "%3Cscript%3Ealert(1)%3C/script%3E%22%3E%3Csvg+onload%3Dalert(1)%3E+hostile"
    paths = [
        "/", "/search", "/search?q=hostile", f"/search?q={question}", f"/search?minister={question}",
        f"/search?since={question}", f"/search?page={question}", f"/{question}", f"/releases/{question}",
        f"/dictionary/{question}", "/releases/2003-12-18-hostile", "/releases/2003-12-18-%3Cscript%3E",
    ]  # fmt: skip
    seen = ""
    for path in paths:
        answer = door.get(path)
        assert answer.status < 500, answer.text
        tree = html5lib.parse(answer.body, namespaceHTMLElements=False)
        seen += answer.text
        for element in tree.iter():
            assert element.tag not in {"script", "iframe", "object", "embed", "img", "svg", "base"}, path
            for name, value in element.items():
                assert not name.startswith("on"), (path, name)
                if name in ("href", "src", "action"):
                    assert value.startswith(("/", "https://", "http://", "mailto:", "#")), (path, value)
    assert "&lt;script&gt;alert(1)" in seen
    assert "Hostile" in door.get("/releases/2003-12-18-hostile").text


def test_a_question_over_its_time_is_stopped_and_the_server_goes_on(serve: Start, sample: Settings) -> None:
    door = serve(sample.warehouse, BEEHIVE_SERVE_SECONDS="0.001")
    # On a busy machine, the clock that stops a question can come too late for one.
    answers = (door.get(f"/search?q=government+{number}") for number in range(20))
    answer = next(one for one in answers if one.status == 503)
    assert "takes longer than 0.001 seconds, the limit of this server" in answer.text
    assert answer.headers["retry-after"]
    assert door.get("/health").status == 200


def test_a_question_over_its_memory_is_refused_and_the_next_is_answered(sample: Settings) -> None:
    build = Published(sample.published, Limits(10, "20MB")).newest()
    with pytest.raises(Limited, match="needs more than 20MB of memory"):
        build.ask("select range, count(*) from range(5_000_000) group by all order by 1")
    assert build.ask("select count(*) from main.releases").rows[0][0] > 0


def test_too_many_requests_at_once_are_refused_and_the_next_is_answered(serve: Start, sample: Settings) -> None:
    door = serve(sample.warehouse, BEEHIVE_SERVE_REQUESTS="1")
    door.get("/search")
    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(lambda number: door.get(f"/search?q=government+{number}"), range(40)))
    statuses = Counter(answer.status for answer in answers)
    assert set(statuses) == {200, 503}
    refused = next(answer for answer in answers if answer.status == 503)
    assert "Too many requests" in refused.text
    assert refused.headers["retry-after"] == "5"
    assert refused.headers["x-content-type-options"] == "nosniff"
    assert door.get("/search?q=government").status == 200


def test_a_client_that_sends_or_reads_nothing_is_cut_off_and_others_are_answered(door: Door) -> None:
    clients = [socket.create_connection(("127.0.0.1", door.port)) for _ in range(50)]
    for client in clients:
        client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n")
    lazy = socket.create_connection(("127.0.0.1", door.port))
    lazy.sendall(b"GET /search HTTP/1.1\r\nHost: a\r\n\r\n" * 20)  # and never reads
    start = time.monotonic()
    assert door.get("/").status == 200
    assert time.monotonic() - start < 5
    for client in clients:
        client.settimeout(15)
        assert client.recv(1) == b""  # closed
        client.close()
    lazy.close()
    assert door.get("/health").status == 200


@pytest.mark.parametrize(
    "line", [b"GET /" + b"a" * 100_000, b"GET / HTTP/1.1\r\nX: " + b"a" * 100_000, b"\x16\x03\x01", b"x"]
)
def test_a_request_that_is_too_long_or_no_http_is_refused(door: Door, line: bytes) -> None:
    with socket.create_connection(("127.0.0.1", door.port)) as client:
        client.settimeout(20)
        try:
            client.sendall(line + b" HTTP/1.1\r\n\r\n")
            assert client.recv(100).startswith((b"HTTP/1.1 4", b""))
        except ConnectionError:
            pass
    assert door.get("/health").status == 200


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_stops_within_seconds_though_clients_are_connected(
    serve: Start, sample: Settings, number: int, code: int
) -> None:
    door = serve(sample.warehouse)
    idle = socket.create_connection(("127.0.0.1", door.port))
    asking = threading.Thread(target=lambda: door.get("/search?q=government"))
    asking.start()
    asking.join()
    start = time.monotonic()
    assert door.stop(number) == code
    assert time.monotonic() - start < 6
    idle.close()
    assert "Traceback" not in door.log.read_text()


def test_what_it_cannot_listen_on_is_said_in_a_sentence(sample: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [*SERVE, "--warehouse", str(sample.warehouse), "--port", port]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f"port {port} of 127.0.0.1" in done.stderr
    command = [
        *SERVE,
        "--warehouse",
        str(sample.warehouse),
        "--host",
        "no.such.host.invalid",
        "--port",
        str(free_port()),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_it_listens_on_this_machine_alone(door: Door) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            one.connect(("192.0.2.1", 9))
            address = one.getsockname()[0]
        except OSError:
            pytest.skip("this machine has no other address")
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((address, door.port), timeout=5)


def test_the_log_has_a_line_for_each_request_and_no_control_character(door: Door) -> None:
    door.get("/search?q=logged%1b%0a")
    until(lambda: "q=logged%1b%0a" in door.log.read_text())
    (line,) = [line for line in door.log.read_text().splitlines() if "q=logged" in line]
    assert " 127.0.0.1 GET /search?q=logged%1b%0a 200 " in line
