"""Workbooks: what a reader of XLSX that others wrote finds in them, and what does not fit into a sheet."""

import io
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from flows.serve.query import Rows
from flows.serve.workbook import MAX_LENGTH, MAX_ROWS, DoesNotFit, write_workbook

WELLINGTON = timezone(timedelta(hours=13))
# What is written, and what a reader finds in the cell.
VALUES: list[tuple[Any, Any]] = [
    (date(2017, 10, 26), "2017-10-26 00:00:00"),
    (date(1900, 3, 1), "1900-03-01 00:00:00"),
    (datetime(2025, 12, 31, 20, tzinfo=WELLINGTON), "2025-12-31 07:00:00"),
    (datetime(2025, 12, 31, 7, 0, 1, tzinfo=UTC).replace(tzinfo=None), "2025-12-31 07:00:01"),
    (date(1, 1, 1), "0001-01-01"),  # Excel has no such day
    (date(1900, 2, 28), "1900-02-28"),  # and believes that 1900 was a leap year
    (True, True),
    (0, 0),
    (-12.5, -12.5),
    (Decimal("1234567.89"), 1234567.89),
    (123_456_789_012_345, 123_456_789_012_345),
    (1_234_567_890_123_456, "1234567890123456"),  # a cell holds 15 digits
    (float("inf"), "inf"),
    (float("nan"), "nan"),
    (None, None),
    ([1, 2], "[1, 2]"),
]
TEXTS = ["=1+1", "+3", "-2", "@SUM(A1)", '=HYPERLINK("https://example.invalid")', "{=1}", "0012", "2003-01-01", "1e5",
         "TRUE", "https://www.beehive.govt.nz/release/x", "mailto:a@example.invalid", "Māori ŪĪ – 𝛑", " both ends ",
         "two\nlines", "<r>bold</r>", "<r><t>a</t></r>", "&amp; <b>", "x" * MAX_LENGTH]  # fmt: skip


def written(found: Rows, about: list[tuple[Any, ...]] | None = None) -> openpyxl.Workbook:
    file = io.BytesIO()
    write_workbook(file, "rows", found, about or [])
    return openpyxl.load_workbook(file)


def test_a_value_keeps_its_type() -> None:
    sheet = written(Rows(["one"], [(value,) for value, _ in VALUES]))["rows"]
    cells = [sheet.cell(number, 1) for number in range(2, len(VALUES) + 2)]
    values = [str(cell.value) if cell.is_date else cell.value for cell in cells]
    assert [(value, type(value)) for value in values] == [(found, type(found)) for _, found in VALUES]
    assert [cell.number_format for cell in cells[:4]] == ["yyyy-mm-dd"] * 2 + ["yyyy-mm-dd hh:mm:ss"] * 2


def test_a_text_is_a_text_whatever_it_looks_like() -> None:
    """The library by itself would make formulas, links and markup of some of them."""
    sheet = written(Rows(["one"], [(text,) for text in TEXTS]))["rows"]
    cells = [sheet.cell(number, 1) for number in range(2, len(TEXTS) + 2)]
    assert [cell.value for cell in cells] == TEXTS
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    assert not any(cell.hyperlink for cell in cells)
    assert [cell.quotePrefix for cell in cells[:5]] == [True] * 5  # no formula either when somebody edits the cell


def test_the_header_stays_in_view_and_filters() -> None:
    book = written(Rows(["one", "=two"], [(1, 2), (3, 4)]), [("view", None, "What it is"), (), ("one", "INTEGER")])
    assert book.sheetnames == ["about", "rows"]
    sheet = book["rows"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:B3")
    assert [cell.value for cell in sheet[1]] == ["one", "=two"]
    assert [cell.value for cell in book["about"][1]] == ["view", None, "What it is"]


def test_a_long_name_becomes_a_shorter_one() -> None:
    file = io.BytesIO()
    write_workbook(file, "a_view_with_a_name_of_more_than_31_letters", Rows(["one"], []), [])
    assert openpyxl.load_workbook(file).sheetnames == ["about", "a_view_with_a_name_of_more_than"]


@pytest.mark.parametrize("found", [Rows(["one"], []), Rows([], [])], ids=["no rows", "no columns"])
def test_nothing_is_a_valid_workbook(found: Rows) -> None:
    assert written(found)["rows"].max_row == 1


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (Rows(["one", "two"], [(1, ""), (2, "x" * (MAX_LENGTH + 1))]), "row 2 of the column two has a text of 32,768"),
        (Rows(["one"], [("𝛑" * (MAX_LENGTH // 2 + 1),)]), "row 1 of the column one"),  # two units each
        (Rows(["x"] * 16_385, []), "more than 16,384 columns"),
        pytest.param(Rows(["one"], [(None,)] * MAX_ROWS), "more than 1,048,575 rows", marks=pytest.mark.slow),
    ],
    ids=["a long text", "a long text of wide characters", "many columns", "many rows"],
)  # fmt: skip
def test_what_does_not_fit_is_an_error(found: Rows, reason: str) -> None:
    with pytest.raises(DoesNotFit, match=reason):
        write_workbook(io.BytesIO(), "rows", found, [])


@pytest.mark.slow
def test_the_last_row_of_a_sheet_can_be_used() -> None:
    sheet = written(Rows(["one"], [(None,)] * (MAX_ROWS - 2) + [("last",)]))["rows"]
    assert sheet.cell(1_048_576, 1).value == "last"
