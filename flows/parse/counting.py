"""Count the words of many texts at once: word counts, the terms of the search, and sketches that find near twins.

Each distinct word gets a number and is examined once, when it is first seen; the counting is done by Arrow on these
numbers. The archive has 20 million words, of which 200,000 are distinct.
"""

import hashlib
import threading
import unicodedata
from array import array
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc
from rensa import RMinHash

from flows.parse import facts
from flows.parse.terms import MAX_TERM_LENGTH, MAX_USES, find_hyphenated, to_term
from flows.parse.text import keep_words

MIN_SKETCHED_WORDS = 20  # shorter texts are alike without being copies
_SHINGLE = 5  # words
# Numbers, which SQL compares in eight bands of two: of texts that share 90 % of their shingles, it misses 1 in 600,000.
_SKETCH_LENGTH = 16
_HASH_MULTIPLIER = pa.scalar(0x9E37_79B9_7F4A_7C15, pa.uint64())  # mixes the bits of a hash

# What the vocabulary may hold before it is emptied, so that memory is bounded. A word of the archive has 8 letters.
_MAX_VOCABULARY_WORDS, _MAX_VOCABULARY_LETTERS = 100_000, 4_000_000
_LOW_64_BITS = (1 << 64) - 1
_LIMBS = -(-facts.FIELD_BITS * len(facts.COUNT_NAMES) // 64)  # 64-bit integers that hold the packed counts of a word

# What one use of a word adds in each part of a text: the title, the body, the addresses in the body, and the hyphenated
# words of the body. The sum then has the uses in the title in its high 32 bits, and the uses in the body outside
# addresses in its low 32 bits.
_TITLE_SHIFT = 32
_USE_WEIGHTS = [1 << _TITLE_SHIFT, 1, -1, 1]
_PART_COUNT = len(_USE_WEIGHTS)
_FILLER = "\x01"  # begins each title, so that no text is without words; counts as nothing


class _Vocabulary(dict[str, int]):
    """Numbers each distinct word; by that number holds the word's packed counts, hash and term."""

    def __init__(self) -> None:
        super().__init__()
        self.reset()

    def reset(self) -> None:
        """Forget all words."""
        self.clear()
        self.letter_count = 0
        self.packed_counts = [array("Q") for _ in range(_LIMBS)]
        self.hashes = array("Q")
        self.term_numbers = array("i")
        self.terms = {"": 0}  # a word that is no term has the empty term
        self[_FILLER] = self[""]  # both have number 0

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self.hashes)
        self.letter_count += len(word)
        packed = facts.pack_counts(word)
        for limb, values in enumerate(self.packed_counts):
            values.append(packed >> 64 * limb & _LOW_64_BITS)
        lowered = word.lower().encode("utf-8", "surrogatepass")
        self.hashes.append(int.from_bytes(hashlib.blake2b(lowered, digest_size=8).digest(), "big"))
        term = to_term(word) if len(word) <= MAX_TERM_LENGTH else ""
        self.term_numbers.append(self.terms.setdefault(term, len(self.terms)))
        return number


_VOCABULARY = _Vocabulary()
_VOCABULARY_LOCK = threading.Lock()  # a Dask worker may have several threads


