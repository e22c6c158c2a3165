"""Exports: what is written is what the build holds, described for strangers, and replaced as a whole."""

import csv
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from flows.errors import Refused, Unusable
from flows.load import datapackage
from flows.load.parquet import LEFT_OUT
from flows.serve import export
from flows.settings import Settings
from tests.conftest import FirstBuild, GitArchive, Refresh, Twelve, release_path, release_text
from tests.pipeline.faults import runs
from tests.pipeline.test_processes import beehive

# Text that a spreadsheet, a CSV reader or a terminal may take for something else.
HOSTILE = ["=1+1", "@SUM(A1)", "-2", "+3", "#comment", "a,b", "semi;colon", "NULL", "\\N", "nan", "true", "2003-01-01",
           "' or 1=1 --", "\u202eright to left", "Ünïcödé ā", "<script>", "| pipe |", "`tick`"]  # fmt: skip
BODIES = [
    "",
    '"quoted"',
    "two\n\nparagraphs",
    "lone\rreturn",
    "crlf\r\nline",
    "\ttab",
    "#first",
    "\u2028separator",
    ",",
]
TYPES = {"string": "VARCHAR", "integer": "HUGEINT", "number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE",
         "datetime": "TIMESTAMP"}  # fmt: skip


def silent(done: int, total: int) -> None:
    pass


def package(folder: Path, name: str = "datapackage.json") -> dict[str, Any]:
    return json.loads((folder / name).read_text(encoding="utf-8"))


