"""Names: what is taken off, what never is, and what is decided of each printed string."""

from datetime import date
from functools import cache

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.normalise.ministers import decide_ministers
from flows.normalise.portfolios import decide_portfolios, split_role
from flows.normalise.seeds import Seeds, read_seeds
from flows.normalise.spelling import Honorifics, fold, match_key, slug

AFFIXES = Honorifics(
    prefixes=("Rt Hon", "Hon", "Dr", "Sir", "Dame", "The Honourable", "Right Honourable", "Mr"),
    suffixes=("KC", "QC", "MP", "ONZM"),
)
TEXT = st.text(st.sampled_from("aābcDEHhonōRt.rDSi'’‘ \u00a0\u200b-,KCMP"), max_size=40)
WORDS = st.lists(
    st.sampled_from(
        ["Hon", "Rt", "Dr", "Sir", "KC", "MP", "Honorata", "Sirett", "Drew", "Kcathy", "Clark", "te", "O'Dr"]
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@given(TEXT)
def test_folding_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert match_key(match_key(text)) == match_key(text) == match_key(fold(text))
    assert slug(slug(text)) == slug(text)


@given(WORDS)
def test_stripping_is_idempotent_never_empty_and_takes_whole_words(words: list[str]) -> None:
    name = " ".join(words)
    titles, rest = AFFIXES.strip(name)
    assert rest
    assert AFFIXES.strip(rest)[1] == rest
    assert rest in name
    assert set(rest.split()) <= set(words)
    assert name.startswith(titles)


@pytest.mark.parametrize(
    ("printed", "titles", "name"),
    [
        ("Rt Hon Winston Peters", "Rt Hon", "Winston Peters"),
        ("Hon Dr Megan Woods", "Hon Dr", "Megan Woods"),
        ("Rt. Hon. Sir John Key", "Rt. Hon. Sir", "John Key"),
        ("RT HON HELEN CLARK", "RT HON", "HELEN CLARK"),
        ("The Right Honourable Jim Bolger", "", "The Right Honourable Jim Bolger"),
        ("The Honourable Paul East", "The Honourable", "Paul East"),
        ("Hon Judith Collins KC", "Hon", "Judith Collins"),
        ("Judith Collins, KC, MP", "", "Judith Collins"),
        ("Mr Hon Dr Nick Smith MP", "Mr Hon Dr", "Nick Smith"),
        ("Honorata Sirett", "", "Honorata Sirett"),
        ("Drew Damien", "", "Drew Damien"),
        ("Hon", "", "Hon"),
        ("Hon KC", "Hon", "KC"),
        ("Hone Harawira", "", "Hone Harawira"),
    ],
)
def test_honorifics(printed: str, titles: str, name: str) -> None:
    assert AFFIXES.strip(printed) == (titles, name)


@pytest.mark.parametrize(
    "variant",
    [
        "Shane Reti", "Hon Dr Shane Reti", "SHANE RETI", "Shane  Reti", "Shane\u00a0Reti", "Shāne Reti",
        "Shane Reti MP",
        "Sh\u200bane Reti",
    ],
)  # fmt: skip
def test_spellings_of_one_name_share_a_key(variant: str) -> None:
    assert match_key(AFFIXES.strip(fold(variant))[1]) == "shane reti"


def test_different_names_keep_different_keys() -> None:
    names = ["Nick Smith", "Lockwood Smith", "Foreign Affairs", "Foreign Affairs and Trade", "Women", "Women's Affairs",
             "Maori Affairs", "Maori Development", "Chris Carter", "Christine Carter"]  # fmt: skip
    assert len({match_key(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("Associate Minister of Health", ("associate", None, "Health")),
        ("Associate Minister for the Environment", ("associate", None, "Environment")),
        ("Associate Treasurer", ("associate", None, "Treasurer")),
        ("Associate Minister of Education (Early Childhood)", ("associate", "Early Childhood", "Education")),
        ("Acting Prime Minister", ("acting", None, "Prime Minister")),
        ("Acting Minister of Conservation", ("acting", None, "Conservation")),
        ("Minister for Auckland", ("minister", None, "Auckland")),
        (
            "Minister in charge of Treaty of Waitangi Negotiations",
            ("minister", None, "Treaty of Waitangi Negotiations"),
        ),
        ("Parliamentary Under-Secretary to the Minister of Justice", ("under-secretary", None, "Justice")),
        ("Health", (None, None, "Health")),
        ("Associates", (None, None, "Associates")),
        ("Ministerial Services", (None, None, "Ministerial Services")),
        ("Housing (Social)", (None, None, "Housing (Social)")),
        ("Associate", (None, None, "Associate")),
    ],
)
def test_roles(tag: str, expected: tuple[str | None, str | None, str]) -> None:
    assert split_role(tag) == expected


def frame(*rows: dict[str, str]) -> pl.DataFrame:
    return pl.DataFrame(list(rows))


SEEDS: Seeds = {
    "honorifics": frame(
        {"affix": "Rt Hon", "position": "prefix", "reason": "r"},
        {"affix": "Hon", "position": "prefix", "reason": "r"},
        {"affix": "KC", "position": "suffix", "reason": "r"},
    ),
    "people": frame(
        {"minister_id": "damien-oconnor", "minister_name": "Damien O'Connor", "reason": "r"},
        {"minister_id": "tuariki-delamere", "minister_name": "Tuariki Delamere", "reason": "r"},
    ),
    "person_aliases": frame({"alias": "John Delamare", "minister_id": "tuariki-delamere", "reason": "the site's name"}),
    "not_people": frame({"credited_as": "No Minister", "reason": "a placeholder"}),
    "not_name_words": frame(
        {"word": "Statement", "may_be_surname": "no", "reason": "a document"},
        {"word": "Page", "may_be_surname": "yes", "reason": "of the web"},
    ),
    "portfolios": frame(
        {"portfolio_id": "health", "portfolio_name": "Health", "reason": "r"},
        {"portfolio_id": "deputy-prime-minister", "portfolio_name": "Deputy Prime Minister", "reason": "r"},
        {"portfolio_id": "prime-minister", "portfolio_name": "Prime Minister", "reason": "r"},
        {"portfolio_id": "security-intelligence", "portfolio_name": "Security Intelligence", "reason": "r"},
    ),
    "not_portfolios": frame({"tagged_as": "No Portfolio", "reason": "a placeholder"}),
    "portfolio_aliases": frame(
        {"tagged_as": "NZSIS", "portfolio_id": "security-intelligence", "reason": "an abbreviation"}
    ),
}


def printed(
    *names: str, links: int = 0, releases: int = 2, urls: tuple[str, ...] = (), years: tuple[int, int] | None = None
) -> pl.DataFrame:
    first, last = (date(years[0], 1, 1), date(years[1], 12, 31)) if years else (None, None)
    rows = [(name, releases, links, links, list(urls), first, last) for name in names]
    schema = {"printed": pl.String, "release_count": pl.Int64, "folder_link_count": pl.Int64, "link_count": pl.Int64,
              "link_urls": pl.List(pl.String), "first_date": pl.Date, "last_date": pl.Date}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def minister(name: str, links: int = 0) -> tuple[str, str]:
    (row,) = decide_ministers(printed(name, links=links), SEEDS).to_dicts()
    assert row["reason"]
    return row["minister_id"], row["rule"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Damien O'Connor", ("damien-oconnor", "as_printed")),
        ("Hon Damien O’Connor", ("damien-oconnor", "honorific")),
        ("Damien OConnor", ("damien-oconnor", "folded")),
        ("John Delamare", ("tuariki-delamere", "alias")),
        ("No Minister", ("not-a-person", "placeholder")),
        ("http://www.executive.govt.nz/minister/king/", ("not-a-person", "address")),
        ("www.executive.govt.nz/minister/king/", ("not-a-person", "address")),
        ("executive.govt.nz/minister/king", ("not-a-person", "address")),
        ("Hon Wilhelmina van der Testperson", ("wilhelmina-van-der-testperson", "provisional")),
        ("Rt Hon Testperson", ("unresolved", "unresolved")),
        ("Rt Hon O'Connor", ("unresolved", "unresolved")),
        ("Luamanuvao Hon Damien O'Connor", ("unresolved", "unresolved")),
        ("Damien Hon O'Connor", ("damien-oconnor", "honorific")),
        ("Hon Damien O'Connor Hon John Delamare", ("unresolved", "unresolved")),
        ("Meet Damien O'Connor", ("unresolved", "unresolved")),
        ("Hon No Minister", ("not-a-person", "placeholder")),
        ("Deputy Prime Minister", ("unresolved", "unresolved")),
        ("executive.govt.nz", ("not-a-person", "address")),
        ("Te Kahu o Te Rangi", ("te-kahu-o-te-rangi", "provisional")),
        ("Hon Anneke van 't Hoff", ("anneke-van-t-hoff", "provisional")),
        ("Hon Ngaire Ngā Tama", ("ngaire-nga-tama", "provisional")),
        ("Hon Hannah Page", ("hannah-page", "provisional")),
        ("Hannah Page", ("unresolved", "unresolved")),
        ("Hon Hannah Statement", ("unresolved", "unresolved")),
        ("View PDF file", ("unresolved", "unresolved")),
        ("discussion document", ("unresolved", "unresolved")),
        ("Not Stated", ("unresolved", "unresolved")),
        ("王毅", ("unresolved", "unresolved")),
    ],
)
def test_a_minister_is_decided_by_the_first_rule_that_knows(name: str, expected: tuple[str, str]) -> None:
    assert minister(name) == expected


@pytest.mark.parametrize(
    ("name", "links", "releases", "expected"),
    [
        ("View PDF file", 2, 2, "link_text"),
        ("Air New Zealand Statement", 2, 2, "link_text"),
        ("Air New Zealand Statement", 1, 2, "link_text"),
        ("Air New Zealand Statement", 0, 2, "unresolved"),
        ("Defence Framework Paper", 2, 2, "link_text"),
        ("Hon Wilhelmina Testperson", 2, 2, "provisional"),
        ("Wilhelmina Testperson", 2, 2, "link_text"),
        ("Wilhelmina Testperson", 1, 2, "provisional"),
        ("Sir Edmund Testperson", 2, 2, "link_text"),
        ("Hon Damien O'Connor", 2, 2, "honorific"),
        ("Contact Damien O'Connor", 2, 2, "link_text"),
        ("Deputy Prime Minister", 2, 2, "link_text"),
        ("Hon Wilhelmina Testperson Statement", 2, 2, "link_text"),
        ("Hon Wilhelmina Testperson's Plan", 2, 2, "link_text"),
        ("Wilhelmina Testperson's Plan", 0, 2, "unresolved"),
    ],
)
def test_a_link_text_is_nobody_unless_a_seed_knows_the_name(
    name: str, links: int, releases: int, expected: str
) -> None:
    frame = printed(name, links=links, releases=releases)
    assert decide_ministers(frame, SEEDS)["rule"].to_list() == [expected]


@pytest.mark.parametrize(
    ("name", "rule"),
    [("Policy Adjustment", "unresolved"), ("Hon Zeb Quux", "provisional"), ("Damien O'Connor", "as_printed")],
)
def test_a_string_beside_a_link_to_a_ministers_folder_may_be_its_text_in_other_words(name: str, rule: str) -> None:
    frame = printed(name).with_columns(folder_link_count=pl.lit(2))
    assert decide_ministers(frame, SEEDS)["rule"].to_list() == [rule]


@pytest.mark.parametrize(
    ("name", "url", "rule"),
    [
        ("Wilhelmina Testperson", "https://www.beehive.govt.nz/minister/hon-wilhelmina-testperson", "provisional"),
        ("Wilhelmina Testperson", "https://www.beehive.govt.nz/minister/hon-wilhelmina-testperson-0", "provisional"),
        ("Wilhelmina Testperson", "/minister/wilhelmina+testperson?type=speech", "provisional"),
        ("Wilhelmina Testperson", "http://www.executive.govt.nz/minister/testperson/", "provisional"),
        ("Wilhelmina Testperson", "/minister/testperson/index.html", "provisional"),
        ("Wilhelmina Testperson", "/minister/biography/wilhelmina-testperson", "provisional"),
        ("Wilhelmina Testperson", "/minister/sixth-national-government/wilhelmina-testperson", "provisional"),
        ("Wilhelmina Testperson", "http://www.executive.govt.nz/minister/otherperson/testperson.pdf", "link_text"),
        ("Wilhelmina Testperson", "http://www.executive.govt.nz/minister/", "link_text"),
        ("Wilhelmina Testperson", "http://[no-address/minister/otherperson", "link_text"),
        ("Hannah Page", "https://www.beehive.govt.nz/minister/hon-hannah-page", "provisional"),
        ("Hannah Page", "http://www.executive.govt.nz/minister/page/", "link_text"),
        ("Supreme Court", "http://www.executive.govt.nz/minister/wilson/supreme-court/", "link_text"),
        ("Air Traffic", "http://www.executive.govt.nz/ministers-office/air-traffic", "link_text"),
    ],
)
def test_a_new_name_that_is_printed_only_where_it_is_linked_is_a_person_if_the_page_is_theirs(
    name: str, url: str, rule: str
) -> None:
    frame = printed(name, links=2, urls=(url,))
    assert decide_ministers(frame, SEEDS)["rule"].to_list() == [rule]


@pytest.mark.parametrize("name", ["Hon O'Connor", "Meet Damien O'Connor"])
def test_a_surname_alone_and_a_name_with_more_words_propose_whom_they_hold(name: str) -> None:
    (row,) = decide_ministers(printed(name), SEEDS).to_dicts()
    assert (row["minister_id"], row["nearest_id"], row["similarity"]) == ("unresolved", "damien-oconnor", 100)


def test_the_nearest_known_name_is_proposed_and_never_applied() -> None:
    names = pl.concat(
        [printed("Damien O'Connor", years=(2005, 2008)), printed("Damian Oconor", "Zeb Quux", years=(2007, 2007))]
    )
    rows = {row["credited_as"]: row for row in decide_ministers(names, SEEDS).to_dicts()}
    assert rows["Damian Oconor"]["minister_id"] == "damian-oconor"
    assert (rows["Damian Oconor"]["nearest_id"], rows["Damian Oconor"]["nearest_name"]) == (
        "damien-oconnor", "Damien O'Connor"
    )  # fmt: skip
    assert rows["Damian Oconor"]["similarity"] > 80
    assert rows["Zeb Quux"]["nearest_id"] is None
    assert rows["Damien O'Connor"]["nearest_id"] is None


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("Health", ("health", "minister", None, "as_printed")),
        ("HEALTH", ("health", "minister", None, "folded")),
        ("NZSIS", ("security-intelligence", "minister", None, "alias")),
        ("Associate  Minister of Health (Mental Health)", ("health", "associate", "Mental Health", "role")),
        ("Deputy Prime Minister", ("deputy-prime-minister", "minister", None, "as_printed")),
        ("Acting Prime Minister", ("prime-minister", "acting", None, "role")),
        ("Minister responsible for the NZSIS", ("security-intelligence", "minister", None, "role")),
        ("Associate Minister for Tidal Gardens", ("tidal-gardens", "associate", None, "provisional")),
        ("Health (Mental Health)", ("health", "minister", "Mental Health", "role")),
        ("Health (Acting)", ("health", "acting", None, "role")),
        ("Minister of Health (Associate)", ("health", "associate", None, "role")),
        ("Tidal Gardens (Acting)", ("tidal-gardens-acting", "minister", None, "provisional")),
        ("Minister-in-Charge of the NZSIS", ("security-intelligence", "minister", None, "role")),
        ("Parliamentary Under Secretary to the Minister of Health", ("health", "under-secretary", None, "role")),
        ("Lead Coordination Minister for Health", ("health", "minister", None, "role")),
        ("Government Spokesperson for Health", ("health", "spokesperson", None, "role")),
        ("Associate No Portfolio", ("not-a-portfolio", "none", None, "placeholder")),
        ("https://www.example.org/portfolio/music/", ("not-a-portfolio", "none", None, "address")),
        ("---", ("unresolved", "none", None, "unresolved")),
        ("Unresolved", ("unresolved", "none", None, "unresolved")),
    ],
)
def test_a_portfolio_is_decided_with_its_role(tag: str, expected: tuple[str, str, str | None, str]) -> None:
    (row,) = decide_portfolios(printed(tag), SEEDS).to_dicts()
    assert (row["portfolio_id"], row["role"], row["delegation"], row["rule"]) == expected
    assert row["reason"]


