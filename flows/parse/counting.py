"""What the words of many texts count: their kinds, their terms for the search, the sketch by which copies are found.

A batch of texts is counted at once, in Arrow and by numbers: each word has a number, and what it counts for is found
once, when it is met first. Of 20 million words of the archive 200,000 differ.
"""

import hashlib
import threading
import unicodedata
from array import array

import pyarrow as pa
import pyarrow.compute as pc
from rensa import RMinHash

from flows.parse import facts
from flows.parse.terms import LONGEST, MOST, to_term
from flows.parse.text import spaced

SKETCHED_FROM = 20  # words; shorter texts are alike without being copies
_RUN, _PERMUTATIONS = 5, 16  # eight bands of two: of two texts that share 90 % of their runs, all but 1 in 600,000
_ODD = pa.scalar(0x9E37_79B9_7F4A_7C15, pa.uint64())  # spreads the bits of a hash

_MOST_WORDS, _MOST_LETTERS = 100_000, 4_000_000  # known from batch to batch; the words of the archive have 8 letters
_PART = (1 << 64) - 1
_PARTS = -(-facts.FIELD * len(facts.COUNTED) // 64)  # numbers of 64 bits that hold a kind

# A use of a word, to be added up: those in the body below, those in the title above. What is not read is taken off.
_TITLE_SHIFT = 32
_USES = [1 << _TITLE_SHIFT, 1, -1]
_NO_WORD = "\x01"  # begins each text, so that none is without words


class _Vocabulary(dict[str, int]):
    """The number of each word met so far; and by that number its kind, its hash and its term."""

    def __init__(self) -> None:
        super().__init__()
        self.shrink()

    def shrink(self) -> None:
        """Forgets all words."""
        self.clear()
        self.letter_count = 0
        self.kinds = [array("Q") for _ in range(_PARTS)]
        self.hashes = array("Q")
        self.term_numbers = array("i")
        self.terms = {"": 0}  # the term of a word that is none
        self[_NO_WORD] = self[""]  # is number 0

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self.hashes)
        self.letter_count += len(word)
        kind = facts.kind(word)
        for part, kinds in enumerate(self.kinds):
            kinds.append(kind >> 64 * part & _PART)
        lowered = word.lower().encode("utf-8", "surrogatepass")
        self.hashes.append(int.from_bytes(hashlib.blake2b(lowered, digest_size=8).digest(), "big"))
        term = to_term(word) if len(word) <= LONGEST else ""
        self.term_numbers.append(self.terms.setdefault(term, len(self.terms)))
        return number


_VOCABULARY = _Vocabulary()
_ONE_AT_A_TIME = threading.Lock()  # a worker of a cluster may have several threads


