"""Workbooks and CSV in a real LibreOffice Calc, without a screen: what a person would see in the cells."""

import csv
import shutil
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import openpyxl
import pytest

from flows.serve.export import export
from flows.serve.query import Rows
from flows.serve.workbook import write_workbook
from flows.settings import Settings

pytestmark = pytest.mark.clients

# Of LibreOffice's filter for CSV: comma, quotes, UTF-8; of each sheet as it is shown.
_TO_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
_FROM_CSV = "--infilter=CSV:44,34,76,1"


def convert(folder: Path, file: Path, *words: str) -> None:
    """Open a file in LibreOffice and save it in another format in a folder."""
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not installed: its package in Debian is libreoffice-calc-nogui")
    program = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    done = subprocess.run(
        [*program, *words, "--outdir", folder, file], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr


def test_calc_shows_a_workbook_as_it_was_written(tmp_path: Path) -> None:
    rows = [
        ("0012", "=1+1", date(2017, 10, 26), datetime(2025, 12, 31, 7, 0, 1, tzinfo=UTC), 1234567.5, True),
        ("1e5", "Kia ora, Ōtautahi – “Māori”", date(1900, 3, 1), None, -2, False),
        ("2003-01-01", "@SUM(A1)", None, None, 0, None),
        ("+3", "<r>a\nb</r>", None, None, None, None),
    ]
    with (tmp_path / "book.xlsx").open("wb") as file:
        about = [("build", "20030617T000000Z-0123abcd", "built")]
        write_workbook(file, "view", Rows(["id", "title", "day", "at", "number", "flag"], rows), about)
    convert(tmp_path, tmp_path / "book.xlsx", "--convert-to", _TO_CSV)
    with (tmp_path / "book-view.csv").open(encoding="utf-8", newline="") as shown:
        assert list(csv.reader(shown)) == [
            ["id", "title", "day", "at", "number", "flag"],
            ["0012", "=1+1", "2017-10-26", "2025-12-31 07:00:01", "1234567.5", "TRUE"],
            ["1e5", "Kia ora, Ōtautahi – “Māori”", "1900-03-01", "", "-2", "FALSE"],
            ["2003-01-01", "@SUM(A1)", "", "", "0", ""],
            ["+3", "<r>a\nb</r>", "", "", "", ""],
        ]
    assert (tmp_path / "book-about.csv").read_text(encoding="utf-8").startswith("build,20030617T000000Z-0123abcd,built")


def test_calc_reads_dates_and_macrons_of_the_csv(sample: Settings, tmp_path: Path) -> None:
    export(sample, tmp_path / "out", "csv", lambda done, total: None)
    convert(tmp_path, tmp_path / "out/main/releases.csv", _FROM_CSV, "--convert-to", "xlsx")
    header, *rows = openpyxl.load_workbook(tmp_path / "releases.xlsx").active.iter_rows()
    position = {cell.value: number for number, cell in enumerate(header)}
    found = {row[0].value: (row[position["title"]].value, row[position["nz_date"]].value) for row in rows}
    with duckdb.connect(str(sample.published), read_only=True) as reader:
        built = reader.execute("select release_id, title, nz_date::timestamp from releases").fetchall()
    assert found == {release_id: (title, day) for release_id, title, day in built}
    assert any("ā" in (title or "") for title, _ in found.values())
