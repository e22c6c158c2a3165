"""Addresses of archives: which ones name a git repository, and how to show one without its credentials."""

import re
from pathlib import Path

from flows.errors import Unusable

SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*)://")
_TRANSPORT_HELPER = re.compile(r"^([A-Za-z0-9][A-Za-z0-9+.-]*)::")
SCP_LIKE = re.compile(r"^(?:[\w.-]+@)?[\w.-]+:")  # host:path, if no file of that name exists
_SCP_PASSWORD = re.compile(r"^([^/:@]+:[^/@]+)@(?=[^/:@]+:)")  # user:password@host:path
ALLOWED_TRANSPORTS = ("file", "https", "ssh")


def is_git(location: str) -> bool:
    """Return whether a location names a git repository: a URL, a folder or a bundle.

    Raises:
        Unusable: git would read the location as an option or run it as a command.
    """
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
            return file.read(3) == b"# v"  # the first line of a bundle is its version
    if _SCP_PASSWORD.match(location):
        raise Unusable(
            f"The source {redact(location)!r} was given with a password, which ssh does not take: use a key, or an "
            "https address."
        )
    return bool(SCP_LIKE.match(location))


def redact(location: str) -> str:
    """Return a location without user name and password, safe for logs, tables and lists of processes."""
    scheme, _, rest = split_credentials(location)
    return scheme + rest


def split_credentials(location: str) -> tuple[str, str, str]:
    """Return the scheme with its `://`, the credentials as `user:password`, and the rest of a location.

    Credentials end at the last @ of the host. If what follows the host's colon is not a port, it is the beginning of a
    password with a character that ends a host (/, ? or #), and the credentials end at the last @ of the location.
    """
    scheme = SCHEME.match(location)
    if scheme is None:
        mistaken = _SCP_PASSWORD.match(location)  # git takes it for a path on the host `user`
        return ("", mistaken[1], location[mistaken.end() :]) if mistaken else ("", "", location)
    after_scheme, start = location[scheme.end() :], scheme[0].lower()  # git knows transports in small letters
    if start == "file://":
        return "", "", start + after_scheme
    host = re.split(r"[/?#]", after_scheme, maxsplit=1)[0]
    if "@" in host:
        credentials = host.rpartition("@")[0]
        return start, credentials, after_scheme[len(credentials) + 1 :]
    if "@" in after_scheme and re.search(r":(?!\d*$)", host):
        credentials, _, rest = after_scheme.rpartition("@")
        return start, credentials, rest
    return start, "", after_scheme
