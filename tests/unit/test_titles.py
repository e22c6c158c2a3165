"""Titles of office beside names: every shape in which texts print them, and what is no title of the person."""

from functools import cache

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.normalise import mentions
from flows.normalise.mentions import SearchText
from flows.normalise.offices import Lexicon, Office, decide_titles, read_after, read_before
from flows.normalise.seeds import read_seeds

KNOWN = pl.DataFrame(
    [("ann ash", "ann", "full_name"), ("ben birch", "ben", "full_name"), ("minister ash", "ann", "title")],
    schema=["name", "minister_id", "method"],
    orient="row",
)


@cache
def lexicon() -> Lexicon:
    return Lexicon(read_seeds(), {"tidal-gardens": "Tidal Gardens"})


def read(text: str) -> list[Office]:
    """Return the offices of Ann Ash in a text."""
    hits = mentions.find_names([SearchText("a.md", "blob", text)], KNOWN)
    return [
        office
        for hit in hits
        if hit.name.endswith("ash")
        for office in (*read_before(hit.title_before or "", lexicon()), *read_after(hit.title_after or "", lexicon()))
    ]


@pytest.mark.parametrize(
    ("text", "offices"),
    [
        ("Health Minister Ann Ash said", "minister: Health"),
        ("the Minister of Health Ann Ash said", "minister: Health"),
        ("The Minister for the Environment, Hon. Ann Ash, said", "minister: Environment"),
        ("Māori Affairs Minister Dr Ann Ash", "minister: Māori Affairs"),
        ("Arts, Culture and Heritage Minister Ann Ash", "minister: Arts, Culture and Heritage"),
        ("said “Foreign Minister Rt Hon Ann Ash", "minister: Foreign"),
        ("**Minister in charge of Treaty Negotiations** Ann Ash", "minister: Treaty Negotiations"),
        ("Minister responsible for the GCSB, the Right Honourable Ann Ash", "minister: GCSB"),
        ("Tidal Gardens Minister Ann Ash", "minister: Tidal Gardens"),
        ("Health Minister Ash said", "minister: Health"),
        ("Associate Health Minister Ann Ash", "associate: Health"),
        ("Associate Minister of Health Minister Ann Ash", "associate: Health"),
        ("Associate Minister of Health (Pharmac) Ann Ash", "associate: Health"),
        ("Health Associate Minister Ann Ash", "associate: Health"),
        ("acting Conservation Minister Ann Ash", "acting: Conservation"),
        ("Acting Minister of Conservation Ann Ash", "acting: Conservation"),
        ("former Health Minister Ann Ash", "former: Health"),
        ("the then Minister of Health Ann Ash", "former: Health"),
        ("former Acting Minister of Health Ann Ash", "former: Health"),
        ("Parliamentary Under-Secretary to the Minister of Justice Ann Ash", "under-secretary: Justice"),
        ("Under-Secretary for Justice Ann Ash", "under-secretary: Justice"),
        ("Justice Under-Secretary Ann Ash", "under-secretary: Justice"),
        ("Prime Minister Ann Ash", "minister: Prime Minister"),
        ("Deputy Prime Minister Ann Ash", "minister: Deputy Prime Minister"),
        ("Acting Prime Minister Ann Ash", "acting: Prime Minister"),
        ("Attorney\u2011General Ann Ash", "minister: Attorney-General"),
        ("Leader of the House Ann Ash", "minister: Leader of the House"),
        ("Education and Health Minister Ann Ash", "minister: Education, Health"),
        ("Minister of Finance and Revenue Ann Ash", "minister: Finance, Revenue"),
        ("Minister of Police, Customs and Racing Ann Ash", "minister: Police, Customs, Racing"),
        ("Minister for Police and for Customs Ann Ash", "minister: Police, Customs"),
        ("Minister of Health and Associate Minister of Education, Ann Ash", "associate: Education; minister: Health"),
        ("Deputy Prime Minister and Treasurer Ann Ash", "minister: Treasurer; minister: Deputy Prime Minister"),
        ("former Minister of Health and Minister of Police Ann Ash", "former: Police; former: Health"),
        ("Police Minister Ben Birch and Health Minister Ann Ash", "minister: Health"),
        ("Ann Ash, Minister of Health, said", "minister: Health"),
        ("Ann Ash, the Associate Minister of Health.", "associate: Health"),
        ("Ann Ash, the new Minister of Health, said", "minister: Health"),
        ("Ann Ash, New Zealand\u2019s Minister of Health, said", "minister: Health"),
        ("Ann Ash, Health Minister, said", "minister: Health"),
        ("Ann Ash (Minister of Health) and Ben Birch", "minister: Health"),
        ("Ann Ash \u2013 Minister for Food Safety\nBen Birch", "minister: Food Safety"),
        ("Ann Ash, then Minister of Health, said", "former: Health"),
        ("Ann Ash, Minister of Health and Acting Minister of Police, said", "minister: Health; acting: Police"),
        ("Ann Ash, Minister of Health; Ben Birch, Minister of Police", "minister: Health"),
        ("Ann Ash, Minister of Health and Ben Birch, Minister of Police", "minister: Health"),
        ("Hon Ann Ash  \nMINISTER OF HEALTH", "minister: HEALTH"),
        ("**Hon Ann Ash**\n\n**Minister of Health**\n\nMore", "minister: Health"),
        (
            "Ann Ash\nMinister of Health\nAssociate Minister of Police\nWellington",
            "minister: Health; associate: Police",
        ),
        ("Ben Birch\nMinister of Police\nAnn Ash\nMinister of Health", "minister: Health"),
        ("Minister of Health\nAnn Ash", "minister: Health"),
        ("Other Person\nMinister of Police\nAnn Ash\nMinister of Health", "minister: Health"),
        ("Ann Ash\nMinister of Health\nShareholding Ministers, Ben Birch", "minister: Health"),
        ("Minister of Maori affairs Ann Ash", "minister: Maori affairs"),
        ("\u00b7Previous Minister of Health Ann Ash", "former: Health"),
        ("As Health Minister, Ann Ash", "minister: Health"),
        ("in his role as Health Minister, Ann Ash", "minister: Health"),
        ("Police Minister, Ben Birch, and Health Minister, Ann Ash, said", "minister: Health"),
        (
            "the law would make it easier for them to find a home of their own, acting\nHousing Minister Ann Ash",
            "acting: Housing",
        ),
    ],
)
def test_titles(text: str, offices: str) -> None:
    assert "; ".join(f"{office.role}: {', '.join(office.names)}" for office in read(text)) == offices


