"""Places, countries, Acts and bills in texts: what counts as a name of one, and what only looks like it."""

from functools import cache
from itertools import groupby

import pytest

from flows.normalise.entities import KnownEntities, count_entities, list_entities
from flows.normalise.laws import law_key
from flows.normalise.mentions import SearchText, to_ascii
from flows.normalise.seeds import read_seeds
from flows.normalise.spelling import fold


@cache
def known() -> KnownEntities:
    return list_entities(read_seeds())


def find(text: str) -> list[str]:
    """Return the places and laws that a text names, sorted; a law with the year printed after it."""
    counts = count_entities([SearchText("a.md", "blob", text)], known())
    return sorted(" ".join(filter(None, (one.printed or one.name, str(one.year or "")))) for one in counts)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("A school in Whangārei opens.", ["whangarei"]),
        ("A school in Whangarei opens.", ["whangarei"]),
        ("In Wanganui and Whanganui", ["whanganui"]),
        ("Hawke\u2019s Bay, Hawkes Bay and Central Hawke's Bay", ["central-hawkes-bay", "hawkes-bay"]),
        ("at Auckland Airport, and the University of Otago", ["auckland", "otago"]),
        ("the Wellington region, and Wellington City", ["wellington", "wellington-region"]),
        ("Nelson/Tasman and Auckland-based people", ["auckland", "nelson", "tasman"]),
        ("the Southland District Council in Southland", ["southland", "southland-district"]),
        ("New Plymouth, not Plymouth", ["new-plymouth"]),
        ("the Mayor of Hastings", ["hastings"]),
        ("Hamilton and Gore", ["gore", "hamilton"]),
        ("Wellington Harbour, the Waikato River and Nelson Hospital", ["nelson", "waikato", "wellington"]),
        ("the Otago Peninsula, Manukau Heads and Christchurch Roads", ["christchurch", "manukau", "otago"]),
        ("Kapiti, Kapiti Island and the Chathams Islands", ["chatham-islands", "kapiti-coast"]),
        ("Waikato Bay of Plenty", ["bay-of-plenty", "waikato"]),
        ("said Mr Ash. Otago has plans.", ["otago"]),
    ],
)
def test_a_place_is_found_in_any_spelling_and_in_the_name_of_what_is_there(text: str, places: list[str]) -> None:
    assert find(text) == places


@pytest.mark.parametrize(
    "text",
    [
        "Nelson Mandela", "Mr Wellington", "Bill Hastings", "Ann Hamilton", "Dr Nelson", "J. Hamilton", "Al Gore",
        "Wellington boots", "Selwyn Parata", "Ash-Hastings", "Aucklanders", "HMNZS Canterbury", "Abel Tasman",
        "trans-Tasman flights", "flights across the Tasman", "Wellington Street", "14 Canterbury Road",
        "Christchurch, Dorset", "https://example.org/Northland/plan", "[map](/files/Northland-map.pdf)",
        "wellington", "Te Wairoa", "the Auckland Islands", "Kaikoura Island", "Auckland Point", "Tauranga Bay",
        "W K (Bill) Hastings", "Waimate North", "Justice Ann France", "Mr Ben Lyttelton", "Air Vice-Marshal Hamilton",
        "between Ash and Nelson Streets", "between Nelson and Ash Streets", "Ash and Nelson Sts",
        "The Trust bought Kaikoura Island. Birds return to Kaikoura.",
    ],
)  # fmt: skip
def test_what_has_the_name_of_a_place_and_is_none_does_not_count(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Epsom MP Ann Ash", ["epsom-electorate"]),
        ("the MP for Epsom", ["epsom-electorate"]),
        ("MP for Mana and Ilam", ["ilam-electorate", "mana-electorate"]),
        ("the Tauranga electorate", ["tauranga-electorate"]),
        ("the \u014chariu by-election", ["ohariu-electorate"]),
        ("a shop in Epsom and a house in Tauranga", ["tauranga"]),
        ("Tauranga and Rotorua MPs", ["rotorua-electorate", "tauranga-electorate"]),
    ],
)
def test_an_electorate_counts_where_the_text_says_that_it_is_one(text: str, places: list[str]) -> None:
    assert find(text) == places


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Fiji, PNG and the Solomon Islands", ["fiji", "papua-new-guinea", "solomon-islands"]),
        ("the USA, the US and America", ["united-states"]),
        ("England and Scotland", ["united-kingdom"]),
        ("North Korea and the Republic of Korea", ["north-korea", "south-korea"]),
        ("troops in Jordan, Chad and Georgia", ["chad", "georgia", "jordan"]),
        ("Israel, Jordan, Georgia and Azerbaijan", ["azerbaijan", "georgia", "israel", "jordan"]),
        ("a golf club in Georgia, Florida or Ohio", []),
        ("the states of Ohio, Georgia and Utah", []),
        ("a laboratory in Georgia, USA", ["united-states"]),
        ("The consulate in Atlanta opens. It helps visitors from all of the State and its neighbours in Georgia.", []),
        ("T\u00fcrkiye and Turkey", ["turkiye"]),
        ("the Viet Nam agreement", ["vietnam"]),
        ("UK, USA", ["united-kingdom", "united-states"]),
        ("Ann Jordan, Jordan Ash, Chad Birch and Israel Cedar", []),
        ("New South Wales, New Mexico, New Jersey and Latin America", []),
        ("US$5 million, US 50 cents, THE WORLD NEEDS US NOW", []),
        ("Chinese and Australians", []),
        ("Cuba Street, the Prince of Wales and the America's Cup", []),
        ("mai i te raki ki te Tonga", []),
        ("New Zealand", []),
    ],
)
def test_a_country_is_found_and_a_person_or_sea_of_its_name_is_not(text: str, places: list[str]) -> None:
    assert find(text) == places


