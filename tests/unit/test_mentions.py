"""Names in texts: where they stand, whose verbs follow them, and what is no name."""

import time

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.normalise import mentions
from flows.normalise.mentions import SearchText
from flows.normalise.seeds import read_seeds

KNOWN = pl.DataFrame(
    [
        ("ann ash", "ann", "full_name", "female"),
        ("annie ash", "ann", "alias", "female"),
        ("ms ash", "ann", "title", "female"),
        ("ash", "ann", "surname", "female"),
        ("mere o'hara", "mere", "full_name", "female"),
        ("ms o'hara", "mere", "title", "female"),
        ("o'hara", "mere", "surname", "female"),
        ("te rehe", "te-rehe", "full_name", None),
    ],
    schema=["name", "minister_id", "method", "gender"],
    orient="row",
)


def find(text: str) -> list[mentions.NameHit]:
    return mentions.find_names([SearchText("a.md", "blob", text)], KNOWN)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ann Ash and ANN ASH", ["ann ash", "ann ash"]),
        ("**Ann Ash**, [Ann Ash](https://a/ann-ash)", ["ann ash", "ann ash"]),
        ("Ann Ash's plan, Ann Ash\u2019s plan", ["ann ash", "ann ash"]),
        ("Mere O\u2019Hara and Ms O'Hara", ["mere o'hara", "ms o'hara"]),
        ("Tē Rēhe", ["te rehe"]),
        ("Joann Ash, Ann Ashton, Ann Ash-Birch, ann ash", []),
        ("Annie Ash", ["annie ash"]),
        ("Ann\nAsh", []),
        ("", []),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert [hit.name for hit in find(text)] == names


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("Ann Ash said it.", "said"),
        ("“It is,” Ann Ash says.", "says"),
        ('"It is," says Foreign Affairs Minister Ann Ash.', "says"),
        ("It is, says Ann Ash", "says"),
        ("That is so says Ann Ash.", "says"),
        ("Ann Ash, the Minister for the Sea, said it.", "said"),
        ("Ann Ash and Trade Minister Ben Birch today said it.", "said"),
        ("Ministers Ben Birch and Ann Ash, said it.", "said"),
        ("Ann Ash today announced it.", "announced"),
        ("Ann Ash has welcomed it", "welcomed"),
        ("Ben Birch said Ann Ash had failed.", None),
        ("Ann Ash welcomed nobody. It said so.", "welcomed"),
        ("Ann Ash wrote a letter that said much.", None),
        ("Ann Ash was told so.", None),
        ("Ben Birch told Ann Ash.", None),
        ("“Our friend Ann Ash has told the world,” Ben Birch said.", None),
        ('"Our friend Ann Ash has told the world," Ben Birch said.', None),
    ],
)
def test_verbs(text: str, verb: str | None) -> None:
    (hit,) = find(text)
    assert hit.verb == verb
    assert (hit.passage_place is not None) == (verb in {"said", "says"})


def test_a_quotation_goes_on_until_somebody_else_speaks() -> None:
    text = (
        "Ann Ash has a plan.\n\n“First,” Ms Ash said.\n\n“Second.\n\n“Third,” she said.\n\n"
        "“Fourth,” says Ben Birch, who is no minister.\n\n“Fifth,” Ms O’Hara said."
    )
    said = [text[hit.passage_place :][: hit.passage_length or 0] for hit in find(text) if hit.passage_place is not None]
    assert said == ["“First,” Ms Ash said.\n\n“Second.\n\n“Third,” she said.", "“Fifth,” Ms O’Hara said."]
    assert [hit.is_direct for hit in find(text)] == [None, True, True]


def test_what_is_not_in_quotation_marks_is_reported() -> None:
    (hit,) = find("Ann Ash said that it was so.")
    assert (hit.is_direct, hit.passage_place, hit.passage_length) == (False, 0, 28)


LETTERS = st.text(alphabet="Ann Ash Ms O'Hara said \u201c\u201d\"\n\tāé~🥝\u0301-.,", max_size=120)


@given(st.lists(LETTERS, max_size=5))
def test_each_place_holds_its_name_and_each_passage_its_place(texts: list[str]) -> None:
    given_texts = [SearchText(f"{number}.md", "blob", text) for number, text in enumerate(texts)]
    together = mentions.find_names(given_texts, KNOWN)
    assert together == [hit for one in given_texts for hit in mentions.find_names([one], KNOWN)]
    for hit in together:
        text = texts[int(hit.path.removesuffix(".md"))]
        printed = text[hit.place : hit.place + len(hit.name)]
        assert mentions.to_ascii(printed).lower() == hit.name
        if hit.passage_place is not None and hit.passage_length is not None:
            assert hit.passage_place <= hit.place < hit.passage_place + hit.passage_length <= len(text)


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        "Ann Ash ",
        "Ann Ash said ",
        '"Ann Ash said ',
        "Health Minister Ann Ash, ",
        "Ann Ash said\n\n",
        '"',
        "Said Ann Ash and ",
    ],
)
def test_a_long_text_takes_no_square_of_its_length(piece: str) -> None:
    began = time.process_time()
    find(piece * (250_000 // len(piece)))
    assert time.process_time() - began < 15  # a second or so; the square of it would be half an hour


def test_only_texts_that_hold_a_changed_name_are_searched_again() -> None:
    before = KNOWN.filter(pl.col("name") != "ann ash")
    assert mentions.find_changed(before, KNOWN) == mentions.find_changed(KNOWN, before) == ["ann ash"]
    assert mentions.find_changed(KNOWN, KNOWN) == []
    texts = [SearchText(path, "blob", body) for path, body in (("a", "ĀNN ASH"), ("b", "Joann Ashley"), ("c", "Ann"))]
    assert mentions.find_holding(texts, ["ann ash"]) == [("a", "blob"), ("b", "blob")]


def test_every_known_person_is_looked_for_in_ascii() -> None:
    seeds = read_seeds()
    decided = pl.DataFrame(
        [("new-person", "provisional", "Nēw Person")], schema=["minister_id", "rule", "provisional_name"], orient="row"
    )
    known = mentions.list_names(seeds, decided)
    assert set(known["minister_id"]) == {*seeds["people"]["minister_id"], "new-person"}
    assert "new person" in known.filter(minister_id="new-person", method="full_name")["name"].to_list()
    assert all(name.isascii() and name == name.lower() for name in known["name"])
    assert known.equals(mentions.list_names(seeds, decided))
    full = known.filter(method="full_name")
    assert full["name"].is_unique().all()
    assert set(full["minister_id"]) == set(known["minister_id"])
    # Minister Mark is another person, Ron Mark, whose name would be found in the longer one.
    assert {"mark burton", "minister mark burton"} <= set(full.filter(minister_id="mark-burton")["name"])
