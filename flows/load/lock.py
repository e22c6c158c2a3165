"""Allow one writer of the warehouse at a time: a lock file that names its holder and is released when it ends."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from flows.errors import Refused, Unusable


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
        owner.unlink(missing_ok=True)
        lock.release()
