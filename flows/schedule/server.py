"""The configured Prefect server: its address, and whether it can be used, without the seconds of importing Prefect."""

import base64
import json
import os
import tomllib
from pathlib import Path
from urllib.parse import unquote

from flows.extract.address import split_credentials

HEARTBEAT_SECONDS = 30  # between two heartbeats of a run; Prefect's minimum
_ANSWER_BYTES = 1000  # read of an answer at most; a Prefect server answers with fewer
_REFUSED = {401, 403}


def configured() -> str | None:
    """Return the API address from the environment or Prefect's active profile, or None if neither has one.

    Credentials in the address move to the environment (PREFECT_API_AUTH_STRING, where they mean the same), because
    Prefect prints the address in logs and links.
    """
    address = _setting("PREFECT_API_URL")
    if not address:
        return None
    scheme, credentials, rest = split_credentials(address)
    if credentials:
        os.environ.setdefault("PREFECT_API_AUTH_STRING", unquote(credentials))
        os.environ["PREFECT_API_URL"] = scheme + rest
    return scheme + rest


def fault(address: str, seconds: float = 10) -> str | None:
    """Return why the server cannot be used, worded to follow its address in a sentence; None if it can be used.

    Args:
        address: of its API, such as `http://127.0.0.1:4200/api`.
        seconds: to wait for each of two answers.
    """
    import http.client  # noqa: PLC0415 (loads ssl, which most runs without a server do not need)
    import urllib.error  # noqa: PLC0415

    try:
        if _get(f"{address}/health", seconds) is not True:
            return "is not a Prefect server"
        _get(f"{address}/admin/version", seconds)  # unlike the first question, this one needs credentials
    except urllib.error.HTTPError as error:
        if error.code in _REFUSED:
            return "refuses this client (set PREFECT_API_AUTH_STRING to the server's user:password)"
        return None if error.url.endswith("/admin/version") else "is not a Prefect server"
    except (OSError, http.client.HTTPException):
        return "does not answer"
    except ValueError:  # an answer that is not JSON, or an address that is none
        return "is not a Prefect server"
    return None


def _get(url: str, seconds: float) -> object:
    """Return the JSON that a server answers."""
    import urllib.request  # noqa: PLC0415 (as above)

    if not url.startswith(("http://", "https://")):
        raise ValueError(url)
    headers = {}
    if credentials := _setting("PREFECT_API_AUTH_STRING"):
        headers["Authorization"] = f"Basic {base64.b64encode(credentials.encode()).decode()}"
    elif key := _setting("PREFECT_API_KEY"):
        headers["Authorization"] = f"Bearer {key}"
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 (checked above)
    with urllib.request.urlopen(request, timeout=seconds) as answer:  # noqa: S310
        return json.loads(answer.read1(_ANSWER_BYTES))


def _setting(name: str) -> str | None:
    """Return a setting of Prefect from the environment or the active profile; None too if no profile can be read."""
    if value := os.environ.get(name):
        return value
    try:
        home = Path(os.environ.get("PREFECT_HOME", "~/.prefect")).expanduser()
        profiles = tomllib.loads((home / "profiles.toml").read_text(encoding="utf-8"))
        value = profiles["profiles"][os.environ.get("PREFECT_PROFILE") or profiles["active"]][name]
    except (OSError, ValueError, RuntimeError, LookupError, TypeError):  # no file, not TOML, no home, other contents
        return None
    return str(value)