@given(st.lists(st.text(min_size=1, max_size=20).filter(str.strip), max_size=8, unique=True))
def test_every_string_gets_one_decision_with_a_reason(names: list[str]) -> None:
    ministers = decide_ministers(printed(*names) if names else printed("x").clear(), SEEDS)
    portfolios = decide_portfolios(printed(*names) if names else printed("x").clear(), SEEDS)
    for decisions, column, member in (
        (ministers, "credited_as", "minister_id"),
        (portfolios, "tagged_as", "portfolio_id"),
    ):
        assert decisions[column].to_list() == sorted(names)
        assert all(decisions["reason"]) and all(decisions["rule"]) and all(decisions[member])


seeds_of_the_project = cache(read_seeds)
HONORIFICS = st.sampled_from(["", "Hon ", "Rt Hon ", "Hon. ", "HON ", "hon  "])


@pytest.mark.slow
@given(st.data())
def test_every_person_of_the_seed_is_known_under_any_spelling(data: st.DataObject) -> None:
    seeds = seeds_of_the_project()
    person = data.draw(st.sampled_from(seeds["people"].to_dicts()))
    name = str(person["minister_name"])
    spelled = data.draw(
        st.sampled_from([name, name.upper(), name.lower(), name.replace("'", "’"), name.replace(" ", "  ")])
    )
    text = data.draw(HONORIFICS) + spelled + data.draw(st.sampled_from(["", " KC", ", MP", " QSO"]))
    (row,) = decide_ministers(printed(text), seeds).to_dicts()
    assert row["minister_id"] == person["minister_id"]


