"""Record what is published in a small JSON file, which can be read without importing DuckDB or polars."""

import hashlib
import json
import os
import platform
import re
import unicodedata
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path

from pydantic import TypeAdapter

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
    parquet_size: int | None = None  # bytes of the Parquet files and their description; None of an older version
    index_state: str | None = None  # of the index of publication times; None without an index
    code_version: str = ""  # version of the program that published the build
    # The builds that rollbacks withdrew, each with build_id and source_state. A later build of such a state, which only
    # `--rebuild` makes, removes the builds of that state.
    withdrawn: list[dict[str, str]] = field(default_factory=list)
    failure: str | None = None  # how the last refresh failed; None if it succeeded
    begun: str | None = None  # state of the archive that a later refresh set out to publish, and has not published
    # With which the guards compare the next build, by measure and subject: rows of meta.measure, but the largest number
    # of releases, exact days and rows of a seed since a guard was last allowed to pass.
    measures: dict[str, dict[str, int]] = field(default_factory=dict)

    def is_made_of(self, source_state: str, index_state: str | None, inputs: str) -> bool:
        """Return True if the published build was made from these inputs."""
        return (self.source_state, self.index_state, self.inputs_digest) == (source_state, index_state, inputs)

    def withdrawn_of(self, source_state: str) -> list[str]:
        """Return the ids of the builds of a source state that rollbacks withdrew."""
        return [one["build_id"] for one in self.withdrawn if one["source_state"] == source_state]


@cache
def _shape() -> TypeAdapter[Published]:
    return TypeAdapter(Published)


def read_record(warehouse: Path) -> Published | None:
    """Return the record of the last publication, even if its files are gone; None if it is missing or damaged."""
    try:
        found = json.loads((warehouse / "published.json").read_text(encoding="utf-8"))
        if not isinstance(found.get("withdrawn", []), list):  # older versions recorded one build, or None
            found["withdrawn"] = [found["withdrawn"]] if found["withdrawn"] else []
        known = {one.name for one in fields(Published)}  # a newer version may have added fields
        values = {name: value for name, value in found.items() if name in known}
        record = _shape().validate_python(values)
        is_whole = all({"build_id", "source_state"} <= one.keys() for one in record.withdrawn)
        is_whole &= datetime.fromisoformat(record.checked_at).tzinfo is not None
    except (FileNotFoundError, ValueError, TypeError, AttributeError):
        return None
    return record if is_whole else None


def read_published(warehouse: Path) -> Published | None:
    """Return the record of the published build; None if there is none, or if the files differ from the record."""
    record = read_record(warehouse)
    if record is None:
        return None
    parquet = (warehouse / "parquet").resolve()
    try:
        file = (warehouse / "beehive.duckdb").stat()
        file_count, size = measure_parquet(parquet)
    except FileNotFoundError:
        return None
    if (file.st_size, file.st_mtime_ns) != (record.file_size, record.file_changed_at):
        return None
    if (warehouse / "beehive.duckdb.wal").exists():
        return None  # readers would replay this log or fail; the next publication removes it
    is_whole = (parquet.name, file_count) == (f"parquet-{record.build_id}", record.parquet_file_count)
    return record if is_whole and record.parquet_size in (None, size) else None


def measure_parquet(folder: Path) -> tuple[int, int]:
    """Return the number of Parquet files of a build, and their size in bytes with that of their descriptions.

    Raises:
        FileNotFoundError: there is no Data Package.
    """
    # Names, because objects of pathlib take three times as long, and a run that finds nothing new comes here, too.
    names = [f"{parent}/{name}" for parent, _, found in os.walk(folder) for name in found if name.endswith(".parquet")]
    sizes = [os.stat(name).st_size for name in names]  # noqa: PTH116
    described = (folder / "datapackage.json").stat().st_size
    croissant = sum(path.stat().st_size for path in folder.glob("croissant.json"))  # builds of 0.1.0 may have none
    return len(sizes), sum(sizes) + described + croissant


def write_published(warehouse: Path, published: Published) -> None:
    """Write the record in one atomic step."""
    write_whole(warehouse / "published.json", json.dumps(asdict(published), indent=2) + "\n")


@dataclass(frozen=True, slots=True)
class PushRecord:
    """How the last push to a server ended: the content of `pushed.json`."""

    target: str  # address without credentials, and schema
    build_id: str | None  # that the server shows, as far as known
    failure: str | None  # of the last attempt; None if it succeeded


def read_push(warehouse: Path) -> PushRecord | None:
    """Return how the last push ended; None if there was none, or its record is damaged."""
    try:
        return TypeAdapter(PushRecord).validate_json((warehouse / "pushed.json").read_bytes())
    except (FileNotFoundError, ValueError):
        return None


def write_push(warehouse: Path, record: PushRecord) -> None:
    """Record how a push ended, unless that is on record already."""
    if read_push(warehouse) != record:
        write_whole(warehouse / "pushed.json", json.dumps(asdict(record), indent=2) + "\n")


def write_whole(path: Path, text: str) -> None:
    """Write a text file in one atomic step that survives a power cut."""
    aside = path.with_name(f"{path.name}.new")
    aside.write_text(text, encoding="utf-8")
    aside.chmod(0o644)  # whoever may read the published file may also ask `beehive status` for its state
    sync(aside)
    aside.replace(path)
    sync(path.parent)


def sync(*paths: Path) -> None:
    """Make the contents of files, and the lists of names in folders, survive a power cut."""
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def note_begun(warehouse: Path, state: str) -> None:
    """Record that a refresh sets out to publish a state of the archive, so that `status` notices if it is killed."""
    if published := read_published(warehouse):
        write_published(warehouse, replace(published, begun=state))


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
    """Return a digest of everything but the archive that a build depends on: seeds, SQL, code and libraries.

    Seeds and SQL count as they are now; code and libraries as they were when this process loaded them.
    """
    return _digest([*SEEDS.glob("*.csv"), *SQL.rglob("*.sql")], _PROGRAM)


def refuse_changed_program() -> None:
    """Raise if the code or a library was changed since this process loaded it: it may have loaded some of both.

    Raises:
        Refused: the message says to run again.
    """
    if _program_digest() != _PROGRAM:
        raise Refused("The program or a library was updated during this run: run again. Nothing was published.")


def _program_digest() -> str:
    libraries = [(name, version(name)) for name in _LIBRARIES]
    python = f"{platform.python_version()} {unicodedata.unidata_version}"
    # Worker processes read this seed with the code.
    return _digest([*PACKAGE.rglob("*.py"), SEEDS / "not_te_reo_words.csv"], f"{__version__} {python} {libraries}")


def _digest(files: list[Path], text: str) -> str:
    digest = hashlib.sha256(text.encode())
    for path in sorted(files):
        digest.update(f"\0{path.relative_to(RESOURCES)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


_PROGRAM = _program_digest()
