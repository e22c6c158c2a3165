"""The errors a user can meet. Each message says what happened, to which file or name, and what to do."""

import errno
import os
import re
from pathlib import Path


class BeehiveError(Exception):
    """Base of the errors that are shown without a traceback; any other exception is a bug in this program."""

    exit_code = 1


INTERRUPTED = 130  # the usual exit code after Ctrl-C


def is_interrupt(error: BaseException) -> bool:
    """Return whether an error is Ctrl-C, which DuckDB raises as a RuntimeError if it is working in the main thread."""
    return isinstance(error, KeyboardInterrupt) or (
        isinstance(error, RuntimeError) and str(error) == "Query interrupted"
    )


def is_short_of_memory(error: BaseException | None) -> bool:
    """Return whether DuckDB ran out of memory. A commit that does raises another class, so match the message too."""
    return type(error).__name__ == "OutOfMemoryException" or any(
        words in str(error) for words in ("failed to pin block", "failed to allocate data")
    )


class Refused(BeehiveError):
    """A guard or a check stopped the refresh; the published build is untouched."""


class Unusable(BeehiveError):
    """The source, a seed, a setting or the warehouse folder cannot be used as it is."""

    exit_code = 2


class Unreachable(Unusable):
    """The network or another machine failed, so that a retry may succeed."""


OUTPUT = "standard output"  # the file name in an error of writing the result of a command
_FULL_DISK = (errno.ENOSPC, errno.EDQUOT)
_SPACE = "free some space (a refresh of the whole archive needs about 500 MB), then run again"
# What a machine can refuse, by the number of the error: a sentence about a file or folder.
_REFUSALS = {
    errno.ENOSPC: f"The disk of {{}} is full: {_SPACE}",
    errno.EDQUOT: f"The quota on the disk of {{}} is used up: {_SPACE}",
    errno.EIO: "{} could not be read or written (input/output error): check the disk, then run again",
    errno.EROFS: "{} is on a read-only disk: make the disk writable or choose another folder, then run again",
    errno.EFBIG: "{} would become larger than a file may be: raise the limit (`ulimit -f unlimited`), then run again",
    errno.EMFILE: "{} cannot be opened, because too many files are open: raise the limit (`ulimit -n 1024`), then run "
    "again",
    errno.ENFILE: "{} cannot be opened, because the machine has too many open files: close other programs, then run "
    "again",
    errno.EACCES: "{} cannot be used: check its permissions, then run again",
    errno.EPERM: "{} cannot be used: check its permissions and its owner, then run again",
    errno.ENOENT: "{} cannot be used (No such file or directory): check that it exists, then run again",
    errno.EISDIR: "{} is a folder, but a file is needed there: move the folder away, then run again",
    errno.ENOTDIR: "{} cannot be reached, because a file is in the place of a folder: move the file away, then run "
    "again",
    errno.EEXIST: "{} is a file, but a folder is needed there: move the file away, then run again",
    errno.ENOMEM: "The machine has too little free memory: close other programs, then run again",
    errno.EAGAIN: "The machine cannot start another process or thread: raise the limit (`ulimit -u`), then run again",
}


def explain(error: BaseException, folder: Path | None = None) -> Unusable | None:
    """Return what the machine refused as an error with a sentence about the right thing; None if the error is a bug.

    Args:
        error: an OSError, an error of DuckDB that passes one on, or another sign of what a machine lacks.
        folder: the folder in which the failed work was done, for errors that name no file.
    """
    text = str(error)
    name, number = getattr(error, "filename", None), getattr(error, "errno", None)
    name = (isinstance(error, IsADirectoryError) and error.filename2) or name  # of a rename, what is in its way
    if isinstance(error, ModuleNotFoundError) and not str(error.name).startswith("flows"):
        return Unusable(f"The Python package {error.name} is missing: set up .venv again with `make warehouse`.")
    if type(error).__module__.endswith("duckdb") or isinstance(error, ImportError):
        name = found[1] if (found := re.search(r'"(/[^"]*?)\\?"', text)) else None
        said = text.replace("fsync failed", os.strerror(errno.EIO))  # of which DuckDB does not say why
        said = said.replace("database does not exist", os.strerror(errno.ENOENT))
        number = next((one for one in _REFUSALS if os.strerror(one) in said), None)
    elif isinstance(error, BeehiveError):  # git passes on why it failed
        number = next((one for one in _FULL_DISK if os.strerror(one) in text), None)
    elif isinstance(error, MemoryError):
        number = errno.ENOMEM
    elif isinstance(error, RuntimeError) and "start new thread" in text:
        number = errno.EAGAIN
    elif isinstance(error, FileNotFoundError) and "temporary directory" in text:
        return Unusable("No folder for temporary files can be written: set TMPDIR to one, then run again.")
    if name == "git":
        return Unusable("git is missing or not in PATH: install it, then run again.")
    if name == OUTPUT:
        return Unusable(f"The output could not be written ({os.strerror(number or 0)}): check where it goes.")
    is_inside = number in _FULL_DISK and folder is not None and folder in Path(str(name)).parents
    if folder and (is_inside or not Path(str(name)).is_absolute()):  # what deletes a folder names its files alone
        name = folder
    if number in _REFUSALS:
        return Unusable(_REFUSALS[number].format(name or folder or "a file") + ".")
    if is_short_of_memory(error):
        place = "".join(f" {note}" for note in getattr(error, "__notes__", ()))
        return Unusable(
            f"DuckDB ran out of memory{place} ({text.splitlines()[0]}): raise BEEHIVE_MEMORY_LIMIT, then run again."
        )
    if isinstance(error, OSError):
        reason = error.strerror or text
        return Unusable(
            f"{name or folder or 'A file'} cannot be used ({reason}): check that it exists, then run again."
        )
    return None
