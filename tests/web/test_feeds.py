"""Atom and JSON feeds: valid, also with hostile texts; an edited release comes first and says what changed."""

import json
import re
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import polars as pl
import pytest

from tests.conftest import GitArchive, release_path, release_text
from tests.web.conftest import Start, client, until

pytestmark = pytest.mark.slow
ATOM = {"atom": "http://www.w3.org/2005/Atom"}
FEEDS = ("search", "search?q=health", "search?year=2003", "ministers/hinewai-castellane", "portfolios/education")


def address(feed: str, end: str) -> str:
    path, _, query = feed.partition("?")
    return f"/feeds/{path}.{end}" + (f"?{query}" if query else "")


def check_atom(content: bytes) -> list[ElementTree.Element]:
    """Check what RFC 4287 demands, and return the entries."""
    feed = ElementTree.fromstring(content)
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    entries = feed.findall("atom:entry", ATOM)
    for one in (feed, *entries):
        for name in ("id", "title", "updated"):
            (found,) = one.findall(f"atom:{name}", ATOM)
            assert found.text and found.text.strip(), name
        for name in ("updated", "published"):
            for found in one.findall(f"atom:{name}", ATOM):
                assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", found.text or "")
        links = [link.attrib for link in one.findall("atom:link", ATOM)]
        assert all(re.fullmatch(r"https?://[!-~]+", link["href"]) for link in links)
        alternates = [(link["type"], link.get("hreflang")) for link in links if link["rel"] == "alternate"]
        assert len(alternates) == len(set(alternates)) == 1
    assert [link.attrib["rel"] for link in feed.findall("atom:link", ATOM)].count("self") == 1
    assert feed.find("atom:author/atom:name", ATOM) is not None
    ids = [entry.findtext("atom:id", namespaces=ATOM) for entry in entries]
    assert len(ids) == len(set(ids)) <= 50
    return entries


def check_json(feed: dict[str, Any]) -> list[dict[str, Any]]:
    """Check what JSON Feed 1.1 demands, and return the items."""
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    for item in feed["items"]:
        assert item["id"] and item["url"] and "content_text" in item
        for name in ("date_published", "date_modified"):
            assert name not in item or datetime.fromisoformat(item[name]).tzinfo
    return feed["items"]


@pytest.mark.parametrize("feed", FEEDS)
def test_a_feed_has_the_same_entries_in_both_forms(feed: str, site: httpx.Client) -> None:
    atom, other = (site.get(address(feed, end)) for end in ("atom", "json"))
    assert atom.headers["content-type"].startswith("application/atom+xml")
    assert other.headers["content-type"].startswith("application/feed+json")
    entries, items = check_atom(atom.content), check_json(other.json())
    assert entries
    assert [entry.findtext("atom:id", namespaces=ATOM) for entry in entries] == [item["id"] for item in items]
    for item in items[:3]:
        assert site.get(item["url"]).status_code == 200
    again = site.get(address(feed, "atom"), headers={"If-None-Match": atom.headers["etag"]})
    assert again.status_code == 304
    assert atom.headers["last-modified"]


def test_pages_name_their_feeds(site: httpx.Client) -> None:
    for page, feed in (("/", "/feeds/search.atom"), ("/search?q=health", "/feeds/search.json?q=health"),
                       ("/ministers/hinewai-castellane", "/feeds/ministers/hinewai-castellane.json")):  # fmt: skip
        assert re.search(
            rf'<link rel="alternate" type="application/[\w+]+" title="[^"]+" href="{re.escape(feed)}">',
            site.get(page).text,
        )


def test_a_feed_of_nothing_is_explained(site: httpx.Client) -> None:
    assert site.get("/feeds/ministers/nobody.atom").status_code == 404
    assert site.get("/feeds/search.atom?year=next").status_code == 400
    assert site.get("/feeds/search.atom?page=2").status_code == 400
    assert site.get("/feeds/ministers/hinewai-castellane.atom?q=health").status_code == 400
    assert check_atom(site.get("/feeds/search.atom?q=zzzzzz").content) == []


def test_a_feed_says_which_releases_it_has(site: httpx.Client) -> None:
    about = site.get("/feeds/search.json?q=health+-members").json()["description"]
    assert "Only releases that fit the whole question. Words cannot be left out: -members was" in about
    assert "Only" not in site.get("/feeds/search.json").json()["description"]


HOSTILE = "A <b>&amp;</b> ]]> \\x1b[31m \\ufffe \\u202e Māori 🥝 &#0; <script>"  # YAML makes characters of the escapes


def test_hostile_texts_and_edits(serve: Start, archive: GitArchive, run, tmp_path: Path) -> None:
    path = release_path("2003-08-01", "hostile")
    archive.write(path, release_text(HOSTILE, "2003-08-01", "hostile x", body=f"{HOSTILE} first words"))
    archive.commit()
    run(archive.path)
    site = client(serve(tmp_path / "warehouse"))
    entries = check_atom(site.get("/feeds/search.atom").content)
    titles = {entry.findtext("atom:title", namespaces=ATOM) for entry in entries}
    assert any("<b>&amp;</b> ]]>" in (title or "") for title in titles)
    before = {item["id"]: item for item in check_json(site.get("/feeds/search.json").json())}

    archive.write(
        release_path("2003-02-17", "release-2"),
        release_text("Another title", "2003-02-17", "release-2", body="A body with three more words."),
    )
    archive.commit()
    shown = site.get("/health").json()["build_id"]
    run(archive.path)
    until(lambda: site.get("/health").json()["build_id"] != shown)
    after = check_json(site.get("/feeds/search.json").json())  # the new build, without a restart
    assert {item["id"] for item in after} == set(before)
    assert after[0]["title"] == "Another title"
    assert re.match(
        r"Edited, as the archive saw on .* UTC: the title \(before: “Release 2”\), "
        r"the text \(4 words added, 0 removed\)\.",
        after[0]["content_text"],
    )
    assert after[0]["date_modified"] > before[after[0]["id"]]["date_modified"]
    assert after[0]["date_published"] == before[after[0]["id"]]["date_published"]
    assert all(item == before[item["id"]] for item in after[1:])
    # Data is of the new build, too, also the Parquet file.
    for end, read in (("csv", pl.read_csv), ("parquet", pl.read_parquet)):
        answer = site.get(f"/views/releases.{end}")
        assert "Another title" in read(answer.content)["title"]
        assert answer.headers["x-build-id"] == site.get("/health").json()["build_id"]


@pytest.mark.clients
def test_a_feed_reader_reads_the_feeds(site: httpx.Client, environment, tmp_path: Path) -> None:
    programs = environment("feeds", "feedparser")
    for number, feed in enumerate(FEEDS):
        (tmp_path / f"{number}.xml").write_bytes(site.get(address(feed, "atom")).content)
    code = (
        "import feedparser, json, sys\n"
        "read = [feedparser.parse(path) for path in sys.argv[1:]]\n"
        "print(json.dumps([[feed.version, feed.bozo, len(feed.entries)] for feed in read]))"
    )
    done = subprocess.run(
        [programs / "python", "-c", code, *(str(path) for path in sorted(tmp_path.glob("*.xml")))],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert len(found) == len(FEEDS)
    assert all(version == "atom10" and not is_bozo and count for version, is_bozo, count in found)
