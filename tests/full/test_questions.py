"""Questions about the real archive, answered again by plain Python over its files, and by what is known otherwise."""

import csv
import functools
import itertools
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.full.conftest import PlainlyRead

pytestmark = pytest.mark.archive
HERE = Path(__file__).parent
SEEDS = HERE.parents[1] / "seeds"


@dataclass(frozen=True)
class File:
    """One release by its front matter alone."""

    release_id: str
    day: date | None
    ministers: tuple[str, ...]
    portfolios: tuple[str, ...]


@pytest.fixture(scope="module")
def files(plainly_read: PlainlyRead) -> list[File]:
    found = []
    for release_id, (front, _) in plainly_read.items():
        day = date.fromisoformat(str(front["date"])[:10])
        found.append(
            File(
                release_id,
                day if day.year > 1 else None,
                strings(front.get("ministers")),
                strings(front.get("portfolios")),
            )
        )
    return found


def strings(items: object) -> tuple[str, ...]:
    return tuple(item for item in items if isinstance(item, str)) if isinstance(items, list) else ()


def ask(warehouse: Path, sql: str, *parameters: object) -> list[tuple]:
    with duckdb.connect(str(warehouse / "beehive.duckdb"), read_only=True) as reader:
        return reader.execute(sql, list(parameters)).fetchall()


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def days(built: Path, files: list[File]) -> Counter[date]:
    """Releases by day, those days that a seed recovers or a text states included."""
    known = {Path(row["path"]).stem: date.fromisoformat(row["recovered_date"]) for row in seed("recovered_dates")}
    known |= dict(ask(built, "select release_id, nz_date from releases where date_basis = 'stated'"))
    return Counter(day for file in files if (day := known.get(file.release_id) or file.day))


def between(days: Counter[date], first: date, last: date) -> int:
    return sum(count for day, count in days.items() if first <= day <= last)


# ------------------------------------------------------------------------------------------ counts of days


def test_months_without_a_release_are_found(built: Path, days: Counter[date]) -> None:
    covered = {(day.year, day.month) for day in days}
    months = itertools.product(range(min(covered)[0], max(covered)[0] + 1), range(1, 13))
    missing = {month for month in months if min(covered) < month < max(covered)} - covered
    assert missing
    found = ask(built, "select distinct year(calendar_date), month(calendar_date) from releases_by_day where is_gap")
    assert set(found) == missing


def test_output_by_fiscal_year_season_and_summer(built: Path, days: Counter[date]) -> None:
    fiscal: Counter[int] = Counter()
    months: Counter[int] = Counter()
    for day, count in days.items():
        fiscal[day.year + (day.month > 6)] += count
        months[day.month] += count
    assert dict(ask(built, "select fiscal_year, count(*) from releases where year is not null group by all")) == fiscal
    assert dict(ask(built, "select month, sum(release_count) from releases_by_day group by all")) == months
    summers = ask(
        built, "select summer_start_year, release_count, silent_day_count, around_release_count from christmas_quiet"
    )
    assert len(summers) >= 29
    for year, count, silent, around in summers:
        window = [date(year, 12, 20) + timedelta(days=number) for number in range(31)]
        assert (count, silent) == (sum(days[day] for day in window), sum(day not in days for day in window))
        assert around == between(days, date(year, 11, 20), date(year + 1, 2, 18)) - count


def test_output_by_government_parliament_and_prime_minister(built: Path, days: Counter[date]) -> None:
    for view, seed_name, key in (
        ("releases_by_government", "governments", "government_id"),
        ("voice_of_prime_ministers", "appointments", "minister_id"),
    ):
        column = "prime_minister_id" if view == "voice_of_prime_ministers" else key
        found = dict(ask(built, f"select {column}, release_count from {view}"))
        for row in seed(seed_name):
            if (
                row.get("portfolio_id", "prime-minister") != "prime-minister"
                or row.get("role", "minister") != "minister"
            ):
                continue
            end = date.fromisoformat(row["end_date"]) if row["end_date"] else date.max
            assert found.get(row[key], 0) == between(days, date.fromisoformat(row["start_date"]), end), row
        assert sum(count for one, count in found.items() if one != "unknown") == days.total()
    elections = sorted(
        (date.fromisoformat(row["election_date"]), int(row["parliament_number"])) for row in seed("elections")
    )
    found = dict(ask(built, "select parliament, sum(release_count) from releases_by_day group by all"))
    for (start, parliament), (end, _) in itertools.pairwise(elections):
        assert found.get(parliament, 0) == between(days, start, end - timedelta(days=1)), parliament


