"""The words of a release and those of a question are the same; phrases are found as they stand in texts."""

import re
from itertools import pairwise

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flows.parse import facts, terms, text
from flows.parse.counting import Counting
from flows.serve.search import say_how_many_match, say_what_cannot_be_left_out, snippet

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cn"), exclude_characters="\0"), max_size=80)
WORDS = st.lists(
    st.sampled_from(["Māori", "MA\u0304ORI", "O'Connor’s", "ʻokina", "fast-track", "100th", "it’s"]), max_size=6
)


def indexed(title: str, body: str) -> dict[str, list[int]]:
    """How often a body and a title hold each term."""
    cleaned = text.clean(body)
    without_addresses, addresses = facts.split_addresses(cleaned)
    counting = Counting()
    counting.add("A text before it", "with words", "")
    counting.add(title, text.keep_words(cleaned), addresses, terms.find_hyphenated(without_addresses))
    columns, listed = counting.columns()
    ids, in_body, in_title = (columns[f"term_{name}"][1].as_py() for name in ("ids", "body_counts", "title_counts"))
    return {listed[number]: counts for number, *counts in zip(ids, in_body, in_title, strict=True)}


def asked(empty: duckdb.DuckDBPyConnection, question: str) -> list[str]:
    return [term for (term,) in empty.execute("select term from search_words($1)", [question]).fetchall()]


def sought(empty: duckdb.DuckDBPyConnection, question: str) -> set[str]:
    """The words of a question that only lists words, with the parts of the hyphenated."""
    question = re.sub('["“”„]', " ", question)
    quoted = f'"{question}"'
    whole = asked(empty, f"zz* {question}")
    pairs = {"-".join(pair) for word in whole for pair in pairwise(word.split("-")) if word.count("-") > 1}
    return {*whole, *pairs, *asked(empty, quoted)} - {"zz"}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Māori MÄORI ma\u0304ori", ["maori"]),
        ("O'Connor O’Connor’s", ["o", "connor"]),
        ("Minister's, ministers' 'quoted' words", ["minister", "ministers", "quoted", "words"]),
        ("fast-track $1.5m Lotu‑Iiga", ["fast-track", "1", "5m", "lotu-iiga"]),
        ("x\u00a0b\nc\td", ["x", "b", "c"]),
        ("", []),
        ("' ’s -- \u0007", []),
        ("x" * 65, []),
    ],
)
def test_words_are_folded(empty, written: str, expected: list[str]) -> None:
    assert asked(empty, written) == expected
    parts = {part for term in expected for part in (term, *term.split("-"))}
    assert set(indexed("", written)) == set(indexed(written, "")) == parts


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What did the Minister do about whaling?", ["minister", "whaling"]),
        ("The Who", ["the", "who"]),
        ("WHO on vaccines", ["who", "vaccines"]),
        ("THE WHO", ["the", "who"]),
        ('"the who"', ["the", "who"]),
        ("what*", ["what"]),
        ("rail rail RAIL", ["rail"]),
    ],
)
def test_function_words_are_left_out_if_others_remain(empty, question: str, expected: list[str]) -> None:
    assert asked(empty, question) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("rail ferry", [1, 2]),
        ("rail OR ferry strike", [1, 1, 2]),
        ('"cook strait" OR rail ferry', [1, 1, 1, 2]),
        ('rail OR "cook strait" OR ferry', [1, 1, 1, 1]),
        ("rail or ferry", [1, 2]),
        ('a " that nothing closes', [1, 2]),
        ('"fast-track bill"', [1, 1, 1]),
    ],
)
def test_or_and_quotes_make_one_choice(empty, question: str, expected: list[int]) -> None:
    found = empty.execute("select choice from search_words($1)", [question]).fetchall()
    assert [choice for (choice,) in found] == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("SARS", [True]), ("aids AIDS? sars", [False, False]), ("the AIDS fund", [True, False]),
        ("MPs and DHBs", [False, False]), ("HELP FOR BOATS", [False, False]), ("BENEFITS", [False]),
        ("UNICEF", [False]),
    ],
)  # fmt: skip
def test_a_short_word_in_capitals_is_no_plural(empty, question: str, expected: list[bool]) -> None:
    found = empty.execute("select is_whole from search_words($1)", [question]).fetchall()
    assert [is_whole for (is_whole,) in found] == expected


def test_words_left_out_between_others_are_kept_beside_them(empty) -> None:
    found = empty.execute("select term, words_between from search_words('Bank of the South OR America''s Cup it is')")
    assert found.fetchall() == [("bank", "of the"), ("south", "or"), ("america", "s"), ("cup", None)]


@pytest.mark.parametrize(
    ("text_", "expected"),
    [
        ("a fast-track bill, the up‑to–date one", ["fast-track", "up-to-date", "up-to", "to-date"]),
        ("- item\n-- dash - 5-", []),
        ("a-b-c-d e-", ["a-b-c-d", "a-b", "b-c", "c-d"]),
        ("-x y", []),
        ("x" * 100 + "-y", ["x" * 64 + "-y"]),
    ],
)
def test_hyphenated_words_are_found(text_: str, expected: list[str]) -> None:
    assert terms.find_hyphenated(text_) == expected


