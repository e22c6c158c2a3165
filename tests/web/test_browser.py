"""The pages in a real browser: axe-core finds nothing serious, nothing overflows, the keyboard reaches all links."""

import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Once
from tests.web.browser import PROGRAM, Browser, browse
from tests.web.conftest import Door

pytestmark = [
    pytest.mark.clients,
    pytest.mark.skipif(not (PROGRAM and shutil.which("npm")), reason="Chromium or npm is missing (tests/debian.txt)"),
]

AXE = "axe-core@4.14.1"
PAGES = [
    "/",
    "/search?q=health&party=labour",
    "/releases/2003-06-17-nz-becomes-100th-member-iom",
    "/dictionary/releases",
    "/ministers",
    "/ministers/hinewai-castellane",
    "/ministers/hinewai-castellane/quotes",
    "/portfolios/education",
    "/days/2003-06-17",
    "/views/portfolio_holders",
    "/nix",
]
WIDTHS = [1200, 320]
SERIOUS = """axe.run().then(found => found.violations
    .filter(one => ["serious", "critical"].includes(one.impact))
    .map(one => [one.id, one.nodes.map(node => node.html)]))"""
# What is wider than the window, and is not inside an element that scrolls by itself.
WIDE = """[...document.querySelectorAll("body *")].filter(one =>
    one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".scroll, pre, .hidden, .skip")
).map(one => one.outerHTML.slice(0, 200))"""
REACHABLE = """[...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, summary, [tabindex='0']")]
    .filter(one => one.checkVisibility()).length"""


@pytest.fixture(scope="module")
def axe(once: Once) -> str:
    def make(folder: Path) -> None:
        folder.mkdir()
        done = subprocess.run(["npm", "pack", AXE], cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        (packed,) = folder.glob("*.tgz")
        with tarfile.open(packed) as archive:
            archive.extract("package/axe.min.js", folder, filter="data")

    return (once("axe", make) / "package" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browse(tmp_path_factory.mktemp("browser")) as one:
        yield one


@pytest.mark.parametrize("path", PAGES)
def test_a_page_can_be_used_by_everybody(browser: Browser, axe: str, door: Door, path: str) -> None:
    for width in WIDTHS:
        for scheme in ("light", "dark"):
            browser.open(f"http://127.0.0.1:{door.port}{path}", width, scheme=scheme)
            browser.look(f"{axe}; 1")
            assert browser.look(SERIOUS) == [], (width, scheme)
        assert browser.look("document.documentElement.scrollWidth <= innerWidth"), width
        assert browser.look(WIDE) == [], width


@pytest.mark.parametrize("path", PAGES[:3])
def test_the_keyboard_reaches_everything_and_begins_with_the_content(browser: Browser, door: Door, path: str) -> None:
    browser.open(f"http://127.0.0.1:{door.port}{path}")
    browser.look("window.reached = new Set(); 1")
    count = browser.look(REACHABLE)
    for number in range(count + 8):  # a field of a day has parts
        browser.press_tab()
        browser.look("reached.add(document.activeElement); 1")
        if number == 0:
            assert browser.look("document.activeElement.className") == "skip"
            assert browser.look("document.activeElement.getBoundingClientRect().left >= 0")
    assert browser.look("[...reached].filter(one => one !== document.body).length") == count


def test_nothing_is_asked_of_another_host_and_nothing_is_stored(browser: Browser, door: Door) -> None:
    for path in PAGES:
        browser.open(f"http://127.0.0.1:{door.port}{path}")
        loaded = browser.look("performance.getEntriesByType('resource').map(one => one.name)")
        assert all(name.startswith(f"http://127.0.0.1:{door.port}/static/") for name in loaded)
        assert browser.look("document.cookie.length + localStorage.length") == 0