def test_elections_and_budget_days(built: Path, days: Counter[date]) -> None:
    rows = ask(
        built,
        "select election_date, before_count, election_day_count, after_count, year_earlier_before_count, "
        "year_earlier_after_count from election_windows",
    )
    assert len(rows) >= 10
    month, year, one = timedelta(days=28), timedelta(days=364), timedelta(days=1)
    for election, *counts in rows:
        windows = [(election - month, election - one), (election, election), (election + one, election + month)]
        windows += [(first - year, last - year) for first, last in (windows[0], windows[2])]
        assert [count or 0 for count in counts] == [between(days, *window) for window in windows], election
    budgets = ask(built, "select budget_date, release_count, year_rank from budget_days")
    assert len(budgets) >= 30
    for budget, count, rank in budgets:
        assert count == days[budget]
        assert rank == 1 + sum(more > count for day, more in days.items() if day.year == budget.year)


# ---------------------------------------------------------------------------------------- people and tags


def test_the_prime_ministers_own_releases(built: Path, files: list[File]) -> None:
    for name, first, last, own in ask(
        built, "select prime_minister_name, first_date, last_date, own_release_count from voice_of_prime_ministers"
    ):
        expected = sum(
            any(printed.endswith(name) for printed in file.ministers)
            for file in files
            if file.day and first <= file.day <= last
        )
        assert own == expected, name


def test_concentration_service_and_joint_releases(built: Path, files: list[File]) -> None:
    person = dict(
        ask(built, "select credited_as, minister_id from core.minister_alias "
            "inner join core.dim_minister using (minister_id) where is_person")
    )  # fmt: skip
    out = set(ask(built, "select release_id, minister_id from core.bridge_release_minister where is_out_of_government"))
    credited: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    people: dict[str, int] = {}
    joint: Counter[int] = Counter()
    total: Counter[int] = Counter()
    years: dict[str, set[int]] = defaultdict(set)
    for file in files:
        if file.day is None:
            continue
        named = {person[name] for name in file.ministers if name in person}
        named = {one for one in named if (file.release_id, one) not in out}
        people[file.release_id] = len(named)
        total[file.day.year] += 1
        joint[file.day.year] += len(named) > 1
        for one in named:
            credited[file.day.year][one].add(file.release_id)
            years[one].add(file.day.year)
    rows = ask(
        built,
        "select year, minister_count, joint_release_count, top5_minister_share from releases_by_year",
    )
    assert len(rows) == len(total)
    for year, minister_count, joint_count, share in rows:
        assert minister_count == len(credited[year]), year
        assert abs(joint_count - joint[year]) <= 1, year  # one day is recovered
        voices = Counter({one: sum(1 / people[release] for release in ids) for one, ids in credited[year].items()})
        top = sum(count for _, count in voices.most_common(5))
        assert share == pytest.approx(top / voices.total(), abs=0.001), year
    found = dict(ask(built, "select minister_id, year_count from ministers"))
    assert {one: len(active) for one, active in years.items()} == {one: n for one, n in found.items() if n}


def test_sectors_by_government(built: Path, files: list[File]) -> None:
    sectors = dict(
        ask(
            built,
            "select tagged_as, sector from core.portfolio_alias inner join core.dim_portfolio using (portfolio_id)",
        )
    )
    spans = [
        (row["government_id"], row["start_date"], row["end_date"] or "9999")
        for row in seed("governments")
    ]  # fmt: skip
    expected: Counter[tuple[str, str]] = Counter()
    for file in files:
        if file.day:
            (government,) = [one for one, start, end in spans if start <= file.day.isoformat() <= end]
            tags = {sectors[tag] for tag in file.portfolios if sectors.get(tag)}
            expected.update((government, sector) for sector in tags)
    found = {
        (g, s): n for g, s, n in ask(built, "select government_id, sector, release_count from sectors_by_government")
    }
    found = {key: count for key, count in found.items() if key[1] != "(none)"}
    assert found.keys() == expected.keys()
    # a tag that YAML reads as a mapping is left out here
    assert all(abs(found[key] - expected[key]) <= 40 for key in found)
    assert sum(abs(found[key] - expected[key]) for key in found) <= 70


# ------------------------------------------------------------------------------------------ who held what


