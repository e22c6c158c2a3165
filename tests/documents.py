"""The SQL of the pages under docs/ and the tables of results that they print: read, asked again, and written anew.

A result is the table that stands right behind a block of SQL. It is of the real archive at the commit that the page
names, or of the sample where `<!-- sample -->` stands before the block. After a change of what a view counts:

    .venv/bin/python -m tests.documents WAREHOUSE     # of the real archive; the sample is built aside
"""

import argparse
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from flows.console import markdown_lines
from flows.paths import PROJECT, SAMPLE
from flows.serve.query import run_query
from flows.settings import Settings

PAGES = tuple(PROJECT / "docs" / f"{name}.md" for name in ("tutorial", "caveats", "connect"))
COMMIT = re.compile(r"archive at commit `([0-9a-f]{40})`")
_BLOCK = re.compile(r"(?P<mark><!-- sample -->\n)?```sql\n(?P<sql>.*?)```\n(?P<table>\n(?:\|[^\n]*\n)+)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """SQL of a page, and the lines of the table behind it; none where the page prints no result."""

    page: str
    line: int
    sql: str
    is_of_sample: bool
    table: list[str]

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks(page: Path) -> list[Block]:
    """The blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(
            page.name,
            text.count("\n", 0, found.start("sql")),
            found["sql"],
            bool(found["mark"]),
            (found["table"] or "").split("\n")[1:-1],
        )
        for found in _BLOCK.finditer(text)
    ]


def answer(published: Path, block: Block) -> list[str]:
    """The table that the SQL gives, as `beehive query --format markdown` prints it."""
    return list(markdown_lines(run_query(published, block.sql)))


def rewrite(page: Path, archive: Path, sample: Path) -> int:
    """Puts the results of now into a page; gives how many differ from those that stood there."""
    text = page.read_text(encoding="utf-8")
    pieces: list[str] = []
    end = changed = 0
    for found, block in zip(_BLOCK.finditer(text), blocks(page), strict=True):
        pieces.append(text[end : found.end("sql")] + "```\n")
        end = found.end()
        if block.table:
            lines = answer(sample if block.is_of_sample else archive, block)
            changed += lines != block.table
            pieces.append("\n" + "".join(f"{line}\n" for line in lines))
    page.write_text("".join(pieces) + text[end:], encoding="utf-8")
    return changed


def main() -> None:
    """Writes the results of the pages anew."""
    from flows.pipeline import refresh
    from tests.conftest import Lines

    arguments = argparse.ArgumentParser(description=main.__doc__)
    arguments.add_argument("warehouse", type=Path, help="folder of a build of the real archive")
    warehouse = arguments.parse_args().warehouse
    with tempfile.TemporaryDirectory() as folder:
        sample = Settings(source=str(SAMPLE), warehouse=Path(folder), workers=1)
        refresh(sample, Lines())
        for page in PAGES:
            print(page.name, rewrite(page, warehouse / "beehive.duckdb", sample.published), "results written anew")  # noqa: T201


if __name__ == "__main__":
    main()
