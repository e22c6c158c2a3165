"""What the archive holds: the files of one pinned state, and their bytes.

Extraction passes everything through: it lists every file with its content hash and reads it, and leaves
all judgement of the content to the stages after it. Both kinds of source name content by git's blob hash,
so a file that was read from a directory is known again when it comes from a repository.
"""

from pathlib import Path

from flows.errors import Unusable
from flows.extract.address import is_git, redact
from flows.extract.directory import DirectorySource
from flows.extract.git import GitSource
from flows.extract.model import Source


def open_source(location: str, warehouse: Path, ref: str | None = None) -> Source:
    """Gives the source that `location` means: a git repository (URL, path, bundle) or a directory.

    Raises:
        Unusable: the location is neither, or names a git transport other than file, https and ssh.
    """
    try:
        if is_git(location):
            return GitSource(location, warehouse / "archives", ref)
        path = Path(location).expanduser()
        is_there = path.exists()
    except (OSError, RuntimeError, ValueError) as error:  # too long, no such user, a zero byte
        raise Unusable(f"The source {redact(location)[:200]!r} cannot be a path or URL ({error}): check it.") from error
    if not is_there:
        raise Unusable(f"There is no archive at {location}: give a directory, a git repository or a bundle.")
    if not path.is_dir():
        raise Unusable(f"{location} is a file but no git bundle: give a directory, a git repository or a bundle.")
    if ref is not None:
        raise Unusable(f"--ref {ref} needs a git repository, and {location} is a plain directory.")
    return DirectorySource(path)


# ---------------------------------------------------------------------------------------------- git


# ---------------------------------------------------------------------------------------- directory
