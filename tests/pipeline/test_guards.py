"""Guards: each keeps the old build if too much has changed for the worse, says what it saw, and passes once if told."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from flows import stages
from flows.errors import Refused, Unusable
from flows.normalise.seeds import read_seeds
from flows.pipeline import refresh
from flows.run import Outcome
from flows.serve.status import read_status
from flows.settings import Settings
from tests.conftest import ALL_GUARDS, GitArchive, Lines, Refresh, release_path, release_text
from tests.pipeline.test_refresh import rows

YEARS = {2003: 30, 2004: 200}  # releases
RELEASES = [
    (year, number, f"{year}-{number % 12 + 1:02}-{number % 28 + 1:02}", f"release-{number}")
    for year, count in YEARS.items()
    for number in range(count)
]


@dataclass
class World:
    """An archive with an index of exact times, and its published warehouse."""

    archive: GitArchive
    index: Path
    run: Refresh
    warehouse: Path

    def fill(self) -> None:
        entries = []
        for year, number, date, slug in RELEASES:
            text = release_text(f"Release {number}", date, slug, body=f"The body of {number} in {year}.")
            self.archive.write(release_path(date, slug), text)
            if number % 3 == 0:
                url = f"https://www.beehive.govt.nz/release/{slug}"
                entries.append({"url": url, "date": f"{date}T03:00:00Z"})
        self.archive.commit()
        self.index.write_text(json.dumps(entries))

    @property
    def paths(self) -> list[Path]:
        return [self.archive.path / release_path(date, slug) for _, _, date, slug in RELEASES]

    def refresh(self, *allow: str, index: str | None = None, rebuild: bool = False) -> str:
        return self.run(self.archive.path, index=index or str(self.index), allow=allow, rebuild=rebuild).status

    def edit(self, change: Callable[[str], str], count: int) -> None:
        for path in self.paths[:count]:
            path.write_text(change(path.read_text()))

    def remove(self, first: int, last: int) -> None:
        for path in self.paths[first:last]:
            path.unlink()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what each test begins with: the archive, its index, and a warehouse of both."""
    folder = tmp_path_factory.mktemp("guards")

    def refresh_once(source: Path, *, index: str, **_settings: object) -> Outcome:
        settings = Settings(source=str(source), index=index, warehouse=folder / "made" / "warehouse", workers=1)
        return refresh(settings, Lines())

    world = World(GitArchive(folder / "now" / "archive"), folder / "now" / "index.json", refresh_once, folder)
    world.fill()
    world.refresh()
    shutil.copytree(folder / "now", folder / "made", dirs_exist_ok=True)
    return folder


@pytest.fixture
def world(made: Path, run: Refresh, tmp_path: Path) -> World:
    """A copy of what was made; archive and index are where they were, since a build records that."""
    now, warehouse = made / "now", tmp_path / "warehouse"
    shutil.rmtree(now)
    shutil.copytree(made / "made", now, ignore=shutil.ignore_patterns("warehouse"))
    shutil.copytree(made / "made" / "warehouse", warehouse, symlinks=True)
    return World(GitArchive(now / "archive"), now / "index.json", run, warehouse)


def block(text: str) -> str:
    """A page of an error in the place of the text."""
    return text[: text.index("\n---\n") + 5] + "\nYou have been blocked"


def forget_ministers(text: str) -> str:
    return text.replace("ministers:\n  - Helen Clark\n", "")


def shrink(world: World) -> None:
    """Six releases of a year and all exact days go, and 21 texts are edited."""
    world.edit(lambda text: text + " More.", 27)
    world.remove(0, 6)
    world.index.write_text("[]")


def lose(world: World, count: int) -> None:
    """The first releases lose their texts and their ministers."""
    world.edit(lambda text: forget_ministers(block(text)), count)


