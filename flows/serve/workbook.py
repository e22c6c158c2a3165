"""Workbooks (XLSX) for Excel and LibreOffice: a sheet that describes the rows, then the sheet of the rows.

Every text is a text, whatever it begins with, and every day a date. What a sheet cannot hold is an error, because a
text that is cut or a row that is missing would not be noticed.
"""

import math
import traceback
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import duckdb
from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from flows.errors import Unusable
from flows.load.database import dicts
from flows.load.datapackage import LICENCE
from flows.serve.query import Rows, open_published

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384  # of a sheet; the header takes one row
MAX_LENGTH = 32_767  # UTF-16 units of a text in a cell
_MAX_NAME = 31  # characters of the name of a sheet
_FIRST_DAY = date(1900, 3, 1)  # Excel counts days from 1900 and believes in 29 February 1900
_MAX_DIGITS = 15  # of a number in a cell
_FETCHED = 2_000  # rows fetched at a time
_WIDTH, _WIDE = 18, 100  # characters
_ABOUT = "about"  # name of the first sheet
_ROWS = "rows"  # name of the second sheet, for the rows of a query

About = list[tuple[Any, ...]]  # rows of the first sheet


class DoesNotFit(Unusable):
    """A sheet cannot hold the rows. The message is a clause, such as `it has more than 1,048,575 rows`."""


def write_workbook(target: IO[bytes], name: str, found: Rows, about: About) -> None:
    """Write a workbook.

    Args:
        target: file to write to.
        name: name of the sheet with the rows; its first 31 characters are used.
        found: columns and rows.
        about: rows of the first sheet, which describe the others.

    Raises:
        DoesNotFit: the rows are too many or too wide, or a text is too long.
        OSError: the file, or a temporary file, cannot be written.
    """
    if len(found.columns) > MAX_COLUMNS:
        raise DoesNotFit(f"it has more than {MAX_COLUMNS:,} columns")
    content = BytesIO()  # a few megabytes; the library cannot end a file whose disk is full
    with TemporaryDirectory(prefix="beehive-") as scratch:
        # Rows go to a temporary file: in memory, a large view takes over a gigabyte.
        workbook = Workbook(content, {"constant_memory": True, "tmpdir": scratch, "use_zip64": True})
        cells = _Cells(workbook)
        _fill_about(workbook.add_worksheet(_ABOUT), cells, about)
        _fill_rows(workbook.add_worksheet(name[:_MAX_NAME]), cells, found)
        try:
            workbook.close()
        except FileCreateError as error:
            refused: OSError = error.args[0]
            traceback.clear_frames(refused.__traceback__)  # ends the unfinished ZIP file, which else complains at exit
            raise refused from error
    target.write(content.getbuffer())


def _fill_about(sheet: Worksheet, cells: "_Cells", about: About) -> None:
    sheet.set_column(0, 1, _WIDTH * 1.5, cells.wrapped)
    sheet.set_column(2, 2, _WIDE, cells.wrapped)
    for number, values in enumerate(about):
        for column, value in enumerate(values):
            cells.write(sheet, number, column, value, cells.wrapped)


def _fill_rows(sheet: Worksheet, cells: "_Cells", found: Rows) -> None:
    sheet.set_column(0, max(len(found.columns) - 1, 0), _WIDTH)
    sheet.freeze_panes(1, 0)
    for column, title in enumerate(found.columns):
        cells.write(sheet, 0, column, title, cells.bold)
    number = 0
    for number, values in enumerate(found.rows, start=1):
        if number == MAX_ROWS:
            raise DoesNotFit(f"it has more than {MAX_ROWS - 1:,} rows")
        for column, value in enumerate(values):
            if not cells.write(sheet, number, column, value):
                raise DoesNotFit(
                    f"row {number:,} of the column {found.columns[column]} has a text of {len(str(value)):,} "
                    f"characters, and a cell holds {MAX_LENGTH:,}"
                )
    if found.columns:
        sheet.autofilter(0, 0, number, len(found.columns) - 1)


