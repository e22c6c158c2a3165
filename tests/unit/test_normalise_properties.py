"""Invariants of names: whatever is printed, a decision is made once, and never by eating part of a word."""

import re
import unicodedata

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from flows.normalise.ministers import decide_ministers
from flows.normalise.portfolios import decide_portfolios, split_role
from flows.normalise.seeds import Seeds
from flows.normalise.spelling import Honorifics, fold, match_key, slug

PREFIXES = ("Rt Hon", "Right Honourable", "The Honourable", "Hon", "Dr", "Sir", "Dame", "Mr", "Ms", "Professor")
SUFFIXES = ("KC", "QC", "MP", "QSO", "ONZM", "PhD")
AFFIXES = Honorifics(PREFIXES, SUFFIXES)
NAMES = (
    "Damien O'Connor", "Georgina te Heuheu", "Māui Pōtiki", "Peseta Sam Lotu-Iiga", "Honorata Sirett", "Drew Damien",
    "Kcathy Mpata", "J. Smith",
)  # fmt: skip
LOOKALIKES = ("Honorata", "Honor", "Sirett", "Sirius", "Drew", "Dramatica", "Damien", "Damelia", "Kcathy", "McQc",
              "Mpata", "Msgr", "Mrsic", "Professorson", "Phdion", "O'Dr", "Dr-Hon", "X.KC")  # fmt: skip


def frame(*rows: dict[str, str]) -> pl.DataFrame:
    return pl.DataFrame([{"reason": "a reason", **row} for row in rows])


SEEDS: Seeds = {
    "honorifics": frame(
        *({"affix": affix, "position": "prefix"} for affix in PREFIXES),
        *({"affix": affix, "position": "suffix"} for affix in SUFFIXES),
    ),
    "people": frame(*({"minister_id": slug(name), "minister_name": name} for name in NAMES)),
    "person_aliases": frame({"alias": "Damo Connor", "minister_id": "damien-oconnor"}),
    "not_people": frame({"credited_as": "No Minister"}),
    "not_name_words": frame(
        {"word": "Report", "may_be_surname": "no"},
        {"word": "Zealand", "may_be_surname": "no"},
        {"word": "Page", "may_be_surname": "yes"},
    ),
    "portfolios": frame(
        {"portfolio_id": "health", "portfolio_name": "Health"},
        {"portfolio_id": "housing-social", "portfolio_name": "Housing (Social)"},
        {"portfolio_id": "prime-minister", "portfolio_name": "Prime Minister"},
        {"portfolio_id": "deputy-prime-minister", "portfolio_name": "Deputy Prime Minister"},
        {"portfolio_id": "associates", "portfolio_name": "Associates"},
        {"portfolio_id": "minister-of-state", "portfolio_name": "Minister of State"},
        {"portfolio_id": "te-arawhiti", "portfolio_name": "Māori Crown Relations: Te Arawhiti"},
    ),
    "not_portfolios": frame({"tagged_as": "No Portfolio", "reason": "a placeholder"}),
    "portfolio_aliases": frame({"tagged_as": "Associate Treasurer's Office", "portfolio_id": "health"}),
}


def printed(*names: str, links: int = 0, releases: int = 1) -> pl.DataFrame:
    rows = [(name, releases, links, links, [], None, None) for name in names]
    schema = {"printed": pl.String, "release_count": pl.Int64, "folder_link_count": pl.Int64, "link_count": pl.Int64,
              "link_urls": pl.List(pl.String), "first_date": pl.Date, "last_date": pl.Date}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def minister(name: str, links: int = 0) -> dict[str, str]:
    (row,) = decide_ministers(printed(name, links=links), SEEDS).to_dicts()
    return row


def portfolio(tag: str, links: int = 0) -> dict[str, str]:
    (row,) = decide_portfolios(printed(tag, links=links), SEEDS).to_dicts()
    return row


# ------------------------------------------------------------------------------------------ spelling


