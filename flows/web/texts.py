"""The texts of a build, ready to be read one by one.

DuckDB compresses 2,048 texts together, so that one text takes 12 ms and the snippets of a page a quarter of a second.
A temporary file that no folder lists holds them as they are; while it is written, texts come from the build.
"""

import os
import tempfile
from array import array
from collections.abc import Iterable

from flows.serve.published import Build

_NAME = "texts"
_ROWS = 1_000  # read at a time


def write(build: Build) -> None:
    """Write the file of texts of a build.

    Raises:
        OSError: no folder for temporary files can be written, or the disk is full.
        duckdb.Error: the build cannot be read.
    """
    build.known[_NAME] = _File(build)


def texts_of(build: Build, numbers: Iterable[int]) -> dict[int, str]:
    """Return the cleaned texts of releases, by search_number."""
    wanted = list(numbers)
    if file := build.known.get(_NAME):
        return {number: file.read(number) for number in wanted}
    return {row["search_number"]: row["cleaned_body"] or "" for row in build.rows("texts", numbers=wanted)}


class _File:
    """Texts in a file, one after the other."""

    def __init__(self, build: Build) -> None:
        """Write the file.

        Raises:
            OSError: no folder for temporary files can be written, or the disk is full.
            duckdb.Error: the build cannot be read.
        """
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed with this object)
        self._places = array("q")
        place = 0
        for rows in build.batches("all_texts", _ROWS):
            for number, text in rows:
                content = (text or "").encode()
                self._places.extend([0] * 2 * (number + 1 - len(self._places) // 2))
                self._places[2 * number : 2 * number + 2] = array("q", [place, len(content)])
                place += self._file.write(content)
        self._file.flush()

    def read(self, number: int) -> str:
        """Return a text; any number of threads may read."""
        place, size = self._places[2 * number : 2 * number + 2]
        return os.pread(self._file.fileno(), size, place).decode()
