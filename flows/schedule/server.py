"""Whether a Prefect server is configured and answers, found out without importing Prefect."""

import http.client
import os
import tomllib
import urllib.error
import urllib.request
from pathlib import Path

HEARTBEAT_SECONDS = 30  # between two signs of life of a run; the least that Prefect allows


def configured() -> str | None:
    """The API address of the environment or of Prefect's active profile; None for its temporary server."""
    if address := os.environ.get("PREFECT_API_URL"):
        return address
    home = Path(os.environ.get("PREFECT_HOME", "~/.prefect")).expanduser()
    try:
        profiles = tomllib.loads((home / "profiles.toml").read_text(encoding="utf-8"))
    except (FileNotFoundError, tomllib.TOMLDecodeError):
        return None
    active = os.environ.get("PREFECT_PROFILE", profiles.get("active", ""))
    address = profiles.get("profiles", {}).get(active, {}).get("PREFECT_API_URL")
    return str(address) if address else None


def is_reachable(address: str, seconds: float = 3) -> bool:
    """Asks the server for its health; any answer but "healthy" counts as none."""
    if not address.startswith(("http://", "https://")):
        return False
    try:
        with urllib.request.urlopen(f"{address.rstrip('/')}/health", timeout=seconds) as answer:  # noqa: S310
            return bool(answer.status == 200)  # noqa: PLR2004
    except (OSError, http.client.HTTPException):  # nobody, nobody in time, or somebody who speaks no HTTP
        return False
