"""What an archive holds: files, commits and changes; and the protocol that every source follows."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Literal, NamedTuple, Protocol, TypeVar

_Item = TypeVar("_Item")
EntryKind = Literal["file", "symbolic_link", "submodule", "special_file"]


class Content(NamedTuple):
    """The content of one file."""

    path: str
    blob: str  # git's SHA-1 of the content
    data: bytes


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """One entry of the archive's tree."""

    path: str  # from the archive's root, '/' between parts, as `decode_path` returns it
    blob: str  # git's SHA-1 of the content
    size: int  # bytes
    kind: EntryKind = "file"

    @property
    def content_type(self) -> str:
        """Return the folder under the root, such as `releases`; empty for a file at the root."""
        head, separator, _ = self.path.partition("/")
        return head if separator else ""

    @property
    def exclusion(self) -> str | None:
        """Return the rule of seeds/reasons.csv that excludes this file, or None if it can be a release."""
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
    """A commit of the archive's first-parent history."""

    commit_number: int  # 1 is the oldest
    commit_id: str
    committed_at: datetime  # UTC; never earlier than the previous commit, although the clocks of committers can be


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
class Listed:
    """A state whose files and history were listed completely."""

    state: str
    commit_count: int
    committed_at: datetime  # of its last commit, as `Commit` has it; UTC


@dataclass(frozen=True, slots=True)
class Difference:
    """What a later state adds to the list of files and to the history of a state."""

    gone: list[str]  # paths of the files that were removed or changed
    files: list[ArchiveFile]  # that were added, or are what a file was changed to
    steps: list[Commit | FileChange]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One state of an archive that is ready to be listed and read."""

    kind: Literal["git", "directory"]
    location: str  # as given, without credentials
    state: str  # commit id, or a digest of the directory's listing
    committed_at: datetime | None  # UTC; None for a directory


class Source(Protocol):
    """Where releases come from: a git repository or a directory."""

    location: str

    def state(self) -> str:
        """Return the id of the present state, as cheaply as the source allows."""
        ...

    def snapshot(self, state: str) -> Snapshot:
        """Make a state ready to be listed and read; fetch it first if necessary."""
        ...

    def files(self, state: str) -> Iterator[ArchiveFile]:
        """Yield every file of a state that is ready."""
        ...

    def lister(self) -> str:
        """Return a digest of what decides how a state is listed; empty if only whole states can be listed."""
        ...

    def compare(self, earlier: Listed, state: str) -> Difference | None:
        """Return what changed since an earlier state; None if the state does not go on from it, or too much changed."""
        ...

    def read(self, files: Iterable[ArchiveFile]) -> Iterator[Content]:
        """Yield the contents of files."""
        ...

    def history(self, state: str) -> Iterator[Commit | FileChange]:
        """Yield each commit up to a state, oldest first, followed by its changes; nothing without a history."""
        ...

    def find_earlier(self, contents: Iterable[tuple[str, str]]) -> list[ArchiveFile]:
        """Return the files of contents (path, blob) that are in the history but not in the present state."""
        ...


def decode_path(name: bytes) -> str:
    r"""Return a path as text, with bytes that are not UTF-8 as `\xNN`.

    A path with `\x` in its text has its own backslashes doubled, so that no two paths become the same text.
    """
    text = name.decode(errors="backslashreplace")
    if "\\x" not in text:
        return text
    return name.replace(b"\\", b"\\\\").decode(errors="backslashreplace")


def chunked(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    """Yield the items in lists of `size`; the last list may be shorter."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


def blob_hash(content: bytes) -> str:
    """Return git's SHA-1 of a content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
