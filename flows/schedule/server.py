"""The configured Prefect server: its address, and whether it answers. Prefect is not imported, which takes seconds."""

import http.client
import os
import tomllib
import urllib.error
import urllib.request
from pathlib import Path

HEARTBEAT_SECONDS = 30  # between two heartbeats of a run; Prefect's minimum


def configured() -> str | None:
    """Return the API address from the environment or Prefect's active profile, or None if neither has one."""
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
    """Return whether the server reports itself as healthy within some seconds."""
    if not address.startswith(("http://", "https://")):
        return False
    try:
        with urllib.request.urlopen(f"{address.rstrip('/')}/health", timeout=seconds) as answer:  # noqa: S310
            return bool(answer.status == 200)  # noqa: PLR2004
    except (OSError, http.client.HTTPException):  # no server, no answer in time, or not HTTP
        return False
