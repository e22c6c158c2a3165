"""Outputs that a person names: an earlier output is replaced in one step, anything else stays as it is."""

import os
from pathlib import Path
from zipfile import ZipFile

import duckdb
import pytest

from flows.errors import Refused, Unusable
from flows.serve import report, superset
from flows.serve.output import write_file

KINDS = [(report._is_report, "a report"), (superset._is_bundle, "a bundle")]


@pytest.mark.parametrize(("is_earlier", "what"), KINDS)
def test_nothing_but_an_earlier_output_is_replaced(tmp_path: Path, is_earlier, what: str) -> None:
    duckdb.connect(str(tmp_path / "beehive.duckdb")).close()
    (tmp_path / "writer.lock").touch()
    (tmp_path / "notes.html").write_text("<title>mine</title>")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("notes.html")
    (tmp_path / "nowhere").symlink_to("missing/file")
    os.mkfifo(tmp_path / "pipe")
    before = {path: path.lstat() for path in tmp_path.iterdir()}
    for path in (*sorted(before), Path("/dev/null")):
        with pytest.raises((Refused, Unusable), match=r"not replaced|there is no folder"):
            write_file(path, b"new", is_earlier, what)
    assert {path: path.lstat()[:7] for path in tmp_path.iterdir()} == {path: one[:7] for path, one in before.items()}


def bundle(path: Path) -> None:
    with ZipFile(path, "w") as archive:
        archive.writestr("beehive/metadata.yaml", "version: 1.0.0")


def test_an_earlier_output_is_replaced_also_behind_a_link(tmp_path: Path) -> None:
    bundle(tmp_path / "one.zip")
    (tmp_path / "link.zip").symlink_to("one.zip")
    write_file(tmp_path / "link.zip", b"new", superset._is_bundle, "a bundle")
    assert (tmp_path / "one.zip").read_bytes() == b"new"
    assert (tmp_path / "link.zip").is_symlink()


def test_a_full_disk_leaves_the_earlier_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    bundle(tmp_path / "one.zip")
    before = (tmp_path / "one.zip").read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unusable, match="No space left on device"):
        write_file(tmp_path / "one.zip", b"new", superset._is_bundle, "a bundle")
    assert (tmp_path / "one.zip").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["one.zip"]
