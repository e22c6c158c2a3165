# The archive to explore: pick years, a minister, a portfolio; see the output, the voices, the releases and their texts.
#     .venv/bin/python -m pip install --editable '.[notebook]'
#     .venv/bin/marimo run notebooks/explore.py      (or: edit)
# It reads the published file alone, read-only; BEEHIVE_WAREHOUSE names its folder.

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Beehive releases")


@app.cell
def _():
    import altair as alt
    import marimo as mo
    import polars as pl

    from flows.serve.query import open_published
    from flows.settings import Settings

    connection = open_published(Settings().published)

    def ask(sql, *values):
        """The rows of a query as a frame; what a reader picks goes in as values, never into the text of the SQL."""
        return pl.from_arrow(connection.sql(sql, params=list(values)).to_arrow_table())

    return alt, ask, mo


@app.cell
def _(ask, mo):
    build = ask("select latest_release_date, source_state, build_id, release_count from build_info").row(0, named=True)
    mo.md(
        f"""
        # Beehive releases

        {build["release_count"]:,} releases to {build["latest_release_date"]}; build `{build["build_id"]}`, archive
        state `{build["source_state"][:12]}`. Numbers count releases (files of the archive): before 2009 a joint
        statement stands once per minister.
        """
    )
    return


@app.cell
def _(ask, mo):
    first, last = ask("select min(year), max(year) from releases_by_year").row(0)
    # who has most comes first: a list of 200 names begins with the known ones
    names = ask("select minister_name from ministers where release_count > 0 order by release_count desc, 1")
    tags = ask("select portfolio_name from portfolios where release_count > 0 order by release_count desc, 1")
    years = mo.ui.range_slider(first, last, value=[first, last], label="Years", full_width=True)
    minister = mo.ui.dropdown(names["minister_name"].to_list(), label="Minister", searchable=True)
    portfolio = mo.ui.dropdown(tags["portfolio_name"].to_list(), label="Portfolio", searchable=True)
    words = mo.ui.text(label="Words in the title", placeholder="any")
    mo.vstack([years, mo.hstack([minister, portfolio, words], justify="start", wrap=True)])
    return minister, portfolio, words, years


@app.cell
def _(ask, minister, portfolio, words, years):
    found = ask(
        """
        select release_id, nz_date, title, ministers, portfolios, government_name, month_start_date, url
        from releases
        where
            year between $1 and $2
            and ($3 is null or list_contains(string_split(ministers, '; '), $3))
            and ($4 is null or list_contains(string_split(portfolios, '; '), $4))
            and contains(lower(strip_accents(title)), lower(strip_accents($5)))
        order by nz_date desc, release_id
        """,
        *years.value,
        minister.value,
        portfolio.value,
        words.value,
    )
    return (found,)


@app.cell
def _(alt, found, mo, years):
    months = found.group_by("month_start_date").len("releases").sort("month_start_date")
    output = (
        alt.Chart(months)
        .mark_bar(color="#1f5f8b")
        .encode(
            alt.X("month_start_date:T", title=None),
            alt.Y("releases:Q", title="Releases a month"),
            [alt.Tooltip("month_start_date:T", format="%B %Y", title="Month"), alt.Tooltip("releases:Q")],
        )
        .properties(width="container", height=220)
    )
    mo.vstack(
        [
            mo.md(f"## Output over time\n\n{len(found):,} releases from {years.value[0]} to {years.value[1]}"),
            mo.ui.altair_chart(output) if len(found) else "",
        ]
    )
    return


@app.cell
def _(alt, ask, found, minister, mo):
    # Shares by release: a joint one is shared equally. The government of most of the releases found.
    governments = found["government_name"].drop_nulls().value_counts(sort=True)
    chosen = governments["government_name"].to_list()[:1] or [None]
    voices = ask(
        """
        select
            minister_name,
            minister_name || case when is_prime_minister then ' (PM)' else '' end as label,
            release_count,
            round(100 * voice_share, 2) as percent
        from share_of_voice
        where government_name = $1
        order by voice_share desc, minister_id
        limit 15
        """,
        *chosen,
    )
    bars = (
        alt.Chart(voices)
        .mark_bar()
        .encode(
            alt.X("percent:Q", title="Part of the government's releases, %"),
            alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=0)),
            color=alt.condition(
                alt.datum.minister_name == (minister.value or ""), alt.value("#b0490a"), alt.value("#1f5f8b")
            ),
            tooltip=["label", "release_count", "percent"],
        )
        .properties(width="container", height=alt.Step(20))
    )
    mo.vstack([mo.md(f"## Share of voice: {chosen[0] or 'nobody'}"), mo.ui.altair_chart(bars) if len(voices) else ""])
    return


@app.cell
def _(found, mo):
    listed = mo.ui.table(
        found.select("nz_date", "title", "ministers", "portfolios", "release_id"),
        selection="single",
        page_size=10,
        initial_selection=[0] if len(found) else None,
        label="Pick a release to read it",
    )
    mo.vstack([mo.md("## Releases"), listed])
    return (listed,)


@app.cell
def _(ask, listed, mo):
    import html

    mo.stop(len(listed.value) == 0, mo.md("*No release is picked.*"))
    (picked,) = listed.value["release_id"].to_list()
    release = ask(
        """
        select releases.title, releases.nz_date, releases.ministers, releases.url, release_texts.cleaned_body
        from releases
        inner join release_texts using (release_id)
        where release_id = $1
        """,
        picked,
    ).row(0, named=True)
    url = release["url"] or ""
    original = (
        f"<p><a href='{html.escape(url)}' rel='noreferrer'>The original</a></p>" if url.startswith("https://") else ""
    )
    # the text of the archive is shown as text: escaped, never as markup
    mo.Html(
        f"<h2>{html.escape(release['title'] or picked)}</h2>"
        f"<p>{release['nz_date']}, {html.escape(release['ministers'] or 'no minister')}</p>"
        f"<div style='white-space: pre-wrap; max-width: 42rem'>{html.escape(release['cleaned_body'] or '')}</div>"
        f"{original}"
    )
    return


if __name__ == "__main__":
    app.run()
