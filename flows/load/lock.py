"""Allow one writer of the warehouse at a time: a lock file that names its holder and is released when it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from flows.errors import Refused, Unusable


def is_running(warehouse: Path) -> bool:
    """Return whether a process holds the lock of a warehouse folder; another may have the number of a killed one."""
    if not (warehouse / "writer.txt").exists():  # then nobody is disturbed by a look at the lock, however short
        return False
    try:
        with (warehouse / "writer.lock").open(encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        return isinstance(error, BlockingIOError)
    return False


def has_schedule_died(warehouse: Path) -> bool:
    """Return whether `beehive schedule` was started for a warehouse folder and ended without being stopped."""
    try:
        with (warehouse / "prefect" / "schedule.lock").open(encoding="utf-8") as lock:
            if not lock.read().strip():  # stopped
                return False
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:  # never started, still running, or a folder of another user
        return False
    return True


@contextmanager
def writer_lock(warehouse: Path) -> Iterator[None]:
    """Hold the lock of a warehouse folder.

    Raises:
        Refused: another process holds the lock; the message names it.
        Unusable: the folder cannot be written.
    """
    owner = warehouse / "writer.txt"
    lock = FileLock(warehouse / "writer.lock", timeout=0)
    try:
        warehouse.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        who = owner.read_text(encoding="utf-8").strip() if owner.exists() else "another process"
        raise Refused(f"{warehouse} is being refreshed by {who}: wait for it to end, then run again.") from error
    except OSError as error:
        raise Unusable(f"{warehouse} cannot be written ({error.strerror}): check the folder and the disk.") from error
    try:
        with suppress(OSError):  # on a full disk the lock is held anyway, and the first stage reports the disk
            owner.write_text(
                f"process {os.getpid()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n", encoding="utf-8"
            )
        yield
    finally:
        with suppress(OSError):  # on a failing disk, so that the first error is reported
            owner.unlink(missing_ok=True)
        lock.release()