# Each guard stops the least that it is for, by itself: they are asked one by one, and a refusal names all that stop.
FAULTS: tuple[tuple[Callable[[World], object], dict[str, str]], ...] = (
    (
        shrink,
        {
            "releases_gone": "6 of 230 (all years)",
            "releases_gone_in_a_year": "6 of 30 (2003)",
            "releases_edited": "21 of 230 (all years)",
            "exact_days_lost": "77 of 77 (all years)",
        },
    ),
    (
        lambda world: lose(world, 8),
        {"texts_lost": "7 of 8 (changed releases)", "ministers_lost": "8 of 8 (changed releases)"},
    ),
)


@pytest.mark.slow
def test_an_archive_whose_pages_were_replaced_is_not_published(world: World) -> None:
    before = (world.warehouse / "beehive.duckdb").read_bytes()
    world.edit(lambda text: forget_ministers(block(text)), len(world.paths))
    world.archive.commit()
    with pytest.raises(Refused) as refused:
        world.refresh()
    for name, figures in (
        ("releases_edited", "230 of 230 (all years)"),
        ("texts_lost", "229 of 230 (changed releases)"),
        ("ministers_lost", "230 of 230 (changed releases)"),
    ):
        assert figures in str(refused.value)
        assert f"--allow {name}" in str(refused.value)
    assert (world.warehouse / "beehive.duckdb").read_bytes() == before
    assert "releases_edited" in read_status(Settings(warehouse=world.warehouse)).problems[0]


@pytest.mark.slow
def test_each_guard_stops_its_fault_also_when_the_published_file_is_missing(world: World) -> None:
    published = world.warehouse / "beehive.duckdb"
    index, first = world.index.read_text(), world.archive.git("rev-parse", "HEAD")
    for fault, figures in FAULTS:
        fault(world)
        world.archive.commit("a fault")
        with pytest.raises(Refused) as refused:
            world.refresh()
        for name, seen in figures.items():
            assert f"Seen: {seen}" in str(refused.value)
            assert f"--allow {name}" in str(refused.value)
        published.rename(aside := published.with_suffix(".aside"))
        if "texts_lost" in figures:  # what changed is not known without the file
            lose(world, len(world.paths))
            world.archive.commit("all of them")
        with pytest.raises(Refused) as refused:
            world.refresh()
        assert [name for name in figures if f"--allow {name}" not in str(refused.value)] == []
        aside.rename(published)
        world.archive.git("reset", "--quiet", "--hard", first)
        world.index.write_text(index)


@pytest.mark.slow
def test_edits_of_a_directory_are_counted_from_an_earlier_build_when_the_published_file_is_missing(
    world: World,
) -> None:
    folder = str(world.archive.path / "releases")
    refresh = partial(world.run, folder, index=str(world.index), allow=ALL_GUARDS)
    refresh(rebuild=True)
    world.edit(lambda text: f"{text} More.", 1)
    refresh()
    (world.warehouse / "beehive.duckdb").unlink()
    world.edit(lambda text: f"{text} And more.", 21)
    with pytest.raises(Refused, match=r"Seen: 21 of 230 \(all years\).*--allow releases_edited"):
        refresh(allow=())


@pytest.mark.slow
@pytest.mark.parametrize("keeps", ["directory", "rewritten history"])
def test_edits_that_nobody_can_count_are_not_published(world: World, keeps: str) -> None:
    source = str(world.archive.path / "releases") if keeps == "directory" else str(world.archive.path)
    refresh = partial(world.run, source, index=str(world.index), allow=ALL_GUARDS)
    if keeps == "directory":
        refresh(rebuild=True)
    (world.warehouse / "beehive.duckdb").unlink()
    shutil.rmtree(world.warehouse / "builds", ignore_errors=True)
    assert refresh(allow=()).status == "published", "the archive is in the published state"
    (world.warehouse / "beehive.duckdb").unlink()
    shutil.rmtree(world.warehouse / "builds", ignore_errors=True)
    world.edit(lambda text: f"{text} More.", 1)
    world.archive.git("add", "--all")
    world.archive.git("commit", "--quiet", "--amend", "--message", "another history")
    with pytest.raises(Refused, match=r"or may have been.*Seen: 230 of 230 \(all years\).*--allow releases_edited"):
        refresh(allow=())
    assert refresh(allow=frozenset({"releases_edited"})).status == "published"