@pytest.mark.parametrize(
    "forms",
    [
        "whale whales whaling", "railway railways", "policy policies", "hatch hatched hatches", "covid-19 covid19",
        "maori maaori", "resign resigned resignation", "vaccine vaccinated vaccinations", "official officials",
    ],
)  # fmt: skip
def test_the_forms_of_a_word_are_one_family(forms: str) -> None:
    assert len({terms.find_family(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    "words", ["internal international", "import important", "nation national", "police policy", "universe university"]
)
def test_words_of_different_meaning_are_apart(words: str) -> None:
    assert len({terms.find_family(word) for word in words.split()}) == 2


def test_titles_are_told_from_bodies_and_addresses_are_no_text() -> None:
    found = indexed("Wharf opened", "The wharf of [Opua](https://a.nz/secret-address), a wharf at www.secret.nz")
    assert found["wharf"] == [2, 1]
    assert found["opened"] == [0, 1]
    assert found["opua"] == [1, 0]
    assert not {"secret", "nz", "https"} & set(found)
    assert indexed("Secret", "See www.secret.nz") == {"secret": [0, 1], "see": [1, 0]}
    assert indexed("a " * 300, "a " * 300) == {"a": [255, 255]}


@example(title="", body="\x800\xcc\xa40", words=[])  # mended to a mark that no letter has, between two zeros
@given(title=TEXT, body=TEXT, words=WORDS)
def test_what_is_indexed_is_what_is_asked(empty, title: str, body: str, words: list[str]) -> None:
    body = " ".join([body, *words]).replace("](", "] (").replace("://", ": //").replace("www.", "www")
    assert set(indexed(title, body)) == sought(empty, f"{title}\n{text.clean(body)}")


def test_what_a_question_does_not_need_is_not_in_the_plan(empty) -> None:
    """Most of the time of a search is planning: texts are read for phrases only, and names looked up for filters."""

    def plan(arguments: str) -> str:
        return empty.execute(
            f"explain (format json) select release_id from releases_about({arguments}) limit 10"
        ).fetchall()[0][1]

    plain = plan("'whaling ban'")
    assert "search_posting" in plain
    assert not {name for name in ("release_text", "known_name", "bridge_release") if name in plain}
    assert "release_text" in plan("'\"whaling ban\"'")
    assert "known_name" in plan("'whaling ban', minister := 'Goff'")


def test_the_end_of_a_word_may_be_left_open(empty) -> None:
    found = empty.execute("select term, is_prefix from search_words('hous* emergency')").fetchall()
    assert found == [("hous", True), ("emergency", False)]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("te wiki: **MĀORI**\nlanguage!", " te wiki maori language "),
        ("the Minister’s office", " the minister office "),
        ("Damien O’Connor said it's", "damien o connor said it "),
        ("the [full](https://a/b) report", " the full report "),
        ("Žižek met Maroš Šefčovič", " zizek met maros sefcovic "),
        ("a 'ship' and o'shea", " a ship and o shea "),
    ],
)
def test_a_phrase_is_sought_in_words_alone(empty, written: str, expected: str) -> None:
    (found,) = empty.execute("select phrase_text($1)", [written]).fetchall()[0]
    assert expected in found


def test_a_snippet_shows_where_most_of_the_words_are() -> None:
    body = (
        "The house. "
        + "Filler words stand here. " * 30
        + "A [house](https://a.nz/house) for **emergency** use.\n"
        + "More. " * 90
    )
    shown = snippet(body, frozenset(["emergency"]), ("hous",))
    assert "A house for emergency use. More." in shown
    assert shown.startswith("… ") and shown.endswith(" …") and len(shown) < 250
    assert snippet("Short text.", frozenset(["none"]), ()) == "Short text."
    assert snippet("", frozenset(["none"]), ()) == ""


@given(body=TEXT, word=st.text("abc", min_size=1, max_size=3))
def test_a_snippet_is_one_short_line(body: str, word: str) -> None:
    shown = snippet(f"{body} {word}", frozenset([word]), ())
    assert len(shown) <= 250
    assert "\n" not in shown


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("housing -auckland", "-auckland was searched as auckland"),
        ("-auckland", "-auckland was searched as auckland"),
        ("housing NOT auckland", "NOT auckland was searched as not auckland"),
        ("HOUSING NOT AUCKLAND", "NOT AUCKLAND was searched as AUCKLAND"),
        (
            "rail –“cook strait” (-o'neill)",
            '–"cook strait" was searched as "cook strait"; -o\'neill was searched as o\'neill',
        ),
        ("COVID-19 Auckland - Wellington, 2019-2020 not now", None),
        ('"housing -auckland" "do NOT cross"', None),
        ("NOT", None),
    ],
)
def test_who_wants_words_left_out_is_told_that_they_are_searched(question: str, said: str | None) -> None:
    assert say_what_cannot_be_left_out(question) == ([f"Words cannot be left out: {said}."] if said else [])


@pytest.mark.parametrize(
    ("question", "count", "said"),
    [
        ("rail ferry", 1, "1 release has all words."),
        ('"rail OR ferry" or', 2_000, "2,000 releases have all words."),
        ("rail OR ferry", 2, "2 releases fit the whole question; of words joined by OR, one is enough."),
    ],
)
def test_of_words_joined_by_or_one_is_enough(question: str, count: int, said: str) -> None:
    assert say_how_many_match(question, count) == said