@functools.cache  # other tests ask, too
def holders(warehouse: Path, file: str) -> list[tuple[bool, str | None]]:
    """Whether `who_held` names the right person for each fact of a file, and with which confidence."""
    answers = []
    with duckdb.connect(str(warehouse / "beehive.duckdb"), read_only=True) as reader:
        for fact in csv.DictReader((HERE / file).open(encoding="utf-8")):
            found = reader.execute(
                "select minister_id, confidence from who_held($1, $2)", [fact["portfolio_id"], fact["day"]]
            ).fetchone()
            minister, confidence = found or (None, None)
            answers.append((minister == fact["minister_id"], confidence))
    return answers


def test_known_holders(built: Path) -> None:
    """`holders.csv` and `handovers.csv`: days well within a spell, and three weeks before and after a handover."""
    for file, count in (("holders.csv", 257), ("handovers.csv", 175)):
        answers = holders(built, file)
        assert len(answers) >= count
        assert all(right for right, _ in answers), file


def test_the_inference_is_as_sure_as_it_says(built: Path) -> None:
    """With the register withheld, as in the months to come."""
    answers = ask(
        built,
        "select confidence, sum(right_count) / sum(answer_count), sum(answer_count) from holder_accuracy "
        "where confidence in ('high', 'medium') group by confidence order by confidence",
    )
    (high, high_share, high_count), (medium, medium_share, _) = answers
    assert (high, medium) == ("high", "medium")
    assert high_share >= 0.99
    assert medium_share >= 0.9
    ((all_count,),) = ask(built, "select sum(answer_count) from holder_accuracy")
    assert high_count / all_count >= 0.75


def test_titles_in_texts_agree_with_the_holders_of_every_year(built: Path) -> None:
    for year, share in ask(
        built,
        "select year(printed_titles.nz_date), avg((printed_titles.minister_id = tenure.minister_id)::int) "
        "from printed_titles inner join core.tenure on printed_titles.portfolio_id = tenure.portfolio_id "
        "and tenure.role = 'holder' and tenure.confidence <> 'low' and printed_titles.nz_date >= tenure.start_date "
        "and printed_titles.nz_date <= coalesce(tenure.end_date, 'infinity'::date) "
        "where printed_titles.role = 'minister' group by all",
    ):
        assert share >= 0.98, year


def test_prime_ministers_are_the_same_everywhere(built: Path) -> None:
    assert (
        ask(
            built,
            "select calendar_date from core.dim_date left join core.tenure on tenure.portfolio_id = 'prime-minister' "
            "and tenure.role = 'holder' and calendar_date >= tenure.start_date "
            "and calendar_date <= coalesce(tenure.end_date, 'infinity'::date) "
            "where calendar_date is not null and tenure.minister_id is distinct from dim_date.prime_minister_id",
        )
        == []
    )
    for day, expected in (
        ("2023-01-24", "Jacinda Ardern"),
        ("2023-01-28", "Chris Hipkins"),
        ("1997-12-07", "Jim Bolger"),
    ):
        assert ask(built, "select minister_name from who_held('Prime Minister', $1)", day) == [(expected,)]


def test_attributions_as_a_reader_makes_them(built: Path) -> None:
    """Joint releases read in their texts: every minister's portfolio, also where the text leaves it open."""
    truth = {tuple(row.values()) for row in csv.DictReader((HERE / "attributions.csv").open(encoding="utf-8"))}
    ids = sorted({release_id for release_id, *_ in truth})
    assert len(truth) >= 80
    found = set(
        ask(
            built,
            "select release_id, portfolio_id, minister_id from core.attribution where list_contains($1, release_id)",
            ids,
        )
    )
    assert len(found & truth) / len(found) >= 0.97
    assert len(found & truth) / len(truth) >= 0.8


def test_what_is_attributed_and_what_is_not_are_all_tags(built: Path) -> None:
    ((tags, parts, attributed),) = ask(
        built,
        "select sum(tag_count), sum(sole_minister_count + title_count + tenure_count + ambiguous_count), "
        "sum(sole_minister_count + title_count + tenure_count) from attribution_by_year",
    )
    ((rows,),) = ask(
        built, "select count(distinct (release_id, portfolio_id)) from attributions where nz_date is not null"
    )
    assert tags == parts
    assert attributed == rows
    assert attributed / tags > 0.95


def test_a_row_is_followed_to_the_file(built: Path, files: list[File]) -> None:
    file = files[len(files) // 2]
    ((path, blob, ministers),) = ask(
        built, "select source_path, source_blob, ministers_as_printed from explain_row($1)", file.release_id
    )
    assert Path(path).stem == file.release_id
    assert len(blob) == 40
    assert all(name in ministers for name in file.ministers)
