"""The output of the command line: progress as a bar on a terminal and as lines elsewhere, tables and summaries."""

import csv
import json
import math
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from itertools import chain, count, islice
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from rich.console import Console as RichConsole
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from flows.errors import Unusable
from flows.serve.shown import as_markdown, printable

if TYPE_CHECKING:  # importing these takes longer than finding out that nothing is new
    from flows.push.push import Pushed
    from flows.run import Outcome
    from flows.serve.query import Rows
    from flows.serve.search import Found
    from flows.serve.status import Status
    from flows.verify import Verified

_MAX_WIDTH = 100_000  # characters of a line in a pipe
_MAX_TABLE_WIDTH = 400  # characters of a line of a table in a pipe; nobody reads longer ones
_MIN_COLUMN_WIDTH = 12  # characters that a column of a table on a terminal has, unless it needs fewer
_LINE_INTERVAL = 10_000  # files between two lines of progress without a terminal


class Console(RichConsole):
    """A console that shows the control characters in a text from the archive as escapes."""

    def print(self, *objects: Any, **options: Any) -> None:
        """Print objects, with control characters in texts as escapes."""
        super().print(*(printable(one) if isinstance(one, str) else one for one in objects), **options)


class ConsoleReporter:
    """A reporter to standard error, so that standard output holds only results."""

    def __init__(self, progress: Progress, console: Console) -> None:
        self._progress = progress
        self._console = console
        self._tasks: dict[str, TaskID] = {}
        self._line_count = 0

    def line(self, text: str) -> None:
        """Print one line."""
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)

    def progress(self, name: str, done: int, total: int) -> None:
        """Move the bar; without a terminal, print a line every 10,000 files."""
        if self._console.is_terminal:
            if name not in self._tasks:
                self._tasks[name] = self._progress.add_task(name, total=total)
            self._progress.update(self._tasks[name], completed=done)
        elif done // _LINE_INTERVAL > self._line_count:
            self._line_count = done // _LINE_INTERVAL
            self.line(f"{name}: {done:,} of {total:,}")


