"""Record what is published in a small JSON file, which can be read without importing DuckDB or polars."""

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
    """The published build and what it was made from: the content of `published.json`."""

    build_id: str
    source_location: str
    source_state: str
    inputs_digest: str
    release_count: int
    # Size in bytes and modification time in nanoseconds of beehive.duckdb, to notice that a person or a killed run
    # replaced it.
    file_size: int
    file_changed_at: int
    parquet_file_count: int
    published_at: str  # ISO, UTC
    checked_at: str  # ISO, UTC: when a refresh last compared the archive
    index_state: str | None = None  # of the index of publication times; None without an index
    code_version: str = ""  # version of the program that published the build
    withdrawn: dict[str, str | None] | None = None  # after a rollback: the build that must not be published again
    failure: str | None = None  # how the last refresh failed; None if it succeeded

    def is_made_of(self, source_state: str, index_state: str | None, inputs: str) -> bool:
        """Return True if the published build, or the withdrawn one, was made from these inputs."""
        made_of = {"source_state": source_state, "index_state": index_state, "inputs_digest": inputs}
        return made_of == {name: getattr(self, name) for name in made_of} or (
            self.withdrawn is not None and made_of == {name: self.withdrawn.get(name) for name in made_of}
        )


def read_published(warehouse: Path) -> Published | None:
    """Return the record of the published build; None if there is none, or if the files differ from the record."""
    try:
        found = json.loads((warehouse / "published.json").read_text(encoding="utf-8"))
        known = {one.name for one in fields(Published)}  # a newer version may have added fields
        record = Published(**{name: value for name, value in found.items() if name in known})
        datetime.fromisoformat(record.checked_at)
        file = (warehouse / "beehive.duckdb").stat()
    except (FileNotFoundError, ValueError, TypeError, AttributeError):
        return None
    if (file.st_size, file.st_mtime_ns) != (record.file_size, record.file_changed_at):
        return None
    if (warehouse / "beehive.duckdb.wal").exists():
        return None  # readers would replay this log or fail; the next publication removes it
    parquet = (warehouse / "parquet").resolve()
    file_count = sum(1 for _ in parquet.glob("*/*.parquet"))
    is_whole = (parquet.name, file_count) == (f"parquet-{record.build_id}", record.parquet_file_count)
    return record if is_whole else None


def write_published(warehouse: Path, published: Published) -> None:
    """Write the record in one atomic step."""
    state = warehouse / "published.json"
    aside = state.with_suffix(".json.new")
    aside.write_text(json.dumps(asdict(published), indent=2) + "\n", encoding="utf-8")
    aside.replace(state)


def note_failure(warehouse: Path, failure: str | None) -> None:
    """Record how the last refresh failed; None if it succeeded."""
    published = read_published(warehouse)
    if published and published.failure != failure:
        write_published(warehouse, replace(published, failure=failure))


def refuse_newer(warehouse: Path) -> None:
    """Raise if a newer version of this program published the build: this version could lose what it added.

    Raises:
        Refused: the message names both versions.
    """
    published = read_published(warehouse)
    if published and _as_numbers(published.code_version) > _as_numbers(__version__):
        raise Refused(
            f"{warehouse / 'beehive.duckdb'} was published by version {published.code_version} of this program, but "
            f"this is {__version__}: update the program, or delete that file to publish again. Nothing was changed."
        )


def _as_numbers(code_version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", code_version)]


def inputs_digest() -> str:
    """Return a digest of everything but the archive that a build depends on: seeds, SQL, code and libraries."""
    digest = hashlib.sha256()
    digest.update(f"{__version__} {[(name, version(name)) for name in _LIBRARIES]}".encode())
    files = [*SEEDS.glob("*.csv"), *SQL.rglob("*.sql"), *PACKAGE.rglob("*.py")]
    for path in sorted(files):
        digest.update(f"\0{path.relative_to(RESOURCES)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