class Counting:
    """Counts the words of a batch of texts."""

    def __init__(self) -> None:
        self._parts: list[str | None] = []  # _PART_COUNT of each text; None without words

    def add(self, title: str, body: str, addresses: str, hyphenated: Iterable[str] = ()) -> None:
        """Add a text.

        Args:
            title: the title as printed.
            body: the words of the body, as `text.keep_words` returns them.
            addresses: the words of the body's addresses, as `facts.split_addresses` returns them. They are part of
                `body` and are not counted.
            hyphenated: the hyphenated words of the body, as `terms.find_hyphenated` returns them. They are terms beside
                their parts, and no words more.
        """
        title = unicodedata.normalize("NFC", title)
        title = " ".join((_FILLER, keep_words(title).strip(), *find_hyphenated(title)))
        self._parts += (title.rstrip(), body.strip() or None, addresses.strip() or None, " ".join(hyphenated) or None)

    def columns(self) -> tuple[dict[str, pa.Array], list[str]]:
        """Return columns with one row for each text, and the list of terms to which the numbers in `term_ids` refer."""
        with _VOCABULARY_LOCK:
            if len(_VOCABULARY) > _MAX_VOCABULARY_WORDS or _VOCABULARY.letter_count > _MAX_VOCABULARY_LETTERS:
                _VOCABULARY.reset()
            return self._columns()

    def _columns(self) -> tuple[dict[str, pa.Array], list[str]]:
        lists = pc.ascii_split_whitespace(pa.array(self._parts, pa.string()))
        lengths = pc.fill_null(pc.list_value_length(lists), 0)
        self._offsets = pa.array([0, *pc.cumulative_sum(lengths).to_pylist()], pa.int32())
        encoded = pc.dictionary_encode(lists.flatten())  # Python then looks up each distinct word once a batch
        numbers = pa.array(map(_VOCABULARY.__getitem__, encoded.dictionary.to_pylist()), pa.int32())
        words = numbers.take(encoded.indices)
        columns, terms = self._count_terms(words)
        word_counts = lengths.take(pa.array(range(1, len(lengths), _PART_COUNT), pa.int32()))
        sketches = self._make_sketches(words)
        return {"word_count": word_counts, "text_sketch": sketches, **self._sum_counts(words), **columns}, terms

    def _starts(self, part: int) -> pa.Array:
        """Return where part 0 (title), 1 (body), 2 (addresses) or 3 (hyphenated) of each text begins in the words."""
        return self._offsets.take(pa.array(range(part, len(self._parts), _PART_COUNT), pa.int32()))

    def _sum_counts(self, words: pa.Array) -> dict[str, pa.Array]:
        """Return each of `facts.COUNT_NAMES` for the body of each text, without the addresses."""
        body, body_end, end = map(self._starts, (1, 2, 3))
        totals = []
        for values in _VOCABULARY.packed_counts:
            # The running sum overflows 64 bits; the difference of two sums is still right.
            sum_to = pc.cumulative_sum(_to_array(values, pa.uint64()).take(words)).take
            to_body, to_body_end, to_end = (sum_to(pc.subtract(place, 1)) for place in (body, body_end, end))
            totals.append(pc.subtract(pc.subtract(to_body_end, to_body), pc.subtract(to_end, to_body_end)))
        columns = {}
        for position, name in enumerate(facts.COUNT_NAMES):
            limb, shift = divmod(position * facts.FIELD_BITS, 64)
            field = pc.bit_wise_and(pc.shift_right(totals[limb], shift), (1 << facts.FIELD_BITS) - 1)
            columns[name] = field.cast(pa.int32())
        return columns

    def _count_terms(self, words: pa.Array) -> tuple[dict[str, pa.Array], list[str]]:
        """Return the distinct terms of each text, in no order, and their uses up to MAX_USES."""
        part = pc.list_parent_indices(pa.ListArray.from_arrays(self._offsets, words))
        count = len(self._parts) // _PART_COUNT
        text = pa.array([number for number in range(count) for _ in _USE_WEIGHTS], pa.int32()).take(part)
        term = _to_array(_VOCABULARY.term_numbers, pa.int32()).take(words)
        table = pa.table({"text": text, "term": term, "uses": pa.array(_USE_WEIGHTS * count, pa.int64()).take(part)})
        table = _sum_by(table, ["text", "term"])
        is_used = pc.and_(pc.not_equal(table["uses"], 0), pc.not_equal(table["term"], 0))
        lengths = _sum_by(pa.table({"text": table["text"], "length": is_used.cast(pa.int32())}), ["text"])["length"]
        ends = pa.array([0, *pc.cumulative_sum(lengths).to_pylist()], pa.int32())
        table = table.filter(is_used).combine_chunks()
        numbers = pc.dictionary_encode(table["term"]).combine_chunks()
        values = {
            "term_ids": numbers.indices,
            "term_body_counts": pc.bit_wise_and(table["uses"], (1 << _TITLE_SHIFT) - 1),
            "term_title_counts": pc.shift_right(table["uses"], _TITLE_SHIFT),
        }
        for name in ("term_body_counts", "term_title_counts"):
            values[name] = pc.min_element_wise(values[name], MAX_USES).cast(pa.uint8()).combine_chunks()
        terms = list(_VOCABULARY.terms)
        return (
            {name: pa.ListArray.from_arrays(ends, items) for name, items in values.items()},
            [terms[number] for number in numbers.dictionary.to_pylist()],
        )

    def _make_sketches(self, words: pa.Array) -> pa.Array:
        """Return a min-hash of each body's shingles (runs of five words): similar texts share many of its numbers."""
        hashes = _to_array(_VOCABULARY.hashes, pa.uint64()).take(words)
        count = max(0, len(hashes) - _SHINGLE + 1)
        shingles = hashes.slice(0, count)
        for offset in range(1, _SHINGLE):
            shingles = pc.bit_wise_xor(pc.multiply(shingles, _HASH_MULTIPLIER), hashes.slice(offset, count))
        shingles = pc.multiply(shingles, _HASH_MULTIPLIER)
        buffer = memoryview(shingles.buffers()[1] or b"").cast("B").cast("Q")[:count]
        rows = [0]  # borders between the shingles of a body and those before the next body, in turn
        bodies = list(zip(self._starts(1).to_pylist(), self._starts(2).to_pylist(), strict=True))
        for start, end in bodies:
            rows += (min(start, count), max(min(start, count), end - _SHINGLE + 1))
        digests = RMinHash.digest_matrix_from_flat_token_hashes(buffer, [*rows, count], _SKETCH_LENGTH, 1).to_rows()
        sketches = [
            digest if end - start >= MIN_SKETCHED_WORDS else None
            for digest, (start, end) in zip(digests[1::2], bodies, strict=True)
        ]
        return pa.array(sketches, pa.list_(pa.uint32()))


def _sum_by(table: pa.Table, keys: list[str]) -> pa.Table:
    """Return the sums of the other columns by the keys, sorted by the first key."""
    summed = table.column_names[len(keys) :]
    sums = table.group_by(keys, use_threads=False).aggregate([(name, "sum") for name in summed])
    return sums.rename_columns(table.column_names).sort_by(keys[0])


def _to_array(values: "array[int]", data_type: pa.DataType) -> pa.Array:
    """Return a copy: the vocabulary cannot grow while Arrow holds its memory."""
    return pa.Array.from_buffers(data_type, len(values), [None, pa.py_buffer(values.tobytes())])
