"""Files and folders that a person names as output: nothing but an earlier output of the same command is replaced."""

import os
from collections.abc import Callable
from pathlib import Path

from flows.errors import Refused, Unusable


def refuse_to_overwrite(output: Path, is_earlier: Callable[[Path], bool], what: str) -> None:
    """Raise if something is at a path that is not an earlier output of the same command.

    Args:
        output: the file or folder to write or replace.
        is_earlier: returns whether what is there is such an output.
        what: what the command writes, such as `a report`.

    Raises:
        Refused: the message names the path.
    """
    if os.path.lexists(output) and not is_earlier(output):
        raise Refused(f"{output} is not {what} that this command wrote, so it is not replaced: name another path.")


def check_file(output: Path, is_earlier: Callable[[Path], bool], what: str) -> Path:
    """Return the file to write: of a link, the file that it names.

    Args:
        output: the file that a person named.
        is_earlier: returns whether a file is an earlier output of the same command; never asked about a device.
        what: what the command writes, such as `a report`.

    Raises:
        Refused: something else is there.
        Unusable: the folder is missing.
    """
    target = output.resolve()
    refuse_to_overwrite(target, lambda path: path.is_file() and is_earlier(path), what)
    if not target.parent.is_dir():
        raise Unusable(f"{output} cannot be written: there is no folder {target.parent}. Name an existing folder.")
    return target


def write_file(output: Path, content: bytes, is_earlier: Callable[[Path], bool], what: str) -> None:
    """Write a file in one step, so that nobody opens half of it and a full disk leaves the earlier one.

    The arguments are those of `check_file`.

    Raises:
        Refused: something else is there.
        Unusable: the folder is missing, or the file cannot be written.
    """
    target = check_file(output, is_earlier, what)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise Unusable(f"{output} cannot be written ({error.strerror}): check the folder and the disk.") from error
