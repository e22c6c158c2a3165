"""What the words of many texts count: their kinds, their terms for the search, the sketch by which copies are found.

A batch of texts is counted at once, in Arrow and by numbers: each word has a number, and what it counts for is found
once, when it is met first. Of 20 million words of the archive 200,000 differ.
"""

import hashlib
import unicodedata
from array import array

import pyarrow as pa
import pyarrow.compute as pc
from rensa import RMinHash

from flows import facts
from flows.terms import LONGEST, MOST, fold
from flows.text import words

SKETCHED_FROM = 20  # words; shorter texts are alike without being copies
_RUN, _PERMUTATIONS = 5, 16  # eight bands of two: of two texts that share 90 % of their runs, all but 1 in 600,000
_ODD = pa.scalar(0x9E37_79B9_7F4A_7C15, pa.uint64())  # spreads the bits of a hash

_MOST_WORDS = 200_000  # known from batch to batch
_PART = (1 << 64) - 1
_PARTS = -(-facts.FIELD * len(facts.COUNTED) // 64)  # numbers of 64 bits that hold a kind

# A use of a word, to be added up: those in the body below, those in the title above. What is not read is taken off.
_TITLE_SHIFT = 32
_NO_USE, _IN_TITLE, _IN_BODY, _UNREAD = (array("q", [use]).tobytes() for use in (0, 1 << _TITLE_SHIFT, 1, -1))


class _Vocabulary(dict[str, int]):
    """The number of each word met so far; and by that number its kind, its hash and its term."""

    def __init__(self) -> None:
        super().__init__()
        self.shrink()

    def shrink(self) -> None:
        """Forgets all words."""
        self.clear()
        self.kinds = [array("Q") for _ in range(_PARTS)]
        self.hashes = array("Q")
        self.term_numbers = array("i")
        self.terms = {"": 0}  # the term of a word that is none
        self[""]  # is number 0

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        kind = facts.kind(word)
        for part, kinds in enumerate(self.kinds):
            kinds.append(kind >> 64 * part & _PART)
        lowered = word.lower().encode("utf-8", "surrogatepass")
        self.hashes.append(int.from_bytes(hashlib.blake2b(lowered, digest_size=8).digest(), "big"))
        term = fold(word) if len(word) <= LONGEST else ""
        self.term_numbers.append(self.terms.setdefault(term, len(self.terms)))
        return number


_VOCABULARY = _Vocabulary()


class Counting:
    """Counts the words of a batch of texts."""

    def __init__(self) -> None:
        if len(_VOCABULARY) > _MOST_WORDS:
            _VOCABULARY.shrink()
        self._words = array("i")  # of all texts, by number: of each a word that is none, title, body, what is not read
        self._uses = bytearray()
        self._starts = array("i")  # of the texts, among those words
        self._bodies = array("i")  # where each body begins
        self._ends = array("i")  # and where it ends

    def add(self, title: str, body_words: list[str], unread: list[str]) -> None:
        """Adds a text.

        Args:
            title: as printed.
            body_words: of `text.words`.
            unread: of `facts.read`: the words of addresses, which are among them and are not counted.
        """
        title_words = words(unicodedata.normalize("NFC", title))
        number = _VOCABULARY.__getitem__
        self._starts.append(len(self._words))
        self._words.append(0)  # so that no text is without words
        self._words.extend(map(number, title_words))
        self._bodies.append(len(self._words))
        self._words.extend(map(number, body_words))
        self._ends.append(len(self._words))
        self._words.extend(map(number, unread))
        self._uses += _NO_USE + _IN_TITLE * len(title_words) + _IN_BODY * len(body_words) + _UNREAD * len(unread)

    def columns(self) -> tuple[dict[str, pa.Array], list[str]]:
        """What was counted: a row for each text, and the terms that `term_ids` are numbers of."""
        found = _array(self._words, pa.int32())
        lists, terms = self._terms(found)
        return {**self._kinds(found), **lists, "text_sketch": self._sketches(found)}, terms

    def _kinds(self, found: pa.Array) -> dict[str, pa.Array]:
        """How much there is in each text of what `facts.COUNTED` names: in its body, without what is not read."""
        body, body_end = pa.array(self._bodies), pa.array(self._ends)
        end = pa.array([*self._starts[1:], len(self._words)], pa.int32())
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
        starts = pa.array([*self._starts, len(self._words)], pa.int32())
        text = pc.list_parent_indices(pa.ListArray.from_arrays(starts, found))
        term = _known(_VOCABULARY.term_numbers, pa.int32()).take(found)
        table = pa.table({"text": text, "term": term, "uses": _array(self._uses, pa.int64())})
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
        for start, end in zip(self._bodies, self._ends, strict=True):
            rows += (min(start, count), max(min(start, count), end - _RUN + 1))
        digests = RMinHash.digest_matrix_from_flat_token_hashes(buffer, [*rows, count], _PERMUTATIONS, 1).to_rows()
        is_sketched = (end - start >= SKETCHED_FROM for start, end in zip(self._bodies, self._ends, strict=True))
        sketches = [
            digest if long_enough else None for digest, long_enough in zip(digests[1::2], is_sketched, strict=True)
        ]
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
