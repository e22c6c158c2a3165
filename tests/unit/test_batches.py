"""Batches: rows of what is read, counted by numbers as if each text were counted alone."""

import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unicodedata import normalize

from hypothesis import example, given
from hypothesis import strategies as st

from flows.parse import batches, counting, facts, terms
from flows.parse.batches import Batch
from flows.parse.counting import MIN_SKETCHED_WORDS, Counting
from flows.parse.text import keep_words
from tests.conftest import release_text, words

WORDS = st.lists(
    st.sampled_from(["a", "The", "the", "te", "Te", "Māori", "maori", "Aotearoa", "ll", "2003"]) | st.text(max_size=4),
    max_size=40,
).map(" ".join)


def rows(found: Batch) -> list[dict[str, Any]]:
    """The releases, with terms for their numbers."""
    listed = found.releases.to_pylist()
    for row in listed:
        named = [found.terms[number] for number in row.pop("term_ids")]
        row["terms"] = set(zip(named, row.pop("term_body_counts"), row.pop("term_title_counts"), strict=True))
    return listed


def test_many_come_in_order_whatever_the_workers() -> None:
    contents = [(f"releases/{i}.md", str(i), release_text(f"Title {i}").encode()) for i in range(70)]
    contents[7] = ("releases/7.md", "7", b"broken")
    alone, together = (list(batches.parse_many(contents, workers, batch_size=8)) for workers in (1, 2))
    assert [rows(one) for one in alone] == [rows(one) for one in together]
    assert [one.rejections for one in alone] == [one.rejections for one in together]
    assert [len(one) for one in alone] == [8] * 8 + [6]
    paths = [path for one in alone for path in one.releases["path"].to_pylist()]
    assert paths == [path for path, blob, _ in contents if blob != "7"]
    assert alone[0].rejections["reason"].to_pylist() == ["no_front_matter"]


def test_a_batch_is_bounded_by_bytes_too(monkeypatch) -> None:
    monkeypatch.setattr(batches, "_MAX_BATCH_BYTES", 1_000)
    contents = [(f"releases/{i}.md", str(i), release_text(body="x" * 600).encode()) for i in range(5)]
    assert [len(one) for one in batches.parse_many(contents, 1)] == [2, 2, 1]


def test_nothing_is_a_batch_of_no_rows() -> None:
    nothing = batches.parse_batch([])
    assert (len(nothing), nothing.terms) == (0, [])
    assert (nothing.releases.schema, nothing.rejections.schema) == (batches.RELEASES, batches.REJECTIONS)


@given(st.lists(st.tuples(WORDS, WORDS, st.integers(0, 5)), max_size=6))
@example([("0-0", "", 0)])
def test_texts_are_counted_as_if_each_were_alone(texts: list[tuple[str, str, int]]) -> None:
    together = Counting()
    for title, body, addresses in texts:
        together.add(title, keep_words(body), " ".join(words(body)[:addresses]))
    columns, known = together.columns() if texts else ({}, [])
    for place, (title, body, addresses) in enumerate(texts):
        read = words(body)[addresses:]
        total = sum(map(facts.pack_counts, read))
        for number, name in enumerate(facts.COUNT_NAMES):
            assert columns[name][place].as_py() == total >> facts.FIELD_BITS * number & ((1 << facts.FIELD_BITS) - 1)
        in_body, in_title = (
            Counter(filter(None, map(terms.to_term, found)))
            for found in (read, [*words(normalize("NFC", title)), *terms.find_hyphenated(title)])
        )
        ids, body_counts, title_counts = (
            columns[name][place].as_py() for name in ("term_ids", "term_body_counts", "term_title_counts")
        )
        assert len(set(ids)) == len(ids)
        assert dict(zip((known[i] for i in ids), zip(body_counts, title_counts, strict=True), strict=True)) == {
            term: (in_body[term], in_title[term]) for term in in_body | in_title
        }
        alone = Counting()
        alone.add(title, keep_words(body), "")
        sketch = columns["text_sketch"][place]
        assert sketch == alone.columns()[0]["text_sketch"][0]
        assert columns["word_count"][place].as_py() == len(words(body))
        assert sketch.is_valid == (len(words(body)) >= MIN_SKETCHED_WORDS)


def test_texts_that_share_most_runs_share_most_of_their_sketch() -> None:
    lines = [f"line{number} says word{number} and more{number}" for number in range(100)]
    found = Counting()
    for text in (lines, [*lines[:99], "Another end."], [line.upper() for line in lines], lines[::-1], lines[50:]):
        found.add("", keep_words(" ".join(text)), "")
    one, near, upper, turned, half = found.columns()[0]["text_sketch"].to_pylist()
    assert one == upper
    assert sum(a == b for a, b in zip(one, near, strict=True)) >= 14
    assert sum(a == b for a, b in zip(one, turned, strict=True)) <= 12
    assert 3 <= sum(a == b for a, b in zip(one, half, strict=True)) <= 13


def test_a_word_is_forgotten_without_harm(monkeypatch) -> None:
    content = ("releases/a.md", "a", release_text(body="Māori words " * 20).encode())
    before = rows(batches.parse_batch([content]))
    monkeypatch.setattr(counting, "_MAX_VOCABULARY_WORDS", 1)
    assert rows(batches.parse_batch([content])) == before
    assert isinstance(before[0]["text_sketch"], list)


def test_threads_of_one_process_number_words_one_after_the_other() -> None:
    made = [
        [
            (f"{part}-{n}.md", "a", release_text(body=" ".join(f"word{part}x{n * 7 + k}" for k in range(300))).encode())
            for n in range(20)
        ]
        for part in range(8)
    ]
    alone = [rows(batches.parse_batch(contents)) for contents in made]
    counting._VOCABULARY.reset()
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            together = [rows(batch) for batch in pool.map(batches.parse_batch, made)]
    finally:
        sys.setswitchinterval(usual)
    assert together == alone


def test_words_of_any_length_are_not_kept_for_ever() -> None:
    for n in range(6):
        batches.parse_batch([("a.md", "a", release_text(body=f"{n}x" * 500_000).encode())])
    assert counting._VOCABULARY.letter_count <= 5_000_100