class _Cells:
    """Writes cells by the type of their values."""

    def __init__(self, workbook: Workbook) -> None:
        self.bold = workbook.add_format({"bold": True})
        self.wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        self._day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        self._time = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        # A text that somebody edits in Excel then does not become a formula either.
        self._quoted = workbook.add_format({"quote_prefix": True})

    def write(self, sheet: Worksheet, row: int, column: int, value: Any, style: Format | None = None) -> bool:
        """Write a value, NULL as no cell at all; return whether a cell can hold it."""
        if value is None:
            return True
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value, style)
        elif isinstance(value, int | float | Decimal) and _is_exact(value):
            sheet.write_number(row, column, value, style)
        elif isinstance(value, date) and _without_zone(value) is not None:
            sheet.write_datetime(
                row, column, _without_zone(value), self._time if isinstance(value, datetime) else self._day
            )
        else:
            return self._write_text(sheet, row, column, str(value), style)
        return True

    def _write_text(self, sheet: Worksheet, row: int, column: int, text: str, style: Format | None) -> bool:
        if text.startswith(("=", "+", "-", "@")):
            style = style or self._quoted
        if text.startswith("<r>") and text.endswith("</r>"):  # which write_string would take for markup
            return bool(sheet.write_rich_string(row, column, text[:1], self._quoted, text[1:]) == 0)
        return bool(sheet.write_string(row, column, text, style) == 0)


def _is_exact(number: float | Decimal) -> bool:
    """Return whether a cell shows a number as it is: it has 15 digits, and no infinity. Fractions are rounded."""
    return math.isfinite(number) and abs(number) < 10**_MAX_DIGITS


def _without_zone(value: date) -> date | None:
    """Return a day or time, in UTC, as Excel counts them; None for one before 1900-03-01."""
    if isinstance(value, datetime):
        value = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        return value if value.date() >= _FIRST_DAY else None
    return value if value >= _FIRST_DAY else None


def write_view(target: IO[bytes], reader: duckdb.DuckDBPyConnection, name: str) -> None:
    """Write a public view as a workbook.

    Args:
        target: file to write to.
        reader: connection to the build.
        name: name of the view.

    Raises:
        DoesNotFit: a sheet cannot hold the view.
        OSError: the file, or a temporary file, cannot be written.
    """
    about = about_view(reader, name)
    result = reader.execute(f"from main.{name}")
    fetched = iter(lambda: result.fetchmany(_FETCHED), [])
    rows = (row for some in fetched for row in some)
    write_workbook(target, name, Rows([column[0] for column in result.description or []], rows), about)


def about_view(reader: duckdb.DuckDBPyConnection, name: str) -> About:
    """Return what the first sheet says about a public view: its description, the build, and each column."""
    view, *columns = reader.execute(
        "select column_name, data_type, description from meta.dictionary "
        "where schema_name = 'main' and object_name = $1 order by column_position",
        [name],
    ).fetchall()
    return [("view", name, view[2]), *about_build(reader), (), ("column", "type", "meaning"), *columns]


def about_build(reader: duckdb.DuckDBPyConnection) -> About:
    """Return what the first sheet says about the build, its source and the licence."""
    (build,) = dicts(reader, "select build_id, built_at, source_state from meta.build")
    return [
        ("build", build["build_id"], f"built at {build['built_at']:%Y-%m-%d %H:%M:%S} UTC"),
        ("archive", None, f"state {build['source_state']}"),
        ("licence", None, f"{LICENCE['title']} ({LICENCE['path']})"),
    ]


def write_result(target: IO[bytes], found: Rows, sql: str, published: Path) -> None:
    """Write the rows of a query as a workbook.

    Args:
        target: file to write to.
        found: the rows.
        sql: the query, for the first sheet.
        published: the published file, which is still open, so that its build is that of the rows.

    Raises:
        Unusable: a sheet cannot hold the rows.
        OSError: the file, or a temporary file, cannot be written.
    """
    with open_published(published) as reader:
        build = about_build(reader)
    shown = sql if len(sql) <= MAX_LENGTH // 2 else "(longer than a cell)"
    try:
        write_workbook(target, _ROWS, found, [("query", None, shown), *build])
    except DoesNotFit as error:
        raise Unusable(
            f"The result does not fit into a workbook: {error}. Ask for less, or use --format csv."
        ) from error
