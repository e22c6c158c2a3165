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
_HEADROOM = 1.14  # length of a scale relative to the longest bar, so that the number after the bar fits
_INK, _BLUE, _ORANGE, _GREY = "#1b1b1b", "#1f5f8b", "#b0490a", "#5f6368"
_BANDS = ("#e3e9ef", "#f6f8fa")
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


def output_by_month(rows: list[Row], width: int) -> Any:
    """Draw the releases per month as an area over a band for each government."""
    top = max(row["release_count"] for row in rows) * 1.55 + 1  # room for the names of the governments
    bands: list[Row] = []
    for row in rows:
        if bands and bands[-1]["government_name"] == row["government_name"]:
            bands[-1]["until"] = row["month_start_date"]
        else:
            if bands:
                bands[-1]["until"] = row["month_start_date"]
            bands.append(row | {"until": row["month_start_date"], "band": str(len(bands) % 2), "top": top,
                                "short": row["government_name"].removesuffix(" Government")})  # fmt: skip
    months = _chart(rows).encode(alt.X("month_start_date:T", title=None))
    y = alt.Y("release_count:Q", title="Releases a month", scale=alt.Scale(domain=[0, top], nice=False))
    governments = _chart(bands).encode(x=alt.X("month_start_date:T", title=None))
    return alt.layer(
        governments.mark_rect().encode(
            x2="until:T", color=alt.Color("band:N", legend=None, scale=alt.Scale(domain=["0", "1"], range=_BANDS))
        ),
        governments.mark_rule(color=_GREY, strokeDash=[3, 3]),
        months.mark_area(color=_BLUE, interpolate="step-after").encode(y=y),
        governments.mark_text(angle=270, align="right", baseline="top", dx=-4, dy=3, fontSize=11).encode(
            y=alt.value(0), text="short:N"
        ),
    ).properties(width=width - 50, height=300)


def share_of_voice(rows: list[Row], width: int) -> Any:
    """Draw a panel of bars for each government, with its prime ministers marked."""
    labelled = [
        row | {"label": row["minister_name"] + (" (PM)" if row["is_prime_minister"] else ""),
               "role": "Prime minister (PM)" if row["is_prime_minister"] else "Minister"}
        for row in rows
    ]  # fmt: skip
    return _panels(labelled, "percent", width, "Share of the government's releases, %", colour_column="role")


def portfolios_by_government(rows: list[Row], width: int) -> Any:
    """Draw a panel of bars for each government."""
    labelled = [row | {"label": row["portfolio_name"]} for row in rows]
    return _panels(labelled, "percent", width, "Share of the government's releases, %")


def sectors_by_government(rows: list[Row], width: int) -> Any:
    """Draw a table of shaded cells with their numbers; on a phone, the name of a sector is above its cells."""
    governments = list(dict.fromkeys(row["government_name"] for row in rows))
    sectors = list(dict.fromkeys(row["sector"] for row in rows))
    short = {name: "\n".join(name.removesuffix(" Government").rsplit(" ", 1)) for name in governments}
    largest = max(row["percent"] for row in rows) or 1
    is_narrow = width == NARROW
    cells = [row | {"short": short[row["government_name"]], "line": row["sector"]} for row in rows]
    lines = [line for sector in sectors for line in ((f"above {sector}", sector) if is_narrow else (sector,))]
    x = alt.X("short:N", sort=list(short.values()), title=None,
              axis=alt.Axis(orient="top", labelAngle=0, labelExpr=_SPLIT_LABEL, labelLimit=0, labelPadding=18,
                            domain=False, ticks=False))  # fmt: skip
    axis = alt.Axis(labelLimit=0, minExtent=_label_width(sectors), domain=False, ticks=False)
    y = alt.Y("line:N", sort=lines, title=None, scale=alt.Scale(domain=lines), axis=None if is_narrow else axis)
    base = _chart(cells).encode(x, y)
    table = alt.layer(
        base.mark_rect(stroke="#ffffff").encode(
            color=alt.Color(
                "percent:Q", legend=None, scale=alt.Scale(domain=[0, largest], range=["#f5f8fa", "#7fb0d3"])
            )
        ),
        base.mark_text(fontSize=12).encode(text=alt.Text("percent:Q", format=".1f")),
    )
    if is_narrow:
        names = _chart([{"line": f"above {sector}", "sector": sector} for sector in sectors])
        table += names.mark_text(align="left", dy=3).encode(x=alt.value(2), y=y, text="sector:N")
    return table.properties(
        width=width - 12 if is_narrow else width - _label_width(sectors) - 12,
        height=len(lines) * (19 if is_narrow else 25),
    )


