"""The report: one HTML page with the picture of the archive, for people without a BI tool.

Each figure is the answer to a query of `sql/report/` on the published file, with a sentence that is computed from it.
The page needs no network and no script, and depends on the published build alone.
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, FileSystemLoader

from flows.errors import Unusable
from flows.load import sqlfiles
from flows.load.database import dicts
from flows.load.sqlfiles import SqlFile
from flows.serve import charts
from flows.serve.charts import Row
from flows.serve.query import open_published
from flows.serve.shown import printable

_TEMPLATE = "report.html.jinja"
_HALF, _WORKING_DAYS, _CHRISTMAS = 0.5, 5, (24, 10)  # from 24 December to 10 January
_NO_CHARACTER = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")
_NOTHING = "The archive has nothing to show here."

Answers = dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the report: a query, the sentence that it bears, and its picture."""

    query: SqlFile
    rows: list[Row]
    finding: str
    drawings: list[str]

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """The columns of the table, in words, and whether they hold numbers."""
        return [
            (name.replace("_", " "), all(_is_number(row[name]) for row in self.rows)) for name in (self.rows or [{}])[0]
        ]


def write_report(published: Path, output: Path) -> int:
    """Writes the report of the published build, in one step: a reader of the old page never meets half a new one.

    Args:
        published: the published file.
        output: where the page goes; its folder has to be there.

    Returns:
        The size of the page in bytes.

    Raises:
        Unusable: nothing is published, it cannot be read, or the page cannot be written.
    """
    with open_published(published) as connection:
        try:
            build = dicts(connection, "from main.build_info")[0]
            answers = {query.name: dicts(connection, query.statement) for query in sqlfiles.report()}
        except duckdb.Error as error:
            raise Unusable(
                f"{published} cannot be reported on: {str(error).splitlines()[0]} Run `beehive refresh` first, in case "
                "an older version built it."
            ) from error
    if not output.parent.is_dir() or output.is_dir():
        wrong = f"{output} is a folder" if output.is_dir() else f"there is no folder {output.parent}"
        raise Unusable(f"The report cannot be written: {wrong}; name a file in a folder that is there with --output.")
    page = render(build, answers).encode()
    aside = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        aside.write_bytes(page)
        aside.replace(output)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise Unusable(f"The report cannot be written to {output}: {error.strerror}.") from error
    return len(page)


