"""Addresses of archives: which of them mean a git repository, and how to show one without its credentials."""

import re
from pathlib import Path

from flows.errors import Unusable

SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*)://")
_TRANSPORT_HELPER = re.compile(r"^([A-Za-z0-9][A-Za-z0-9+.-]*)::")
SCP_LIKE = re.compile(r"^[\w.-]+@[\w.-]+:")
ALLOWED_TRANSPORTS = ("file", "https", "ssh")


def is_git(location: str) -> bool:
    """Tells whether a location means a git repository; refuses what git would run as a command."""
    if location.startswith("-"):
        raise Unusable(f"The source {location!r} looks like an option: give a path or a URL.")
    scheme = SCHEME.match(location) or _TRANSPORT_HELPER.match(location)
    if scheme:
        if scheme[1].lower() not in ALLOWED_TRANSPORTS or scheme.re is _TRANSPORT_HELPER:
            raise Unusable(
                f"The source {redact(location)!r} uses the git transport {scheme[1]!r}: "
                f"only {', '.join(ALLOWED_TRANSPORTS)} and local paths are allowed."
            )
        return True
    path = Path(location).expanduser()
    if path.is_dir():
        return (path / ".git").exists() or all((path / name).exists() for name in ("HEAD", "objects", "refs"))
    if path.is_file():
        with path.open("rb") as file:
            return file.read(16).startswith(b"# v") and path.stat().st_size > 0
    return bool(SCP_LIKE.match(location))


def redact(location: str) -> str:
    """A source without user name and password, so that none reaches a log, a table or a list of processes."""
    scheme, _, rest = split_credentials(location)
    return scheme + rest


def split_credentials(location: str) -> tuple[str, str, str]:
    """Scheme, credentials and all that stands behind them.

    They end at the last @ of the host; or at the last one of all, where what stands for the port is none, but a
    password that holds a character which ends a host.
    """
    scheme = SCHEME.match(location)
    if scheme is None or scheme[1].lower() == "file":
        return "", "", location
    behind = location[scheme.end() :]
    host = re.split(r"[/?#]", behind, maxsplit=1)[0]
    if "@" in host:
        credentials = host.rpartition("@")[0]
        return scheme[0], credentials, behind[len(credentials) + 1 :]
    if "@" in behind and re.search(r":(?!\d*$)", host):
        credentials, _, rest = behind.rpartition("@")
        return scheme[0], credentials, rest
    return scheme[0], "", behind
