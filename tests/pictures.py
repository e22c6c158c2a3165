"""Take the pictures of `beehive serve` in docs/images: `.venv/bin/python -m tests.pictures --warehouse DIR`.

Five pages, each in a window of a desktop and of a phone (375 pixels wide), with 32 colours, so that they are small.
Needs Chromium (tests/debian.txt) and a package index for Pillow.
"""

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.conftest import ROOT
from tests.web.browser import browse
from tests.web.conftest import start

PAGES = {
    "start": "/",
    "search": "/search?q=%22fast+track%22+housing",
    "release": "/releases/2003-06-17-nz-becomes-100th-member-iom",
    "minister": "/ministers/helen-clark",
    "portfolio": "/portfolios/health",
}
WINDOWS = {"": (1200, 900), "_phone": (375, 812)}
REDUCE = """import sys; from PIL import Image
for path in sys.argv[1:]:
    Image.open(path).convert("RGB").quantize(32, dither=Image.Dither.NONE).save(path, optimize=True)"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--warehouse", type=Path, required=True, help="of the whole archive; only read")
    parser.add_argument("--folder", type=Path, default=ROOT / "docs" / "images")
    given = parser.parse_args()
    pictures = []
    with tempfile.TemporaryDirectory() as folder:
        door = start(given.warehouse, Path(folder) / "serve.log")
        try:
            while not door.get("/health").json()["is_warm"]:
                time.sleep(0.5)
            with browse(Path(folder)) as browser:
                for name, path in PAGES.items():
                    for window, (width, height) in WINDOWS.items():
                        pictures.append(given.folder / f"serve_{name}{window}.png")
                        browser.open(f"http://127.0.0.1:{door.port}{path}", width, height)
                        browser.picture(pictures[-1])
        finally:
            door.stop(signal.SIGKILL)
    pillow = [sys.executable, "-m", "uv", "run", "--quiet", "--no-project", "--with", "pillow==13.0.0", "python"]
    subprocess.run([*pillow, "-c", REDUCE, *map(str, pictures)], check=True)
    for picture in pictures:
        sys.stdout.write(f"{picture.stat().st_size:>7,} bytes: {picture}\n")


if __name__ == "__main__":
    main()
