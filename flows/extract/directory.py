"""A directory of files as the source."""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from flows.errors import Unusable, explain
from flows.extract.model import (
    ArchiveFile,
    Commit,
    Content,
    Difference,
    FileChange,
    Listed,
    Snapshot,
    blob_hash,
    decode_path,
)

_YEAR = re.compile(r"\d{4}")


class DirectorySource:
    """A directory of content-type folders such as `releases`, or one such folder, which holds folders of years.

    A warehouse inside it is no part of it: each refresh changes the warehouse.
    """

    def __init__(self, root: Path, warehouse: Path) -> None:
        self.location = str(root)
        self._root = root.expanduser().resolve()
        self._warehouse = _outer_warehouse(warehouse.resolve(), self._root)
        self._files: list[ArchiveFile] | None = None
        self._real_paths: dict[str, str] = {}

    def state(self) -> str:
        """Return a digest of every path and content, so that equal copies of an archive have equal states."""
        digest = hashlib.sha256()
        for file in self._listing():
            digest.update(f"{file.kind} {file.blob} {file.path}\0".encode())
        return digest.hexdigest()

    def snapshot(self, state: str) -> Snapshot:
        """Return the snapshot; a directory needs no fetching."""
        return Snapshot("directory", self.location, state, None)

    def files(self, state: str) -> Iterator[ArchiveFile]:  # noqa: ARG002
        """Yield the files that were listed for the state."""
        yield from self._listing()

    def lister(self) -> str:
        """Return nothing: a directory has only its present state."""
        return ""

    def compare(self, earlier: Listed, state: str) -> Difference | None:  # noqa: ARG002
        """Return None: the files of an earlier state are gone."""
        return None

    def read(self, files: Iterable[ArchiveFile]) -> Iterator[Content]:
        """Yield the contents of files.

        Raises:
            Unusable: a file changed since it was listed, or cannot be read.
        """
        for file in files:
            path = self._real_paths[file.path]
            try:
                with open(path, "rb", buffering=0) as opened:  # noqa: PTH123
                    data = opened.read()
            except OSError as error:
                raise _unreadable(path, error) from error
            if blob_hash(data) != file.blob:
                raise Unusable(f"{path} changed while it was being read: run again.")
            yield Content(file.path, file.blob, data)

    def history(self, state: str) -> Iterator[Commit | FileChange]:  # noqa: ARG002
        """Return nothing: a directory has no history."""
        return iter(())

    def find_earlier(self, contents: Iterable[tuple[str, str]]) -> list[ArchiveFile]:  # noqa: ARG002
        """Return nothing: a directory holds only its present state."""
        return []

    def _listing(self) -> list[ArchiveFile]:
        if self._files is None:
            try:
                prefix = f"{self._root.name}/" if _is_content_folder(self._root) else ""
                self._files = sorted(self._walk(str(self._root), prefix.encode()), key=lambda file: file.path)
            except OSError as error:
                raise _unreadable(error.filename, error) from error
            if not self._files:
                raise Unusable(f"The directory {self.location} is empty: there is no release to load.")
        return self._files

    def _walk(self, root: str, root_prefix: bytes) -> Iterator[ArchiveFile]:
        folders = [(root, root_prefix)]
        while folders:
            folder, prefix = folders.pop()
            for entry in os.scandir(folder):
                name = prefix + os.fsencode(entry.name)
                if entry.is_symlink():
                    target = os.fsencode(os.readlink(entry.path))  # noqa: PTH115 (a Path per file would take seconds)
                    yield ArchiveFile(decode_path(name), blob_hash(target), len(target), "symbolic_link")
                elif entry.is_dir():
                    if entry.path == self._warehouse:
                        continue
                    folders.append((entry.path, name + b"/"))
                elif entry.is_file():
                    self._real_paths[decode_path(name)] = entry.path
                    blob, size = self._hash(entry.path)
                    yield ArchiveFile(decode_path(name), blob, size)
                else:
                    yield ArchiveFile(decode_path(name), blob_hash(b""), 0, "special_file")

    def _hash(self, path: str) -> tuple[str, int]:
        try:
            with open(path, "rb", buffering=0) as file:  # noqa: PTH123
                size = os.fstat(file.fileno()).st_size
                digest = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
                while chunk := file.read(1 << 20):
                    digest.update(chunk)
        except OSError as error:
            raise _unreadable(path, error) from error
        return digest.hexdigest(), size


def _is_content_folder(root: Path) -> bool:
    """Return whether a directory holds folders of years, and no content folder with years of its own beside them."""
    folders = [entry for entry in os.scandir(root) if entry.is_dir()]
    years = [entry for entry in folders if _YEAR.fullmatch(entry.name)]
    others = [entry for entry in folders if entry not in years] if years else []
    return bool(years) and not any(
        _YEAR.fullmatch(inner.name) and inner.is_dir() for folder in others for inner in os.scandir(folder)
    )


def _outer_warehouse(warehouse: Path, root: Path) -> str | None:
    """Return the warehouse folder inside a directory, or the warehouse around it; None if it is somewhere else.

    `beehive verify` builds in a warehouse inside the one it verifies.

    Raises:
        Unusable: the directory itself is a warehouse.
    """
    if warehouse == root:
        raise Unusable(f"{root} is both the source and the warehouse: choose another folder with --warehouse.")
    inside = [folder for folder in (warehouse, *warehouse.parents) if root in folder.parents]
    around = [folder for folder in inside[1:] if (folder / "writer.lock").exists()]
    return str([*inside[:1], *around][-1]) if inside else None


def _unreadable(path: str, error: OSError) -> Unusable:
    return explain(OSError(error.errno, error.strerror, path)) or Unusable(f"{path} cannot be read: check it.")
