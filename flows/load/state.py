"""What is published, in a small file that is read before anything heavy is imported."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from flows import __version__
from flows.errors import Refused
from flows.paths import PACKAGE, RESOURCES, SEEDS, SQL

_LIBRARIES = ("duckdb", "polars", "python-frontmatter", "PyYAML", "ftfy", "holidays", "rapidfuzz", "rensa")


@dataclass(frozen=True, slots=True)
class Published:
    """The published build and what it was made from, as `published.json` holds them."""

    build_id: str
    source_location: str
    source_state: str
    inputs_digest: str
    release_count: int
    file_size: int  # bytes of beehive.duckdb, to notice that it was replaced: by somebody, or by a run that was killed
    file_changed_at: int  # nanoseconds: two builds may have the same size
    parquet_file_count: int
    published_at: str  # ISO, UTC
    checked_at: str  # ISO, UTC: when the archive was last looked at
    index_state: str | None = None  # of the index of publication times, where one is used
    code_version: str = ""  # of the program that published it
    withdrawn: dict[str, str | None] | None = None  # after a rollback: what was taken back, and is not published again
    failure: str | None = None  # how the last refresh ended, where it failed; the next one that does not takes it back

    def is_made_of(self, source_state: str, index_state: str | None, inputs: str) -> bool:
        """Tells whether the published build, or one that was taken back, is made of these."""
        made_of = {"source_state": source_state, "index_state": index_state, "inputs_digest": inputs}
        return made_of == {name: getattr(self, name) for name in made_of} or (
            self.withdrawn is not None and made_of == {name: self.withdrawn.get(name) for name in made_of}
        )


def read_published(warehouse: Path) -> Published | None:
    """What is published, or None where nothing is, or not any more as it was recorded."""
    try:
        found = json.loads((warehouse / "published.json").read_text(encoding="utf-8"))
        known = {one.name for one in fields(Published)}  # a newer version of this program may have written more
        record = Published(**{name: value for name, value in found.items() if name in known})
        datetime.fromisoformat(record.checked_at)
        file = (warehouse / "beehive.duckdb").stat()
    except (FileNotFoundError, ValueError, TypeError, AttributeError):
        return None
    if (file.st_size, file.st_mtime_ns) != (record.file_size, record.file_changed_at):
        return None
    if (warehouse / "beehive.duckdb.wal").exists():
        return None  # readers would take it for a part of the file, or fail on it: publishing removes it
    parquet = (warehouse / "parquet").resolve()
    file_count = sum(1 for _ in parquet.glob("*/*.parquet"))
    is_whole = (parquet.name, file_count) == (f"parquet-{record.build_id}", record.parquet_file_count)
    return record if is_whole else None


def write_published(warehouse: Path, published: Published) -> None:
    """Notes what is published, in one step, after it is."""
    state = warehouse / "published.json"
    aside = state.with_suffix(".json.new")
    aside.write_text(json.dumps(asdict(published), indent=2) + "\n", encoding="utf-8")
    aside.replace(state)


def note_failure(warehouse: Path, failure: str | None) -> None:
    """Notes beside what is published how the last refresh failed, or that it did not."""
    published = read_published(warehouse)
    if published and published.failure != failure:
        write_published(warehouse, replace(published, failure=failure))


def refuse_newer(warehouse: Path) -> None:
    """Stops where a newer version of this program published: its file may hold what this one would drop unseen.

    Raises:
        Refused: the message names both versions.
    """
    published = read_published(warehouse)
    if published and _as_numbers(published.code_version) > _as_numbers(__version__):
        raise Refused(
            f"{warehouse / 'beehive.duckdb'} was published by version {published.code_version} of this program, and "
            f"this is {__version__}: update it, or remove that file to publish anew. Nothing was changed."
        )


def _as_numbers(code_version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", code_version)]


def inputs_digest() -> str:
    """A digest of all that decides a build besides the archive: seeds, SQL, code and libraries."""
    digest = hashlib.sha256()
    digest.update(f"{__version__} {[(name, version(name)) for name in _LIBRARIES]}".encode())
    files = [*SEEDS.glob("*.csv"), *SQL.rglob("*.sql"), *PACKAGE.rglob("*.py")]
    for path in sorted(files):
        digest.update(f"\0{path.relative_to(RESOURCES)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
