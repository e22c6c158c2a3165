"""Propose the known name that is most similar to a name that awaits review. A person decides."""

from collections.abc import Callable
from datetime import date, timedelta

import polars as pl
from rapidfuzz import fuzz, process

from flows.normalise.decided import REVIEWED
from flows.normalise.spelling import as_it_looks, match_key

_MIN_SIMILARITY = 75.0  # of 100; a less similar name is not proposed
# Added to the similarity of a member who was credited within about a year of the name's releases.
_SAME_TIME_BONUS, _SAME_TIME = 10.0, timedelta(days=400)
# With more provisional names than this, they are not compared with each other: the time would grow quadratically.
_MAX_PROVISIONAL = 300


def add_nearest(
    decided: pl.DataFrame,
    printed: pl.DataFrame,
    member: str,
    known: list[tuple[str, str]],
    names: dict[str, str],
    strip: Callable[[str], str],
    scorer: Callable[..., float] = fuzz.ratio,
) -> pl.DataFrame:
    """Add the most similar other name, known or provisional, to each name that awaits review.

    Args:
        decided: one row for each printed name, sorted by it: the name in the first column, `rule`, and the member's id.
        printed: the same names in any order: `printed`, and `first_date` and `last_date` of its releases.
        member: name of the column of ids in `decided`.
        known: match key of a known name, and id of its member.
        names: name of each known member, by its id.
        strip: removes honorifics or the role from a printed name.
        scorer: similarity of two match keys, 0 to 100.

    Returns:
        `decided` with `nearest_id`, `nearest_name` and `similarity`, which are NULL if no name is similar.
    """
    spans: dict[str, tuple[date, date]] = {}  # first and last date on which each member is credited
    dates = printed.sort("printed").select("first_date", "last_date").rows()
    for member_id, (first, last) in zip(decided[member], dates, strict=True):
        if first and last:
            before = spans.get(member_id, (first, last))
            spans[member_id] = min(before[0], first), max(before[1], last)

    def find_nearest(text: str, own: str, first: date | None, last: date | None) -> tuple[str, str, float] | None:
        def bonus(member_id: str) -> float:
            span = spans.get(member_id)
            is_same_time = span and first and last and span[0] - _SAME_TIME <= last and first <= span[1] + _SAME_TIME
            return _SAME_TIME_BONUS if is_same_time else 0.0

        others = [(key, member_id) for key, member_id in known if member_id != own]
        ranked = process.extract(
            match_key(as_it_looks(strip(text))), [key for key, _ in others], scorer=scorer, limit=5
        )
        similar = [(score, others[place][1]) for _, score, place in ranked if score >= _MIN_SIMILARITY]
        if not similar:
            return None
        score, member_id = max(similar, key=lambda found: (found[0] + bonus(found[1]), found[1]))
        return member_id, names[member_id], round(score, 1)

    provisional = decided.filter(pl.col("rule") == "provisional").select("provisional_name", member)
    if provisional.height > _MAX_PROVISIONAL:
        provisional = provisional.clear()
    names = names | {member_id: name for name, member_id in provisional.rows()}
    known = known + [(match_key(name), member_id) for name, member_id in provisional.rows()]
    columns = decided.select(decided.columns[0], "rule", member).rows()
    rows = [
        (find_nearest(text, own, first, last) if rule in REVIEWED else None) or (None, None, None)
        for (text, rule, own), (first, last) in zip(columns, dates, strict=True)
    ]
    schema = {"nearest_id": pl.String, "nearest_name": pl.String, "similarity": pl.Float64}
    return pl.concat([decided, pl.DataFrame(rows, schema=schema, orient="row")], how="horizontal")