def weekdays(rows: list[Row], width: int) -> Any:
    """Draw a panel of bars for New Zealand days and one for UTC days."""
    labelled = [
        row | {"label": row["weekday_name"],
               "government_name": f"{'New Zealand' if row['is_nz_day'] else 'UTC'} days, {row['years']}"}
        for row in rows
    ]  # fmt: skip
    return _panels(labelled, "percent", width, "Share of the releases, %")


def season_by_month(rows: list[Row], width: int) -> Any:
    """Draw a column for each month of the year."""
    labelled = [  # zero-width spaces keep months with the same initial apart
        row | {"short": row["month_name"][: 1 if width == NARROW else 3] + "\u200b" * row["month"]} for row in rows
    ]
    base = _chart(labelled).encode(
        alt.X("short:N", sort=[row["short"] for row in labelled], title=None, axis=alt.Axis(labelAngle=0)),
        alt.Y("releases_per_day:Q", title="Releases a day"),
    )
    return alt.layer(
        base.mark_bar(color=_BLUE),
        base.mark_text(dy=-6, fontSize=10).encode(text=alt.Text("releases_per_day:Q", format=".1f")),
    ).properties(width=width - 50, height=220)


def summer(rows: list[Row], width: int) -> Any:
    """Draw the releases per day over the summer, with Christmas and Waitangi Day marked."""
    by_name = {row["day_name"]: row for row in rows}
    top = max(row["releases_per_day"] for row in rows) * 1.2 + 0.1
    marks = [
        by_name[day] | {"mark": mark}
        for day, mark in (("25 December", "Christmas"), ("6 February", "Waitangi Day"))
        if day in by_name
    ]
    base = _chart(rows).encode(alt.X("day_of_summer_date:T", title=None, axis=alt.Axis(format="%-d %b")))
    y = alt.Y("releases_per_day:Q", title="Releases a day", scale=alt.Scale(domain=[0, top], nice=False))
    days = alt.layer(base.mark_area(color=_BLUE, interpolate="step-after").encode(y=y))
    if marks:
        marked = _chart(marks).encode(x=alt.X("day_of_summer_date:T", title=None))
        days += marked.mark_rule(color=_ORANGE, strokeDash=[4, 3])
        days += marked.mark_text(align="right", baseline="top", dx=-4, dy=2, color=_ORANGE).encode(
            y=alt.value(0), text="mark:N"
        )
    return days.properties(width=width - 50, height=220)


def elections(rows: list[Row], width: int) -> Any:
    """Draw a row of marks for each election: three windows of time, each with its own shape."""
    labelled = [row | {"election": str(row["election_date"].year)} for row in rows]
    windows = ["A year earlier", "Three months before", "Three months after"]
    legend = alt.Legend(orient="top", title=None, direction="vertical" if width == NARROW else "horizontal",
                        symbolSize=90, labelLimit=0, columnPadding=28)  # fmt: skip
    base = _chart(labelled).encode(
        alt.X("releases_per_day:Q", title="Releases a day"),
        alt.Y("election:N", title=None, axis=alt.Axis(grid=True)),
    )
    return (
        base.mark_point(filled=True, size=90, opacity=1)
        .encode(
            shape=alt.Shape("window_name:N", legend=legend, scale=alt.Scale(
                domain=windows, range=["circle", "square", "triangle-up"])),
            color=alt.Color("window_name:N", legend=legend, scale=alt.Scale(
                domain=windows, range=[_GREY, _ORANGE, _BLUE])),
        )
        .properties(width=width - 40, height=alt.Step(26))
    )  # fmt: skip


def budget_days(rows: list[Row], width: int) -> Any:
    """Draw a line for each Budget day, from the usual number of releases to that of the day."""
    names = ["Usual for the weekday", "Budget day"]
    years = [row | {"year": str(row["budget_date"].year)} for row in rows]
    ends = [
        row | {"count": row[column], "end": end}
        for row in years
        for end, column in zip(names, ("usual_count", "release_count"), strict=True)
    ]
    y = alt.Y("year:O", title=None)
    legend = alt.Legend(orient="top", title=None, labelLimit=0, columnPadding=28)
    return alt.layer(
        _chart(years).mark_rule(color=_GREY).encode(x="usual_count:Q", x2="release_count:Q", y=y),
        _chart(ends).mark_point(filled=True, size=80, opacity=1).encode(
            x=alt.X("count:Q", title="Releases on the day"), y=y,
            shape=alt.Shape("end:N", legend=legend, scale=alt.Scale(domain=names, range=["circle", "square"])),
            color=alt.Color("end:N", legend=legend, scale=alt.Scale(domain=names, range=[_ORANGE, _BLUE])),
        ),
    ).properties(width=width - 50, height=alt.Step(18))  # fmt: skip


