"""Amounts of money in texts: their numbers, what they are, and the sentence that says so."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.parse.amounts import find_amounts
from flows.parse.money import find_money, hide_addresses

HERE = Path(__file__).parent
SAMPLE = list(csv.DictReader((HERE / "money_sample.csv").read_text(encoding="utf-8").splitlines()))
TEXT = st.text(st.sampled_from('aeot.!\n"’$£€¥0123456789,-–()[]>* ml') | st.characters(codec="utf-8"), max_size=300)


def found_in(text: str) -> list[tuple[str, Decimal, str | None]]:
    return [(one.printed, one.amount, one.currency) for one in find_amounts(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("$23.5 million", [("$23.5 million", 23_500_000, None)]),
        ("$1.2bn, $300k, $5m and $2 Billion", [
            ("$1.2bn", 1_200_000_000, None), ("$300k", 300_000, None), ("$5m", 5_000_000, None),
            ("$2 Billion", 2_000_000_000, None),
        ]),
        ("a $1,250.50 fine", [("$1,250.50", Decimal("1250.50"), None)]),
        ("$5 between them, $20 more", [("$5", 5, None), ("$20", 20, None)]),
        ("$10-15 million", [("$10-15 million", 10_000_000, None), ("15 million", 15_000_000, None)]),
        ("$10 to $15 million", [("$10 to $15 million", 10_000_000, None), ("$15 million", 15_000_000, None)]),
        ("$500 to $1 million", [("$500", 500, None), ("$1 million", 1_000_000, None)]),
        ("between $2 and $3 million", [("$2 and $3 million", 2_000_000, None), ("$3 million", 3_000_000, None)]),
        ("for $2 and $3 million", [("$2", 2, None), ("$3 million", 3_000_000, None)]),
        ("NZ$2 million, US$3, $US4 million", [
            ("NZ$2 million", 2_000_000, "NZD"), ("US$3", 3, "USD"), ("$US4 million", 4_000_000, "USD"),
        ]),
        ("A $5 million fund and A$5 million", [("$5 million", 5_000_000, None), ("A$5 million", 5_000_000, "AUD")]),
        ("US $23 trillion, AU $5 million, A $3 million fund", [
            ("US $23 trillion", 23_000_000_000_000, "USD"), ("AU $5 million", 5_000_000, "AUD"),
            ("$3 million", 3_000_000, None),
        ]),
        ("£10 million, €1,896", [("£10 million", 10_000_000, "GBP"), ("€1,896", 1896, "EUR")]),
        ("$40 miriona ki te mahi", [("$40 miriona", 40_000_000, None)]),
        ("Waikato DHB$12,206$73,232", [("$12,206", 12_206, None), ("$73,232", 73_232, None)]),
        ("$1,500,000 million", [("$1,500,000 million", 1_500_000, None)]),  # a slip: it has its zeros
        ("$999999999999999 trillion", [("$999999999999999 trillion", 999_999_999_999_999, None)]),
        ("$123456789012345678 and $999999 trillion", []),  # no amounts of money
        ("dollars $ and $x", []),
        ("20 million euros, 5 cents, $5 million dollars", [
            ("20 million euros", 20_000_000, "EUR"), ("5 cents", Decimal("0.05"), None),
            ("$5 million", 5_000_000, None),
        ]),
        ("half a million dollars or two billion US dollars", [
            ("half a million dollars", 500_000, None), ("two billion US dollars", 2_000_000_000, "USD"),
        ]),
        ("¥2 trillion, 100 yen and NZD30 million", [
            ("¥2 trillion", 2_000_000_000_000, "JPY"), ("100 yen", 100, "JPY"), ("NZD30 million", 30_000_000, "NZD"),
        ]),
        ("$5 million to $10 million", [("$5 million", 5_000_000, None), ("$10 million", 10_000_000, None)]),
        ("5 per cent of a dollar in 2008 dollars, at the centre", []),
    ],
)  # fmt: skip
def test_amounts(text: str, found: list[tuple[str, int, str | None]]) -> None:
    assert found_in(text) == found


@pytest.mark.parametrize("row", SAMPLE, ids=lambda row: row["printed_as"])
def test_amounts_drawn_from_the_archive_and_read_by_hand(row: dict[str, str]) -> None:
    assert (row["printed_as"], Decimal(row["amount"]), row["currency"] or None) in found_in(row["snippet"])


@pytest.mark.parametrize(
    ("text", "amount", "doubt"),
    [
        ("a levy of $530,000b", 530_000, "footnote_letter"),
        ("cost $1,500m", 1_500_000_000, None),
        ("a grant of $405 000 for", 405_000, "unusual_number"),
        ("grants of $30.000 each", 30, "unusual_number"),
        ("a grant of $771, 724 over three years", 771, "unusual_number"),
        ("$67,000 million for lights", 67_000_000_000, "unusual_number"),
        ("paid $2.125 million", 2_125_000, None),
    ],
)
def test_a_number_that_can_be_read_in_two_ways_is_doubtful(text: str, amount: int, doubt: str | None) -> None:
    ((found, given_doubt),) = [(one.amount, one.doubt) for one in find_amounts(text)]
    assert (found, given_doubt) == (amount, doubt)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The Government will invest $5 million in roads.", "announced_spending"),
        ("The trust will receive up to a further $50,000.", "announced_spending"),
        ("A sum of $5 million has been set aside for schools.", "announced_spending"),
        ("Funding for the year:\n\n- $1.2 million to extend the library", "announced_spending"),
        ("It comes from the $3 billion Tidal Gardens Fund.", "programme_total"),
        ("This takes total funding to $40 million.", "programme_total"),
        ("The repairs are expected to cost about $12 million.", "cost"),
        ("The storm caused $10 million worth of damage.", "cost"),
        ("Exports of tulips reached $60 million last year.", "revenue_or_trade"),
        ("The festival contributes $4 million a year to the regional economy.", "revenue_or_trade"),
        ("Ruritania is an economy with a GDP of US$800 billion.", "market_size"),
        ("The global market for tulips is worth $3 trillion.", "market_size"),
        ("Poachers face a fine not exceeding $100,000.", "fine_or_award"),
        ("The winner will receive $5,000.", "fine_or_award"),
        ("The minimum wage rises to $20 an hour.", "per_person"),
        ("Families will pay $15 per child.", "per_person"),
        ("The operating balance was a deficit of $7.2 billion.", "unknown"),
        ("The cut reduces the budget by $52 million.", "unknown"),
        ("Some $5 million here.", "unknown"),
        ("Payments worth $1,022,599 were processed for families.", "unknown"),
        ("The jobseekers get a payment of $900,000 each.", "per_person"),
        ("Homes have a price cap of $650,000.", "per_person"),
        ("A bank would list $13.5 billion of bonds.", "unknown"),
        ("Carers share a $2 billion pay equity settlement.", "announced_spending"),
        ("$5 million over four years will go into roads.", "announced_spending"),
        ("Visitors are expected to spend $20 million here.", "revenue_or_trade"),
        ("The firm expects orders of $60 million.", "revenue_or_trade"),
        ("The iwi will receive $165 million financial and commercial redress.", "fine_or_award"),
    ],
)
def test_the_kind_of_an_amount(text: str, kind: str) -> None:
    assert [money.kind for money in find_money(text, "A title")] == [kind]


@pytest.mark.parametrize(
    ("text", "commits"),
    [
        ("The Government will invest $5 million in roads.", True),
        ("Budget 2031 provides $5 million for roads.", True),
        ("Since 2020 we have spent $5 million on roads.", False),
        ("Labour has promised to spend $5 million.", False),
        ("They would need to invest $5 million.", False),
        ("Businesses will invest $5 million.", False),
        ("Exports earned $5 million.", False),
        ("Partners will contribute $5 million.", False),
        ("The Government provides grants, with $5 million from the council.", False),
        ("Funding rises from $5 million.", True),
        ("In 2019, the Prime Minister announced $5 million.", False),
        ("In 2032, the Prime Minister announced $5 million.", True),
        ("In 2019 roads failed, and the Government will invest $5 million.", True),
        ("Earlier this year I announced $5 million.", False),
        ("Over the last eight years the board has received $5 million.", False),
        ("This follows $5 million of funding.", False),
        ("Owners get a grant of $500.", False),
        ("The school receives $500.", True),
        ("The income limit of the grant will rise to $35,000.", False),
        ("We will invest $5 million to meet the needs and costs of private schools.", True),
        ("A total of $5 million will go to schools.", True),
        ("She said the Government would provide $5 million.", True),
        ("The Government would provide $5 million.", False),
        ("The $5 million fund was announced today.", True),
        ("The $5 million fund was announced in June.", False),
        ("We provide $5 million, taking the total so far to a record.", True),
        ("The $5 million centre will replace the existing hospital.", True),
        ("This comes from $5 million of existing funding.", False),
        ("This funding is in addition to the $5 million package.", False),
        ("New Zealand contributed $5 million to the work.", False),
        ("The board has provided $5 million for the work.", False),
        ("The board has provided a further $5 million for the work.", True),
        ("The council invests $5 million a year in roads.", False),
        ("The Minister opened the $5 million school.", False),
        ("Applications opened for the $5 million fund.", True),
        ("Grants of up to $200,000 are available.", False),
        ("Funding of up to $2 million per region is available.", False),
        ("The trust will receive up to $20,000.", False),
        ("We will fund projects with a $5 million cap.", False),
        ("This is matched by $5 million of funding.", False),
        ("The grant unlocks $5 million of investment.", False),
        ("The changes will raise $5 million of funding.", False),
        ("The labour mobility scheme gets $5 million.", True),
        ("The Port of Picton is investing $5 million.", False),
        ("People visiting are spending $5 million.", False),
    ],
)
def test_a_commitment_is_public_money_that_is_promised_now(text: str, commits: bool) -> None:
    assert [money.is_commitment for money in find_money(text, "A title", 2032)] == [commits]


@pytest.mark.parametrize(
    ("text", "commits"),
    [
        ("Funding will rise from $5 million to $6 million.", [False, True]),
        ("Grants range from $5,000 to $6,000.", [False, False]),
        ("We will invest $5 million to build roads, and $6 million in rail.", [True, True]),
    ],
)
def test_of_two_amounts_the_old_figure_and_the_ends_of_a_range_are_no_promises(text: str, commits: list[bool]) -> None:
    assert [money.is_commitment for money in find_money(text, "A title")] == commits


@pytest.mark.parametrize(
    ("text", "title", "commits"),
    [
        ("We announce new funding:\n\n- $5 million for roads\n- $6 million for rail", "A title", [True, True]),
        ("These are the roads:\n\n- $5 million for one\n- $6 million for another", "A title", [False, False]),
        ("The list:\n\n- $5 million for roads", "Grants for roads", [True]),
        ("We will invest $5 million. This includes $2 million for roads.", "A title", [True, True]),
        ("Kea Ltd, Picton, $5,000, market research\nMoa Ltd, $6,000, sheds", "Awards announced", [True, True]),
        (
            "We award grants to the pool ($5,000), the hall on the hill behind the old town ($6,000).",
            "A title",
            [True, True],
        ),
        ("We are giving the school $5 million in 2030/31 and $6 million in 2031/32.", "A title", [True, True]),
    ],
)
def test_a_part_of_what_is_promised_is_promised(text: str, title: str, commits: list[bool]) -> None:
    assert [money.is_commitment for money in find_money(text, title)] == commits


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("We will invest $5 million over the next four years.", "over 4 years"),
        ("Over three years, $5 million goes to roads.", "over 3 years"),
        ("A five-year $5 million programme.", "over 5 years"),
        ("It costs $5 million a year.", "per year"),
        ("It costs $5 million every year over 10 years.", "per year"),
        ("The rent rises by $12 a week.", "per week"),
        ("The rise of $9 over two years is now $5", "over 2 years"),
        ("It costs $5 million.", None),
    ],
)
def test_the_period_of_an_amount(text: str, period: str | None) -> None:
    assert find_money(text, "A title")[0].period == period


def test_an_amount_too_large_to_be_spent_is_doubtful_and_of_no_kind() -> None:
    (money,) = find_money("The Government will invest $300 billion.", "A title")
    assert (money.kind, money.is_commitment, money.doubt) == ("unknown", False, "impossible_size")


def test_a_sentence_is_cut_from_the_text_by_its_place() -> None:
    text = "He spoke. The [Tidal Fund](https://a.nz/$9) gets $1.5 million. She left.\n\n- $2 a week"
    assert [
        text[money.sentence_place : money.sentence_place + money.sentence_length] for money in find_money(text, "")
    ] == ["The [Tidal Fund](https://a.nz/$9) gets $1.5 million.", "- $2 a week"]


@given(TEXT, TEXT)
def test_a_sentence_holds_its_amount(text: str, title: str) -> None:
    assert len(hide_addresses(text)) == len(text)
    for money in find_money(text, title):
        assert money.amount >= 0
        assert money.printed in text[money.sentence_place : money.sentence_place + money.sentence_length]