def render(build: Row, answers: Answers) -> str:
    """The page.

    Args:
        build: the row of build_info.
        answers: the rows of each query of `sql/report/`, by its name.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        finalize=_as_text,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["shown"] = shown
    queries = {query.name: query for query in sqlfiles.report()}

    def figure(name: str) -> Figure:
        rows = answers[name]
        finding = _as_text(FINDINGS[name](answers)) if rows else _NOTHING
        chart = CHARTS.get(name)
        label = f"{queries[name].title}. {finding} The data stands in a table below."
        return Figure(
            queries[name], rows, finding, charts.draw(chart, _safe(rows), label, name) if chart and rows else []
        )

    return environment.get_template(_TEMPLATE).render(
        build=build,
        headline=answers["headline"][0],
        headline_query=queries["headline"],
        figures=[figure(name) for name in FINDINGS if name not in _QUALITY],
        quality=[figure(name) for name in _QUALITY],
    )


def shown(value: Any) -> str:
    """A cell as people read it."""
    match value:
        case None:
            return "–"  # noqa: RUF001  # a dash for nothing
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float():
            return f"{value:,.2f}"
        case datetime():
            return f"{value:%-d %B %Y, %H:%M} UTC"
        case date():
            return f"{value.day} {value:%B %Y}"
        case _:
            return printable(str(value))


def _safe(rows: list[Row]) -> list[Row]:
    """The rows without what has no place in XML in their texts."""
    return [{key: _as_text(cell) for key, cell in row.items()} for row in rows]


def _as_text(value: Any) -> Any:
    """A text without controls, and without the code points that no page may hold; all else as it is."""
    return _NO_CHARACTER.sub("\ufffd", printable(value)) if type(value) is str else value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


# ------------------------------------------------------------------------------------------------ findings


def _governments(answers: Answers) -> str:
    rows = answers["governments"]
    most = max(rows, key=lambda row: row["releases_per_day"])
    least = min(rows, key=lambda row: row["releases_per_day"])
    told = f"The {most['government_name']} published most, {most['releases_per_day']:.1f} releases a day"
    if most is least:
        return f"{told}."
    return f"{told}; the {least['government_name']} least, {least['releases_per_day']:.1f}."


def _output_by_month(answers: Answers) -> str:
    rows = answers["output_by_month"]
    peak = max(rows, key=lambda row: row["release_count"])
    filled = [row for row in rows if row["release_count"]]
    mean = sum(row["release_count"] for row in filled) / len(filled)
    empty = len(rows) - len(filled)
    gaps = f" In {_number(empty, 'month')} of {len(rows)} the archive has nothing at all." if empty else ""
    return (
        f"The busiest month was {peak['month_start_date']:%B %Y} with {_number(peak['release_count'], 'release')}, "
        f"under the {peak['government_name']}; the average month has {mean:.0f}.{gaps}"
    )


def _share_of_voice(answers: Answers) -> str:
    rows = answers["share_of_voice"]
    top = max(rows, key=lambda row: row["percent"])
    leaders = [row for row in rows if row["is_prime_minister"]]
    told = (
        f"The largest voice was {top['minister_name']} with {top['percent']:.1f} % of the releases of the "
        f"{top['government_name']}"
    )
    if not leaders:
        return f"{told}."
    first, last = max(leaders, key=lambda r: r["percent"]), min(leaders, key=lambda r: r["percent"])
    if first is last:
        return f"{told}; the one prime minister, {first['minister_name']}, had {first['percent']:.1f} %."
    return (
        f"{told}. Among prime ministers, {first['minister_name']} had most ({first['percent']:.1f} % of the "
        f"{first['government_name']}) and {last['minister_name']} least ({last['percent']:.1f} % of the "
        f"{last['government_name']})."
    )


def _portfolios_by_government(answers: Answers) -> str:
    leading: dict[str, list[str]] = {}
    for row in answers["portfolios_by_government"]:
        if row["position"] == 1:
            leading.setdefault(row["portfolio_name"], []).append(row["government_name"].removesuffix(" Government"))
    parts = [f"{portfolio} ({', '.join(names)})" for portfolio, names in leading.items()]
    return f"The portfolio on most releases was {_listed(parts)}."


def _sectors_by_government(answers: Answers) -> str:
    rows = answers["sectors_by_government"]
    names = [row["government_name"] for row in answers["governments"]]
    latest = [row for row in rows if row["government_name"] == names[-1]] or rows
    top = max(latest, key=lambda row: row["percent"])
    told = (
        f"The largest sector of the {top['government_name']} is {top['sector']}, on {top['percent']:.1f} % of its "
        "releases"
    )
    before = {row["sector"]: row for row in rows if len(names) > 1 and row["government_name"] == names[-2]}
    moves = [(row["percent"] - before[row["sector"]]["percent"], row) for row in latest if row["sector"] in before]
    if not moves or latest is rows:
        return f"{told}."
    _, row = max(moves, key=lambda move: (abs(move[0]), move[1]["sector"]))
    return (
        f"{told}. What changed most from the {names[-2]} is {row['sector']}: from "
        f"{before[row['sector']]['percent']:.1f} % to {row['percent']:.1f} %."
    )


def _weekdays(answers: Answers) -> str:
    parts = []
    for is_nz_day in (True, False):
        rows = [row for row in answers["weekdays"] if row["is_nz_day"] == is_nz_day]
        if not rows:
            continue
        top = max(rows, key=lambda row: row["percent"])
        weekend = sum(row["percent"] for row in rows if row["weekday"] > _WORKING_DAYS)
        friday = sum(row["percent"] for row in rows if row["weekday"] == _WORKING_DAYS)
        parts.append(
            f"By {'New Zealand' if is_nz_day else 'UTC'} days ({rows[0]['years']}), most releases stand under "
            f"{top['weekday_name']} ({top['percent']:.1f} %), {friday:.1f} % under Friday and {weekend:.1f} % under "
            "the weekend."
        )
    return " ".join(parts)


def _season_by_month(answers: Answers) -> str:
    rows = answers["season_by_month"]
    most = max(rows, key=lambda row: row["releases_per_day"])
    least = min(rows, key=lambda row: row["releases_per_day"])
    return (
        f"{most['month_name']} is the busiest month with {most['releases_per_day']:.1f} releases a day, "
        f"{least['month_name']} the quietest with {least['releases_per_day']:.1f}."
    )


def _summer(answers: Answers) -> str:
    rows, year = answers["summer"], answers["season_by_month"]
    opens, closes = _CHRISTMAS

    def is_christmas(day: date) -> bool:
        return (day.month, day.day) >= (12, opens) or (1, 1) <= (day.month, day.day) <= (1, closes)

    quiet = _per_day([row for row in rows if is_christmas(row["day_of_summer_date"])])
    least = min(rows, key=lambda row: row["releases_per_day"])
    return (
        f"From {opens} December to {closes} January {quiet:.1f} releases a day are published, against "
        f"{_per_day(year):.1f} over the year; the quietest day is {least['day_name']} "
        f"({least['releases_per_day']:.2f})."
    )


def _elections(answers: Answers) -> str:
    by_election: dict[date, dict[str, float]] = {}
    for row in answers["elections"]:
        by_election.setdefault(row["election_date"], {})[row["window_name"]] = row["releases_per_day"]
    earlier, before, after = "A year earlier", "Three months before", "Three months after"
    both = [found for found in by_election.values() if earlier in found and before in found]
    then = [found for found in by_election.values() if before in found and after in found]
    more = sum(found[before] > found[earlier] for found in both)
    fewer = sum(found[after] < found[before] for found in then)
    parts = []
    if both:
        parts.append(
            f"Before {more} of {_number(len(both), 'election')}, more was published in the last three months than in "
            "the same days a year earlier."
        )
    if then:
        parts.append(
            f"After {fewer} of {_number(len(then), 'election')}, less was published in the next three months than in "
            "the last."
        )
    return " ".join(parts) or "No election has two windows to compare."


def _budget_days(answers: Answers) -> str:
    rows = answers["budget_days"]
    top = max(rows, key=lambda row: row["release_count"])
    mean = sum(row["release_count"] for row in rows) / len(rows)
    usual = sum(row["usual_count"] for row in rows) / len(rows)
    times = f", {mean / usual:.1f} times what is usual for the weekday" if usual else ""
    return (
        f"{mean:.1f} releases came out on the average of {_number(len(rows), 'Budget day')}{times}; most on "
        f"{shown(top['budget_date'])}: {top['release_count']}."
    )


def _joint_announcements(answers: Answers) -> str:
    rows = answers["joint_announcements"]
    top, last = max(rows, key=lambda row: row["percent"]), rows[-1]
    first = next((row["year"] for row in rows if row["joint_release_count"]), None)
    if first is None:
        return "No release credits two ministers."
    return (
        f"The first releases with two ministers are of {first}; most were joint in {top['year']} "
        f"({top['percent']:.1f} %), and {last['percent']:.1f} % in {last['year']}, the latest year."
    )


def _co_announcements(answers: Answers) -> str:
    top, *others = answers["co_announcements"]
    most = "as many as any" if others and others[0]["statement_count"] == top["statement_count"] else "more than any"
    return (
        f"{top['minister_a_name']} and {top['minister_b_name']} stand together on "
        f"{_number(top['statement_count'], 'statement')}, from {top['first_release_date'].year} to "
        f"{top['last_release_date'].year}: {most} other pair."
    )


def _quality(answers: Answers) -> str:
    count = {row["what"]: row["row_count"] for row in answers["quality"]}
    files, loaded = count["Files in the archive"], count["Releases loaded"]
    aside = count["Files in quarantine"] + count["Files excluded by a named rule"]
    told = "every one is accounted for" if files == loaded + aside else "the rest is not accounted for"
    return f"Of {_number(files, 'file')} of the archive, {loaded:,} are loaded and {aside:,} set aside by rule: {told}."


def _warnings(answers: Answers) -> str:
    rows = answers["warnings"]
    return f"Warned by {_number(len(rows), 'check')}, on {_number(sum(row['failing_count'] for row in rows), 'row')}."


def _set_aside(answers: Answers) -> str:
    rows = answers["set_aside"]
    return f"{_number(sum(row['file_count'] for row in rows), 'file')} set aside, for {_number(len(rows), 'reason')}."


def _names(answers: Answers) -> str:
    rows = answers["names"]
    waiting = next(row["row_count"] for row in answers["quality"] if row["see_view"] == "names_to_review")
    return f"A decision is awaited by {_number(waiting, 'name')}; {rows[0]['printed_as']} is printed most."


def _dates(answers: Answers) -> str:
    rows = answers["dates"]
    doubtful = _number(sum(row["release_count"] for row in rows), "release")
    return f"The day of {doubtful} is doubtful, mostly because {rows[0]['reason']}."


def _per_day(rows: list[Row]) -> float:
    days: int = sum(row["day_count"] for row in rows)
    releases: int = sum(row["release_count"] for row in rows)
    return releases / days if days else 0.0


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


# In the order of the page.
FINDINGS: dict[str, Callable[[Answers], str]] = {
    "output_by_month": _output_by_month,
    "governments": _governments,
    "share_of_voice": _share_of_voice,
    "portfolios_by_government": _portfolios_by_government,
    "sectors_by_government": _sectors_by_government,
    "weekdays": _weekdays,
    "season_by_month": _season_by_month,
    "summer": _summer,
    "elections": _elections,
    "budget_days": _budget_days,
    "joint_announcements": _joint_announcements,
    "co_announcements": _co_announcements,
    "quality": _quality,
    "warnings": _warnings,
    "names": _names,
    "dates": _dates,
    "set_aside": _set_aside,
}
_QUALITY = ("quality", "warnings", "set_aside", "names", "dates")  # tables without a picture
CHARTS: dict[str, Callable[[list[Row], int], Any]] = {
    name: getattr(charts, name) for name in FINDINGS if name not in _QUALITY
}
