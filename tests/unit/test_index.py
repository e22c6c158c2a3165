"""The index of publication times: where it is read from, and what of it is used."""

import functools
import json
import subprocess
import threading
from collections.abc import Iterator
from datetime import datetime
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from flows.errors import Unusable
from flows.extract.index import IndexSource, slug_key

SITE = "https://www.beehive.govt.nz/release/"
INDEX = {"releases": {"2017-11": [{"url": SITE + "k%C5%8Dura-%E2%80%98plan%E2%80%99", "date": "2017-11-09T23:18:39Z"}]}}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "extracts" / "discovery-index" / "labour.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(INDEX), encoding="utf-8")
    return path


@pytest.fixture
def address(file: Path) -> Iterator[str]:
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(file.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def rows(location: str | Path, warehouse: Path) -> list[tuple[str, str, str, datetime]]:
    source = IndexSource(str(location), warehouse)
    state = source.state()
    index = source.read(state)
    assert index.state == state == IndexSource(str(location), warehouse).state()
    return index.entries


def test_a_file_a_directory_a_repository_and_an_address_give_the_same(file: Path, address: str, tmp_path: Path) -> None:
    at = datetime(2017, 11, 9, 23, 18, 39)  # noqa: DTZ001
    expected = [("release", "koura-plan", SITE + "k%C5%8Dura-%E2%80%98plan%E2%80%99", at)]
    root = file.parent.parent
    (root / "other.json").write_text('{"url": "https://x/other", "date": "2020-01-01"}', encoding="utf-8")
    assert rows(file, tmp_path / "w") == expected
    assert rows(root, tmp_path / "w") == expected
    assert rows(f"{address}/labour.json", tmp_path / "w") == expected
    for command in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=t", "-c", "user.email=t@t", "commit", "-qm", "one"],
    ):
        subprocess.run(["git", "-C", str(root), *command], check=True)
    assert rows(root, tmp_path / "w") == expected


@pytest.mark.parametrize(
    ("site", "archive"),
    [
        ("minister-honours-%E2%80%9Cwahine-toa%E2%80%9D-m%C4%81ori-star", "minister-honours-wahine-toa-maori-star"),
        ("being-online-girl-%E2%80%93-new-report", "being-online-girl--new-report"),
        ("Nation%E2%80%99s-Plan", "nations-plan"),
    ],
)
def test_an_address_and_a_file_name_share_a_key(site: str, archive: str) -> None:
    assert slug_key(site) == slug_key(archive)


def test_two_spellings_of_an_address_are_one_entry(file: Path, tmp_path: Path) -> None:
    spellings = [SITE + "a", SITE + "a/", SITE.replace("https", "http") + "a"]
    file.write_text(json.dumps([{"url": url, "date": "2018-05-04T01:00:00Z"} for url in spellings]), encoding="utf-8")
    assert rows(file, tmp_path) == [("release", "a", SITE + "a", datetime(2018, 5, 4, 1))]  # noqa: DTZ001


def test_an_entry_that_cannot_be_used_is_told_and_costs_no_other(file: Path, tmp_path: Path) -> None:
    good = INDEX["releases"]["2017-11"]
    bad = [
        {"url": SITE + "a", "date": "soon"},
        {"url": SITE + "c", "date": "9999-12-31T23:59:59-14:00"},
        {"url": None, "date": "2017-11-01"},
        {"url": SITE + "b"},
    ]
    file.write_text(json.dumps([good, bad]), encoding="utf-8")
    source = IndexSource(str(file), tmp_path)
    index = source.read(source.state())
    assert len(index.entries) == 1
    assert len(index.problems) == 4


@pytest.mark.parametrize("content", ["", "{", "not json", "[" * 100_000])
def test_a_file_that_is_no_json_is_named(file: Path, content: str, tmp_path: Path) -> None:
    file.write_text(content, encoding="utf-8")
    with pytest.raises(Unusable, match=r"labour\.json .* is not JSON"):
        rows(file, tmp_path)


def test_a_folder_without_json_and_an_address_that_does_not_answer_are_told(address: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "a.txt").write_text("x", encoding="utf-8")
    with pytest.raises(Unusable, match="holds no JSON file"):
        rows(tmp_path / "empty", tmp_path)
    with pytest.raises(Unusable, match="cannot be read"):
        rows(f"{address}/missing.json", tmp_path)


def test_half_a_character_in_an_entry_costs_no_other(file: Path, tmp_path: Path) -> None:
    entries = [{"url": f"{SITE}\ud800x", "date": "2020-01-01"}, {"url": SITE + "x", "date": "\udfff"},
               {"url": "https://[x", "date": "2020-01-01"}, {"url": f"{SITE}ok", "date": "2020-01-01"}]  # fmt: skip
    file.write_text(json.dumps(entries), encoding="utf-8")
    source = IndexSource(str(file), tmp_path / "w")
    index = source.read(source.state())
    assert [entry.slug_key for entry in index.entries] == ["ok"]
    assert len(index.problems) == 3
    assert "\\ud800" in "".join(problem.detail.encode().decode() for problem in index.problems)


@pytest.mark.parametrize(
    "location",
    ["http://[::1/a.json", "http://ex ample.invalid/a.json", "http://a..b/a.json", "http://user:se cret@h:x/a.json",
     "HTTPS://[/a.json"],
)  # fmt: skip
def test_an_address_that_is_none_is_named_without_its_password(location: str, tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="address of the index") as raised:
        IndexSource(location, tmp_path)
    assert "cret" not in str(raised.value)
