"""Infer from releases who held each portfolio when.

The holder of a portfolio is a hidden state that changes rarely, and every release is a noisy sign of it: a printed
title, a release by one minister under the portfolio, a joint release. The likeliest sequence of holders is found by the
Viterbi algorithm (L. R. Rabiner, "A tutorial on hidden Markov models", 1989, section III.B): the signs for a holder add
up to a score, and each change of holder costs `_CHANGE_COST`.

Between the last sign of one holder and the first sign of the next, the day of the change is open. Portfolios change
hands together, in a reshuffle, so the open changes of a government are put on as few days as possible.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

import polars as pl

# How much a sign of one day speaks for a person, as logarithm of odds. An associate's title speaks against the person.
_WEIGHTS = {"title": 3.0, "sole": 1.0, "joint": 0.3, "associate": -2.0, "acting": -2.0}
_MOST_A_DAY = 3.5
_CHANGE_COST = 8.0  # a new holder is accepted after titles on three days, or releases on eight
_HIGH_SCORE, _MEDIUM_SCORE = 9.0, 4.0  # the score of a spell from which its confidence is high or medium
_HIGH_RATIO = 3.0  # for high confidence, the score must also be so many times that of all other people
_RESHUFFLE, _LARGE_RESHUFFLE = 4, 8  # changes that can have been on one day
_SHORT_GAP = timedelta(days=60)  # between two signs, or of silence
_WEEK, _MONTH = timedelta(days=7), timedelta(days=30)  # of silence of a holder at the end of the archive
_LONGEST_GAP = timedelta(days=120)  # from the first day in office to the first sign, for medium confidence
_LONGEST_SILENCE = timedelta(days=365)
_FIRST_WEEKS = timedelta(days=45)  # in which a new government publishes its first release in most portfolios
_DAY = timedelta(days=1)

CONFIDENCES = ("low", "medium", "high")
Sign = tuple[date, str, str, float]  # day, minister_id, kind and weight


class Government(NamedTuple):
    """The time of a government, as far as the archive goes."""

    government_id: str
    start_date: date
    last_date: date
    is_in_office: bool


@dataclass(slots=True)
class Spell:
    """A time in which a person held a portfolio under a government."""

    portfolio_id: str
    government_id: str
    minister_id: str
    start_date: date
    first_date: date  # of the signs for this person
    last_date: date
    end_date: date | None = None  # None: in office at the end of the archive
    title_count: int = 0  # days with a printed title
    sole_count: int = 0  # further days with a release by this person alone
    joint_count: int = 0  # further days with a joint release
    score: float = 0.0
    other_score: float = 0.0  # of the signs in that time that speak for other people or against this person
    start_confidence: str = "low"  # of the days before first_date
    end_confidence: str = "low"  # of the days after last_date

    @property
    def confidence(self) -> str:
        """Return how sure it is that the person held the portfolio from the first sign to the last."""
        if self.score >= _HIGH_SCORE and self.score >= _HIGH_RATIO * self.other_score:
            return "high"
        return "medium" if self.score >= max(_MEDIUM_SCORE, self.other_score) else "low"


@dataclass(slots=True)
class _Run:
    """Consecutive days on which all signs are for one person, or all against one; or a day with signs of several."""

    days: list[date]
    scores: dict[str, float]
    kinds: list[str]  # of the best sign of each day


def find_spells(evidence: pl.DataFrame) -> pl.DataFrame:
    """Return the likeliest holders of every portfolio.

    Args:
        evidence: one row for each portfolio, government, minister, day and kind of sign: `portfolio_id`,
            `government_id`, `government_start_date`, `government_last_date` (the last day in the archive, for the
            government in office), `is_in_office`, `minister_id`, `nz_date`, `kind` (title, sole, joint, associate or
            acting) and `weight` (0 to 1).

    Returns:
        One row for each spell: the fields of `Spell` and its confidence (high, medium or low), sorted by portfolio and
        first date.
    """
    signs: dict[Government, dict[str, list[Sign]]] = defaultdict(lambda: defaultdict(list))
    active: dict[Government, dict[str, list[date]]] = defaultdict(dict)  # first and last sign of each person
    order = ("nz_date", "portfolio_id", "minister_id", "kind", "weight")
    of_government = ("government_id", "government_start_date", "government_last_date", "is_in_office")
    for day, portfolio, minister, kind, weight, *values in (
        evidence.select(*order, *of_government).sort(order).iter_rows()
    ):
        government = Government(*values)
        signs[government][portfolio].append((day, minister, kind, weight))
        active[government].setdefault(minister, [day, day])[1] = day
    found: list[Spell] = []
    for government, by_portfolio in signs.items():
        portfolios = [list(_spells(one, government.government_id, rows)) for one, rows in by_portfolio.items()]
        _set_limits(portfolios, government, active[government])
        found += [spell for spells in portfolios for spell in spells]
    found.sort(key=lambda spell: (spell.portfolio_id, spell.first_date))
    rows = [
        asdict(spell)
        | {
            "confidence": spell.confidence,
            "start_confidence": min(spell.confidence, spell.start_confidence, key=CONFIDENCES.index),
            "end_confidence": min(spell.confidence, spell.end_confidence, key=CONFIDENCES.index),
        }
        for spell in found
    ]
    return pl.DataFrame(rows, schema=_SCHEMA)


_SCHEMA: dict[str, Any] = {
    **dict.fromkeys(("portfolio_id", "government_id", "minister_id"), pl.String),
    **dict.fromkeys(("start_date", "first_date", "last_date", "end_date"), pl.Date),
    **dict.fromkeys(("title_count", "sole_count", "joint_count"), pl.Int64),
    **dict.fromkeys(("score", "other_score"), pl.Float64),
    **dict.fromkeys(("start_confidence", "end_confidence", "confidence"), pl.String),
}


def _spells(portfolio: str, government: str, signs: Iterable[Sign]) -> Iterator[Spell]:
    """Yield the spells of one portfolio under one government, each from its first sign to its last."""
    runs = list(_runs(signs))
    if not any(score > 0 for run in runs for score in run.scores.values()):
        return
    spell: Spell | None = None
    for run, holder in zip(runs, _likeliest_holders(runs), strict=True):
        score = run.scores.get(holder, 0.0)
        if spell is None or spell.minister_id != holder:
            if spell and spell.score > 0:
                yield spell
            spell = Spell(portfolio, government, holder, run.days[0], run.days[0], run.days[0])
        if score > 0:
            if not spell.score:
                spell.start_date = spell.first_date = run.days[0]
            spell.last_date = run.days[-1]
            spell.score += score
            spell.title_count += run.kinds.count("title")
            spell.sole_count += run.kinds.count("sole")
            spell.joint_count += run.kinds.count("joint")
        spell.other_score += sum(other for one, other in run.scores.items() if one != holder and other > 0)
        spell.other_score -= min(score, 0.0)
    if spell and spell.score > 0:
        yield spell


def _runs(signs: Iterable[Sign]) -> Iterator[_Run]:
    """Yield the signs of one portfolio as runs. The best sequence never changes within a run, so this saves time."""
    days: dict[date, dict[str, float]] = {}
    kinds: dict[date, str] = {}
    for day, minister, kind, weight in signs:
        scores = days.setdefault(day, defaultdict(float))
        scores[minister] += _WEIGHTS[kind] * weight
        kinds[day] = max(kinds.get(day, kind), kind, key=_WEIGHTS.__getitem__)
    run: _Run | None = None
    for day, totals in days.items():
        scores = {one: max(-_MOST_A_DAY, min(_MOST_A_DAY, total)) for one, total in totals.items()}
        (person, score), *others = scores.items()
        if run and not others and run.scores.keys() == {person} and run.scores[person] * score > 0:
            run.days.append(day)
            run.kinds.append(kinds[day])
            run.scores[person] += score
            continue
        if run:
            yield run
        run = _Run([day], scores, [kinds[day]])
    if run:
        yield run


def _likeliest_holders(runs: Sequence[_Run]) -> list[str]:
    """Return the holder in each run, by the Viterbi algorithm."""
    people = sorted({person for run in runs for person, score in run.scores.items() if score > 0})
    scores = dict.fromkeys(people, 0.0)
    came_from: list[dict[str, str]] = []
    for run in runs:
        best = max(people, key=scores.__getitem__)
        changed = scores[best] - _CHANGE_COST
        came_from.append({person: person if scores[person] >= changed else best for person in people})
        scores = {person: max(scores[person], changed) + run.scores.get(person, 0.0) for person in people}
    holders = [max(people, key=scores.__getitem__)]
    for before in reversed(came_from[1:]):
        holders.append(before[holders[-1]])
    return holders[::-1]


def _set_limits(portfolios: Sequence[list[Spell]], government: Government, active: Mapping[str, list[date]]) -> None:
    """Set first and last day of the spells of a government.

    Args:
        portfolios: the spells of each portfolio, in order.
        government: the government.
        active: first and last sign of each person in any portfolio of the government.
    """
    opened: list[tuple[date, Spell]] = []  # from which day on each holder can have begun
    for spells in portfolios:
        for before, spell in zip((None, *spells), spells, strict=False):
            earliest = before.last_date + _DAY if before else government.start_date
            if active[spell.minister_id][0] - _SHORT_GAP > government.start_date:
                earliest = max(earliest, active[spell.minister_id][0] - _SHORT_GAP)
            earliest = max(earliest, spell.first_date - _LONGEST_SILENCE)
            opened.append((min(earliest, spell.first_date), spell))
    reshuffles: list[date] = []
    for day, changes in _common_days(opened):
        is_start = day - government.start_date <= _FIRST_WEEKS
        for earliest, spell in changes:
            spell.start_date = government.start_date if is_start and earliest == government.start_date else day
            if len(changes) >= _RESHUFFLE and spell.first_date - spell.start_date <= _LONGEST_GAP:
                spell.start_confidence = "medium"
        if len(changes) >= _LARGE_RESHUFFLE:
            reshuffles.append(day)
    reshuffles.sort()
    for spells in portfolios:
        for spell, after in zip(spells, (*spells[1:], None), strict=False):
            _set_end(spell, after, government, active[spell.minister_id][1], reshuffles)


def _common_days(opened: Sequence[tuple[date, Spell]]) -> Iterator[tuple[date, list[tuple[date, Spell]]]]:
    """Yield days and the changes put on them: repeatedly the day on which most of the remaining changes can have been.

    A change can have been on each day from its earliest to the first sign of the new holder.
    """
    remaining = list(opened)
    while remaining:
        firsts = sorted(earliest for earliest, _ in remaining)
        lasts = sorted(spell.first_date for _, spell in remaining)
        day = max(lasts, key=lambda one: bisect_right(firsts, one) - bisect_left(lasts, one))
        yield day, [(earliest, spell) for earliest, spell in remaining if earliest <= day <= spell.first_date]
        remaining = [(earliest, spell) for earliest, spell in remaining if not earliest <= day <= spell.first_date]


def _set_end(
    spell: Spell, after: Spell | None, government: Government, last_sign: date, reshuffles: list[date]
) -> None:
    """Set the last day of a spell: before the next holder, and not after the person's last sign in any portfolio."""
    is_active_to_the_end = government.last_date - last_sign <= _SHORT_GAP
    limit = government.last_date if is_active_to_the_end else last_sign
    if after:
        spell.end_date = max(spell.last_date, min(after.start_date - _DAY, limit))
        is_short = after.first_date - spell.last_date <= _SHORT_GAP
        spell.end_confidence = "medium" if after.start_confidence == "medium" and is_short else "low"
        return
    # Silence may mean that the portfolio was given away or ended, which is most likely in a large reshuffle.
    later = bisect_right(reshuffles, spell.last_date)
    if later < len(reshuffles):
        limit = min(limit, reshuffles[later] - _DAY)
    limit = max(spell.last_date, min(limit, spell.last_date + _LONGEST_SILENCE))
    silence = limit - spell.last_date
    if limit < government.last_date or not government.is_in_office:
        spell.end_date = limit
        spell.end_confidence = "medium" if silence <= _SHORT_GAP else "low"
    else:
        # Nobody knows yet whether the silence is that of a minister who left.
        spell.end_confidence = "high" if silence <= _WEEK else "medium" if silence <= _MONTH else "low"
