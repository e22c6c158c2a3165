"""The report: one HTML page about the archive, for people without a BI tool.

Each figure shows the answer to a query of `sql/report/` on the published file, with a finding computed from it. The
page needs no network and no script, and depends only on the published build.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
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
_NONCHARACTER = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")
_NO_ROWS = "The archive has nothing to show here."
_NO_WHOLE_YEAR = "The archive has no complete year."
_NOT_IN_TABLES = ("colour",)  # columns for charts alone

Answers = dict[str, list[Row]]  # the rows of each query of `sql/report/`, by its name


@dataclass(frozen=True, slots=True)
class Finding:
    """What a figure shows, in one or two sentences, and the rows that they speak of."""

    text: str
    rows: list[Row] = field(default_factory=list)

    def __str__(self) -> str:
        """Return the text, with no line break between a number and its percent sign."""
        return self.text.replace(" %", "\u00a0%")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the report: a query, its rows, the finding, and its drawings."""

    query: SqlFile
    rows: list[Row]
    finding: Finding
    drawings: list[str]  # SVG: wide and narrow; none for a table alone

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """Return the columns of the table, each with whether it holds numbers."""
        names = [name for name in (self.rows or [{}])[0] if name not in _NOT_IN_TABLES]
        return [(name, all(_is_number(row[name]) for row in self.rows)) for name in names]

    @property
    def releases(self) -> list[Row]:
        """Return releases behind the finding, two of each row that it speaks of."""
        found = [release for row in self.finding.rows for release in row.get("latest_releases", ())[:2]]
        return list({release["url"]: release for release in found}.values())


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
            answers = read_answers(connection)
        except duckdb.Error as error:
            raise Unusable(
                f"{published} has no data for a report: {str(error).splitlines()[0]} If an older version built it, "
                "run `beehive refresh`."
            ) from error
    page = render(build, answers).encode()
    write_file(output, page, _is_report, _WHAT)
    return len(page)


def read_answers(connection: duckdb.DuckDBPyConnection) -> Answers:
    """Return the rows of each query; a row's `latest_releases` are those of its releases that have a public address."""
    answers = {query.name: dicts(connection, query.statement) for query in sqlfiles.report()}
    linked = [row for rows in answers.values() for row in rows if "latest_releases" in row]
    wanted = sorted({release_id for row in linked for release_id in row["latest_releases"] or ()})
    found = connection.execute(
        "select release_id, title, url from main.releases where list_contains($1, release_id)", [wanted]
    ).fetchall()
    releases = {
        release_id: {"title": title or release_id, "url": url}
        for release_id, title, url in found
        if url and url.startswith("https://")
    }
    for row in linked:
        row["latest_releases"] = [releases[one] for one in row["latest_releases"] or () if one in releases]
    return answers


def _is_report(path: Path) -> bool:
    with path.open("rb") as file:
        return _TITLE in file.read(4096)


def render(build: Row, answers: Answers) -> str:
    """Return the page for a row of build_info and the answers."""
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(loader=loader, autoescape=True, finalize=_as_text, trim_blocks=True, lstrip_blocks=True)
    environment.filters["shown"] = shown
    queries = {query.name: query for query in sqlfiles.report()}

    def figure(name: str) -> Figure:
        query, rows, chart = queries[name], answers[name], CHARTS.get(name)
        finding = Finding(_NO_ROWS) if not rows else FINDINGS[name](answers) if name in FINDINGS else Finding("")
        label = f"{query.title}. {_as_text(str(finding))} The table below has the data."
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
    """Return the rows without their releases, and with texts that are valid in XML."""
    return [{key: _as_text(cell) for key, cell in row.items() if key != "latest_releases"} for row in rows]


def _as_text(value: Any) -> Any:
    """Return a text without control characters and noncharacters, and any other value unchanged."""
    return _NONCHARACTER.sub("\ufffd", printable(value)) if type(value) is str else value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


# ------------------------------------------------------------------------------------------------ findings


def _output_by_year(answers: Answers) -> Finding:
    rows = answers["output_by_year"]
    counts: dict[int, int] = {}
    for row in _whole(rows):
        counts[row["year"]] = counts.get(row["year"], 0) + row["release_count"]
    if not counts:
        return Finding(_NO_WHOLE_YEAR, rows[-1:])
    broken = sorted({str(row["year"]) for row in rows if not row["is_whole_year"]})
    gaps = f" Incomplete in the archive: {_listed(broken)}." if broken else ""
    top, least = max(counts, key=counts.__getitem__), min(counts, key=counts.__getitem__)
    return Finding(
        f"Most was published in {top}, {_number(counts[top], 'release')}, and least in {least}, {counts[least]:,}"
        f"{_doubt(rows, least)}.{gaps}",
        [row for row in rows if row["year"] in (top, least)],
    )