@given(st.text(max_size=30))
def test_folding_any_text_twice_changes_nothing_more(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert once == " ".join(once.split())
    assert unicodedata.is_normalized("NFC", once)


@given(st.text(max_size=30))
def test_keys_and_ids_of_any_text_are_their_own(text: str) -> None:
    assume("ŉ" not in text)
    key = match_key(text)
    assert match_key(key) == key == match_key(fold(text))
    assert slug(slug(text)) == slug(text)
    assert re.fullmatch(r"[a-z0-9-]*", slug(text))


def test_the_key_of_a_letter_that_holds_an_apostrophe_is_its_own() -> None:
    assert match_key(match_key("ŉ")) == match_key("ŉ")


@pytest.mark.parametrize(
    "spelling",
    [
        "Damien O'Connor", "DAMIEN O'CONNOR", "Damien O’Connor", "Damien O‘Connor", "Damien OʼConnor",
        "Damien OʻConnor", "Damien O`Connor", "Damien O´Connor", "Damien OConnor",
        "  Damien\u00a0O'Connor ", "Dāmien O'Cōnnor",
        "Da\u0304mien O'Connor", "Dam\u00adien O'Connor", "\ufeffDamien O'Connor\u200e",
    ],
)  # fmt: skip
def test_spellings_share_an_id(spelling: str) -> None:
    assert slug(spelling) == "damien-oconnor"


# ---------------------------------------------------------------------------------------- honorifics


@given(st.lists(st.sampled_from((*PREFIXES, *SUFFIXES, *LOOKALIKES, "te", ",", ".", "-")), min_size=1, max_size=7))
def test_what_is_left_of_a_name_stands_in_it_between_word_boundaries(words: list[str]) -> None:
    name = fold(" ".join(words))
    titles, rest = AFFIXES.strip(name)
    assert rest.strip()
    assert AFFIXES.strip(rest) == ("", rest)
    assert name.startswith(titles)
    at = name.index(rest, len(titles))
    before, after = name[:at], name[at + len(rest) :]
    assert not before or before[-1] in " ."
    assert not after or after[0] in " ,"


@given(st.text(max_size=25))
def test_stripping_any_text_leaves_a_name_that_stays(text: str) -> None:
    name = fold(text)
    _, rest = AFFIXES.strip(name)
    assert rest in name
    assert bool(rest) == bool(name)
    assert AFFIXES.strip(rest)[1] == rest


@pytest.mark.parametrize("word", LOOKALIKES)
@pytest.mark.parametrize("pattern", ["{}", "{} Clark", "Clark {}", "Hon {}", "Hon {} KC", "Helen {} Clark MP"])
def test_a_word_that_begins_or_ends_like_an_honorific_stays_whole(word: str, pattern: str) -> None:
    assert word in AFFIXES.strip(pattern.format(word))[1].split()


@pytest.mark.parametrize("word", [*PREFIXES, *SUFFIXES, "hon.", "KC."])
def test_an_honorific_alone_is_a_name(word: str) -> None:
    rest = AFFIXES.strip(word)[1]
    assert rest
    assert rest in word


@pytest.mark.parametrize(
    ("name", "titles", "rest"),
    [
        ("Hon.Damien Drew", "Hon.", "Damien Drew"),
        ("hon DR damien drew kc mp", "hon DR", "damien drew"),
        ("Rt. Hon. Drew", "Rt. Hon.", "Drew"),
        ("Right  Honourable Drew", "Right  Honourable", "Drew"),
        ("Damien Drew,MP", "", "Damien Drew"),
        ("Damien Drew MP.", "", "Damien Drew"),
        ("Hon Hon Drew", "Hon Hon", "Drew"),
        ("Damien Hon Drew", "", "Damien Hon Drew"),
        ("MP Drew", "", "MP Drew"),
        ("Damien Hon", "", "Damien Hon"),
    ],
)
def test_where_an_honorific_is_taken_off(name: str, titles: str, rest: str) -> None:
    assert AFFIXES.strip(name) == (titles, rest)


@pytest.mark.parametrize(
    "name",
    ["Damien O'Connor K.C.", "Damien O'Connor M.P.", "Hon Damien O'Connor Q.C., M.P."],
)
def test_post_nominals_with_dots_are_taken_off(name: str) -> None:
    assert minister(name)["minister_id"] == "damien-oconnor"


# ----------------------------------------------------------------------------------------- ministers

MACRONS = str.maketrans("āēīōūĀĒĪŌŪ", "aeiouAEIOU")
SPELLINGS = st.sampled_from(
    [
        str,
        str.upper,
        str.lower,
        lambda name: name.translate(MACRONS),
        lambda name: unicodedata.normalize("NFD", name),
        lambda name: name.replace("a", "ā"),
        lambda name: name.replace("'", "’"),
        lambda name: name.replace("'", "ʻ"),
        lambda name: name.replace("'", ""),
        lambda name: name.replace("-", "‑"),
        lambda name: name.replace(" ", "  "),
        lambda name: name.replace(" ", "\u00a0"),
        lambda name: name.replace(" ", " \u200b"),
        lambda name: f" {name}\u200e ",
    ]
)


@given(
    name=st.sampled_from(NAMES),
    spell=SPELLINGS,
    before=st.lists(st.sampled_from([*PREFIXES, "hon.", "RT HON", "DR."]), max_size=3),
    after=st.lists(st.sampled_from([*(f" {suffix}" for suffix in SUFFIXES), ", MP", " kc", " QSO."]), max_size=3),
)
def test_a_known_person_is_known_whatever_stands_around_the_name(
    name: str, spell: type[str], before: list[str], after: list[str]
) -> None:
    text = " ".join([*before, spell(name)]) + "".join(after)
    row = minister(text)
    assert (row["minister_id"], row["provisional_name"]) == (slug(name), None)
    assert row["rule"] in {"as_printed", "honorific", "folded"}
    assert minister(text, links=1)["minister_id"] == slug(name)


@given(
    st.lists(
        st.text(max_size=15) | st.sampled_from([*NAMES, "No Minister", "Hon Jane Doe", "x"]), max_size=8, unique=True
    )
)
def test_each_printed_string_gets_one_decision_in_order(names: list[str]) -> None:
    for decide, text, member in (
        (decide_ministers, "credited_as", "minister_id"),
        (decide_portfolios, "tagged_as", "portfolio_id"),
    ):
        decided = decide(printed(*names), SEEDS)
        assert decided[text].to_list() == sorted(names)
        assert decided.equals(decide(printed(*reversed(names)), SEEDS))
        for row in decided.to_dicts():
            assert row[member]
            assert row["rule"]
            assert row["reason"]
            assert (row["provisional_name"] is not None) == (row["rule"] == "provisional")


@pytest.mark.parametrize(
    ("name", "links", "expected"),
    [
        ("Damo Connor", 0, ("damien-oconnor", "alias")),
        ("Hon Damo Connor MP", 1, ("damien-oconnor", "alias")),
        ("no  minister", 0, ("not-a-person", "placeholder")),
        ("No Minister", 1, ("not-a-person", "placeholder")),
        ("mailto:someone@example.org", 0, ("not-a-person", "address")),
        ("Jane Doe", 0, ("jane-doe", "provisional")),
        ("Jane Doe", 1, ("not-a-person", "link_text")),
        ("Dame Jane Doe", 1, ("not-a-person", "link_text")),
        ("Hon Dame Jane Doe", 1, ("jane-doe", "provisional")),
        ("Dame Jane", 0, ("unresolved", "unresolved")),
        ("Jane", 0, ("unresolved", "unresolved")),
        ("Jane van der Doe-O'Shea", 0, ("jane-van-der-doe-oshea", "provisional")),
        ("a review of the law", 0, ("unresolved", "unresolved")),
        ("One Two Three Four Five Six", 0, ("unresolved", "unresolved")),
        ("Annual Report", 0, ("unresolved", "unresolved")),
        ("Annual Report", 1, ("not-a-person", "link_text")),
        ("Hon Jane Report", 0, ("unresolved", "unresolved")),
        ("Budget 2017", 0, ("unresolved", "unresolved")),
        ("Иван Петров", 0, ("unresolved", "unresolved")),
        ("Hon Unresolved", 0, ("unresolved", "unresolved")),
    ],
)
def test_the_rule_that_decides_a_minister(name: str, links: int, expected: tuple[str, str]) -> None:
    row = minister(name, links)
    assert (row["minister_id"], row["rule"]) == expected


def test_a_new_name_keeps_its_honorific_and_its_spelling() -> None:
    row = minister("Hon  Dr Jāne O’Doe KC")
    assert (row["minister_id"], row["provisional_name"], row["honorific"]) == ("jane-odoe", "Jāne O'Doe", "Hon Dr")


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("Damien OConnorø", "damien-oconnor"),
        ("Honorata Siřett Ł", "honorata-sirett"),
        ("Honorata Sirett Ж", "honorata-sirett"),
    ],
)
def test_a_new_name_is_never_given_the_id_of_a_seeded_person(name: str, taken: str) -> None:
    row = minister(name)
    assert (row["rule"], row["minister_id"]) != ("provisional", taken)


