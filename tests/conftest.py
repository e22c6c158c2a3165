"""Fixtures that several tiers share: the built sample, a git archive to edit, the real archive."""

import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import hypothesis
import pytest

from flows.load.star import empty_build
from flows.parse.text import spaced
from flows.paths import SAMPLE
from flows.pipeline import refresh
from flows.run import Outcome, StageName
from flows.settings import Settings

ROOT = Path(__file__).parent.parent
BUNDLE = ROOT.parent / "shared" / "archive" / "beehive-markdown.bundle"


def pytest_configure() -> None:
    """Lets tests press Ctrl-C, and properties take their time.

    A shell that starts pytest in the background has it, and what it starts, ignore Ctrl-C. And hypothesis would call a
    test unreliable that a busy machine held up for a fifth of a second.
    """
    hypothesis.settings.register_profile("project", deadline=None)
    hypothesis.settings.load_profile("project")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


class Lines:
    """A reporter that keeps what it is told."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def line(self, text: str) -> None:
        self.lines.append(text)

    def progress(self, name: StageName, done: int, total: int) -> None:
        self.lines.append(f"{name} {done}/{total}")


class GitArchive:
    """A real git repository of releases that a test edits and commits."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *words: str) -> str:
        identity = ["-c", "user.name=Archive", "-c", "user.email=archive@example.invalid", "-c", "commit.gpgsign=false"]
        done = subprocess.run(["git", *identity, *words], cwd=self.path, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def write(self, path: str, content: str | bytes) -> None:
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(self, message: str = "sync") -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")


def release_text(
    title: str = "A title",
    date: str = "2003-06-17",
    slug: str = "a-title",
    ministers: tuple[str, ...] = ("Helen Clark",),
    portfolios: tuple[str, ...] = ("Health",),
    body: str = "A body.",
) -> str:
    """A release as the archive writes one."""
    lines = ["---", f'title: "{title}"', f"date: {date}", f"url: https://www.beehive.govt.nz/release/{slug}"]
    for key, items in (("ministers", ministers), ("portfolios", portfolios)):
        lines += [f"{key}:", *(f"  - {item}" for item in items)] if items else []
    return "\n".join([*lines, "---", "", body])


def release_path(date: str, slug: str) -> str:
    return f"releases/{date[:4]}/{date[5:7]}/{date}-{slug}.md"


@pytest.fixture
def archive(tmp_path: Path) -> GitArchive:
    """An archive of twelve releases, one a month, so that a few can go without the guard minding."""
    archive = GitArchive(tmp_path / "archive")
    for month in range(1, 13):
        date = f"2003-{month:02}-17"
        archive.write(
            release_path(date, f"release-{month}"), release_text(f"Release {month}", date, f"release-{month}")
        )
    archive.commit()
    return archive


Refresh = Callable[..., Outcome]


@pytest.fixture
def run(tmp_path: Path) -> Refresh:
    """Refreshes the warehouse of this test: `run(source, **settings)`."""

    def refresh_warehouse(
        source: Path | str,
        warehouse: str = "warehouse",
        *,
        rebuild: bool = False,
        dry_run: bool = False,
        **settings: object,
    ) -> Outcome:
        values = {"source": str(source), "warehouse": tmp_path / warehouse, "workers": 1, **settings}
        return refresh(Settings(**values), Lines(), rebuild=rebuild, dry_run=dry_run)  # type: ignore[arg-type]

    return refresh_warehouse


@pytest.fixture(scope="session")
def empty() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty warehouse in memory; tests only ask it."""
    with empty_build() as connection:
        yield connection


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a warehouse that holds the sample; tests only read it."""
    settings = Settings(source=str(SAMPLE), warehouse=tmp_path_factory.mktemp("sample") / "warehouse", workers=1)
    refresh(settings, Lines())
    return settings


@pytest.fixture(scope="session")
def bundle() -> Path:
    """The real archive."""
    if not BUNDLE.exists():
        pytest.skip(f"the real archive is not at {BUNDLE.relative_to(ROOT.parent)}")
    return BUNDLE


def words(body: str) -> list[str]:
    """The words of a text."""
    return spaced(body).split()
