"""The texts of a build, ready to be read one by one.

DuckDB compresses 2,048 texts together, so that one text takes 12 ms and the snippets of a page a quarter of a second.
A temporary file that no folder lists holds them as they are; while it is written, texts come from the build.
"""

import os
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa

from flows.load import sqlfiles
from flows.serve.published import Build

_NAME = "texts"


def write(build: Build) -> Iterator[None]:
    """Write the file of texts of a build, step by step.

    Raises:
        OSError: no folder for temporary files can be written, or the disk is full.
        Unusable: the build cannot be read.
    """
    file = _File()
    for batch in build.stream(sqlfiles.page("all_texts").statement, {}):
        file.add(batch["search_number"].to_pylist(), batch["cleaned_body"])
        yield
    file.close()
    build.known[_NAME] = file


def texts_of(build: Build, numbers: Iterable[int]) -> dict[int, str]:
    """Return the cleaned texts of releases, by search_number."""
    wanted = list(numbers)
    if file := build.known.get(_NAME):
        return {number: file.read(number) for number in wanted}
    return {row["search_number"]: row["cleaned_body"] or "" for row in build.rows("texts", numbers=wanted)}


class _File:
    """Texts in a file, one after the other."""

    def __init__(self) -> None:
        """Make an empty file.

        Raises:
            OSError: no folder for temporary files can be written.
        """
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed with this object)
        self._places = array("q")
        self._end = 0

    def add(self, numbers: Sequence[int], texts: pa.StringArray) -> None:
        """Write texts with their numbers, in the form in which they come."""
        texts = texts.fill_null("")
        _, starts, content = texts.buffers()
        places = pa.Array.from_buffers(pa.int32(), len(texts) + 1, [None, starts]).to_pylist()
        self._places.extend([0] * max(0, 2 * (max(numbers, default=-1) + 1) - len(self._places)))
        for number, start, end in zip(numbers, places, places[1:], strict=False):
            self._places[2 * number] = self._end + start
            self._places[2 * number + 1] = end - start
        self._end += self._file.write(content or b"")

    def close(self) -> None:
        """End the writing, so that the texts can be read."""
        self._file.flush()

    def read(self, number: int) -> str:
        """Return a text; any number of threads may read."""
        place, size = self._places[2 * number : 2 * number + 2]
        return os.pread(self._file.fileno(), size, place).decode()
