"""A real browser, driven by its own protocol: a driver is one more thing to fetch, in the version of the browser."""

import base64
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from websockets.sync.client import ClientConnection, connect

PROGRAM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)


class Browser:
    """A tab of a headless Chromium."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection, self._count = connection, 0

    def call(self, method: str, **params: Any) -> Any:
        self._count += 1
        self._connection.send(json.dumps({"id": self._count, "method": method, "params": params}))
        while (answer := json.loads(self._connection.recv())).get("id") != self._count:
            pass
        assert "error" not in answer, answer
        return answer["result"]

    def look(self, script: str) -> Any:
        """Return what an expression of JavaScript gives, also if it is a promise."""
        found = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def open(self, url: str, width: int = 1200, height: int = 900, scheme: str = "light") -> None:
        """Show a page, when it is loaded whole."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.call("Page.navigate", url=url)
        end = time.monotonic() + 30
        while self.look("document.readyState + location.href") != f"complete{url}":
            assert time.monotonic() < end, f"{url} was not loaded"
            time.sleep(0.05)

    def press_tab(self) -> None:
        for kind in ("rawKeyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)

    def picture(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))


@contextmanager
def browse(folder: Path) -> Iterator[Browser]:
    """Start a browser whose files are in a folder."""
    assert PROGRAM
    words = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]
    words += [f"--user-data-dir={folder}/profile", "--remote-debugging-port=0", "about:blank"]
    process = subprocess.Popen([PROGRAM, *words], stdout=subprocess.DEVNULL, stderr=(folder / "browser.log").open("w"))
    try:
        port = folder / "profile" / "DevToolsActivePort"
        end = time.monotonic() + 60
        while not (port.exists() and port.read_text()):
            assert process.poll() is None, (folder / "browser.log").read_text()
            assert time.monotonic() < end, (folder / "browser.log").read_text()
            time.sleep(0.1)
        with urlopen(f"http://127.0.0.1:{port.read_text().split()[0]}/json") as answer:
            (target,) = [one for one in json.load(answer) if one["type"] == "page"]
        with connect(target["webSocketDebuggerUrl"], max_size=None, open_timeout=60) as connection:
            yield Browser(connection)
    finally:
        process.terminate()
        process.wait()
