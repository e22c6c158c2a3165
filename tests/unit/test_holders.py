"""Who held a portfolio, inferred from signs in releases."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from flows.normalise.holders import find_spells

START, LAST = date(2017, 10, 26), date(2023, 11, 26)
DAY = timedelta(days=1)
GOVERNMENT = {
    "government_id": "sixth",
    "government_start_date": START,
    "government_last_date": LAST,
    "is_in_office": True,
}


def sign(portfolio: str, minister: str, day: date, kind: str = "title", weight: float = 1.0) -> dict[str, Any]:
    return GOVERNMENT | {
        "portfolio_id": portfolio, "minister_id": minister, "nz_date": day, "kind": kind, "weight": weight,
    }  # fmt: skip


def weekly(portfolio: str, minister: str, first: date, last: date, kind: str = "title") -> list[dict[str, Any]]:
    return [sign(portfolio, minister, first + number * 7 * DAY, kind) for number in range((last - first).days // 7 + 1)]


def spells(signs: list[dict[str, Any]], portfolio: str = "health") -> list[dict[str, Any]]:
    found = find_spells(pl.DataFrame(signs, infer_schema_length=None)).to_dicts()
    return [spell for spell in found if spell["portfolio_id"] == portfolio]


def test_a_successor_begins_where_titles_change() -> None:
    ann, ben = spells(
        weekly("health", "ann", date(2017, 11, 3), date(2020, 6, 29)) + weekly("health", "ben", date(2020, 7, 8), LAST)
    )
    assert (ann["minister_id"], ann["start_date"], ann["end_date"]) == ("ann", START, date(2020, 6, 26))
    assert (ben["minister_id"], ben["start_date"], ben["end_date"]) == ("ben", date(2020, 7, 8), None)
    assert ann["confidence"] == ben["confidence"] == "high"
    assert ben["end_confidence"] == "high"  # seen within a week of the end of the archive


def test_three_titles_or_eight_releases_show_a_new_holder_and_fewer_do_not() -> None:
    ann = weekly("health", "ann", date(2018, 1, 1), date(2023, 9, 4))
    for kind, enough in (("title", 3), ("sole", 9), ("joint", 27)):
        for count in (enough - 1, enough):
            ben = [sign("health", "ben", date(2023, 10, 1) + number * DAY, kind) for number in range(count)]
            assert [one["minister_id"] for one in spells(ann + ben)] == ["ann", "ben"][: 1 + (count == enough)]


def test_an_associate_who_publishes_more_is_not_the_holder() -> None:
    found = spells(
        weekly("arts", "ann", date(2018, 1, 1), date(2023, 11, 1))
        + [sign("arts", "ben", date(2018, 1, 2) + number * 3 * DAY, "associate") for number in range(700)],
        "arts",
    )
    assert [one["minister_id"] for one in found] == ["ann"]
    assert spells([sign("health", "ben", date(2018, 1, 2), "acting")]) == []


def test_changes_of_one_reshuffle_begin_on_one_day() -> None:
    signs = weekly("trade", "ann", START, LAST)
    for number in range(6):  # the new ministers publish first on different days, the earliest on 1 February
        signs += weekly(f"p{number}", "ann", date(2018, 1, 1), date(2023, 1, 20) - number * 9 * DAY)
        signs += weekly(f"p{number}", "ben", date(2023, 2, 1) + number * 11 * DAY, date(2023, 11, 20))
    found = find_spells(pl.DataFrame(signs))
    starts = found.filter(minister_id="ben")["start_date"].unique().to_list()
    assert starts == [date(2023, 2, 1)]
    assert set(found.filter(minister_id="ben")["start_confidence"]) == {"medium"}
    assert set(found.filter(pl.col("portfolio_id") != "trade", minister_id="ann")["end_date"]) == {date(2023, 1, 31)}


def test_nobody_holds_anything_after_the_last_sign_of_life_in_any_office() -> None:
    signs = weekly("police", "stu", date(2018, 1, 1), date(2023, 1, 9)) + weekly(
        "health", "stu", date(2018, 1, 1), date(2023, 3, 27)
    )
    (police,) = spells(signs, "police")
    (health,) = spells(signs, "health")
    assert police["end_date"] == date(2023, 3, 27)
    assert police["end_confidence"] == "low"  # silent in this portfolio for more than 60 days
    assert health["end_date"] == health["last_date"] == date(2023, 3, 27)


def test_silence_lowers_the_confidence_of_a_holder_in_office() -> None:
    for silence, confidence in ((3, "high"), (7, "high"), (8, "medium"), (30, "medium"), (31, "low")):
        last = LAST - silence * DAY
        signs = weekly("health", "ann", last - 700 * DAY, last) + weekly("trade", "ann", last, LAST) + [
            sign("trade", "ann", LAST)
        ]  # fmt: skip
        (health,) = spells(signs)
        assert (health["end_date"], health["end_confidence"]) == (None, confidence)


def test_a_silent_portfolio_ends_at_the_next_large_reshuffle() -> None:
    signs = weekly("fisheries", "stu", date(2018, 1, 1), date(2020, 9, 7)) + weekly("trade", "stu", START, LAST)
    for number in range(9):
        signs += weekly(f"p{number}", "ann", START, date(2020, 11, 2)) + weekly(
            f"p{number}", "ben", date(2020, 11, 6), LAST
        )
    (fisheries,) = spells(signs, "fisheries")
    assert fisheries["end_date"] == date(2020, 11, 5)


def test_the_weight_of_a_sign_counts() -> None:
    signs = [sign("health", "ann", START + number * DAY, "sole", 0.5) for number in range(4)]
    (ann,) = spells(signs)
    assert (ann["score"], ann["confidence"]) == (2.0, "low")
    assert (ann["title_count"], ann["sole_count"], ann["joint_count"]) == (0, 4, 0)


SIGNS = st.lists(
    st.builds(
        sign,
        st.sampled_from(["health", "trade", "arts"]),
        st.sampled_from(["ann", "ben", "cy", "dee"]),
        st.integers(0, (LAST - START).days).map(lambda number: START + number * DAY),
        st.sampled_from(["title", "sole", "joint", "associate", "acting"]),
        st.sampled_from([1.0, 0.5, 0.25]),
    ),
    min_size=1,
    max_size=60,
    unique_by=lambda one: (one["portfolio_id"], one["minister_id"], one["nz_date"], one["kind"]),
)


@given(SIGNS, st.randoms(use_true_random=False))
def test_spells_follow_each_other_and_stay_within_the_life_of_a_minister(
    signs: list[dict[str, Any]], random: Any
) -> None:
    found = find_spells(pl.DataFrame(signs))
    shuffled = signs.copy()
    random.shuffle(shuffled)
    assert find_spells(pl.DataFrame(shuffled)).equals(found)  # the order of the signs means nothing
    last_sign = {
        one["minister_id"]: max(o["nz_date"] for o in signs if o["minister_id"] == one["minister_id"]) for one in signs
    }
    for portfolio in {one["portfolio_id"] for one in signs}:
        rows = found.filter(portfolio_id=portfolio).to_dicts()
        for spell in rows:
            end = spell["end_date"] or LAST
            assert START <= spell["start_date"] <= spell["first_date"] <= spell["last_date"] <= end <= LAST
            assert end <= last_sign[spell["minister_id"]] or LAST - last_sign[spell["minister_id"]] <= 60 * DAY
            assert any(one["portfolio_id"] == portfolio and one["nz_date"] == spell["first_date"] for one in signs)
            assert spell["score"] > 0
        for before, after in pairwise(rows):
            assert before["minister_id"] != after["minister_id"]
            assert before["end_date"] is not None
            assert before["end_date"] < after["start_date"]