class Counting:
    """Counts the words of a batch of texts."""

    def __init__(self) -> None:
        self._texts: list[str | None] = []  # of each text the title, the body and what is not read; None for no words

    def add(self, title: str, body: str, unread: str) -> None:
        """Adds a text.

        Args:
            title: as printed.
            body: of `text.spaced`.
            unread: of `facts.read`: the words of addresses, which are among the body's and are not counted.
        """
        title = f"{_NO_WORD} {spaced(unicodedata.normalize('NFC', title))}"
        self._texts += (title.rstrip(), body.strip() or None, unread.strip() or None)

    def columns(self) -> tuple[dict[str, pa.Array], list[str]]:
        """What was counted: a row for each text, and the terms that `term_ids` are numbers of."""
        with _ONE_AT_A_TIME:
            if len(_VOCABULARY) > _MOST_WORDS or _VOCABULARY.letter_count > _MOST_LETTERS:
                _VOCABULARY.shrink()
            return self._columns()

    def _columns(self) -> tuple[dict[str, pa.Array], list[str]]:
        lists = pc.ascii_split_whitespace(pa.array(self._texts, pa.string()))
        lengths = pc.fill_null(pc.list_value_length(lists), 0)
        self._places = pa.array([0, *pc.cumulative_sum(lengths).to_pylist()], pa.int32())
        encoded = pc.dictionary_encode(lists.flatten())  # so that Python meets each word once a batch
        numbers = pa.array(map(_VOCABULARY.__getitem__, encoded.dictionary.to_pylist()), pa.int32())
        found = numbers.take(encoded.indices)
        columns, terms = self._terms(found)
        word_counts = lengths.take(pa.array(range(1, len(lengths), 3), pa.int32()))
        sketches = self._sketches(found)
        return {"word_count": word_counts, "text_sketch": sketches, **self._kinds(found), **columns}, terms

    def _borders(self, part: int) -> pa.Array:
        """Where the titles (0), bodies (1) or what is not read (2) begin among the words, or the next titles (3)."""
        return self._places.take(pa.array(range(part, len(self._texts) + part // 3, 3), pa.int32()))

    def _kinds(self, found: pa.Array) -> dict[str, pa.Array]:
        """How much there is in each text of what `facts.COUNTED` names: in its body, without what is not read."""
        body, body_end, end = map(self._borders, (1, 2, 3))
        totals = []
        for kinds in _VOCABULARY.kinds:
            # Numbers of 64 bits that run over: what is between two places is right all the same.
            before = pc.cumulative_sum(_known(kinds, pa.uint64()).take(found)).take
            to_body, to_body_end, to_end = (before(pc.subtract(place, 1)) for place in (body, body_end, end))
            totals.append(pc.subtract(pc.subtract(to_body_end, to_body), pc.subtract(to_end, to_body_end)))
        columns = {}
        for place, name in enumerate(facts.COUNTED):
            part, within = divmod(place * facts.FIELD, 64)
            field = pc.bit_wise_and(pc.shift_right(totals[part], within), (1 << facts.FIELD) - 1)
            columns[name] = field.cast(pa.int32())
        return columns

    def _terms(self, found: pa.Array) -> tuple[dict[str, pa.Array], list[str]]:
        """The distinct terms of each text, in no order, with their uses; 255 stands for all above."""
        part = pc.list_parent_indices(pa.ListArray.from_arrays(self._places, found))
        count = len(self._texts) // 3
        text = pa.array([number for number in range(count) for _ in range(3)], pa.int32()).take(part)
        term = _known(_VOCABULARY.term_numbers, pa.int32()).take(found)
        table = pa.table({"text": text, "term": term, "uses": pa.array(_USES * count, pa.int64()).take(part)})
        table = _add_up(table, ["text", "term"])
        is_used = pc.and_(pc.not_equal(table["uses"], 0), pc.not_equal(table["term"], 0))
        lengths = _add_up(pa.table({"text": table["text"], "length": is_used.cast(pa.int32())}), ["text"])["length"]
        ends = pa.array([0, *pc.cumulative_sum(lengths).to_pylist()], pa.int32())
        table = table.filter(is_used).combine_chunks()
        numbers = pc.dictionary_encode(table["term"]).combine_chunks()
        values = {
            "term_ids": numbers.indices,
            "term_body_counts": pc.bit_wise_and(table["uses"], (1 << _TITLE_SHIFT) - 1),
            "term_title_counts": pc.shift_right(table["uses"], _TITLE_SHIFT),
        }
        for name in ("term_body_counts", "term_title_counts"):
            values[name] = pc.min_element_wise(values[name], MOST).cast(pa.uint8()).combine_chunks()
        terms = list(_VOCABULARY.terms)
        return (
            {name: pa.ListArray.from_arrays(ends, items) for name, items in values.items()},
            [terms[number] for number in numbers.dictionary.to_pylist()],
        )

    def _sketches(self, found: pa.Array) -> pa.Array:
        """A min-hash of the runs of five words of each body: texts that share much share parts of it."""
        hashes = _known(_VOCABULARY.hashes, pa.uint64()).take(found)
        count = max(0, len(hashes) - _RUN + 1)
        runs = hashes.slice(0, count)
        for place in range(1, _RUN):
            runs = pc.bit_wise_xor(pc.multiply(runs, _ODD), hashes.slice(place, count))
        runs = pc.multiply(runs, _ODD)
        buffer = memoryview(runs.buffers()[1] or b"").cast("B").cast("Q")[:count]
        rows = [0]  # what is before the first text's runs, those, what is before the second's, ...
        bodies = list(zip(self._borders(1).to_pylist(), self._borders(2).to_pylist(), strict=True))
        for start, end in bodies:
            rows += (min(start, count), max(min(start, count), end - _RUN + 1))
        digests = RMinHash.digest_matrix_from_flat_token_hashes(buffer, [*rows, count], _PERMUTATIONS, 1).to_rows()
        is_sketched = (end - start >= SKETCHED_FROM for start, end in bodies)
        sketches = [one if long_enough else None for one, long_enough in zip(digests[1::2], is_sketched, strict=True)]
        return pa.array(sketches, pa.list_(pa.uint32()))


def _add_up(table: pa.Table, keys: list[str]) -> pa.Table:
    """Adds up the other columns by the keys, of which the first comes in order."""
    summed = table.column_names[len(keys) :]
    found = table.group_by(keys, use_threads=False).aggregate([(name, "sum") for name in summed])
    return found.rename_columns(table.column_names).sort_by(keys[0])  # by counting: it takes next to no time


def _known(values: "array[int]", kind: pa.DataType) -> pa.Array:
    return _array(values.tobytes(), kind)  # a copy: what is met next is added to the values


def _array(values: "array[int] | bytes | bytearray", kind: pa.DataType) -> pa.Array:
    buffer = pa.py_buffer(values)
    return pa.Array.from_buffers(kind, buffer.size * 8 // kind.bit_width, [None, buffer])