def test_a_name_that_reads_as_the_id_of_a_member_is_that_member() -> None:
    people = frame({"minister_id": "kiri-allan", "minister_name": "Kiritapu Allan", "reason": "r"})
    renamed = {**SEEDS, "people": people, "person_aliases": SEEDS["person_aliases"].clear()}
    (row,) = decide_ministers(printed("Hon Kiri Allan"), renamed).to_dicts()
    assert row["minister_id"] == "kiri-allan"


def test_two_seed_rows_for_one_name_are_an_error() -> None:
    from flows.errors import Unusable

    twice = {**SEEDS, "person_aliases": frame(
        {"alias": "J Smith", "minister_id": "damien-oconnor", "reason": "r"},
        {"alias": "J. Smith", "minister_id": "tuariki-delamere", "reason": "r"},
    )}  # fmt: skip
    with pytest.raises(Unusable, match=r"J\. Smith"):
        decide_ministers(printed("x"), twice)


@pytest.mark.parametrize(
    ("name", "letter", "nearest"),
    [
        ("Hon H\u0435len Clark", "CYRILLIC SMALL LETTER IE", "helen-clark"),
        ("\u041dl\u0435n \u0421l\u0430rk", "CYRILLIC CAPITAL LETTER EN", "helen-clark"),
        ("\u041d\u0435l\u0435n \u0421l\u0430rk", "CYRILLIC CAPITAL LETTER ES", "helen-clark"),
        ("Winst\u03bfn Peters", "GREEK SMALL LETTER OMICRON", "winston-peters"),
        ("Hon Zeb Qu\u0251x", "LATIN SMALL LETTER ALPHA", None),
        ("\u0418\u0432\u0430\u043d \u041f\u0435\u0442\u0440\u043e\u0432", "CYRILLIC CAPITAL LETTER I", None),
    ],
)
def test_a_name_with_letters_of_another_alphabet_awaits_review_and_shows_them(
    name: str, letter: str, nearest: str | None
) -> None:
    (row,) = decide_ministers(printed(name, releases=2), read_seeds()).to_dicts()
    assert (row["minister_id"], row["rule"], row["nearest_id"]) == ("unresolved", "unresolved", nearest)
    assert letter in row["reason"]


def test_a_tag_with_letters_of_another_alphabet_awaits_review() -> None:
    (row,) = decide_portfolios(printed("Minister of H\u0435alth"), read_seeds()).to_dicts()
    assert (row["portfolio_id"], row["rule"], row["nearest_id"]) == ("unresolved", "unresolved", "health")
    assert "CYRILLIC SMALL LETTER IE" in row["reason"]


@pytest.mark.parametrize("name", ["Hon Zo\u00eb \u00d8rsted", "Hon \u0100ri Te K\u014dpu", "Hon Jos\u00e9 Mu\u00f1oz"])
def test_latin_letters_with_marks_are_no_other_alphabet(name: str) -> None:
    assert minister(name)[1] == "provisional"