# ---------------------------------------------------------------------------------------- portfolios


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("Parliamentary Under-Secretary to the Minister for the Environment", ("under-secretary", None, "Environment")),
        ("Under-Secretary for Health", ("under-secretary", None, "Health")),
        ("Undersecretary to Health", ("under-secretary", None, "Health")),
        ("ASSOCIATE MINISTER FOR HEALTH", ("associate", None, "HEALTH")),
        ("Associate Minister responsible for the NZSIS", ("associate", None, "NZSIS")),
        ("Acting Minister in charge of the NZSIS", ("acting", None, "NZSIS")),
        ("Deputy Minister of Health", ("deputy", None, "Health")),
        ("Deputy Prime Minister", ("deputy", None, "Prime Minister")),
        ("Associate Minister of Health (Mental Health)", ("associate", "Mental Health", "Health")),
        ("Associate Minister of Health(Mental Health)", ("associate", "Mental Health", "Health")),
        ("Associate Minister of Health ( Mental Health )", ("associate", "Mental Health", "Health")),
        ("Minister of Health ()", ("minister", None, "Health ()")),
        ("Associate (Health)", ("associate", None, "(Health)")),
        ("Associates", (None, None, "Associates")),
        ("Associated Press", (None, None, "Associated Press")),
        ("Actingly", (None, None, "Actingly")),
        ("Deputyship", (None, None, "Deputyship")),
        ("Ministers of Health", (None, None, "Ministers of Health")),
        ("Minister of", (None, None, "Minister of")),
        ("Health (Acting)", (None, None, "Health (Acting)")),
        ("The Associate Minister of Health", (None, None, "The Associate Minister of Health")),
        ("", (None, None, "")),
    ],
)
def test_the_role_in_front_of_a_tag(tag: str, expected: tuple[str | None, str | None, str]) -> None:
    assert split_role(tag) == expected


