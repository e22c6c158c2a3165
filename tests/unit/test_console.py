"""Rows on a terminal and in a pipe: a table, or records where the table would be too wide to read."""

import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.console import show_rows
from flows.serve.query import Rows

WIDE = Rows([f"column_{number}" for number in range(40)], [tuple(range(40)), ("a long text " * 3, *["[b]x"] * 39)])


def printed(capsys: pytest.CaptureFixture[str], found: Rows, **limit: int) -> list[str]:
    show_rows(found, "table", limit.get("limit", 100))
    return [line.rstrip() for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("is_terminal", [True, False])
def test_rows_too_wide_to_read_are_records(
    is_terminal: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_terminal:
        monkeypatch.setenv("TTY_COMPATIBLE", "1")
        monkeypatch.setenv("NO_COLOR", "1")
        monkeypatch.setenv("COLUMNS", "110")
    lines = printed(capsys, WIDE)
    assert lines[:2] == ["-[ row 1 ]-", "column_0  | 0"]
    assert lines[41:44] == ["-[ row 2 ]-", "column_0  | a long text a long text a long text", "column_1  | [b]x"]
    assert lines[-1] == "2 rows"
    assert printed(capsys, WIDE, limit=1)[-1] == "2 rows, the first 1 are shown; raise --limit for more"


@pytest.mark.parametrize("found", [Rows(["one"], [(1,)]), Rows(WIDE.columns[:8], [("x",) * 8])])
def test_rows_that_fit_are_a_table_and_no_line_of_it_is_folded(found: Rows, capsys: pytest.CaptureFixture[str]) -> None:
    head, _, row, count = printed(capsys, found)
    assert [name.strip() for name in head.split("┃")] == found.columns
    assert [value.strip() for value in row.split("│")] == [str(value) for value in next(iter(found.rows))]
    assert count == "1 row"


@pytest.mark.parametrize("command", [["query", "from build_info"], ["as-of", "2020-01-01"]])
@pytest.mark.parametrize("limit", ["0", "-1"])
def test_a_limit_is_at_least_one(command: list[str], limit: str) -> None:
    done = CliRunner().invoke(app, [*command, "--limit", limit])
    assert done.exit_code == 2
    assert "greater than or equal to 1" in done.output