def _doubt(rows: list[Row], year: int) -> str:
    count = max(row["doubtful_month_count"] for row in rows if row["year"] == year)
    return f" ({_number(count, 'month')} may lack releases)" if count else ""


def _prime_ministers(answers: Answers) -> Finding:
    rows = answers["prime_ministers"]
    most, least = max(rows, key=lambda row: row["percent"]), min(rows, key=lambda row: row["percent"])
    text = (
        f"{most['prime_minister_name']} is credited on {most['percent']:.1f} % of the releases published while in "
        "office as prime minister"
    )
    if most is least:
        return Finding(f"{text}.", [most])
    return Finding(
        f"{text}, the largest share of all; {least['prime_minister_name']} on {least['percent']:.1f} %, the smallest.",
        [most, least],
    )


def _share_of_voice(answers: Answers) -> Finding:
    rows = answers["share_of_voice"]
    top = max(rows, key=lambda row: row["percent"])
    latest = next(row for row in rows if row["government_name"] == rows[-1]["government_name"])
    text = (
        f"The largest share of a minister is that of {top['minister_name']}: {top['percent']:.1f} % of the releases of "
        f"the {top['government_name']}."
    )
    if top is latest:
        return Finding(text, [top])
    return Finding(
        f"{text} In the latest, the {latest['government_name']}, {latest['minister_name']} has most "
        f"({latest['percent']:.1f} %).",
        [top, latest],
    )


def _partner_parties(answers: Answers) -> Finding:
    whole = _whole(answers["partner_parties"])
    partners = [row for row in whole if not row["is_leading"]]
    if not partners:
        return Finding("In complete years, no partner party has a release." if whole else _NO_WHOLE_YEAR, whole[-1:])
    shares: dict[int, float] = {}
    for row in partners:
        shares[row["year"]] = shares.get(row["year"], 0) + row["percent"]
    top = max(shares, key=shares.__getitem__)
    of_top = [row for row in partners if row["year"] == top]
    largest = max(of_top, key=lambda row: row["percent"])
    return Finding(
        f"Partner parties had their largest share in {top}: {shares[top]:.1f} %, of which {largest['party_name']} had "
        f"{largest['percent']:.1f} %.",
        of_top,
    )


def _by_year(rows: list[Row], what: str) -> Finding:
    whole = _whole(rows)
    if not whole:
        return Finding(_NO_WHOLE_YEAR, rows[-1:])
    first, last, top = whole[0], whole[-1], max(whole, key=lambda row: row["percent"])
    text = f"{what} was largest in {top['year']}: {top['percent']:.1f} %."
    others = [f"{row['percent']:.1f} % in {row['year']}" for row in (first, last) if row is not top]
    return Finding(f"{text} It was {_listed(others)}." if others else text, [top, last] if last is not top else [top])


def _sectors_by_government(answers: Answers) -> Finding:
    rows = answers["sectors_by_government"]
    names = list(dict.fromkeys(row["government_name"] for row in answers["output_by_year"]))
    latest = [row for row in rows if row["government_name"] == names[-1]] or rows
    top = max(latest, key=lambda row: row["percent"])
    text = (
        f"The largest sector of the {top['government_name']} is {top['sector']}, with {top['percent']:.1f} % of its "
        "releases"
    )
    before = {row["sector"]: row["percent"] for row in rows if len(names) > 1 and row["government_name"] == names[-2]}
    in_both = [row for row in latest if row["sector"] in before]
    if not in_both or latest is rows:
        return Finding(f"{text}.", [top])
    row = max(in_both, key=lambda row: (abs(row["percent"] - before[row["sector"]]), row["sector"]))
    return Finding(
        f"{text}. The largest change from the {names[-2]} is in {row['sector']}: from {before[row['sector']]:.1f} % "
        f"to {row['percent']:.1f} %.",
        [top] if row is top else [top, row],
    )


def _portfolios_by_government(answers: Answers) -> Finding:
    leading: dict[str, list[str]] = {}
    first = [row for row in answers["portfolios_by_government"] if row["position"] == 1]
    for row in first:
        leading.setdefault(row["portfolio_name"], []).append(row["government_name"].removesuffix(" Government"))
    parts = [f"{portfolio} ({', '.join(names)})" for portfolio, names in leading.items()]
    return Finding(f"The portfolio with most releases was {_listed(parts)}.", first[-1:])


def _co_announcements(answers: Answers) -> Finding:
    top, *others = answers["co_announcements"]
    most = "as many as any" if others and others[0]["statement_count"] == top["statement_count"] else "more than any"
    return Finding(
        f"{top['minister_a_name']} and {top['minister_b_name']} are credited together on "
        f"{_number(top['statement_count'], 'statement')}, from {top['first_release_date'].year} to "
        f"{top['last_release_date'].year}: {most} other pair.",
        [top],
    )


