"""Which releases with reworked texts are one statement."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from flows.normalise.statements import find_links, judge_pairs

OPENING = "Ministers today opened a bridge that carries walkers and cyclists over the river in all weathers."


def pair(shared: float, similarity: float, near: dict[str, Any] | None = None, **given: Any) -> dict[str, Any]:
    one = {
        "release_id": "2003-06-01-bridge", "title": "Bridge opens", "text": OPENING, "nz_date": date(2003, 6, 1),
        "minister_ids": ["ann"],
    } | given  # fmt: skip
    other = one | {"release_id": "2003-06-01-bridge-0"} | (near or {})
    near_side = {f"near_{name}": value for name, value in other.items()}
    return one | near_side | {"shared_share": shared, "similarity": similarity}


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        (pair(0.95, 0.9), "same_title"),
        (pair(0.6, 0.4, {"minister_ids": ["ben"]}), "same_title"),
        (pair(0.6, 0.4), "same_title"),  # no name or number is swapped
        (pair(0.59, 0.4, {"minister_ids": ["ben"]}), None),
        (pair(0.95, 0.9, {"title": "BRIDGE  OPENS"}), "same_title"),
        (pair(0.8, 0.6, {"nz_date": date(2003, 6, 2)}), "same_title"),
        (pair(0.95, 0.9, {"title": "A new bridge", "minister_ids": ["ben"]}), "other_ministers"),
        (pair(0.95, 0.9, {"title": "A new bridge"}), "near_copy"),
        (pair(0.9, 0.8, {"title": "A new bridge"}), None),
    ],
)
def test_most_of_a_text_with_the_same_title_or_on_the_same_day_is_the_same_statement(
    given: dict[str, Any], rule: str | None
) -> None:
    assert judge_pairs(pl.DataFrame([given]))["rule"].to_list() == ([rule] if rule else [])


@pytest.mark.parametrize(
    "given",
    [
        pair(0.8, 0.7, {"text": "Jo Tern is now a judge in Gore."}, text="Al Rail is now a judge in Bluff."),
        pair(0.97, 0.9, {"title": "Grant for Gore", "text": "To Gore."}, title="Grant for Bluff", text="A grant."),
        pair(
            0.9, 0.8, {"title": "$3 for Gore", "minister_ids": ["ben"], "text": "Paid $3 now."}, title="$4 for Bluff",
            text="Paid $4 now.",
        ),
        pair(0.95, 0.9, {"text": "Fuel costs 212 cents.", "nz_date": date(2003, 6, 3)}, text="Fuel costs 209 cents."),
    ],
)  # fmt: skip
def test_a_series_with_another_place_person_or_sum_is_several_statements(given: dict[str, Any]) -> None:
    assert judge_pairs(pl.DataFrame([given])).is_empty()


def test_a_release_inside_a_speech_is_apart_and_one_with_an_appendix_is_not() -> None:
    speech = pair(1.0, 0.1, {"text": f"Speech notes. {'Welcome to this place. ' * 40}{OPENING}"})
    appendix = pair(1.0, 0.1, {"text": f"Media statement\n\n{OPENING}{' Notes follow.' * 400}"})
    assert judge_pairs(pl.DataFrame([speech])).is_empty()
    assert judge_pairs(pl.DataFrame([appendix]))["rule"].to_list() == ["same_title"]


def test_a_statement_has_the_id_of_its_earliest_release_and_holds_all_that_are_linked() -> None:
    def linked(pairs: list[dict[str, Any]]) -> pl.DataFrame:
        groups = {f"{side}twin_group_id": pl.col(f"{side}release_id") for side in ("", "near_")}
        return find_links(judge_pairs(pl.DataFrame(pairs)).with_columns(**groups))

    later = {"release_id": "2003-06-01-bridge-1"}
    pairs = [pair(0.9, 0.9, later), pair(0.9, 0.9), pair(0.9, 0.9, {"release_id": "2003-05-31-bridge"})]
    links = linked(pairs)
    assert set(links["statement_id"]) == {"2003-05-31-bridge"}
    assert linked(pairs[::-1]).sort("near_release_id").equals(links.sort("near_release_id"))
