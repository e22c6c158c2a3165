"""A directory of files as the source."""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from flows.errors import Unusable
from flows.extract.model import ArchiveFile, Commit, Content, FileChange, Snapshot, blob_hash, decode_path


class DirectorySource:
    """A directory of content-type folders, or one such folder itself (it holds year folders)."""

    def __init__(self, root: Path) -> None:
        self.location = str(root)
        self._root = root.expanduser().resolve()
        self._files: list[ArchiveFile] | None = None
        self._real: dict[str, str] = {}

    def state(self) -> str:
        """A digest of every path and content: contents decide, so copies of an archive have one state."""
        digest = hashlib.sha256()
        for file in self._listing():
            digest.update(f"{file.kind} {file.blob} {file.path}\0".encode())
        return digest.hexdigest()

    def snapshot(self, state: str) -> Snapshot:
        """Nothing has to be fetched."""
        return Snapshot("directory", self.location, state, None)

    def files(self, state: str) -> Iterator[ArchiveFile]:  # noqa: ARG002
        """Lists the directory as it was when its state was asked for."""
        yield from self._listing()

    def read(self, files: Iterable[ArchiveFile]) -> Iterator[Content]:
        """Yields contents, and stops where a file is no longer what was listed."""
        for file in files:
            content = self._bytes(self._real[file.path])
            if blob_hash(content) != file.blob:
                raise Unusable(f"{self._real[file.path]} changed while it was being read: run again.")
            yield file.path, file.blob, content

    def history(self, state: str) -> Iterator[Commit | FileChange]:  # noqa: ARG002
        """A directory does not know its past."""
        return iter(())

    def earlier(self, contents: Iterable[tuple[str, str]]) -> list[ArchiveFile]:  # noqa: ARG002
        """A directory holds nothing but its present."""
        return []

    def _listing(self) -> list[ArchiveFile]:
        if self._files is None:
            prefix = f"{self._root.name}/" if self._is_content_folder() else ""
            try:
                self._files = sorted(self._walk(str(self._root), prefix.encode()), key=lambda file: file.path)
            except OSError as error:
                raise Unusable(f"{error.filename} cannot be read ({error.strerror}): run again.") from error
            if not self._files:
                raise Unusable(f"The directory {self.location} is empty: there is no release to load.")
        return self._files

    def _is_content_folder(self) -> bool:
        try:
            return any(re.fullmatch(r"\d{4}", entry.name) and entry.is_dir() for entry in os.scandir(self._root))
        except OSError as error:
            raise Unusable(f"{self.location} cannot be listed ({error.strerror}): check its permissions.") from error

    def _walk(self, root: str, root_prefix: bytes) -> Iterator[ArchiveFile]:
        folders = [(root, root_prefix)]
        while folders:
            folder, prefix = folders.pop()
            for entry in os.scandir(folder):
                name = prefix + os.fsencode(entry.name)
                if entry.is_symlink():
                    target = os.fsencode(os.readlink(entry.path))  # noqa: PTH115 (a Path for each file costs seconds)
                    yield ArchiveFile(decode_path(name), blob_hash(target), len(target), "symbolic_link")
                elif entry.is_dir():
                    folders.append((entry.path, name + b"/"))
                elif entry.is_file():
                    self._real[decode_path(name)] = entry.path
                    blob, size = self._hash(entry.path)
                    yield ArchiveFile(decode_path(name), blob, size)
                else:
                    yield ArchiveFile(decode_path(name), blob_hash(b""), 0, "special_file")

    def _hash(self, path: str) -> tuple[str, int]:
        try:
            with open(path, "rb", buffering=0) as file:  # noqa: PTH123
                size = os.fstat(file.fileno()).st_size
                digest = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
                while piece := file.read(1 << 20):
                    digest.update(piece)
        except OSError as error:
            raise Unusable(f"{path} cannot be read ({error.strerror}): check its permissions.") from error
        return digest.hexdigest(), size

    def _bytes(self, path: str) -> bytes:
        try:
            with open(path, "rb", buffering=0) as file:  # noqa: PTH123
                return file.read()
        except OSError as error:
            raise Unusable(f"{path} cannot be read ({error.strerror}): run again.") from error
