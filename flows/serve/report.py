"""The report: one HTML page about the archive, for people without a BI tool.

Each figure shows the answer to a query of `sql/report/` on the published file, with a finding computed from it. The
page needs no network and no script, and depends only on the published build.
"""

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
from flows.serve.output import check_file, write_file
from flows.serve.query import open_published
from flows.serve.shown import printable

_TEMPLATE = "report.html.jinja"
_TITLE = b"<title>New Zealand government press releases: the "  # the beginning of the title of every report
_WHAT = "a report"
_FRIDAY = 5
_CHRISTMAS = (24, 10)  # the quiet time, from 24 December to 10 January
_NONCHARACTER = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")
_NO_ROWS = "The archive has nothing to show here."

Answers = dict[str, list[Row]]  # the rows of each query of `sql/report/`, by its name


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the report: a query, its rows, the finding in one sentence, and its drawings."""

    query: SqlFile
    rows: list[Row]
    finding: str
    drawings: list[str]  # SVG: wide and narrow; none for a table alone

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """Return the headings of the table, each with whether its column holds numbers."""
        return [
            (name.replace("_", " "), all(_is_number(row[name]) for row in self.rows)) for name in (self.rows or [{}])[0]
        ]


def write_report(published: Path, output: Path) -> int:
    """Write the report of the published build, in one step so that nobody opens half a page.

    Args:
        published: the published file.
        output: the page to write, in an existing folder; an earlier report there is replaced.

    Returns:
        The size of the page in bytes.

    Raises:
        Refused: the output is something else than an earlier report.
        Unusable: nothing is published, it cannot be read, or the page cannot be written.
    """
    with open_published(published) as connection:
        check_file(output, _is_report, _WHAT)
        try:
            build = dicts(connection, "from main.build_info")[0]
            answers = {query.name: dicts(connection, query.statement) for query in sqlfiles.report()}
        except duckdb.Error as error:
            raise Unusable(
                f"{published} has no data for a report: {str(error).splitlines()[0]} If an older version built it, "
                "run `beehive refresh`."
            ) from error
    page = render(build, answers).encode()
    write_file(output, page, _is_report, _WHAT)
    return len(page)


def _is_report(path: Path) -> bool:
    with path.open("rb") as file:
        return _TITLE in file.read(4096)


def render(build: Row, answers: Answers) -> str:
    """Return the page for a row of build_info and the answers."""
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
        query, rows, chart = queries[name], answers[name], CHARTS.get(name)
        finding = _as_text(FINDINGS[name](answers)) if rows else _NO_ROWS
        label = f"{query.title}. {finding} The table below has the data."
        return Figure(query, rows, finding, charts.draw(chart, _safe(rows), label, name) if chart and rows else [])

    return environment.get_template(_TEMPLATE).render(
        build=build,
        headline=answers["headline"][0],
        headline_query=queries["headline"],
        figures=[figure(name) for name in FINDINGS if name not in _QUALITY],
        quality=[figure(name) for name in _QUALITY],
    )


def shown(value: Any) -> str:
    """Return the value of a cell as text for people."""
    match value:
        case None:
            return "–"  # noqa: RUF001 (the dash is meant)
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
    """Return the rows with texts that are valid in XML."""
    return [{key: _as_text(cell) for key, cell in row.items()} for row in rows]


def _as_text(value: Any) -> Any:
    """Return a text without control characters and noncharacters, and any other value unchanged."""
    return _NONCHARACTER.sub("\ufffd", printable(value)) if type(value) is str else value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


# ------------------------------------------------------------------------------------------------ findings


def _governments(answers: Answers) -> str:
    rows = answers["governments"]
    most = max(rows, key=lambda row: row["releases_per_day"])
    least = min(rows, key=lambda row: row["releases_per_day"])
    text = f"The {most['government_name']} published most, {most['releases_per_day']:.1f} releases a day"
    if most is least:
        return f"{text}."
    return f"{text}; the {least['government_name']} published least, {least['releases_per_day']:.1f} a day."


def _output_by_month(answers: Answers) -> str:
    rows = answers["output_by_month"]
    peak = max(rows, key=lambda row: row["release_count"])
    covered = [row for row in rows if row["release_count"]]
    mean = sum(row["release_count"] for row in covered) / len(covered)
    empty = len(rows) - len(covered)
    gaps = f" For {empty:,} of {_number(len(rows), 'month')} the archive has no release." if empty else ""
    return (
        f"The busiest month was {peak['month_start_date']:%B %Y} with {_number(peak['release_count'], 'release')}, "
        f"under the {peak['government_name']}; the average month has {mean:.0f}.{gaps}"
    )


def _share_of_voice(answers: Answers) -> str:
    rows = answers["share_of_voice"]
    top = max(rows, key=lambda row: row["percent"])
    leaders = [row for row in rows if row["is_prime_minister"]]
    text = (
        f"The largest share was that of {top['minister_name']}: {top['percent']:.1f} % of the releases of the "
        f"{top['government_name']}"
    )
    if not leaders:
        return f"{text}."
    most, least = max(leaders, key=lambda row: row["percent"]), min(leaders, key=lambda row: row["percent"])
    if most is least:
        return f"{text}. The only prime minister, {most['minister_name']}, had {most['percent']:.1f} %."
    return (
        f"{text}. Among prime ministers, {most['minister_name']} had the largest share ({most['percent']:.1f} % of the "
        f"{most['government_name']}) and {least['minister_name']} the smallest ({least['percent']:.1f} % of the "
        f"{least['government_name']})."
    )


def _portfolios_by_government(answers: Answers) -> str:
    leading: dict[str, list[str]] = {}
    for row in answers["portfolios_by_government"]:
        if row["position"] == 1:
            leading.setdefault(row["portfolio_name"], []).append(row["government_name"].removesuffix(" Government"))
    parts = [f"{portfolio} ({', '.join(names)})" for portfolio, names in leading.items()]
    return f"The portfolio with most releases was {_listed(parts)}."


def _sectors_by_government(answers: Answers) -> str:
    rows = answers["sectors_by_government"]
    names = [row["government_name"] for row in answers["governments"]]
    latest = [row for row in rows if row["government_name"] == names[-1]] or rows
    top = max(latest, key=lambda row: row["percent"])
    text = (
        f"The largest sector of the {top['government_name']} is {top['sector']}, with {top['percent']:.1f} % of its "
        "releases"
    )
    before = {row["sector"]: row["percent"] for row in rows if len(names) > 1 and row["government_name"] == names[-2]}
    in_both = [row for row in latest if row["sector"] in before]
    if not in_both or latest is rows:
        return f"{text}."
    row = max(in_both, key=lambda row: (abs(row["percent"] - before[row["sector"]]), row["sector"]))
    return (
        f"{text}. The largest change from the {names[-2]} is in {row['sector']}: from {before[row['sector']]:.1f} % "
        f"to {row['percent']:.1f} %."
    )


def _weekdays(answers: Answers) -> str:
    parts = []
    for is_nz_day in (True, False):
        rows = [row for row in answers["weekdays"] if row["is_nz_day"] == is_nz_day]
        if not rows:
            continue
        top = max(rows, key=lambda row: row["percent"])
        weekend = sum(row["percent"] for row in rows if row["weekday"] > _FRIDAY)
        friday = sum(row["percent"] for row in rows if row["weekday"] == _FRIDAY)
        parts.append(
            f"By {'New Zealand' if is_nz_day else 'UTC'} days ({rows[0]['years']}), most releases fall on a "
            f"{top['weekday_name']} ({top['percent']:.1f} %), {friday:.1f} % on a Friday and {weekend:.1f} % on a "
            "weekend."
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
    first, last = _CHRISTMAS

    def is_christmas(day: date) -> bool:
        return (day.month, day.day) >= (12, first) or (1, 1) <= (day.month, day.day) <= (1, last)

    quiet = _per_day([row for row in rows if is_christmas(row["day_of_summer_date"])])
    least = min(rows, key=lambda row: row["releases_per_day"])
    return (
        f"From {first} December to {last} January {quiet:.1f} releases a day are published, against "
        f"{_per_day(year):.1f} over the year; the quietest day is {least['day_name']} "
        f"({least['releases_per_day']:.2f})."
    )


def _elections(answers: Answers) -> str:
    by_election: dict[date, dict[str, float]] = {}
    for row in answers["elections"]:
        by_election.setdefault(row["election_date"], {})[row["window_name"]] = row["releases_per_day"]
    earlier, before, after = "A year earlier", "Three months before", "Three months after"
    with_earlier = [rates for rates in by_election.values() if earlier in rates and before in rates]
    with_after = [rates for rates in by_election.values() if before in rates and after in rates]
    more = sum(rates[before] > rates[earlier] for rates in with_earlier)
    fewer = sum(rates[after] < rates[before] for rates in with_after)
    parts = []
    if with_earlier:
        parts.append(
            f"In the three months before {more} of {_number(len(with_earlier), 'election')}, more was published than "
            "in the same months a year earlier."
        )
    if with_after:
        parts.append(
            f"In the three months after {fewer} of {_number(len(with_after), 'election')}, less was published than in "
            "the three months before."
        )
    return " ".join(parts) or "No election has two periods to compare."


def _budget_days(answers: Answers) -> str:
    rows = answers["budget_days"]
    top = max(rows, key=lambda row: row["release_count"])
    mean = sum(row["release_count"] for row in rows) / len(rows)
    usual = sum(row["usual_count"] for row in rows) / len(rows)
    times = f", {mean / usual:.1f} times the average of the weekday" if usual else ""
    return (
        f"On average, {mean:.1f} releases were published on each of {_number(len(rows), 'Budget day')}{times}. Most, "
        f"{top['release_count']}, were published on {shown(top['budget_date'])}."
    )


def _joint_announcements(answers: Answers) -> str:
    rows = answers["joint_announcements"]
    top, last = max(rows, key=lambda row: row["percent"]), rows[-1]
    first = next((row["year"] for row in rows if row["joint_release_count"]), None)
    if first is None:
        return "No release credits two ministers."
    return (
        f"The first releases with two ministers are of {first}. The share was largest in {top['year']} "
        f"({top['percent']:.1f} %); in {last['year']}, the latest year, it was {last['percent']:.1f} %."
    )


def _co_announcements(answers: Answers) -> str:
    top, *others = answers["co_announcements"]
    most = "as many as any" if others and others[0]["statement_count"] == top["statement_count"] else "more than any"
    return (
        f"{top['minister_a_name']} and {top['minister_b_name']} are credited together on "
        f"{_number(top['statement_count'], 'statement')}, from {top['first_release_date'].year} to "
        f"{top['last_release_date'].year}: {most} other pair."
    )


def _quality(answers: Answers) -> str:
    count = {row["what"]: row["row_count"] for row in answers["quality"]}
    files, loaded = count["Files in the archive"], count["Releases loaded"]
    set_aside = count["Files in quarantine"] + count["Files excluded by a named rule"]
    rest = "All are accounted for" if files == loaded + set_aside else "The others are not accounted for"
    return f"Of {_number(files, 'file')} in the archive, {loaded:,} are loaded and {set_aside:,} set aside. {rest}."


def _warnings(answers: Answers) -> str:
    rows = answers["warnings"]
    return f"Warnings: {_number(len(rows), 'check')} found {_number(sum(row['failing_count'] for row in rows), 'row')}."


def _set_aside(answers: Answers) -> str:
    rows = answers["set_aside"]
    return f"Set aside: {_number(sum(row['file_count'] for row in rows), 'file')}, for {_number(len(rows), 'reason')}."


def _names(answers: Answers) -> str:
    rows = answers["names"]
    waiting = next(row["row_count"] for row in answers["quality"] if row["see_view"] == "names_to_review")
    return f"Awaiting a decision: {_number(waiting, 'name')}. The name on most releases is {rows[0]['printed_as']}."


def _dates(answers: Answers) -> str:
    rows = answers["dates"]
    doubtful = _number(sum(row["release_count"] for row in rows), "release")
    return f"The date of {doubtful} is doubtful. The most frequent reason: {rows[0]['reason']}."


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
