"""Cleaned text, the key of twins, and the date a text opens with."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.parse.text import clean, clean_simply, find_opening_date, keep_words, make_text_key

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=200)


@pytest.mark.parametrize(
    ("body", "cleaned"),
    [
        ("two\u00a0words", "two words"),
        ("zero\u200bwidth, soft\u00adhyphen\u200e", "zerowidth, softhyphen"),
        ("the Governmentâ€™s â€œplanâ€\u009d", "the Government’s “plan”"),
        ('people,â€? he said of RangiÂ’s â€" plan', "people,” he said of Rangi’s – plan"),
        ("¡§It¡¦s ¡¥new¡¦,¡¨ he said ¡V or so¡K", "“It’s ‘new’,” he said – or so…"),
        ("¡°It¡¯s ¡®new¡¯,¡± he said", "“It’s ‘new’,” he said"),
        ("„h one\n\n„Xtwo\n- „« three; „o four", "• one\n\n• two\n- • three; • four"),
        ("¡Viva! „Ja“, ng„ hua „ki stay", "¡Viva! „Ja“, ng„ hua „ki stay"),
        ("J\u0081rgen R\u0081ttgers, p\u0081tea, Ma\u0081ori", "Jürgen Rüttgers, pütea, Maori"),
        ("a&notes; and &nbsp;b &#8217;", "a&notes; and  b ’"),
        ("four\uf020words\uf02djoined", "four words-joined"),
        ("Ma\u0304ori", "Māori"),
        ("Mäori and Mâori stay", "Mäori and Mâori stay"),
        ("claimant?s stays", "claimant?s stays"),
        ("one<!--THE END-->\n\n<!-- two\nlines -->two", "one\n\ntwo"),
        ("before ![Image removed.](/core/misc/icons/error.svg) after", "before  after"),
        ("![A photo](/sites/default/files/a.jpg) stays", "![A photo](/sites/default/files/a.jpg) stays"),
        ("5 &gt; 4 &amp; 3 &lt; 4", "5 > 4 & 3 < 4"),
        ("AT&T; R&D stays", "AT&T; R&D stays"),
        (r"\*not a list\*, 5\. and \[1\]", "*not a list*, 5. and [1]"),
        (r"C:\folder stays", r"C:\folder stays"),
        ("a line\u2028another\u0085third", "a line\nanother\nthird"),
        ("\uf0b7 a bullet of Word", "• a bullet of Word"),
        ("bene\ufb01t", "benefit"),
        ("\u0081 and \u0007 go", "and  go"),
        ("“curly” quotes — and dashes stay", "“curly” quotes — and dashes stay"),
        ("hard  \nbreaks stay", "hard  \nbreaks stay"),
        ("", ""),
    ],
)
def test_what_is_cleaned_and_what_is_not(body: str, cleaned: str) -> None:
    assert clean(body) == cleaned


@given(TEXT)
def test_a_cleaned_text_keeps_what_is_said(body: str) -> None:
    cleaned = clean(body)
    assert not set(cleaned) & set("\u00a0\u200b\u00ad\ufeff\u2028\x00")
    assert unicodedata.is_normalized("NFC", cleaned)
    if body.isascii() and "&" not in body and "<!" not in body and "![" not in body:
        assert make_text_key(keep_words(cleaned)) == make_text_key(keep_words(body))


@given(st.text(st.sampled_from("ab \\*.[]\u00a0\n"), max_size=40))
def test_the_simple_cleaning_is_enough_where_nothing_else_is_wrong(body: str) -> None:
    assert clean_simply(body).strip() == clean(body).strip() or "\n" in body


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The same, words.", "the SAME words", True),
        ("don’t", "dont", True),
        ("ﬁne ½", "FINE ½", True),
        ("snake_case", "snake case", True),
        ("Māori", "Maori", False),
        ("one", "two", False),
    ],
)
def test_twins_share_letters_and_digits(one: str, other: str, same: bool) -> None:
    assert (make_text_key(keep_words(one)) == make_text_key(keep_words(other))) is same


@pytest.mark.parametrize("body", ["", " \n", "***", "___"])
def test_a_text_without_words_has_no_key(body: str) -> None:
    assert make_text_key(keep_words(body)) is None


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("14 November 2001Media Statement\n\nLegislation", date(2001, 11, 14)),
        ("1 February 2001 Media Statement", date(2001, 2, 1)),
        ("**Winston Peters**\n\n7 January 2017\n\nNew Zealand First", date(2017, 1, 7)),
        ("Wednesday, 31st October 2001\n", date(2001, 10, 31)),
        ("September 28 2001Media Statement\n", date(2001, 9, 28)),
        ("August 23rd, 2001\n", date(2001, 8, 23)),
        ("14 NOVEMBER 2001\n", date(2001, 11, 14)),
        ("**Media Release 29 June 2007**\n", date(2007, 6, 29)),
        ("x" * 185 + "\n15 June 2010 is the 5th Day", None),
        ("x" * 185 + "\n15 June 2010\nA day", date(2010, 6, 15)),
        ("Sunday 1 March 2015 marks Children's Day", None),
        ("It was on 1 March 2015\nthat", None),
        ("31 November 2001\n", None),
        ("text\n" * 60 + "1 March 2015\n", None),
        ("", None),
    ],
)
def test_the_date_a_text_opens_with(body: str, found: date | None) -> None:
    assert find_opening_date(body) == found
