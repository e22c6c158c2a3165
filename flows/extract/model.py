"""What an archive holds: files, commits and changes, and the protocol that every source follows."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Literal, Protocol, TypeVar

_Item = TypeVar("_Item")
EntryKind = Literal["file", "symbolic_link", "submodule", "special_file"]
Content = tuple[str, str, bytes]  # path, blob, bytes


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """One entry of the archive's tree."""

    path: str  # from the archive's root, '/' between parts; bytes that are not UTF-8 shown as \\xNN
    blob: str  # git's SHA-1 of the content
    size: int  # bytes
    kind: EntryKind = "file"

    @property
    def content_type(self) -> str:
        """The folder under the root, such as `releases`; empty for a file at the root."""
        head, separator, _ = self.path.partition("/")
        return head if separator else ""

    @property
    def exclusion(self) -> str | None:
        """The named rule by which this file is no release, or None; the rules are in seeds/reasons.csv."""
        if self.kind != "file":
            return self.kind
        if self.path.startswith(".") or "/." in self.path:
            return "hidden"
        if not self.content_type:
            return "outside_content_folder"
        if not self.path.endswith(".md"):
            return "not_markdown"
        return None


@dataclass(frozen=True, slots=True)
class Commit:
    """A step of the archive's main line."""

    commit_number: int  # 1 is the oldest
    commit_id: str
    committed_at: datetime  # UTC; not before the commit before: clocks of committers go back, the history does not


@dataclass(frozen=True, slots=True)
class FileChange:
    """What a commit did to a file that can be a release."""

    commit_number: int
    change: Literal["added", "edited", "renamed", "removed"]
    path: str
    blob: str | None  # None for a removed file
    previous_path: str | None  # None for an added file; the path itself for an edited or removed one
    previous_blob: str | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One state of an archive, complete: the source lists its files and tells how it came to be."""

    kind: Literal["git", "directory"]
    location: str  # as given, without credentials
    state: str  # commit id, or a digest of the directory's listing
    committed_at: datetime | None  # UTC; None for a directory


class Source(Protocol):
    """Where releases come from."""

    location: str

    def state(self) -> str:
        """Names the present state, as cheaply as the source allows."""
        ...

    def snapshot(self, state: str) -> Snapshot:
        """Makes a state ready to be listed and read, fetching it first where that is needed."""
        ...

    def files(self, state: str) -> Iterator[ArchiveFile]:
        """Lists every file of a state that is ready, one after the other."""
        ...

    def read(self, files: Iterable[ArchiveFile]) -> Iterator[Content]:
        """Yields the content of the files asked for."""
        ...

    def history(self, state: str) -> Iterator[Commit | FileChange]:
        """Tells each commit up to a state, the oldest first, and what it changed; nothing if none are kept."""
        ...

    def earlier(self, contents: Iterable[tuple[str, str]]) -> list[ArchiveFile]:
        """Gives the files of contents (path, blob) that the history names and the state does not hold."""
        ...


def decode_path(name: bytes) -> str:
    r"""A path as text: bytes that are not UTF-8 as \xNN, and where such a text could be meant, each other \ doubled."""
    shown = name.decode(errors="backslashreplace")
    if "\\x" not in shown:
        return shown
    return name.replace(b"\\", b"\\\\").decode(errors="backslashreplace")


def groups(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    """Some of the items after the other, each time `size` but for the last."""
    rest = iter(items)
    while group := list(islice(rest, size)):
        yield group


def blob_hash(content: bytes) -> str:
    """Git's name for a content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