@contextmanager
def reporter() -> Iterator[ConsoleReporter]:
    """Yield a reporter, with a live bar on a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield ConsoleReporter(progress, console)


def show_outcome(outcome: "Outcome") -> None:
    """Print what a refresh did."""
    console = Console(highlight=False, soft_wrap=True)
    console.print(outcome.message, markup=False)
    if len(outcome.changed) <= outcome.release_count / 2:
        for one in outcome.changed:
            detail = f" ({one.what_changed})" if one.what_changed else ""
            console.print(f"  {one.change:8} {one.path}  {one.title}{detail}", markup=False)
        more = sum(outcome.changes.values()) - len(outcome.changed)
        if more > 0:
            console.print(f"  and {more:,} more: see meta.change_log")
    for warning in outcome.warnings:
        text = f"{warning.check_name}: {warning.failing_count:,} rows. {warning.description}"
        console.print(f"  warning: {text}", markup=False)
    if outcome.stage_seconds:
        seconds = ", ".join(f"{name} {value:.1f}" for name, value in outcome.stage_seconds.items())
        console.print(f"  build {outcome.build_id}, seconds: {seconds}", markup=False)


def show_pushed(pushed: "Pushed") -> None:
    """Print what a push wrote, table by table."""
    console = Console(highlight=False, soft_wrap=True)
    console.print(pushed.message, markup=False)
    for one in pushed.changed:
        counts = ((one.added, "added"), (one.changed, "changed"), (one.removed, "removed"))
        console.print(
            f"  {one.table}: {', '.join(f'{count:,} {word}' for count, word in counts if count)}", markup=False
        )


def show_verified(verified: "Verified") -> None:
    """Print which tables and views differ from a rebuild from scratch, and how many are equal."""
    console = Console(highlight=False, soft_wrap=True)
    for difference in verified.differences:
        console.print(
            f"{difference.name}: {difference.published_count:,} rows only in the published build, "
            f"{difference.rebuilt_count:,} only in the rebuild",
            markup=False,
        )
        for example in difference.examples:
            console.print(f"  {example}", markup=False)
    count = len(verified.names)
    equal = count - len(verified.differences)
    console.print(f"{verified.build_id}: {equal} of {count} tables and views equal a rebuild from scratch.")


def show_status(status: "Status", *, as_json: bool) -> None:
    """Print the health of a warehouse."""
    if as_json:
        values = {name: getattr(status, name) for name in status.__slots__} | {"state": status.state}
        sys.stdout.write(json.dumps(values, indent=2, default=str) + "\n")
        return
    console = Console(highlight=False, soft_wrap=True)
    build = status.build
    console.print(f"Published   {build['build_id']}, built {build['built_at']:%Y-%m-%d %H:%M} UTC", markup=False)
    committed = build["source_committed_at"]
    dated = f", committed {committed:%Y-%m-%d %H:%M} UTC" if committed else ""
    console.print(f"Source      {build['source_location']} at {build['source_state'][:12]}{dated}", markup=False)
    checked = f"{status.checked_at:%Y-%m-%d %H:%M} UTC" if status.checked_at else "at an unknown time"
    console.print(f"Fresh       archive last checked {checked}; latest release {build['latest_release_date']}")
    for row in status.reconciliation:
        equals = "=" if row["is_balanced"] else "is NOT"
        console.print(
            f"Files       {row['content_type']}: {row['file_count']:,} files {equals} "
            f"{row['loaded_count']:,} releases + {row['quarantined_count']:,} quarantined + "
            f"{row['excluded_count']:,} excluded",
            markup=False,
        )
    earlier = f", {status.checked_earlier} of them on an earlier build" if status.checked_earlier else ""
    console.print(
        f"Checks      {build['check_count']} run{earlier}; {build['warning_count']} warnings; "
        f"{build['name_to_review_count']} names to review"
    )
    for row in status.warnings:
        console.print(
            f"  warning   {row['check_name']}: {row['failing_count']:,} rows. {row['description']}",
            markup=False,
        )
    for row in status.allowed:
        console.print(
            f"  allowed   {row['guard_name']}: {row['seen_count']:,} of {row['base_count']:,} ({row['subject']})",
            markup=False,
        )
    for problem in status.problems:
        console.print(f"[bold red]Problem[/]     {escape(problem)}")
    console.print(
        {"healthy": "[green]Healthy[/]", "degraded": "[yellow]Degraded[/]", "failing": "[red]Failing[/]"}[status.state]
    )


def show_rows(found: "Rows", output: str, limit: int) -> None:
    """Print at most `limit` rows as a table, or all of them as csv, json or markdown."""
    writers = {"table": _table, "csv": _csv, "json": _json, "markdown": _markdown}
    if output not in writers:
        raise Unusable(
            f"There is no output format {output!r}: choose one of {', '.join(writers)}, or xlsx for a query."
        )
    if output != "table" and isinstance(sys.stdout, TextIOWrapper):  # programs read these: no character may be lost
        sys.stdout.reconfigure(encoding="utf-8")
    writers[output](found, limit)


def write_workbook(found: "Rows", sql: str, published: Path) -> None:
    """Write the rows of a query to standard output as a workbook.

    Args:
        found: the rows.
        sql: the query.
        published: the published file, which is still open, so that its build is that of the rows.

    Raises:
        Unusable: standard output is a terminal, or a sheet cannot hold the rows.
    """
    from flows.serve.workbook import write_result  # noqa: PLC0415

    if sys.stdout.isatty():
        raise Unusable("A workbook is no text for a terminal: redirect it to a file, as in `> result.xlsx`.")
    with TemporaryFile() as file:
        write_result(file, found, sql, published)
        file.seek(0)
        copyfileobj(file, sys.stdout.buffer)


def show_found(found: "Found", output: str, limit: int) -> None:
    """Print what a search with a limit found: as a table release by release, else as rows.

    What the search did is said below the releases, or on standard error if the rows are for a program.
    """
    rows = list(found.rows)
    shown = f"{len(rows):,} shown" + ("; raise --limit for more" if len(rows) == limit else "")
    remarks = [*found.remarks, f"{shown}."] if rows else found.remarks
    if output != "table":
        show_rows(found, output, limit)
        Console(stderr=True, highlight=False).print(Text(printable(" ".join(remarks))), soft_wrap=True)
        return
    console = Console(highlight=False)
    for row in rows:
        release = dict(zip(found.columns, row, strict=True))
        missing = f"  without: {release['missing_words']}" if release["missing_words"] else ""
        copy = f"  same text as {release['copy_of']}" if release["copy_of"] else ""
        console.print(Text(printable(release["title"] or "(no title)"), "bold"), soft_wrap=True)
        line = (
            f"{release['nz_date'] or 'undated'}  {release['ministers'] or ''}  {release['release_id']}{missing}{copy}"
        )
        console.print(Text(printable(line), "dim"), soft_wrap=True)
        console.print(Text(printable(release["url"])), soft_wrap=True)
        console.print(Text(printable(release["snippet"])), end="\n\n")
    console.print(Text(printable(" ".join(remarks))), soft_wrap=True)


def _table(found: "Rows", limit: int) -> None:
    """Print the rows as a table, or each as a record where the table would be too wide to read."""
    fetched = list(islice(found.rows, limit + 1))  # one more than is shown, to know whether there are more
    rows = fetched[:limit]
    table = Table(show_edge=False)
    for index, column in enumerate(found.columns):
        is_number = bool(fetched) and isinstance(fetched[0][index], int | float)
        table.add_column(escape(printable(column)), justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(escape(printable(_text(value))) for value in row))
    console = Console(highlight=False)
    unfolded = Console(width=_MAX_WIDTH).measure
    if console.is_terminal:
        widths = [min(unfolded(column.header).maximum, _MIN_COLUMN_WIDTH) for column in table.columns]
        is_too_wide = sum(widths) + 3 * len(widths) > console.width
    else:
        is_too_wide = unfolded(table).maximum > _MAX_TABLE_WIDTH
        console = Console(width=_MAX_WIDTH, highlight=False)  # no line is folded in a pipe
    if rows and is_too_wide:
        for number, row in enumerate(rows, 1):
            console.print(f"-[ row {number} ]-", markup=False)
            record = Table.grid(padding=(0, 1))
            for head, value in zip(table.columns, row, strict=True):
                record.add_row(head.header, "|", Text(printable(_text(value)), overflow="fold"))
            console.print(record)
    else:
        console.print(table, width=unfolded(table).maximum if not console.is_terminal else None)
    if len(fetched) > len(rows):
        total = f"{len(found.rows):,}" if isinstance(found.rows, list) else f"more than {len(rows):,}"
        text = f"{total} rows, the first {len(rows):,} are shown; raise --limit for more"
        console.print(text, soft_wrap=True)
    else:
        console.print("1 row" if len(rows) == 1 else f"{len(rows):,} rows")


def _csv(found: "Rows", _limit: int) -> None:
    writer = csv.writer(sys.stdout)  # RFC 4180; a text that a spreadsheet would take for a formula stays as it is
    writer.writerow(found.columns)
    writer.writerows(found.rows)


def _json(found: "Rows", _limit: int) -> None:
    separator = "[\n"
    names: list[str] = []
    for column in found.columns:  # a column of the same name as an earlier one is column_1, as in DuckDB
        others = (f"{column}_{number}" for number in count(1))
        names.append(next(name for name in chain([column], others) if name not in names))
    for row in found.rows:
        values = {name: _finite(value) for name, value in zip(names, row, strict=True)}
        text = json.dumps(values, indent=2, default=str, ensure_ascii=False)
        sys.stdout.write(separator + "  " + text.replace("\n", "\n  "))  # no text has a line end outside its escapes
        separator = ",\n"
    sys.stdout.write("[]\n" if separator == "[\n" else "\n]\n")


def _finite(value: Any) -> Any:
    """Return a value with infinite numbers and NaN, which JSON does not know, as texts."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return {key: _finite(one) for key, one in value.items()} if isinstance(value, dict) else value


def _markdown(found: "Rows", _limit: int) -> None:
    sys.stdout.writelines(f"{line}\n" for line in markdown_lines(found))


def markdown_lines(found: "Rows") -> Iterator[str]:
    """Yield the lines of a Markdown table: the columns, a rule, and each row."""

    def line(cells: Iterable[str]) -> str:
        return f"| {' | '.join(cells)} |"

    yield line(as_markdown(column) for column in found.columns)
    yield line("---" for _ in found.columns)
    for row in found.rows:
        yield line(as_markdown(_text(value)) for value in row)


def _text(value: Any) -> str:
    return "" if value is None else f"{value:,.4g}" if isinstance(value, float) else str(value)