@pytest.mark.parametrize(
    "text",
    [
        "Ann Ash said the Health Minister was away",
        "Australian Health Minister Ann Ash",
        "Shadow Minister Ann Ash",
        "Shadow Health Minister Ann Ash",
        "Mental Wellness and Rural Health Minister Ann Ash",
        "Minister Ann Ash",
        "Cabinet Minister Ann Ash",
        "Ministers Ann Ash and Ben Birch",
        "Ann Ash will become Minister of Health",
        "the Prime Minister appointed Ann Ash",
        "Ann Ash, Health Minister Ben Birch and others",
        "Ann Ash, Minister of Health, Ben Birch",
        "Ben Birch, Minister of Health, Ann Ash",
        "Ben Birch (Minister of Health, Ann Ash",
        "promoted Ben Birch to Minister of Health, Ann Ash to",
        "Ben Birch becomes Minister of Health; Ann Ash leaves",
        "\u00b7 Cy Cedar becomes Minister of Health\n\u00b7 Ann Ash leaves",
        "Ann Ash, Ben Birch\nMinister of Health\nMinister of Police",
        "Press Secretary to Ann Ash",
        "Ann Ash's Minister of Health",
        "Ann Ash, Minister for Child, Youth and Family",
        "It is over. Minister of Health. Ann Ash",
        "the Secretary-General Ann Ash",
    ],
)
def test_no_titles(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("name", "meanings"),
    [
        ("Health", {"health": "name"}),
        ("maori affairs", {"maori-affairs": "name"}),
        ("Arts", {"arts-culture-and-heritage": "short"}),
        ("Heritage", {"arts-culture-and-heritage": "listed"}),
        ("Sports", {"sport-and-recreation": "short", "sport-fitness-and-leisure": "short"}),
        ("Quux", {}),
    ],
)
def test_meanings(name: str, meanings: dict[str, str]) -> None:
    found = lexicon().look_up(name)
    assert {one: found.get(one) for one in meanings} == meanings
    assert bool(found) == bool(meanings)


def test_a_name_that_lists_portfolios_can_mean_these_too() -> None:
    printed = pl.DataFrame({"side": ["before"], "printed": ["Acting Foreign Affairs and Trade Minister"]})
    decided = decide_titles(printed, read_seeds(), {})
    assert decided.select("name_number", "role", "portfolio_id", "match").rows() == [
        (1, "acting", "foreign-affairs-and-trade", "name"),
        (1, "acting", "foreign-affairs", "part"),
        (1, "acting", "trade", "part"),
    ]
    assert set(decided["printed_form"]) == {"Acting Foreign Affairs and Trade Minister"}


_WORDS = st.sampled_from(
    [
        "Health",
        "Education",
        "Minister",
        "Associate",
        "Acting",
        "former",
        "Prime",
        "of",
        "and",
        "the",
        ",",
        ";",
        "\n",
        "Ann",
    ]
)


@given(st.lists(_WORDS, max_size=14).map(" ".join), st.lists(_WORDS, max_size=14).map(" ".join))
def test_titles_come_from_the_text_beside_the_name(before: str, after: str) -> None:
    text = f"{before} Ann Ash {after}"
    for office in read(text):
        for word in " ".join(office.names).split():
            assert word.rstrip(",") in text
