"""Contents into batches of rows: what is read of each file, and what its text measures, as staging stores it.

A batch is read in one process and goes to the next as Arrow, by columns: to hand over its releases one by one would
take as long as to read them.
"""

import os
import signal
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, fields
from multiprocessing import get_context, parent_process
from typing import Any

import pyarrow as pa

from flows.extract.model import Content
from flows.parse import facts, text
from flows.parse.counting import Counting
from flows.parse.release import COLUMNS, PARSER_VERSION, Rejection, Release, parse

# Arrow's own keeps 40 MB in each process that it does not use.
pa.set_memory_pool(pa.system_memory_pool())

_LONGEST_BATCH = 4_000_000  # bytes; a batch of the archive has 0.8 million

_FACTS = [field.name for field in fields(facts.Facts)]
_AMOUNT = pa.struct({"printed": pa.string(), "amount": pa.decimal128(18, 2), "currency": pa.string()})
RELEASES = pa.schema(
    {
        **COLUMNS,
        "parser_version": pa.string(),
        "word_count": pa.int32(),  # runs of letters, digits and underscores in the cleaned body
        "cleaned_body": pa.string(),  # null where clean_simply() of the body is enough
        "text_key": pa.string(),  # equal for cleaned bodies of the same letters and digits; null where there are none
        "text_sketch": pa.list_(pa.uint32()),  # min-hash of the body; null for short texts
        "term_ids": pa.list_(pa.int32()),  # the distinct terms of title and body
        "term_body_counts": pa.list_(pa.uint8()),  # uses of each in the body; 255 stands for all above
        "term_title_counts": pa.list_(pa.uint8()),  # uses of each in the title
        **{name: pa.list_(_AMOUNT) if name == "amounts" else pa.int32() for name in (*_FACTS, *facts.COUNTED)},
    }
)
REJECTIONS = pa.schema(dict.fromkeys(("path", "blob", "parser_version", "reason", "message"), pa.string()))


@dataclass(frozen=True, slots=True)
class Batch:
    """Some files as read."""

    releases: pa.RecordBatch  # of RELEASES
    terms: list[str]  # that its `term_ids` are numbers of
    rejections: pa.RecordBatch  # of REJECTIONS

    def __len__(self) -> int:
        """How many files they are."""
        return len(self.releases) + len(self.rejections)


def parse_batch(contents: Iterable[Content]) -> Batch:
    """Reads some contents."""
    return batch_of([parse(*content) for content in contents])


def batch_of(items: Iterable[Release | Rejection]) -> Batch:
    """The rows of what was read."""
    releases: list[Release] = []
    rejections: list[Rejection] = []
    for item in items:
        if isinstance(item, Release):
            releases.append(item)
        else:
            rejections.append(item)
    measured, terms = _measured(releases) if releases else ({}, [])
    return Batch(_rows(RELEASES, releases, measured), terms, _rows(REJECTIONS, rejections, {}))


def _measured(releases: list[Release]) -> tuple[dict[str, Any], list[str]]:
    """What the texts of releases measure, by columns; and their terms."""
    counting = Counting()
    found = []
    for release in releases:
        cleaned = release.cleaned_body
        spaced = text.spaced(cleaned)
        seen, unread = facts.read(cleaned)
        counting.add(release.title, spaced, unread)
        measured = facts.measure(seen)
        is_simple = cleaned == text.clean_simply(release.body)
        found.append(
            (None if is_simple else cleaned, text.text_key(spaced), *(getattr(measured, name) for name in _FACTS))
        )
    columns: dict[str, Any] = dict(zip(("cleaned_body", "text_key", *_FACTS), zip(*found, strict=True), strict=True))
    counted, terms = counting.columns()
    return columns | counted, terms


def _rows(schema: pa.Schema, items: list[Any], columns: dict[str, Any]) -> pa.RecordBatch:
    """Rows of a schema: the columns that are given, and the others by the items' own fields."""
    columns["parser_version"] = [PARSER_VERSION] * len(items)
    return pa.record_batch(
        [columns[name] if name in columns else [getattr(item, name) for item in items] for name in schema.names],
        schema=schema,
    )


def parse_many(contents: Iterable[Content], workers: int, batch: int = 256) -> Iterator[Batch]:
    """Parses contents in batches, in order, by `workers` processes; never holds more than a few batches.

    Processes are spawned: a fork inside a threaded parent (Prefect, DuckDB) can hang.
    """
    batches = batched(contents, batch)
    if workers == 1:
        for content in batches:
            yield parse_batch(content)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_end_with_parent) as pool:
        waiting: list[Future[Batch]] = []
        try:
            for content in batches:
                with _without_ctrl_c():
                    waiting.append(pool.submit(parse_batch, content))
                if len(waiting) > 2 * workers:
                    yield waiting.pop(0).result()
            while waiting:
                yield waiting.pop(0).result()
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def _without_ctrl_c() -> Iterator[None]:
    """Holds Ctrl-C back while workers start: they inherit that, and are ended by this process and not by the keys.

    The mask is what they inherit. It does not keep the signal from another thread of this process, by which Python
    would interrupt this one half-way through a start; so it is noted, and comes afterwards.
    """
    if threading.current_thread() is not threading.main_thread():  # no other is interrupted
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


def _end_with_parent() -> None:
    """Watches, in a worker, over the process that started it: without one that was killed it would wait for ever."""

    def watch() -> None:
        parent = parent_process()
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def batched(contents: Iterable[Content], size: int) -> Iterator[list[Content]]:
    """Some of the contents after the other: `size` of them, or fewer where they are large."""
    batch: list[Content] = []
    length = 0
    for content in contents:
        batch.append(content)
        length += len(content[2])
        if len(batch) == size or length >= _LONGEST_BATCH:
            yield batch
            batch, length = [], 0
    if batch:
        yield batch