@given(
    st.text(max_size=40)
    | st.lists(st.sampled_from(["associate", "minister", "of", "the", "acting", "Health", "(", ")", "deputy"])).map(
        " ".join
    )
)
def test_a_role_is_only_ever_taken_from_the_front(text: str) -> None:
    tag = fold(text)
    role, delegation, rest = split_role(tag)
    assert rest in tag
    assert bool(rest) == bool(tag)
    assert (role is not None) or (delegation, rest) == (None, tag)
    assert delegation is None or f"{delegation}" in tag


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("Deputy Prime Minister", ("deputy-prime-minister", "minister", None, "as_printed")),
        ("deputy  prime minister", ("deputy-prime-minister", "minister", None, "folded")),
        ("Acting Deputy Prime Minister", ("deputy-prime-minister", "acting", None, "role")),
        ("Minister of State", ("minister-of-state", "minister", None, "as_printed")),
        ("Associates", ("associates", "minister", None, "as_printed")),
        ("Associate Treasurer’s Office", ("health", "minister", None, "alias")),
        ("Associate  Minister  of  Health", ("health", "associate", None, "role")),
        ("Associate Minister for Health (Mental  Health)", ("health", "associate", "Mental Health", "role")),
        ("Associate Minister of Housing (Social)", ("housing-social", "associate", None, "role")),
        ("Housing (Social)", ("housing-social", "minister", None, "as_printed")),
        ("Maori Crown Relations - Te Arawhiti", ("te-arawhiti", "minister", None, "folded")),
        ("Minister for Māori Crown Relations: Te Arawhiti", ("te-arawhiti", "minister", None, "role")),
        ("Acting Minister of Tidal Gardens (Rocks)", ("tidal-gardens", "acting", "Rocks", "provisional")),
        ("Housing (Rural)", ("housing-rural", "minister", None, "provisional")),
        ("!!!", ("unresolved", "none", None, "unresolved")),
    ],
)
def test_the_rule_that_decides_a_portfolio(tag: str, expected: tuple[str, str, str | None, str]) -> None:
    row = portfolio(tag)
    assert (row["portfolio_id"], row["role"], row["delegation"], row["rule"]) == expected


@pytest.mark.parametrize("tag", ["Health", "Deputy Prime Minister", "HEALTH", "Associate Treasurer's Office"])
def test_a_known_portfolio_stays_known_where_it_is_linked(tag: str) -> None:
    assert portfolio(tag, links=1)["portfolio_id"] == portfolio(tag)["portfolio_id"]


@pytest.mark.parametrize("tag", ["Minister of Health", "Associate Minister of Health (Mental Health)"])
def test_a_known_portfolio_with_a_role_stays_known_where_it_is_linked(tag: str) -> None:
    assert portfolio(tag, links=1)["portfolio_id"] == "health"


def test_two_roles_in_front_of_a_known_portfolio() -> None:
    assert portfolio("Acting Associate Minister of Health")["portfolio_id"] == "health"
