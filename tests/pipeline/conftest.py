"""What the tests of faults and of processes share: an archive, and a warehouse that is one commit behind."""

from pathlib import Path

import pytest

from tests.conftest import GitArchive, Once, release_path, release_text
from tests.pipeline.faults import World, published, releases_of, runs


@pytest.fixture(scope="session")
def world(once: Once) -> World:
    def make(folder: Path) -> None:
        archive = GitArchive(folder / "archive")
        for month in range(1, 13):
            date = f"2003-{month:02}-17"
            archive.write(
                release_path(date, f"release-{month}"), release_text(f"Release {month}", date, f"release-{month}")
            )
        archive.commit()
        runs(archive.path, folder / "before")
        archive.write(release_path("2004-01-01", "new"), release_text("New", "2004-01-01", "new"))
        archive.write(release_path("2004-01-02", "newer"), release_text("Newer", "2004-01-02", "newer"))
        archive.write(release_path("2003-06-17", "release-6"), release_text("Edited", "2003-06-17", "release-6"))
        (archive.path / release_path("2003-05-17", "release-5")).unlink()
        archive.commit()
        runs(archive.path, folder / "after")

    folder = once("faults", make)
    old = published(folder / "before")
    assert old is not None and old[1] == 12
    return World(folder / "archive", folder / "before", releases_of(folder / "after"), old)