def _weeks(answers: Answers) -> Finding:
    rows = answers["weeks"]
    most = max(rows, key=lambda row: row["releases_per_day"])
    least = min(rows, key=lambda row: row["releases_per_day"])
    return Finding(
        f"The busiest week is {most['days']}, with {most['releases_per_day']:.1f} releases a day, and the quietest "
        f"{least['days']}, with {least['releases_per_day']:.1f}.",
        [most],
    )


def _weekdays(answers: Answers) -> Finding:
    rows = answers["weekdays"]
    top = max(rows, key=lambda row: row["percent"])
    weekend = sum(row["percent"] for row in rows if row["weekday"] > _FRIDAY)
    friday = sum(row["percent"] for row in rows if row["weekday"] == _FRIDAY)
    years = f"{min(row['first_year'] for row in rows)} to {max(row['last_year'] for row in rows)}"
    return Finding(
        f"Most releases fall on a {top['weekday_name']} ({top['percent']:.1f} %), {friday:.1f} % on a Friday and "
        f"{weekend:.1f} % on a weekend, by {sum(row['release_count'] for row in rows):,} releases of {years}.",
        [row for row in rows if row["weekday"] > _FRIDAY],
    )


def _elections(answers: Answers) -> Finding:
    by_election: dict[date, dict[str, Row]] = {}
    for row in answers["elections"]:
        by_election.setdefault(row["election_date"], {})[row["window_name"]] = row
    before, earlier, after = "Four weeks before", "A year earlier", "Four weeks after"
    with_earlier = [found for found in by_election.values() if {before, earlier} <= found.keys()]
    with_after = [found for found in by_election.values() if {before, after} <= found.keys()]
    less = sum(found[before]["release_count"] < found[earlier]["release_count"] for found in with_earlier)
    more = sum(found[before]["release_count"] > found[after]["release_count"] for found in with_after)
    parts = []
    if with_earlier:
        parts.append(
            f"In the four weeks before {less} of {_number(len(with_earlier), 'election')}, less was published than in "
            "the same weeks a year earlier."
        )
    if with_after:
        parts.append(
            f"In the four weeks after {more} of {_number(len(with_after), 'election')}, less was published than in the "
            "four weeks before."
        )
    latest = [rows[before] for rows in by_election.values() if before in rows][-1:]
    return Finding(" ".join(parts) or "No election has two periods to compare.", latest)


def _budget_days(answers: Answers) -> Finding:
    rows = answers["budget_days"]
    top = max(rows, key=lambda row: row["release_count"])
    mean = sum(row["release_count"] for row in rows) / len(rows)
    usual = sum(row["usual_count"] for row in rows) / len(rows)
    times = f", {mean / usual:.1f} times the average of the weekday" if usual else ""
    return Finding(
        f"On average, {mean:.1f} releases were published on each of {_number(len(rows), 'Budget day')}{times}. Most, "
        f"{top['release_count']}, were published on {shown(top['budget_date'])}.",
        [top],
    )


def _quality(answers: Answers) -> Finding:
    count = {row["what"]: row["row_count"] for row in answers["quality"]}
    files, loaded = count["Files in the archive"], count["Releases loaded"]
    set_aside = count["Files in quarantine"] + count["Files excluded by a named rule"]
    rest = "All are accounted for" if files == loaded + set_aside else "The others are not accounted for"
    return Finding(
        f"Of {_number(files, 'file')} in the archive, {loaded:,} are loaded and {set_aside:,} set aside. {rest}."
    )


def _whole(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["is_whole_year"]]


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


# In the order of the page; tables about quality have no finding but the first.
FINDINGS: dict[str, Callable[[Answers], Finding]] = {
    "output_by_year": _output_by_year,
    "prime_ministers": _prime_ministers,
    "share_of_voice": _share_of_voice,
    "partner_parties": _partner_parties,
    "women": lambda answers: _by_year(answers["women"], "The share of women"),
    "sectors_by_government": _sectors_by_government,
    "portfolios_by_government": _portfolios_by_government,
    "joint_statements": lambda answers: _by_year(answers["joint_statements"], "The share of joint statements"),
    "co_announcements": _co_announcements,
    "weeks": _weeks,
    "weekdays": _weekdays,
    "elections": _elections,
    "budget_days": _budget_days,
    "quality": _quality,
}
_QUALITY = ("quality", "warnings", "set_aside", "names", "dates")
CHARTS: dict[str, Callable[[list[Row], int], Any]] = {
    name: vars(charts)[name]
    for name in FINDINGS
    if name in vars(charts)  # the others are tables without a picture
}
