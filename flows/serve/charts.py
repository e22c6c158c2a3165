"""The charts of the report: accessible SVG drawings of the rows of its queries.

Each chart is drawn twice, for a screen and for a phone, because the text of one drawing scaled down to a phone would be
too small to read. Nothing is shown by colour alone: a label, a shape or the order shows it too.
"""

import re
from collections.abc import Callable
from io import StringIO
from typing import Any
from xml.etree import ElementTree

import altair as alt
import polars as pl

Row = dict[str, Any]

WIDE, NARROW = 750, 320  # approximate widths in pixels
_INK, _BLUE, _ORANGE, _GREY, _PURPLE = "#1b1b1b", "#1f5f8b", "#b0490a", "#5f6368", "#6a4c93"
_PALE = 0.35  # opacity of an incomplete year
_NAMESPACE = "http://www.w3.org/2000/svg"
_ALLOWED_TAGS = {"svg", "g", "path", "rect", "line", "text", "tspan", "defs", "clipPath"}
_SPLIT_LABEL = "split(datum.label, '\\n')"  # the Vega expression for a label of several lines


def draw(chart: Callable[[list[Row], int], Any], rows: list[Row], label: str, name: str) -> list[str]:
    """Return two SVG elements of a chart, one for a screen and one for a phone.

    Args:
        chart: one of the functions below.
        rows: the answer to its query, at least one row.
        label: what a screen reader reads out instead of the drawing.
        name: makes the ids of the drawing unique in the page.
    """
    return [
        _as_svg(chart(rows, width), label, f"{name}-{size}", size)
        for size, width in (("wide", WIDE), ("narrow", NARROW))
    ]


def output_by_year(rows: list[Row], width: int) -> Any:
    """Draw a column for each year, in the colours of the parties that led the government."""
    return _years(rows, "release_count", width, "Releases a year, by the party that led the government", ",d")


def prime_ministers(rows: list[Row], width: int) -> Any:
    """Draw a bar for each prime minister, in order of office."""
    labelled = [row | {"label": row["prime_minister_name"], "text": _percent(row)} for row in rows]
    return _titled(
        _bars(labelled, "percent", width), "Share of the releases of the term that credit the prime minister"
    )