@pytest.mark.slow
def test_a_folder_that_was_renamed_is_not_published(world: World) -> None:
    world.archive.git("mv", "releases", "articles")
    world.archive.commit()
    with pytest.raises(Refused, match=r"edited or renamed at once.* Seen: 230 of 230 \(all years\)"):
        world.refresh()


@pytest.mark.slow
def test_a_guard_sees_what_goes_little_by_little(world: World) -> None:
    for first in (0, 3):
        world.remove(first, first + 3)
        world.archive.commit()
        if not first:
            assert world.refresh() == "published"
    with pytest.raises(Refused, match=r"Seen: 6 of 30 \(2003\)"):
        world.refresh()
    assert world.refresh("releases_gone", "releases_gone_in_a_year") == "published"
    world.remove(6, 9)
    world.archive.commit()
    assert world.refresh() == "published"


@pytest.mark.slow
def test_few_exact_days_lost_are_published_but_not_healthy_until_they_are_accepted(world: World) -> None:
    world.index.write_text(json.dumps(json.loads(world.index.read_text())[1:]))
    assert world.refresh() == "published"
    (problem,) = read_status(Settings(warehouse=world.warehouse)).problems
    world.archive.commit("a new state")
    assert world.refresh() == "published"
    assert read_status(Settings(warehouse=world.warehouse)).problems == [problem]
    assert problem.startswith("1 of 77 exact days are gone")
    assert world.refresh("exact_days_lost", rebuild=True) == "published"
    status = read_status(Settings(warehouse=world.warehouse))
    assert (status.state, [one["guard_name"] for one in status.allowed]) == ("healthy", ["exact_days_lost"])


@pytest.mark.slow
def test_a_guard_sees_what_is_lost_also_when_the_record_is(world: World) -> None:
    (world.warehouse / "published.json").unlink()
    world.index.write_text("[]")
    with pytest.raises(Refused, match=r"Seen: 77 of 77 \(all years\)"):
        world.refresh()


@pytest.mark.slow
def test_a_guard_passes_once_and_the_build_says_so(world: World) -> None:
    world.remove(0, 6)
    world.archive.commit()
    with pytest.raises(Unusable, match="There is no guard 'releases_lost' to allow: the guards are credits_changed, "):
        world.refresh("releases_lost")
    assert world.refresh(*ALL_GUARDS) == "published"
    seen = rows(
        world.warehouse,
        "select guard_name, subject, seen_count, base_count, limit_count from meta.guard "
        "where not is_passed order by all",
    )
    assert seen == [
        ("releases_gone", "all years", 6, 230, 5),
        ("releases_gone_in_a_year", "2003", 6, 30, 5),
    ]
    world.remove(6, 12)
    world.archive.commit()
    with pytest.raises(Refused, match=r"Seen: 6 of 24 \(2003\)"):
        world.refresh()


@pytest.mark.slow
def test_a_seed_of_which_one_column_was_sorted_is_not_published(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = read_seeds()
    names = seeds["people"]["minister_name"].sort(descending=True)
    monkeypatch.setattr(stages, "read_seeds", lambda **_: {**seeds, "people": seeds["people"].with_columns(names)})
    world.archive.commit("a new state")
    with pytest.raises(Refused, match=r"other people or portfolios.* Seen: 230 of 230 \(unchanged releases\)"):
        world.refresh()


@pytest.mark.slow
def test_a_seed_that_was_cut_is_not_published(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = read_seeds()
    cut = {**seeds, "governments": seeds["governments"].head(3)}
    monkeypatch.setattr(stages, "read_seeds", lambda **_: cut)  # as if the file had been cut
    world.archive.commit("a new state")
    with pytest.raises(Refused, match=r"Seen: 2 of 5 \(governments\)"):
        world.refresh()
