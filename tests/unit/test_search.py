"""The words of a release and those of a question are the same; phrases are found as they stand in texts."""

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flows.parse import facts, text
from flows.parse.counting import Counting
from flows.serve.search import snippet

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cn"), exclude_characters="\0"), max_size=80)
WORDS = st.lists(
    st.sampled_from(["Māori", "MA\u0304ORI", "O'Connor’s", "ʻokina", "fast-track", "100th", "it’s"]), max_size=6
)


def indexed(title: str, body: str) -> dict[str, list[int]]:
    """How often a body and a title hold each term."""
    cleaned = text.clean(body)
    _, addresses = facts.split_addresses(cleaned)
    counting = Counting()
    counting.add("A text before it", "with words", "")
    counting.add(title, text.keep_words(cleaned), addresses)
    columns, terms = counting.columns()
    ids, in_body, in_title = (columns[f"term_{name}"][1].as_py() for name in ("ids", "body_counts", "title_counts"))
    return {terms[number]: counts for number, *counts in zip(ids, in_body, in_title, strict=True)}


def asked(empty: duckdb.DuckDBPyConnection, question: str) -> list[str]:
    return [term for (term,) in empty.execute("select term from search_words($1)", [question]).fetchall()]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Māori MÄORI ma\u0304ori", ["maori"]),
        ("O'Connor O’Connor’s", ["o", "connor"]),
        ("the Minister's, ministers' and 'quoted' words", ["the", "minister", "ministers", "and", "quoted", "words"]),
        ("fast-track $1.5m Lotu-Iiga", ["fast", "track", "1", "5m", "lotu", "iiga"]),
        ("a\u00a0b\nc\td", ["a", "b", "c"]),
        ("", []),
        ("' ’s -- \u0007", []),
        ("x" * 65, []),
    ],
)
def test_words_are_folded(empty, written: str, expected: list[str]) -> None:
    assert asked(empty, written) == expected
    assert set(indexed("", written)) == set(indexed(written, "")) == set(expected)


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
    assert set(indexed(title, body)) == set(asked(empty, f"{title}\n{text.clean(body)}"))


def test_the_end_of_a_word_may_be_left_open(empty) -> None:
    found = empty.execute("from search_words('hous* emergency')").fetchall()
    assert found == [("hous", True, 1), ("emergency", False, 2)]


@pytest.mark.parametrize(
    ("phrase", "written", "is_found"),
    [
        ("maori language", "te wiki: **MĀORI**\nlanguage!", True),
        ("Māori language", "a Maori-language week", True),
        ("minister's office", "the Minister’s office", True),
        ("minister office", "the Minister’s office", True),
        ("asylum seekers", "asylum for seekers", False),
        ("asylum seeker", "asylum seekers", False),
        ("O'Connor said", "Damien O’Connor said", True),
        ("full report", "the [full](https://a/b) report", True),
        ("a.b", "a b", True),
        ("hous* affordable", "housing that is affordable", False),
        ("affordable hous*", "affordable housing", True),
        ("hous*ing", "a house, ing", True),
        ("Maros Sefcovic", "Maroš Šefčovič", True),
        ("Zizek met Istanbul", "Žižek met İstanbul", True),
        ("*", "nothing", None),
        ("(.*", "nothing", None),
    ],
)
def test_a_phrase_is_found_as_it_stands(empty, phrase: str, written: str, is_found: bool | None) -> None:
    (found,) = empty.execute("select regexp_matches($1, phrase_pattern($2))", [written, phrase]).fetchall()[0]
    assert found == is_found


@given(phrase=TEXT)
def test_no_phrase_is_a_wrong_pattern(empty, phrase: str) -> None:
    empty.execute("select regexp_matches('some text', phrase_pattern($1))", [phrase]).fetchall()


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