def share_of_voice(rows: list[Row], width: int) -> Any:
    """Draw a panel of bars for each government, two beside each other or, on a phone, below each other."""
    labelled = [
        row | {"label": row["minister_name"] + (" (PM)" if row["is_prime_minister"] else ""), "text": _percent(row)}
        for row in rows
    ]
    is_narrow = width == NARROW
    largest = max(row["percent"] for row in rows) * 1.6 or 1
    panels = []
    for government in dict.fromkeys(row["government_name"] for row in rows):
        own = [row for row in labelled if row["government_name"] == government]
        names = [row["label"] for row in labelled]
        panels.append(_titled(_bars(own, "percent", width if is_narrow else width // 2, names, largest), government))
    return alt.concat(*panels, columns=1 if is_narrow else 2, spacing=14)


def partner_parties(rows: list[Row], width: int) -> Any:
    """Draw a column for each year, stacked from the shares of the parties that did not lead the government."""
    years = {row["year"]: row for row in rows}
    shares: dict[str, float] = {}
    for row in rows:
        shares[row["party_name"]] = shares.get(row["party_name"], 0) + row["percent"]
    partners = sorted((row for row in rows if not row["is_leading"]), key=lambda row: -shares[row["party_name"]])
    led_alone = [years[year] | {"percent": 0.0} for year in years.keys() - {row["year"] for row in partners}]
    return _years(partners + led_alone, "percent", width, "Share of the releases of partner parties, %", ".0f")


def women(rows: list[Row], width: int) -> Any:
    """Draw a column for each year."""
    return _years(rows, "percent", width, "Share of the releases, %", ".0f", colour=_PURPLE)


def joint_statements(rows: list[Row], width: int) -> Any:
    """Draw a column for each year."""
    return _years(rows, "percent", width, "Share of the statements, %", ".0f", colour=_BLUE)


def sectors_by_government(rows: list[Row], width: int) -> Any:
    """Draw a table of shaded cells with their numbers; on a phone, the name of a sector is above its cells."""
    governments = list(dict.fromkeys(row["government_name"] for row in rows))
    sectors = list(dict.fromkeys(row["sector"] for row in rows))
    short = {name: "\n".join(name.removesuffix(" Government").rsplit(" ", 1)) for name in governments}
    largest = max(row["percent"] for row in rows) or 1
    is_narrow = width == NARROW
    label_width = 0 if is_narrow else _label_width(sectors)
    cells = [row | {"short": short[row["government_name"]], "line": row["sector"]} for row in rows]
    lines = [line for sector in sectors for line in ((f"above {sector}", sector) if is_narrow else (sector,))]
    x = alt.X("short:N", sort=list(short.values()), title=None,
              axis=alt.Axis(orient="top", labelAngle=0, labelExpr=_SPLIT_LABEL, labelLimit=0, labelPadding=18,
                            domain=False, ticks=False))  # fmt: skip
    axis = alt.Axis(labelLimit=0, minExtent=label_width, domain=False, ticks=False)
    y = alt.Y("line:N", sort=lines, title=None, scale=alt.Scale(domain=lines), axis=None if is_narrow else axis)
    base = _chart(cells).encode(x, y)
    shades = alt.Scale(domain=[0, largest], range=["#f5f8fa", "#7fb0d3"])
    table = alt.layer(
        base.mark_rect(stroke="#ffffff").encode(color=alt.Color("percent:Q", legend=None, scale=shades)),
        base.mark_text(fontSize=12).encode(text=alt.Text("percent:Q", format=".1f")),
    )
    if is_narrow:
        names = _chart([{"line": f"above {sector}", "sector": sector} for sector in sectors])
        table += names.mark_text(align="left", dy=3).encode(x=alt.value(2), y=y, text="sector:N")
    return table.properties(width=width - label_width - 12, height=len(lines) * (19 if is_narrow else 25))


def weeks(rows: list[Row], width: int) -> Any:
    """Draw a column for each week of the year."""
    x = alt.X("first_day_date:T", title=None, axis=alt.Axis(format="%b", tickCount=6 if width == NARROW else 12))
    y = alt.Y("releases_per_day:Q", title=None, axis=alt.Axis(tickCount=4))
    bars = _chart(rows).mark_bar(color=_BLUE, size=(width - 40) / 52 - 1.5).encode(x, y)
    return _titled(bars.properties(width=width - 40, height=200), "Releases a day")


def elections(rows: list[Row], width: int) -> Any:
    """Draw a row of marks for each election: three periods, each with its own shape."""
    series = {"A year earlier": ("circle", _GREY), "Four weeks before": ("square", _ORANGE),
              "Four weeks after": ("triangle-up", _BLUE)}  # fmt: skip
    ends = [{"line": str(row["election_date"].year), "end": row["window_name"], "count": row["release_count"]}
            for row in rows]  # fmt: skip
    return _titled(_dots(ends, series, width), "Releases in four weeks")


def budget_days(rows: list[Row], width: int) -> Any:
    """Draw a line for each Budget day, from the usual number of releases to that of the day."""
    series = {"Usual for the weekday": ("circle", _ORANGE), "Budget day": ("square", _BLUE)}
    ends = [
        {"line": str(row["budget_date"].year), "end": end, "count": row[column]}
        for row in rows
        for end, column in zip(series, ("usual_count", "release_count"), strict=True)
    ]
    return _titled(_dots(ends, series, width), "Releases on the day")


def _years(rows: list[Row], value: str, width: int, title: str, number: str, *, colour: str | None = None) -> Any:
    """Draw a column for each year, in one colour or stacked by party; incomplete years are pale.

    A year without releases in the archive is a gap. The largest, the first and the latest year bear their number.
    """
    is_narrow = width == NARROW
    years = list(range(min(row["year"] for row in rows), max(row["year"] for row in rows) + 1))
    totals: dict[int, Row] = {}
    for row in rows:
        before = totals.get(row["year"], {"year": row["year"], "total": 0})
        totals[row["year"]] = before | {"total": before["total"] + row[value]}
    largest = max(totals.values(), key=lambda row: row["total"])
    marked = {row["year"]: row for row in (totals[years[0]], largest, totals[years[-1]])}
    ticks = [year for year in years if year % (5 if is_narrow else 2) == 0]
    x = alt.X("year:O", title=None, scale=alt.Scale(domain=years), axis=alt.Axis(values=ticks, labelAngle=0))
    top = alt.Scale(domain=[0, largest["total"] * 1.08 or 1], nice=False)
    bars = _chart([row | {"place": place} for place, row in enumerate(rows)]).encode(
        x,
        alt.Y(f"{value}:Q", title=None, scale=top, axis=alt.Axis(tickCount=4)),
        alt.Order("place:Q"),
        opacity=alt.condition(alt.datum.is_whole_year, alt.value(1), alt.value(_PALE)),
    )
    if colour:
        bars = bars.mark_bar(color=colour)
    else:
        colours = {row["party_name"]: row["colour"] for row in rows if row[value]}
        scale = alt.Scale(domain=list(colours), range=list(colours.values()))
        legend = alt.Legend(orient="top", title=None, columns=3 if is_narrow else 6, labelLimit=0, symbolType="square")
        bars = bars.mark_bar(stroke="#ffffff", strokeWidth=0.5).encode(
            color=alt.Color("party_name:N", scale=scale, legend=legend)
        )
    numbers = _chart(list(marked.values())).mark_text(dy=-6, fontSize=10)
    numbers = numbers.encode(x=x, y=alt.Y("total:Q", scale=top), text=alt.Text("total:Q", format=number))
    return _titled(alt.layer(bars, numbers).properties(width=width - 50, height=220), title)


def _bars(
    rows: list[Row], value: str, width: int, labels: list[str] | None = None, largest: float | None = None
) -> Any:
    """Draw horizontal bars in the order of the rows, each with its text; on a phone, its label is above it.

    Args:
        rows: each has a label, a colour, and a text to print after the bar.
        value: column that sets the length.
        width: of the drawing, in pixels.
        labels: those to leave room for, if other drawings stand beside this one.
        largest: end of the scale, the same for drawings to compare.
    """
    is_narrow = width == NARROW
    label_width = 0 if is_narrow else _label_width(labels or [row["label"] for row in rows])
    order = [row["label"] for row in rows]
    offset = 7 if is_narrow else 0  # pixels, to leave room for the label above
    axis = alt.Axis(labelLimit=0, minExtent=label_width, domain=False, ticks=False)
    scale = alt.Scale(domain=[0, largest or max(row[value] for row in rows) * 1.3 or 1], nice=False)
    base = _chart(rows).encode(
        alt.X(f"{value}:Q", title=None, scale=scale, axis=None),
        alt.Y("label:N", title=None, sort=order, axis=None if is_narrow else axis),
    )
    bars = base.mark_bar(height=13 if is_narrow else 16, yOffset=offset, stroke=_GREY, strokeWidth=0.5).encode(
        color=alt.Color("colour:N", scale=None)
    )
    layers = [bars, base.mark_text(align="left", dx=4, yOffset=offset).encode(text="text:N")]
    if is_narrow:
        layers.append(base.mark_text(align="left", dy=-8).encode(x=alt.value(0), text="label:N"))
    return alt.layer(*layers).properties(width=width - label_width - 20, height=len(rows) * (34 if is_narrow else 22))


def _dots(ends: list[Row], series: dict[str, tuple[str, str]], width: int) -> Any:
    """Draw a line of marks for each value of `line`; `series` has the shape and colour for each value of `end`."""
    shapes, colours = zip(*series.values(), strict=True)
    legend = alt.Legend(orient="top", title=None, direction="vertical" if width == NARROW else "horizontal",
                        symbolSize=90, labelLimit=0, columnPadding=28)  # fmt: skip
    y = alt.Y("line:O", title=None)
    base = _chart(ends)
    return alt.layer(
        base.mark_rule(color=_GREY).encode(x="min(count):Q", x2="max(count):Q", y=y),
        base.mark_point(filled=True, size=80, opacity=1).encode(
            alt.X("count:Q", title=None, axis=alt.Axis(orient="top", tickCount=6)),
            y,
            shape=alt.Shape("end:N", legend=legend, scale=alt.Scale(domain=list(series), range=list(shapes))),
            color=alt.Color("end:N", legend=legend, scale=alt.Scale(domain=list(series), range=list(colours))),
        ),
    ).properties(width=width - 50, height=alt.Step(18))


def _percent(row: Row) -> str:
    return f"{row['percent']:.1f} % {row['party_name'] or ''}"


def _titled(chart: Any, title: str) -> Any:
    """Return the chart with what it measures above it, at the left: nobody reads a text that stands on end."""
    return chart.properties(title=alt.TitleParams(title, anchor="start", frame="bounds", fontSize=12, color=_INK))


def _label_width(labels: list[str]) -> int:
    """Return the pixels of the longest label in a wide font, because readers have other fonts than this machine."""
    return round(max(len(label) for label in labels) * 6.6) + 6


def _chart(rows: list[Row]) -> alt.Chart:
    return alt.Chart(pl.from_dicts(rows, infer_schema_length=None))


def _as_svg(chart: Any, label: str, name: str, size: str) -> str:
    """Return the chart as one SVG element of shapes and text, which a screen reader treats as one picture."""
    output = StringIO()
    with alt.data_transformers.enable("default", max_rows=None):
        chart.configure(
            aria=False, background="#ffffff", font="sans-serif", padding=4,
            axis=alt.AxisConfig(labelColor=_INK, titleColor=_INK, gridColor="#dde1e4", labelFontSize=11,
                                titleFontSize=11, titleFontWeight="normal"),
            view=alt.ViewConfig(stroke=None),
            legend=alt.LegendConfig(labelColor=_INK, labelFontSize=12),
            text=alt.MarkConfig(color=_INK, fontSize=11),
        ).save(output, format="svg")  # fmt: skip
    ElementTree.register_namespace("", _NAMESPACE)
    svg = ElementTree.fromstring(output.getvalue())  # noqa: S314 (drawn just above)
    for parent in list(svg.iter()):
        for child in list(parent):
            if child.tag.removeprefix(f"{{{_NAMESPACE}}}") not in _ALLOWED_TAGS:
                parent.remove(child)
        for key in [key for key in parent.attrib if key.startswith(("aria-", "on", "{")) or key == "role"]:
            del parent.attrib[key]
        for key, value in parent.attrib.items():
            parent.attrib[key] = f"{name}-{value}" if key == "id" else re.sub(r"url\(#", f"url(#{name}-", value)
    width = svg.attrib.pop("width")
    svg.attrib.pop("height")
    svg.attrib |= {"class": f"chart {size}", "role": "img", "aria-label": label, "style": f"max-width:{width}px"}
    return ElementTree.tostring(svg, encoding="unicode")