@pytest.mark.parametrize(
    ("text", "laws"),
    [
        ("under the Tide Management Act 1991.", ["Tide Management Act 1991"]),
        ("the Tide Act (1991), a law", ["Tide Act 1991"]),
        ("the Taxation (Rates, Tides and Other Matters) Bill", ["Taxation (Rates, Tides and Other Matters) Bill"]),
        ("the Tide Amendment Bill (No 2) and the Tide Act", ["Tide Act", "Tide Amendment Bill (No 2)"]),
        ("Tides, Sands, and Shells Act", ["Tides, Sands, and Shells Act"]),
        ("the Health and Safety in Tides Act", ["Health and Safety in Tides Act"]),
        ("Under the new Tide Act", ["Tide Act"]),
        ("A review of Tide Act rules", ["Tide Act"]),
        ("Review of Tide Act", ["Tide Act"]),
        ("section 5 of the **Tide Act**", ["Tide Act"]),
        ("Labour's Tide Bill", ["Tide Bill"]),
        ("the Children's Act 2014", ["Children's Act 2014"]),
        ("the [Tide Act 1991](https://example.org)", ["Tide Act 1991"]),
        ("the Tide Act, Sand Act and Shell Act", ["Sand Act", "Shell Act", "Tide Act"]),
        ("the Sand (ST) Act 2001", ["Sand Act 2001"]),
        ("the Sand and Tides (S/TD) Act", ["Sand and Tides Act"]),
        ("the Tide Acts (Sand and Shells) Amendment Bill", ["Tide Acts (Sand and Shells) Amendment Bill"]),
        ("the Tide (Divers' Sand) Bill", ["Tide (Divers' Sand) Bill"]),
        ("the Tide (Six Divers' Sand) Bill", ["Tide (Six Divers' Sand) Bill"]),
        ("the Tide Act (TA) and Sand Act (SA)", ["Sand Act", "Tide Act"]),
        ("the Tide Levy (TLV), Sand Tax, and Shells Bill", ["Tide Levy, Sand Tax, and Shells Bill"]),
        ("Tide Iwi (Sand (Shell) Forest) Settlement Bill", ["Tide Iwi (Sand (Shell) Forest) Settlement Bill"]),
        ("\u00d8Tide Act", ["Tide Act"]),
        ("Te Ture Whenua M\u0101ori Act 1993", ["Te Ture Whenua M\u0101ori Act 1993"]),
        ("New Zealand Bill of Rights Act 1990", ["New Zealand Bill of Rights Act 1990"]),
        ("the Tide Act Repeal Bill", ["Tide Act", "Tide Act Repeal Bill"]),
        ("the RMA and the Bill of Rights Act", ["New Zealand Bill of Rights Act", "Resource Management Act"]),
    ],
)  # fmt: skip
def test_an_act_or_bill_is_found_with_the_whole_of_its_name(text: str, laws: list[str]) -> None:
    assert find(text) == laws


@pytest.mark.parametrize(
    "text",
    [
        "The Act and the Bill", "This Bill", "Finance Minister Bill Ash", "Hon Bill Ash", "Bill Ash", "the ACT Party",
        "National and Act", "an Amendment Bill", "a Member's Bill", "the Government Bill", "a Balancing Act",
        "the 1991 Act", "private investigators and Tide Guards Act", "an Actor", "the No 3 Bill", "We must Act",
        "the (Tide and Sand) Amendment Bill",
    ],
)  # fmt: skip
def test_what_names_no_law_does_not_count(text: str) -> None:
    assert find(text) == []


def test_spellings_of_a_law_have_one_key() -> None:
    assert law_key("NZ M\u0101ori, Sands & Shells Act") == law_key("New Zealand Maori Sands and Shells Act")


def test_mentions_are_counted_by_year() -> None:
    text = "The Tide Act 1991 replaced the Tide Act 1954. The Tide Act of Fiji, too. Fiji!"
    found = {(one.name, one.year): one.mention_count for one in count_entities([SearchText("", "", text)], known())}
    assert found == {("tide-act", 1991): 1, ("tide-act", 1954): 1, ("tide-act", None): 1, ("fiji", None): 2}


def test_no_name_means_two_places() -> None:
    """An electorate may have the name of a place; a place and a country may not, nor two of a kind."""
    seeds = read_seeds()
    names = [
        (to_ascii(fold(name)), row["kind"] == "electorate")
        for seed in ("places", "countries")
        for row in seeds[seed].iter_rows(named=True)
        for name in {row[f"{'place' if seed == 'places' else 'country'}_name"], *(row["other_names"] or "").split("; ")}
        if name
    ]
    assert [name for name, same in groupby(sorted(names)) if len(list(same)) > 1] == []


def test_ids_of_places_and_countries_are_apart() -> None:
    seeds = read_seeds()
    assert not set(seeds["places"]["place_id"]) & set(seeds["countries"]["country_id"])
