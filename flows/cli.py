"""The command line. Exit codes: 0 done or nothing to do, 1 refused, 2 wrong use or unreadable source, 130 Ctrl-C."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from flows import __version__
from flows.errors import INTERRUPTED, BeehiveError, is_interrupt
from flows.settings import Settings

app = typer.Typer(
    name="beehive",
    help="The warehouse of New Zealand's government press releases.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

review_app = typer.Typer(pretty_exceptions_enable=False)
app.add_typer(review_app, name="review")

Source = Annotated[
    str | None,
    typer.Option(help="The archive: a git repository (URL, path or bundle) or a directory. \\[default: the sample]"),
]
Ref = Annotated[str | None, typer.Option(help="Branch, tag or commit to load. \\[default: HEAD]")]
Warehouse = Annotated[Path | None, typer.Option(help="Folder of beehive.duckdb. \\[default: warehouse/]")]
Index = Annotated[
    str | None,
    typer.Option(help="Index of publication times: a directory, git repository, JSON file or URL. \\[default: none]"),
]
Format = Annotated[str, typer.Option("--format", "-f", help="table, csv, json or markdown.")]
Limit = Annotated[int, typer.Option(help="Rows shown in a table; the other formats show all.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]


def main() -> None:
    """Runs the command line; an error is one sentence, a traceback only with --debug."""
    try:
        app()
    except BeehiveError as error:
        if "--debug" in sys.argv:
            raise
        from flows.serve.shown import printable

        sys.stderr.write(f"beehive: {printable(str(error))}\n")
        sys.exit(error.exit_code)
    except RuntimeError as error:
        if "--debug" in sys.argv or not is_interrupt(error):
            raise
        sys.exit(INTERRUPTED)


@app.command()
def refresh(
    source: Source = None,
    ref: Ref = None,
    warehouse: Warehouse = None,
    index: Index = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Read every file anew.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Do everything but publish.")] = False,
    allow_shrink: Annotated[
        bool, typer.Option("--allow-shrink", help="Publish even if many releases would be gone.")
    ] = False,
    debug: Debug = False,
) -> None:
    """Brings the warehouse up to the archive: extract, parse, normalise, load, check, publish."""
    from flows import console
    from flows.pipeline import refresh as run
    from flows.schedule import server

    settings = _settings(source=source, ref=ref, index=index, warehouse=warehouse, allow_shrink=allow_shrink or None)
    with console.reporter() as report:
        if (address := server.configured()) and server.is_reachable(address):
            report.line(f"running as a flow of the Prefect server at {address}")
            from flows.refresh import run_flow

            outcome = run_flow(settings, rebuild=rebuild, dry_run=dry_run)
        else:
            if address:
                report.line(f"the Prefect server at {address} does not answer: running in this process")
            outcome = run(settings, report, rebuild=rebuild, dry_run=dry_run)
    console.show_outcome(outcome)


@app.command()
def status(
    warehouse: Warehouse = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    debug: Debug = False,
) -> None:
    """What is published, how fresh and how good it is; exit code 1 when stale, failing or not there."""
    from flows import console
    from flows.serve.status import read_status

    found = read_status(_settings(warehouse=warehouse))
    console.show_status(found, as_json=as_json)
    raise typer.Exit(0 if found.is_healthy else 1)


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help="One or more statements; the last one's rows are shown. '-' reads stdin.")],
    output: Format = "table",
    limit: Limit = 100,
    warehouse: Warehouse = None,
    debug: Debug = False,
) -> None:
    """Asks the published warehouse, read-only and without access to anything else."""
    from flows import console
    from flows.serve.query import run_query

    text = sys.stdin.read() if sql == "-" else sql
    console.show_rows(run_query(_settings(warehouse=warehouse).published, text), output, limit)


@app.command()
def search(
    words: Annotated[
        list[str], typer.Argument(help="All must be there; '\"a phrase\"' in double quotes; hous* for beginnings.")
    ],
    minister: Annotated[str | None, typer.Option(help="Name, part of it, or id of who is credited.")] = None,
    portfolio: Annotated[str | None, typer.Option(help="Name, part of it, or id of a tag.")] = None,
    since: Annotated[str | None, typer.Option(help="First day, yyyy-mm-dd.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day, yyyy-mm-dd.")] = None,
    output: Format = "table",
    limit: Annotated[int, typer.Option(help="Releases shown, the best ones.")] = 20,
    warehouse: Warehouse = None,
    debug: Debug = False,
) -> None:
    """Finds releases by their words, the best first, without regard to macrons, accents and case."""
    from flows import console
    from flows.serve.search import run_search

    found = run_search(
        _settings(warehouse=warehouse).published, " ".join(words),
        minister=minister, portfolio=portfolio, since=since, until=until, most=limit,
    )  # fmt: skip
    console.show_found(found, output, limit)


@app.command()
def report(
    warehouse: Warehouse = None,
    output: Annotated[
        Path | None, typer.Option(help="Where the page goes. \\[default: report.html in the warehouse folder]")
    ] = None,
    debug: Debug = False,
) -> None:
    """Writes the picture of the archive as one web page: charts, findings, data and SQL; no network, no script."""
    from flows.serve.report import write_report

    settings = _settings(warehouse=warehouse)
    page = output or settings.warehouse / "report.html"
    size = write_report(settings.published, page)
    typer.echo(f"{page}: {size / 1e6:.1f} MB. Open it in a browser.")


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Not there yet, empty, or an earlier export, whose place it takes.")],
    file_format: Annotated[str, typer.Option("--format", "-f", help="csv or parquet.")] = "csv",
    warehouse: Warehouse = None,
    debug: Debug = False,
) -> None:
    """Writes every table and public view into a folder, described by a Data Package (datapackage.json)."""
    from flows import console
    from flows.serve.export import export as run

    with console.reporter() as report:
        found = run(
            _settings(warehouse=warehouse),
            folder,
            file_format,
            lambda done, total: report.progress("export", done, total),
        )
    typer.echo(f"{folder}: {found.file_count} {file_format} files and datapackage.json, {found.size / 1e6:,.0f} MB.")


@app.command()
def superset(
    warehouse: Warehouse = None,
    output: Annotated[
        Path | None, typer.Option(help="Where the bundle goes. \\[default: superset.zip in the warehouse folder]")
    ] = None,
    debug: Debug = False,
) -> None:
    """Writes a bundle to import into Apache Superset: the connection to this warehouse, its views and a dashboard."""
    from flows.serve.superset import write_bundle

    settings = _settings(warehouse=warehouse)
    path = output or settings.warehouse / "superset.zip"
    count = write_bundle(settings.published, path)
    typer.echo(f"{path}: a dashboard of {count} charts. In Superset: Dashboards, then Import dashboards.")


@app.command()
def verify(
    source: Source = None,
    warehouse: Warehouse = None,
    index: Index = None,
    debug: Debug = False,
) -> None:
    """Builds the published state again, from nothing and aside, and compares; exit code 1 where anything differs."""
    from flows import console
    from flows.verify import verify as run

    with console.reporter() as report:
        found = run(_settings(source=source, warehouse=warehouse, index=index), report)
    console.show_verified(found)
    raise typer.Exit(1 if found.differences else 0)


@app.command()
def rollback(warehouse: Warehouse = None, debug: Debug = False) -> None:
    """Publishes the build before the published one again; it stays until the source has a new state."""
    from flows.load.publish import rollback as run

    taken_back, restored = run(_settings(warehouse=warehouse))
    typer.echo(
        f"Published again: {restored}. {taken_back} was taken back; the next refresh publishes when the source has a "
        "new state, or with --rebuild."
    )


@app.command()
def schedule(
    source: Source = None,
    ref: Ref = None,
    warehouse: Warehouse = None,
    index: Index = None,
    port: Annotated[int, typer.Option(help="Of the server and its UI, on this machine only.")] = 4200,
    set_up: Annotated[
        bool, typer.Option("--set-up", help="Only put the deployment on the configured server, for workers elsewhere.")
    ] = False,
    debug: Debug = False,
) -> None:
    """Refreshes hourly and verifies nightly, by a Prefect server and worker on this machine, until Ctrl-C."""
    from flows import console
    from flows.schedule.local import run_schedule

    with console.reporter() as report:
        settings = _settings(source=source, ref=ref, index=index, warehouse=warehouse)
        run_schedule(settings, report.line, port=port, only_set_up=set_up)


@app.command(name="as-of")
def as_of(
    when: Annotated[str, typer.Argument(help="A commit, 7 characters of it, a day (its end, UTC) or a time (UTC).")],
    output: Format = "table",
    limit: Limit = 100,
    warehouse: Warehouse = None,
    debug: Debug = False,
) -> None:
    """The releases as they stood in the archive at a commit or time."""
    from flows import console
    from flows.serve.query import run_as_of

    console.show_rows(run_as_of(_settings(warehouse=warehouse).published, when), output, limit)


Printed = Annotated[str, typer.Argument(help="The name as printed, as `beehive review` lists it.")]
Reason = Annotated[str, typer.Option(help="Why, and from where that is known: kept in the seed.")]
As = Annotated[str | None, typer.Option("--as", help="minister or portfolio; needed where the name waits as both.")]


@review_app.callback(invoke_without_command=True)
def review(context: typer.Context, output: Format = "table", warehouse: Warehouse = None, debug: Debug = False) -> None:
    """Names that await a decision, with the evidence; accept, map and reject take it into the seeds."""
    context.obj = warehouse
    if context.invoked_subcommand is None:
        list_names(context, output)


@review_app.command(name="list")
def list_names(
    context: typer.Context, output: Format = "table", warehouse: Warehouse = None, debug: Debug = False
) -> None:
    """The names, the nearest known one of each, and who or what stands beside it."""
    from flows import console
    from flows.serve.query import Rows

    shown = ("name_kind", "printed_as", "release_count", "first_release_date", "nearest_id", "similarity",
             "credited_with", "example_release_id")  # fmt: skip
    rows = [tuple(name[column] for column in shown) for name in _waiting(context, warehouse)]
    console.show_rows(Rows(list(shown), rows), output, len(rows))


@review_app.command()
def accept(
    context: typer.Context,
    printed: Printed,
    reason: Reason,
    name_kind: As = None,
    member_id: Annotated[str | None, typer.Option("--id", help="Durable id. \\[default: made from the name]")] = None,
    kind: Annotated[
        str | None,
        typer.Option(help="minister, under-secretary, spokesperson; portfolio, office, organisation, theme."),
    ] = None,
    sector: Annotated[str | None, typer.Option(help="Sector of a portfolio.")] = None,
    warehouse: Warehouse = None,
    debug: Debug = False,
) -> None:
    """The name is a person or portfolio of its own."""
    from flows.normalise import review

    of = review.kind_of(printed, _waiting(context, warehouse), _name_kind(name_kind))
    _decided(review.accept(printed, of, reason, member_id=member_id, member_kind=kind, sector=sector))


@review_app.command(name="map")
def map_(
    context: typer.Context,
    printed: Printed,
    member_id: Annotated[str, typer.Argument(help="Id of the known person or portfolio.")],
    reason: Reason,
    name_kind: As = None,
    warehouse: Warehouse = None,
    debug: Debug = False,
) -> None:
    """The name is another name of a known person or portfolio."""
    from flows.normalise import review

    of = review.kind_of(printed, _waiting(context, warehouse), _name_kind(name_kind))
    _decided(review.map_to(printed, of, member_id, reason))


@review_app.command()
def reject(
    context: typer.Context,
    printed: Printed,
    reason: Reason,
    name_kind: As = None,
    warehouse: Warehouse = None,
    debug: Debug = False,
) -> None:
    """The string is nobody, or no portfolio."""
    from flows.normalise import review

    of = review.kind_of(printed, _waiting(context, warehouse), _name_kind(name_kind))
    _decided(review.reject(printed, of, reason))


def _waiting(context: typer.Context, warehouse: Path | None) -> list[dict[str, Any]]:
    """The names that wait; the folder may be told before the subcommand or after it."""
    from flows.serve.query import names_awaiting_review

    return names_awaiting_review(_settings(warehouse=warehouse or context.obj).published)


def _name_kind(text: str | None) -> Any:
    if text not in (None, "minister", "portfolio"):
        raise typer.BadParameter(f"{text!r} is neither minister nor portfolio", param_hint="--as")
    return text


def _decided(decision: Any) -> None:
    values = ", ".join(value for value in decision.row.values() if value)
    typer.echo(f"{decision.path}: {values}\nThe next `beehive refresh` applies it.")


@app.command()
def version() -> None:
    """The version of this program."""
    typer.echo(__version__)


def _settings(**flags: Any) -> Settings:
    """Flags over the environment over defaults; a wrong value is a sentence."""
    from pydantic import ValidationError

    from flows.errors import Unusable

    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise Unusable(
            f"The setting {name} (BEEHIVE_{name.upper()}) is wrong: {first['msg']}, found {first['input']!r}."
        ) from error
