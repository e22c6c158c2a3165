"""The choice of a source: a git repository or a directory.

Both list and read every file without judging its content; the stages after extract do that. Both identify content by
git's blob hash, so a file read from a directory is recognised when it comes from a repository.
"""

from pathlib import Path

from flows.errors import Unusable
from flows.extract.address import is_git, redact
from flows.extract.directory import DirectorySource
from flows.extract.git import GitSource
from flows.extract.model import Source


def open_source(location: str, warehouse: Path, ref: str | None = None) -> Source:
    """Return the source that a location names: a git repository (URL, path, bundle) or a directory.

    Raises:
        Unusable: the location is neither, or names a git transport other than file, https and ssh.
    """
    try:
        if is_git(location):
            return GitSource(location, warehouse / "archives", ref)
        path = Path(location).expanduser()
        exists = path.exists()
    except (OSError, RuntimeError, ValueError) as error:  # too long, an unknown user, a zero byte
        raise Unusable(f"The source {redact(location)[:200]!r} is not a path or URL ({error}): correct it.") from error
    if not exists:
        raise Unusable(f"There is no archive at {location}: give a directory, a git repository or a bundle.")
    if not path.is_dir():
        raise Unusable(f"{location} is a file but not a git bundle: give a directory, a git repository or a bundle.")
    if ref is not None:
        raise Unusable(f"--ref {ref} needs a git repository, and {location} is a plain directory.")
    return DirectorySource(path, warehouse)