def joint_announcements(rows: list[Row], width: int) -> Any:
    """Draw a column for each year; a year without releases in the archive is a gap."""
    years = list(range(rows[0]["year"], rows[-1]["year"] + 1))
    shown = [year for year in years if year % (5 if width == NARROW else 2) == 0]
    return (
        _chart(rows)
        .encode(
            alt.X("year:O", title=None, scale=alt.Scale(domain=years), axis=alt.Axis(values=shown, labelAngle=0)),
            alt.Y("percent:Q", title="Releases with two ministers or more, %"),
        )
        .mark_bar(color=_BLUE)
        .properties(width=width - 50, height=220)
    )


def governments(rows: list[Row], width: int) -> Any:
    """Draw a bar for each government."""
    labelled = [row | {"label": row["government_name"]} for row in rows]
    return _bars(labelled, "releases_per_day", width, "Releases a day")


def co_announcements(rows: list[Row], width: int) -> Any:
    """Draw a bar for each pair of ministers."""
    labelled = [row | {"label": f"{row['minister_a_name']} and {row['minister_b_name']}"} for row in rows]
    return _bars(labelled, "statement_count", width, "Statements together")


def _panels(rows: list[Row], value: str, width: int, title: str, *, colour_column: str | None = None) -> Any:
    """Draw a panel of horizontal bars for each government, below each other and on one scale."""
    governments = list(dict.fromkeys(row["government_name"] for row in rows))
    largest = max(row[value] for row in rows) * _HEADROOM or 1
    label_width = _label_width([row["label"] for row in rows])
    panels = []
    for place, government in enumerate(governments):
        own_rows = [row for row in rows if row["government_name"] == government]
        is_last = place == len(governments) - 1
        panel = _bars(own_rows, value, width, title if is_last else None, colour_column=colour_column, largest=largest,
                      label_width=label_width, has_legend=colour_column is not None and place == 0)  # fmt: skip
        panels.append(
            panel.properties(title=alt.TitleParams(government, anchor="start", frame="bounds", fontSize=13, color=_INK))
        )
    return alt.vconcat(*panels, spacing=16).resolve_scale(color="independent")


def _bars(
    rows: list[Row], value: str, width: int, title: str | None, *,
    colour_column: str | None = None, largest: float | None = None, label_width: int | None = None,
    has_legend: bool = False,
) -> Any:  # fmt: skip
    """Draw horizontal bars in the order of the rows, each with its number; on a phone, its label is above it."""
    is_narrow = width == NARROW
    labels = [row["label"] for row in rows]
    largest = largest or max(row[value] for row in rows) * _HEADROOM or 1
    label_width = label_width or _label_width(labels)
    axis = alt.Axis(labelLimit=0, minExtent=label_width, domain=False, ticks=False)
    y = alt.Y("label:N", title=None, sort=labels, axis=None if is_narrow else axis)
    base = _chart(rows).encode(
        y,
        alt.X(f"{value}:Q", title=title, scale=alt.Scale(domain=[0, largest], nice=False),
              axis=alt.Axis(tickCount=5) if title else alt.Axis(labels=False, ticks=False, domain=False, tickCount=5)),
    )  # fmt: skip
    offset = 7 if is_narrow else 0  # pixels, to leave room for the label above
    bars = base.mark_bar(color=_BLUE, height=13 if is_narrow else 16, yOffset=offset)
    if colour_column:
        legend = alt.Legend(orient="top", title=None, labelLimit=0, columnPadding=28) if has_legend else None
        colours = alt.Scale(domain=["Minister", "Prime minister (PM)"], range=[_BLUE, _ORANGE])
        bars = bars.encode(color=alt.Color(f"{colour_column}:N", legend=legend, scale=colours))
    is_whole = all(isinstance(row[value], int) for row in rows)
    numbers = base.mark_text(align="left", dx=3, yOffset=offset).encode(
        text=alt.Text(f"{value}:Q", format=",d" if is_whole else ".1f")
    )
    layers = [bars, numbers]
    if is_narrow:
        layers.append(_chart(rows).mark_text(align="left", dy=-8).encode(x=alt.value(0), y=y, text="label:N"))
    return alt.layer(*layers).properties(
        width=width - 20 if is_narrow else width - label_width - 20, height=len(rows) * (34 if is_narrow else 21)
    )


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
