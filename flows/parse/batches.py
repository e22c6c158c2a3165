"""Parse files in batches and return the rows that staging stores: the parsed fields and the measures of the text.

A batch is parsed in a worker process and returned as Arrow columns: to pickle its releases one by one would take as
long as to parse them.
"""

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, fields
from itertools import chain
from multiprocessing import get_context, parent_process
from typing import Any

import pyarrow as pa

from flows.extract.model import Content
from flows.parse import facts, text
from flows.parse.counting import Counting
from flows.parse.money import find_money
from flows.parse.release import COLUMNS, PARSER_VERSION, Rejection, Release, parse
from flows.parse.terms import find_hyphenated

# Arrow's default memory pool keeps 40 MB that it does not use in each process.
pa.set_memory_pool(pa.system_memory_pool())

_MAX_BATCH_BYTES = 4_000_000  # a batch of the archive has 0.8 million

_FACT_NAMES = [field.name for field in fields(facts.Facts)]
_AMOUNT = pa.struct(
    {
        "printed": pa.string(),
        "amount": pa.decimal128(18, 2),
        "currency": pa.string(),
        "kind": pa.string(),
        "is_commitment": pa.bool_(),
        "period": pa.string(),
        "doubt": pa.string(),
        "sentence_place": pa.int32(),
        "sentence_length": pa.int32(),
    }
)
RELEASES = pa.schema(
    {
        **COLUMNS,
        "parser_version": pa.string(),
        "word_count": pa.int32(),  # runs of letters, digits and underscores in the cleaned body
        "cleaned_body": pa.string(),  # null where clean_simply() of the body is enough
        "text_key": pa.string(),  # equal for cleaned bodies of the same letters and digits; null where there are none
        "text_sketch": pa.list_(pa.uint32()),  # min-hash of the body; null for short texts
        "term_ids": pa.list_(pa.int32()),  # the distinct terms of title and body
        "term_body_counts": pa.list_(pa.uint8()),  # uses of each term in the body, at most 255
        "term_title_counts": pa.list_(pa.uint8()),  # uses of each term in the title, at most 255
        **dict.fromkeys((*_FACT_NAMES, *facts.COUNT_NAMES), pa.int32()),
        "amounts": pa.list_(_AMOUNT),
    }
)
REJECTIONS = pa.schema(dict.fromkeys(("path", "blob", "parser_version", "reason", "message"), pa.string()))


@dataclass(frozen=True, slots=True)
class Batch:
    """Some parsed files."""

    releases: pa.RecordBatch  # schema RELEASES
    terms: list[str]  # `term_ids` of the releases are indices into this list
    rejections: pa.RecordBatch  # schema REJECTIONS

    def __len__(self) -> int:
        """Return the number of files."""
        return len(self.releases) + len(self.rejections)


def parse_batch(contents: Iterable[Content]) -> Batch:
    """Parse some contents."""
    return make_batch([parse(*content) for content in contents])


def make_batch(items: Iterable[Release | Rejection]) -> Batch:
    """Measure the texts of parsed releases; return their rows and those of the rejections."""
    releases: list[Release] = []
    rejections: list[Rejection] = []
    for item in items:
        if isinstance(item, Release):
            releases.append(item)
        else:
            rejections.append(item)
    measures, terms = _measure_texts(releases) if releases else ({}, [])
    return Batch(_make_rows(RELEASES, releases, measures), terms, _make_rows(REJECTIONS, rejections, {}))


def _measure_texts(releases: list[Release]) -> tuple[dict[str, Any], list[str]]:
    """Return the measures of the releases' texts as columns, and the terms to which `term_ids` refers."""
    counting = Counting()
    rows = []
    for release in releases:
        cleaned = release.cleaned_body
        words = text.keep_words(cleaned)
        without_addresses, addresses = facts.split_addresses(cleaned)
        counting.add(release.title, words, addresses, find_hyphenated(without_addresses))
        measures = facts.measure(without_addresses)
        stored = None if cleaned == text.clean_simply(release.body) else cleaned
        amounts = [money._asdict() for money in find_money(cleaned, release.title)]
        rows.append((stored, text.make_text_key(words), amounts, *(getattr(measures, name) for name in _FACT_NAMES)))
    names = ("cleaned_body", "text_key", "amounts", *_FACT_NAMES)
    columns: dict[str, Any] = dict(zip(names, zip(*rows, strict=True), strict=True))
    counts, terms = counting.columns()
    return columns | counts, terms


def _make_rows(schema: pa.Schema, items: list[Any], columns: dict[str, Any]) -> pa.RecordBatch:
    """Return the rows of a schema; a column that is not given comes from the items' field of that name."""
    columns["parser_version"] = [PARSER_VERSION] * len(items)
    return pa.record_batch(
        [columns[name] if name in columns else [getattr(item, name) for item in items] for name in schema.names],
        schema=schema,
    )


def parse_many(
    contents: Iterable[Content],
    workers: int,
    batch_size: int = 256,
    say: Callable[[str], object] = lambda _line: None,
) -> Iterator[Batch]:
    """Parse contents in batches, in order; one worker means this process. Hold no more than a few batches at a time.

    If a worker process is killed, as happens when memory is short, what it held is parsed again by half as many, and in
    the end by this process.

    Args:
        contents: what to parse.
        workers: number of processes. They are spawned: a fork in a process with threads (Prefect, DuckDB) can hang.
        batch_size: number of files in a batch.
        say: told in a line that a worker was lost.
    """
    groups = split_into_batches(contents, batch_size)
    waiting: deque[tuple[list[Content], Future[Batch]]] = deque()
    while workers > 1:
        try:
            yield from _parse_in_workers(groups, workers, waiting)
        except BrokenProcessPool:
            groups = chain([group for group, _ in waiting], groups)
            workers //= 2
            rest = f"{workers} worker processes go" if workers > 1 else "this process goes"
            say(f"parse: a worker process was killed, perhaps because memory was short; {rest} on")
        else:
            return
    yield from map(parse_batch, groups)


def _parse_in_workers(
    groups: Iterator[list[Content]], workers: int, waiting: deque[tuple[list[Content], Future[Batch]]]
) -> Iterator[Batch]:
    """Yield the parsed groups in order; `waiting` holds those that were taken and not yet yielded."""
    waiting.clear()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_exit_with_parent) as pool:
        try:
            for group in groups:
                waiting.append((group, Future()))
                with _ctrl_c_delayed():
                    waiting[-1] = (group, pool.submit(parse_batch, group))
                if len(waiting) > 2 * workers:
                    yield _take_first(waiting)
            while waiting:
                yield _take_first(waiting)
        finally:
            pool.shutdown(cancel_futures=True)


def _take_first(waiting: deque[tuple[list[Content], Future[Batch]]]) -> Batch:
    batch = waiting[0][1].result()
    waiting.popleft()
    return batch


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


def split_into_batches(contents: Iterable[Content], batch_size: int) -> Iterator[list[Content]]:
    """Yield the contents in lists of `batch_size`, or fewer if they are large."""
    batch: list[Content] = []
    byte_count = 0
    for content in contents:
        batch.append(content)
        byte_count += len(content[2])
        if len(batch) == batch_size or byte_count >= _MAX_BATCH_BYTES:
            yield batch
            batch, byte_count = [], 0
    if batch:
        yield batch
