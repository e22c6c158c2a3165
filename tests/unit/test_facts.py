"""What a text measures: sentences, syllables, te reo and quotes."""

import csv
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.parse.counting import Counting
from flows.parse.facts import COUNT_NAMES, count_syllables, is_te_reo, measure, split_addresses
from flows.parse.text import clean, keep_words
from tests.conftest import words

HERE = Path(__file__).parent
TEXT = st.text(
    st.sampled_from("aeioutkmn Āā.!?\n\"“”'’$£0123456789,-–()[]>*_ml") | st.characters(codec="utf-8"), max_size=300
)


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def measured(body: str) -> SimpleNamespace:
    cleaned = clean(body)
    seen, addresses = split_addresses(cleaned)
    counting = Counting()
    counting.add("", keep_words(cleaned), addresses)
    columns, _ = counting.columns()
    counted = {name: columns[name][0].as_py() for name in COUNT_NAMES}
    return SimpleNamespace(**counted, **asdict(measure(seen)))


# -------------------------------------------------------------------------------------------- sentences


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("One sentence", 1),
        ("One. Two! Three?", 3),
        ('"One." "Two," he said. “Three.”', 3),
        ("Mr. Smith and Hon. Dr. Cullen met Mrs. King, i.e. Annette.", 1),
        ("It cost $2.5 million. It was 3.5 per cent.", 2),
        ("A heading\n\nA paragraph of one sentence.", 2),
        ("The list:\n\n- one\n- two\n- three", 4),
        ("A line that goes on  \nin the next.", 1),
        ("A line.  \nAnother line.", 2),
        ("...\n\n---\n\n* * *", 0),
        ("", 0),
    ],
)
def test_sentences(body: str, count: int) -> None:
    assert measured(body).sentence_count == count


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("the", 1), ("cat", 1), ("make", 1), ("table", 2), ("minister", 3), ("government", 3), ("released", 3),
        ("see", 1), ("value", 2), ("sky", 1), ("whānau", 2), ("tamariki", 4), ("nth", 1),
    ],
)  # fmt: skip
def test_syllables_by_groups_of_vowels(word: str, count: int) -> None:
    assert count_syllables(word) == count


def test_an_address_is_not_read_and_what_an_apostrophe_cuts_off_is_no_word() -> None:
    facts = measured("It's [the minister's plan](https://www.maori.govt.nz/maori-plan), see www.maori.govt.nz 2003")
    assert facts.reading_word_count == len(["It", "the", "minister", "plan", "see"])
    assert facts.maori_plain_count == 0


@given(TEXT, st.sampled_from(["a/b-c", "https://a.nz/maori-b", "", "_x_", "Māori+te+reo"]), TEXT)
def test_the_address_of_a_link_changes_nothing(before: str, address: str, after: str) -> None:
    with_address = measured(f"{before} [the plan]({address}) {after}")
    assert with_address == measured(f"{before} [the plan]() {after}")


# ------------------------------------------------------------------------------------------------ te reo


def test_the_spellings_of_maori_are_told_apart() -> None:
    facts = measured("Māori MĀORI maori Mäori Mâori Maoridom Aotearoa aotearoa")
    assert (facts.maori_macron_count, facts.maori_plain_count) == (2, 1)
    assert (facts.maori_umlaut_count, facts.maori_circumflex_count) == (1, 1)
    assert (facts.macron_word_count, facts.aotearoa_count) == (2, 2)


@pytest.mark.parametrize("word", ["whānau", "Ngāti", "te", "kōrero", "Wharekauri", "kaitiakitanga", "Whangārei", "iwi"])
def test_words_of_te_reo(word: str) -> None:
    assert is_te_reo(word)


@pytest.mark.parametrize(
    "word", ["more", "Europe", "NATO", "a", "o", "Otago", "minister", "the", "Tonga", "2003", "hapu2", "time", "who"]
)
def test_words_that_are_none(word: str) -> None:
    assert not is_te_reo(word)


def test_of_the_words_taken_for_te_reo_nearly_all_are() -> None:
    """250 words that the rule of the first day took for te reo, drawn from the archive and judged by hand."""
    found = [row["is_te_reo"] for row in rows("te_reo_sample.csv") if is_te_reo(row["word"])]
    assert len(found) >= 245
    assert found.count("yes") / len(found) >= 0.97


# ------------------------------------------------------------------------------------------------ quotes


@pytest.mark.parametrize(
    ("body", "quotes", "quoted"),
    [
        ("“This is a good plan,” he said.", 1, 5),
        ('"This is a good plan," he said. "It will be a better one."', 2, 11),
        ("The “fast track” is open.", 0, 0),  # a name
        ("“One two three four five.\n\n“Six seven eight.”", 1, 8),  # each paragraph opened, the last closed
        ('"One two three four five.\n\n"Six seven eight nine ten."', 1, 10),
        (
            "“One two three four five.\n\nHe left. “Six seven eight nine ten.”",
            2,
            10,
        ),  # not closed: ends with its paragraph
        ("“One two three four five.\n\nHe left.", 1, 5),
        ('A 6" pipe and a 4" pipe were laid in the ground here', 0, 0),  # inches
        ("no quote”, but a mark that closes nothing at all", 0, 0),
        ("> a line that the site set apart without marks", 0, 0),
    ],
)
def test_quotes(body: str, quotes: int, quoted: int) -> None:
    facts = measured(body)
    assert (facts.quote_count, facts.quoted_word_count) == (quotes, quoted)


def test_a_quote_that_never_ends_is_bounded() -> None:
    assert measured("“" + "word " * 10_000).quoted_word_count <= 300


# -------------------------------------------------------------------------------------------- invariants


@given(TEXT)
def test_parts_are_no_more_than_the_whole(body: str) -> None:
    found = words(clean(body))
    facts = measured(body)
    assert 0 <= facts.te_reo_name_count <= facts.te_reo_word_count <= facts.reading_word_count <= len(found)
    assert facts.macron_word_count <= len(found)
    assert facts.quoted_word_count <= len(found)
    assert facts.syllable_count >= facts.reading_word_count
    assert (facts.sentence_count > 0) >= (facts.reading_word_count > 0)
    assert 5 * facts.quote_count <= facts.quoted_word_count


@given(TEXT, TEXT)
def test_what_was_measured_before_changes_nothing(one: str, other: str) -> None:
    before = measured(one)
    measured(other)
    assert measured(one) == before
