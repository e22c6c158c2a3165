"""The optional second source: the upstream index of publication times, which corrects printed dates.

From October 2017 the archive prints the UTC date of a release; the index has its address and its time to the second.
"""

import hashlib
import http.client
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
_FOLDER = "discovery-index"  # of the upstream repository, which holds other JSON files too


class IndexEntry(NamedTuple):
    """An address on beehive.govt.nz and a time at which it was published."""

    folder: str
    slug_key: str
    site_url: str
    indexed_at: datetime  # UTC, without zone


class IndexProblem(NamedTuple):
    """An entry of the index that cannot be used."""

    path: str  # of the JSON file
    detail: str


@dataclass(frozen=True, slots=True)
class Index:
    """The addresses and times of one state of the index, and the entries that cannot be used."""

    location: str  # without credentials
    state: str
    entries: list[IndexEntry]  # sorted, without duplicates
    problems: list[IndexProblem]  # sorted, without duplicates


class IndexSource:
    """The index as JSON: a directory or git repository of JSON files, one JSON file, or its URL."""

    def __init__(self, location: str, warehouse: Path) -> None:
        self.location = redact(location)
        self._content: bytes | None = None
        self._source: Source | None = None
        if re.match(r"https?://", location, re.IGNORECASE) and re.split(r"[?#]", location)[0].endswith(".json"):
            self._content = _download(location)
        elif Path(location).expanduser().is_file() and location.endswith(".json"):
            self._content = Path(location).expanduser().read_bytes()
        else:
            self._source = open_source(location, warehouse)

    def state(self) -> str:
        """Return the id of the present state: a commit, or a digest of the content."""
        if self._source is not None:
            return self._source.state()
        return hashlib.sha256(self._content or b"").hexdigest()

    def read(self, state: str) -> Index:
        """Read every entry of a state.

        Raises:
            Unusable: there is no JSON file, or one is not valid.
        """
        entries: set[IndexEntry] = set()
        problems: set[IndexProblem] = set()
        files = list(self._files(state))
        for path, content in files:
            try:
                document = json.loads(content)
            except (ValueError, RecursionError) as error:
                raise Unusable(
                    f"The index file {path} of {self.location} is not JSON ({error}): correct it."
                ) from error
            for found in _find_objects(document):
                try:
                    entries.add(_to_entry(found))
                except (ValueError, OverflowError) as error:
                    shown = json.dumps(found, ensure_ascii=False)[:200].encode(errors="backslashreplace").decode()
                    problems.add(IndexProblem(path, f"{shown}: {error}"))
        if not files:
            raise Unusable(f"The index {self.location} holds no JSON file: check --index or BEEHIVE_INDEX.")
        return Index(self.location, state, sorted(entries), sorted(problems))

    def _files(self, state: str) -> Iterator[tuple[str, bytes]]:
        if self._source is None:
            yield self.location, self._content or b""
            return
        self._source.snapshot(state)
        files = [file for file in self._source.files(state) if file.path.endswith(".json")]
        in_folder = [file for file in files if _FOLDER in file.path.split("/")]
        for content in self._source.read(in_folder or files):
            yield content.path, content.data


def slug_key(slug: str) -> str:
    """Return what a release's address on the site and its file name share: file names lost macrons and quotes."""
    letters = unicodedata.normalize("NFKD", unquote(slug)).lower()
    return re.sub(r"-+", "-", re.sub(r"[^a-z0-9-]", "", letters)).strip("-")


def _find_objects(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every object with a `url`, however the months around it are nested."""
    if isinstance(node, dict):
        if "url" in node:
            yield node
        else:
            for value in node.values():
                yield from _find_objects(value)
    elif isinstance(node, list):
        for value in node:
            yield from _find_objects(value)


def _to_entry(found: dict[str, Any]) -> IndexEntry:
    url, date = found["url"], found.get("date")
    if not isinstance(url, str) or not isinstance(date, str):
        raise ValueError("url and date must be texts")
    url.encode()  # half a character, as JSON can hold it, is an error
    indexed_at = datetime.fromisoformat(date)
    if indexed_at.tzinfo is not None:
        indexed_at = indexed_at.astimezone(UTC).replace(tzinfo=None)
    address = re.sub(r"^http:", "https:", url.strip()).rstrip("/")  # spellings of one address make one entry
    folder, _, slug = urlsplit(address).path.strip("/").rpartition("/")
    return IndexEntry(folder, slug_key(slug), address, indexed_at)


def _download(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT) as answer:  # noqa: S310 (http or https, as checked above)
            content: bytes = answer.read()
    except (ValueError, http.client.InvalidURL) as error:  # their messages can hold a password
        raise Unusable(
            f"The address of the index, {redact(url)}, is not valid: check --index or BEEHIVE_INDEX."
        ) from error
    except (urllib.error.URLError, http.client.HTTPException, TimeoutError, OSError) as error:
        raise Unreachable(
            f"The index at {redact(url)} cannot be read ({error}): check the address and the network."
        ) from error
    return content
