"""Parse files in batches and return the rows that staging stores: the parsed fields and the measures of the text.

A batch is parsed in a worker process and returned as Arrow columns: to pickle its releases one by one would take as
long as to parse them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any

import pyarrow as pa

from flows.extract.model import Content
from flows.parse import facts, text
from flows.parse.counting import Counting
from flows.parse.money import find_money
from flows.parse.release import COLUMNS, PARSER_VERSION, Rejection, Release, parse
from flows.parse.terms import find_hyphenated
from flows.parse.workers import map_in_workers

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
        amounts = [money._asdict() for money in find_money(cleaned, release.title, release.printed_date.year)]
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
    """Parse contents in batches, in order, as `map_in_workers` does.

    Args:
        contents: what to parse.
        workers: number of processes; one means this process.
        batch_size: number of files in a batch.
        say: told in a line that a worker was lost.
    """
    return map_in_workers(parse_batch, split_into_batches(contents, batch_size), workers, say)


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
