"""The known name nearest to one that awaits review: a proposal, never a decision."""

from collections.abc import Callable
from datetime import date, timedelta

import polars as pl
from rapidfuzz import fuzz, process

from flows.normalise.decided import REVIEWED
from flows.normalise.spelling import match_key

# What is proposed as the nearest name: similar by at least this much of 100, one credited within a year or so of
# the release before a better match of other times.
_NEW_COMPARED = 300  # new names; of more, none is compared with the others: that takes the square of their number
_NEAR, _ACTIVE_BONUS, _AROUND = 75.0, 10.0, timedelta(days=400)


def with_nearest(
    decided: pl.DataFrame,
    printed: pl.DataFrame,
    member: str,
    known: list[tuple[str, str]],
    names: dict[str, str],
    bare: Callable[[str], str],
    scorer: Callable[..., float] = fuzz.ratio,
) -> pl.DataFrame:
    """Adds, to what awaits review, the name that is nearest, known or new; of equals one credited in the same years."""
    spans: dict[str, tuple[date, date]] = {}
    found_spans = printed.sort("printed").select("first_date", "last_date").rows()
    for member_id, (first, last) in zip(decided[member], found_spans, strict=True):
        if first and last:
            before = spans.get(member_id, (first, last))
            spans[member_id] = min(before[0], first), max(before[1], last)

    def nearest(text: str, own: str, first: date | None, last: date | None) -> tuple[str, str, float] | None:
        def is_active(member_id: str) -> bool:
            span = spans.get(member_id)
            return bool(span and first and last and span[0] - _AROUND <= last and first <= span[1] + _AROUND)

        others = [(key, member_id) for key, member_id in known if member_id != own]
        ranked = process.extract(match_key(bare(text)), [key for key, _ in others], scorer=scorer, limit=5)
        near = [(score, is_active(others[place][1]), others[place][1]) for _, score, place in ranked if score >= _NEAR]
        if not near:
            return None
        score, _, member_id = max(near, key=lambda found: (found[0] + _ACTIVE_BONUS * found[1], found[2]))
        return member_id, names[member_id], round(score, 1)

    provisional = decided.filter(pl.col("rule") == "provisional").select("provisional_name", member)
    if provisional.height > _NEW_COMPARED:
        provisional = provisional.clear()
    names = names | {member_id: name for name, member_id in provisional.rows()}
    known = known + [(match_key(name), member_id) for name, member_id in provisional.rows()]
    columns = decided.select(decided.columns[0], "rule", member).rows()
    rows = [
        (nearest(text, own, first, last) if rule in REVIEWED else None) or (None, None, None)
        for (text, rule, own), (first, last) in zip(columns, found_spans, strict=True)
    ]
    schema = {"nearest_id": pl.String, "nearest_name": pl.String, "similarity": pl.Float64}
    return pl.concat([decided, pl.DataFrame(rows, schema=schema, orient="row")], how="horizontal")