def paths(described: dict[str, Any]) -> set[str]:
    """The files of a descriptor."""
    return {
        path
        for one in described["resources"]
        for path in ([one["path"]] if isinstance(one["path"], str) else one["path"])
    }


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*/*.*")
    }


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A build of titles, names and bodies that look like something else."""
    folder = tmp_path_factory.mktemp("hostile")
    archive = Twelve(folder).copy()
    for number, text in enumerate(HOSTILE):
        title = text.replace("\\", "\\\\").replace('"', '\\"')
        archive.write(
            release_path("2003-01-02", f"hostile-{number}"),
            release_text(title, "2003-01-02", f"hostile-{number}", (json.dumps(f"Ann {text}"),), (json.dumps(text),)),
        )
    for number, body in enumerate(BODIES):
        text = release_text("A body", "2003-01-03", f"body-{number}", body=body)
        archive.write(release_path("2003-01-03", f"body-{number}"), text.encode())
    archive.commit()
    runs(archive.path, folder / "warehouse")
    return Settings(source=str(archive.path), warehouse=folder / "warehouse")


def differing(published: Path, folder: Path) -> list[str]:
    """The tables and views whose CSV, read by the types of the descriptor, has other rows than the build."""
    found = []
    with duckdb.connect(str(published), read_only=True) as reader:
        for resource in package(folder)["resources"]:
            types = {field["name"]: TYPES[field["type"]] for field in resource["schema"]["fields"]}
            columns = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
            # By way of text, since a FLOAT reads back as the DOUBLE that its shortest text means.
            cast = ", ".join(f'"{name}"::varchar::{kind}' for name, kind in types.items())
            read = (
                f"select * from read_csv('{folder / resource['path']}', columns = {{{columns}}}, auto_detect = false, "
                "header = true, delim = ',', quote = '\"', escape = '\"', nullstr = '', allow_quoted_nulls = false)"
            )
            built = f"select {cast} from {resource['name']}"
            for one, other in ((read, built), (built, read)):
                if reader.execute(f"({one}) except all ({other}) limit 1").fetchall():
                    found.append(resource["name"])
    return found


@pytest.mark.slow
def test_csv_reads_back_as_what_was_built(hostile: Settings, tmp_path: Path) -> None:
    export.export(hostile, tmp_path / "out", "csv", silent)
    assert differing(hostile.published, tmp_path / "out") == []
    with (tmp_path / "out/main/release_texts.csv").open(encoding="utf-8", newline="") as file:
        titles = {row["title"] for row in csv.DictReader(file, strict=True)}
    assert set(HOSTILE) - {"\u202eright to left"} <= titles
    assert (tmp_path / "out/main/releases.csv").read_bytes().startswith(b"release_id,title,")


def cell(value: Any) -> Any:
    """A value of the build or of a cell, as both can be compared: with 15 digits and milliseconds."""
    if isinstance(value, datetime):
        return (value + timedelta(microseconds=500)).isoformat(timespec="milliseconds")
    if isinstance(value, date):
        return f"{value}T00:00:00.000"
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return f"{value:.15g}"
    return unescape(value) if isinstance(value, str) else value


@pytest.mark.slow
def test_workbooks_read_back_as_what_was_built(hostile: Settings, tmp_path: Path) -> None:
    done = export.export(hostile, tmp_path / "out", "xlsx", silent)
    assert done.left_out == {}
    with duckdb.connect(str(hostile.published), read_only=True) as reader:
        views = reader.execute("select view_name from duckdb_views() where not internal").fetchall()
        assert {(path.stem,) for path in (tmp_path / "out/main").iterdir()} == set(views)
        for (name,) in views:
            sheet = openpyxl.load_workbook(tmp_path / f"out/main/{name}.xlsx", read_only=True).worksheets[1]
            found = [tuple(map(cell, row)) for row in sheet.iter_rows(min_row=2, values_only=True)]
            built = [tuple(map(cell, row)) for row in reader.execute(f"from main.{name}").fetchall()]
            assert sorted(found, key=repr) == sorted(built, key=repr), name


@pytest.mark.slow
def test_a_text_too_long_for_a_cell_is_named(archive: GitArchive, run: Refresh, tmp_path: Path) -> None:
    path = release_path("2003-01-02", "long")
    archive.write(path, release_text("A long one", "2003-01-02", "long", body="many words " * 3_000))
    archive.commit()
    run(archive.path)
    where = ("--warehouse", str(tmp_path / "warehouse"))
    done = beehive("export", str(tmp_path / "out"), "--format", "xlsx", *where)
    (said,) = [line for line in done.stdout.splitlines() if line.startswith("Left out")]
    assert "main.release_texts, because row " in said
    assert "has a text of 32,999 characters, and a cell holds 32,767. Use --format csv" in said
    assert not (tmp_path / "out/main/release_texts.xlsx").exists()
    described = package(tmp_path / "out")
    assert "main.release_texts" not in {one["name"] for one in described["resources"]}
    done = beehive("query", "--format", "xlsx", "from release_texts", *where)
    assert (done.returncode, done.stdout) == (2, "")
    assert "The result does not fit into a workbook: row " in done.stderr


@pytest.mark.slow
def test_a_query_becomes_a_workbook(sample: Settings, tmp_path: Path) -> None:
    with (tmp_path / "result.xlsx").open("wb") as file:
        words = ["query", "--format", "xlsx", "select release_id, nz_date from releases order by all"]
        command = [sys.executable, "-c", "from flows.cli import main; main()", *words]
        subprocess.run([*command, "--warehouse", str(sample.warehouse)], stdout=file, check=True)
    book = openpyxl.load_workbook(tmp_path / "result.xlsx")
    with duckdb.connect(str(sample.published), read_only=True) as reader:
        built = reader.execute("select release_id, nz_date from releases order by all").fetchall()
        ((build,),) = reader.execute("select build_id from meta.build").fetchall()
    header, *rows = book["rows"].iter_rows(values_only=True)
    assert header == ("release_id", "nz_date")
    assert [tuple(map(cell, row)) for row in rows] == [tuple(map(cell, row)) for row in built]
    assert [row[1] for row in book["about"].iter_rows(values_only=True) if row[0] == "build"] == [build]


@pytest.mark.slow
@pytest.mark.parametrize("words", [["query", "from mentions"], ["export", "out"]], ids=["query", "export"])
def test_a_workbook_that_cannot_be_written_is_one_sentence(sample: Settings, tmp_path: Path, words: list[str]) -> None:
    """Its temporary files are too large for a limit of 15 kB."""
    command = [sys.executable, "-c", "from flows.cli import main; main()", *words, "--format", "xlsx"]
    done = subprocess.run(
        ["sh", "-c", 'ulimit -f 30; exec "$@"', "sh", *command, "--warehouse", sample.warehouse],
        capture_output=True, text=True, check=False, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1), done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_the_sample_reads_back_too(sample: Settings, tmp_path: Path) -> None:
    export.export(sample, tmp_path / "out", "csv", silent)
    assert differing(sample.published, tmp_path / "out") == []


def test_the_descriptor_tells_what_is_there(sample: Settings, tmp_path: Path) -> None:
    export.export(sample, tmp_path / "out", "csv", silent)
    described = package(tmp_path / "out")
    with duckdb.connect(str(sample.published), read_only=True) as reader:
        names = reader.execute(
            "select distinct schema_name || '.' || table_name from duckdb_columns() where not internal"
        ).fetchall()
    assert {(one["name"],) for one in described["resources"]} == set(names) - {(f"core.{name}",) for name in LEFT_OUT}
    for resource in described["resources"]:
        content = (tmp_path / "out" / resource["path"]).read_bytes()
        assert (resource["bytes"], resource["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")
        header = next(csv.reader([content.decode().split("\r\n", 1)[0]]))
        assert header == [field["name"] for field in resource["schema"]["fields"]]
        assert all(field["description"] for field in resource["schema"]["fields"]), resource["name"]
    croissant = package(tmp_path / "out", "croissant.json")
    assert {one["contentUrl"]: one["sha256"] for one in croissant["distribution"]} == hashes(tmp_path / "out")
    assert {one["name"]: [field["name"] for field in one["field"]] for one in croissant["recordSet"]} == {
        one["name"]: [field["name"] for field in one["schema"]["fields"]] for one in described["resources"]
    }
    by_name = {one["name"]: one["schema"] for one in described["resources"]}
    assert by_name["core.bridge_release_minister"]["primaryKey"] == ["release_id", "position"]
    assert by_name["core.bridge_release_minister"]["foreignKeys"] == [
        {"fields": ["minister_id"], "reference": {"resource": "core.dim_minister", "fields": ["minister_id"]}},
        {"fields": ["party_id"], "reference": {"resource": "core.dim_party", "fields": ["party_id"]}},
        {"fields": ["release_id"], "reference": {"resource": "core.fact_release", "fields": ["release_id"]}},
    ]
    assert by_name["main.minister_activity"]["uniqueKeys"] == [["minister_id", "year"]]


@pytest.mark.slow
def test_publication_describes_its_parquet_in_the_same_words_each_time(
    archive: GitArchive, first_build: FirstBuild, run: Refresh, tmp_path: Path
) -> None:
    first_build(tmp_path / "warehouse")
    run(archive.path, "again", rebuild=True)
    parquet, again = tmp_path / "warehouse/parquet", tmp_path / "again/parquet"
    assert (parquet / "datapackage.json").read_bytes() == (again / "datapackage.json").read_bytes()
    described = package(parquet)
    assert paths(described) == {str(path.relative_to(parquet)) for path in parquet.rglob("*.parquet")}
    assert described["created"] == archive.git("log", "-1", "--format=%cd", "--date=format-local:%Y-%m-%dT%H:%M:%SZ")
    assert described["sources"][1]["version"] == archive.git("rev-parse", "HEAD")
    day, state = archive.git("log", "-1", "--format=%cd", "--date=format-local:%Y-%-m-%-d"), described["sources"][1]
    assert described["version"] == f"{day.replace('-', '.')}+{state['version'][:8]}"
    croissant = package(parquet, "croissant.json")
    found = {one["contentUrl"]: one["sha256"] for one in croissant["distribution"] if "contentUrl" in one}
    assert found == hashes(parquet)
    patterns = {one["includes"] for one in croissant["distribution"] if "includes" in one}
    assert patterns == {f"{Path(path).parent}/*.parquet" for path in paths(described) if path.count("/") == 2}
    assert (croissant["datePublished"], croissant["version"]) == (described["created"], described["version"])
    for name in ("datapackage.json", "croissant.json"):
        assert str(tmp_path) not in (parquet / name).read_text(encoding="utf-8")


def test_parquet_can_be_exported(sample: Settings, tmp_path: Path) -> None:
    done = export.export(sample, tmp_path / "out", "parquet", silent)
    assert done.file_count == len(package(tmp_path / "out")["resources"])
    exported, published = package(tmp_path / "out"), package(sample.parquet)
    for one in published["resources"]:
        one["path"] = f"{one['name'].replace('.', '/')}.parquet"
    assert exported == published


@pytest.mark.daily
def test_an_export_takes_the_place_of_an_earlier_one_whole(sample: Settings, tmp_path: Path) -> None:
    export.export(sample, tmp_path / "out", "parquet", silent)
    (tmp_path / ".out.export-building/left").mkdir(parents=True)  # by one that was killed at work
    (tmp_path / ".out.export-before").mkdir()  # and by one killed between its two renames
    export.export(sample, tmp_path / "out", "csv", silent)
    assert list((tmp_path / "out").rglob("*.parquet")) == []
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_no_export_wrote_is_left_alone(sample: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "thesis.txt").write_text("all of it")
    (folder / "datapackage.json").write_text('{"name": "another"}')
    (tmp_path / "link").symlink_to(tmp_path)
    for target in (folder, folder / "thesis.txt", tmp_path / "link", sample.parquet, sample.parquet.resolve()):
        with pytest.raises(Refused, match="name another"):
            export.export(sample, target, "csv", silent)
    assert (folder / "thesis.txt").read_text() == "all of it"
    parquet = tmp_path / "parquet-20260101T000000Z-0123abcd"  # of another warehouse
    parquet.mkdir()
    shutil.copy(sample.parquet / "datapackage.json", parquet)
    shutil.copy(sample.parquet / "datapackage.json", folder)
    for target, said in ((parquet, "name another"), (folder, "thesis.txt was not written by an export")):
        with pytest.raises(Refused, match=said):
            export.export(sample, target, "csv", silent)


@pytest.mark.slow
def test_an_export_that_fails_leaves_the_one_before(
    sample: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export.export(sample, tmp_path / "out", "csv", silent)
    before = package(tmp_path / "out")

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(datapackage, "write", fail)
    with pytest.raises(Unusable, match="No space left on device"):
        export.export(sample, tmp_path / "out", "csv", silent)
    assert package(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.slow
def test_two_exports_into_one_folder_do_not_mix(sample: Settings, tmp_path: Path) -> None:
    (tmp_path / ".out.export-building").mkdir()
    handle = os.open(tmp_path / ".out.export-building", os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(Refused, match="Another export"):
            export.export(sample, tmp_path / "out", "csv", silent)
    finally:
        os.close(handle)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [(["out", "--format", "xml"], 2, "choose one of csv, parquet, xlsx"), (["out"], 2, "run `beehive refresh` first")],
)
def test_an_error_is_one_sentence(tmp_path: Path, words: list[str], code: int, says: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from flows.cli import main; main()", "export", *words, "--warehouse", "nowhere"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == code
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
