"""The optional second source: the upstream index of publication times, by which printed days are put right.

From October 2017 on the archive prints the UTC day of a release; the index has its address and time to the second.
"""

import hashlib
import json
import re
import unicodedata
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from flows.errors import Unreachable, Unusable
from flows.extract.address import redact
from flows.extract.model import Source
from flows.extract.source import open_source

_TIMEOUT = 60  # seconds
_FOLDER = "discovery-index"  # where the upstream repository keeps it, among other JSON


class IndexEntry(NamedTuple):
    """One address of the site and a time at which it was published."""

    folder: str
    slug_key: str
    site_url: str
    indexed_at: datetime  # as printed, without zone


class IndexProblem(NamedTuple):
    """An entry that could not be used."""

    path: str
    detail: str


@dataclass(frozen=True, slots=True)
class Index:
    """Addresses and times, and the entries that could not be used."""

    location: str  # without credentials
    state: str
    entries: list[IndexEntry]  # sorted, each once
    problems: list[IndexProblem]  # sorted, each once


class IndexSource:
    """A directory or git repository that holds the index as JSON, one JSON file, or the address of one."""

    def __init__(self, location: str, warehouse: Path) -> None:
        self.location = redact(location)
        self._content: bytes | None = None
        self._source: Source | None = None
        if re.match(r"https?://", location) and re.split(r"[?#]", location)[0].endswith(".json"):
            self._content = _download(location)
        elif Path(location).expanduser().is_file() and location.endswith(".json"):
            self._content = Path(location).expanduser().read_bytes()
        else:
            self._source = open_source(location, warehouse)

    def state(self) -> str:
        """Names the present state: a commit, or a digest of what is there."""
        if self._source is not None:
            return self._source.state()
        return hashlib.sha256(self._content or b"").hexdigest()

    def read(self, state: str) -> Index:
        """Reads every entry of a state.

        Raises:
            Unusable: there is no JSON, or a file is none.
        """
        rows: set[IndexEntry] = set()
        problems: set[IndexProblem] = set()
        files = list(self._files(state))
        for path, content in files:
            try:
                document = json.loads(content)
            except (ValueError, RecursionError) as error:
                raise Unusable(f"The index file {path} of {self.location} is not JSON ({error}): mend it.") from error
            for entry in _entries(document):
                try:
                    rows.add(_row(entry))
                except (ValueError, OverflowError) as error:
                    problems.add(IndexProblem(path, f"{json.dumps(entry, ensure_ascii=False)[:200]}: {error}"))
        if not files:
            raise Unusable(f"There is no index at {self.location}: it holds no JSON file.")
        return Index(self.location, state, sorted(rows), sorted(problems))

    def _files(self, state: str) -> Iterator[tuple[str, bytes]]:
        if self._source is None:
            yield self.location, self._content or b""
            return
        self._source.snapshot(state)
        files = [file for file in self._source.files(state) if file.path.endswith(".json")]
        in_folder = [file for file in files if _FOLDER in file.path.split("/")]
        for path, _, content in self._source.read(in_folder or files):
            yield path, content


def slug_key(slug: str) -> str:
    """What an address of the site and a file name of the archive have in common: the latter lost macrons and quotes."""
    letters = unicodedata.normalize("NFKD", unquote(slug)).lower()
    return re.sub(r"-+", "-", re.sub(r"[^a-z0-9-]", "", letters)).strip("-")


def _entries(node: Any) -> Iterator[dict[str, Any]]:
    """Every object with an address and a time, however the months around it are nested."""
    if isinstance(node, dict):
        if "url" in node:
            yield node
        else:
            for value in node.values():
                yield from _entries(value)
    elif isinstance(node, list):
        for value in node:
            yield from _entries(value)


def _row(entry: dict[str, Any]) -> IndexEntry:
    url, printed = entry["url"], entry.get("date")
    if not isinstance(url, str) or not isinstance(printed, str):
        raise ValueError("url and date are not texts")
    at = datetime.fromisoformat(printed)
    if at.tzinfo is not None:
        at = at.astimezone(UTC).replace(tzinfo=None)
    address = re.sub(r"^http:", "https:", url.strip()).rstrip("/")  # two spellings of one address are one entry
    folder, _, slug = urlsplit(address).path.strip("/").rpartition("/")
    return IndexEntry(folder, slug_key(slug), address, at)


def _download(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT) as answer:  # noqa: S310 (http or https, as checked above)
            content: bytes = answer.read()
    except (urllib.error.URLError, TimeoutError, OSError) as error:
        raise Unreachable(
            f"The index at {redact(url)} cannot be read ({error}): check the address and network."
        ) from error
    return content
