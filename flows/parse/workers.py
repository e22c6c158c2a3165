"""Call a function in worker processes, with what it is given and returns in order."""

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain
from multiprocessing import get_context, parent_process
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
_Waiting = deque[tuple[T, Future[R]]]


def map_in_workers(
    function: Callable[[T], R],
    groups: Iterable[T],
    workers: int,
    say: Callable[[str], object] = lambda _line: None,
) -> Iterator[R]:
    """Yield what a function returns for each group, in order. Hold no more than a few groups at a time.

    If a worker process is killed, as happens when memory is short, what it held is done again by half as many, and in
    the end by this process.

    Args:
        function: what to call; it is sent to the workers, so that it must be of a module.
        groups: what to call it with.
        workers: number of processes; one means this process. They are spawned: a fork in a process with threads
            (Prefect, DuckDB) can hang.
        say: told in a line that a worker was lost.
    """
    rest = iter(groups)
    waiting: _Waiting[T, R] = deque()
    while workers > 1:
        try:
            yield from _map(function, rest, workers, waiting)
        except BrokenProcessPool:
            rest = chain([group for group, _ in waiting], rest)
            workers //= 2
            others = f"{workers} worker processes go" if workers > 1 else "this process goes"
            say(f"a worker process was killed, perhaps because memory was short; {others} on")
        else:
            return
    yield from map(function, rest)


def _map(function: Callable[[T], R], groups: Iterator[T], workers: int, waiting: _Waiting[T, R]) -> Iterator[R]:
    """Yield the results in order; `waiting` holds the groups that were taken and whose results were not yet yielded."""
    waiting.clear()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_exit_with_parent) as pool:
        try:
            for group in groups:
                waiting.append((group, Future()))
                with _ctrl_c_delayed():
                    waiting[-1] = (group, pool.submit(function, group))
                if len(waiting) > 2 * workers:
                    yield _take_first(waiting)
            while waiting:
                yield _take_first(waiting)
        finally:
            pool.shutdown(cancel_futures=True)


def _take_first(waiting: _Waiting[T, R]) -> R:
    result = waiting[0][1].result()
    waiting.popleft()
    return result


@contextmanager
def _ctrl_c_delayed() -> Iterator[None]:
    """Delay Ctrl-C while workers start, and let the workers ignore it: this process ends them.

    Workers inherit the signal mask. The mask does not keep the signal from other threads of this process, through which
    Python would interrupt the start of a worker half-way. So a handler notes the signal, and it is raised afterwards.
    """
    if threading.current_thread() is not threading.main_thread():  # Ctrl-C interrupts only the main thread
        yield
        return
    pressed: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _frame: pressed.append(number))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        signal.signal(signal.SIGINT, handler)
        if pressed:
            signal.raise_signal(signal.SIGINT)


def _exit_with_parent() -> None:
    """Let this worker exit when the process that started it is killed; otherwise it would wait for ever."""

    def watch() -> None:
        parent = parent_process()
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
