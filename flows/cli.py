"""The command line. Exit codes: 0 done or nothing to do, 1 refused, 2 wrong use or unreadable source, 130 Ctrl-C."""

import gc
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from flows import __version__
from flows.errors import INTERRUPTED, OUTPUT, BeehiveError, Unusable, explain, is_interrupt
from flows.paths import expand_path, to_path

if TYPE_CHECKING:
    from flows.settings import Settings

app = typer.Typer(
    name="beehive",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

review_app = typer.Typer(pretty_exceptions_enable=False)
app.add_typer(review_app, name="review")


def _path(text: str, understand: Callable[[str], Path] = expand_path) -> Path:
    try:
        if not text.strip():
            raise ValueError("it is empty: give a path")
        return understand(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _folder_for_duckdb(text: str) -> Path:
    return _path(text, to_path)


Source = Annotated[
    str | None,
    typer.Option(
        help="Archive to load: a git repository (URL, path or bundle) or a directory. \\[default: the sample]"
    ),
]
Ref = Annotated[str | None, typer.Option(help="Branch, tag or commit of the archive to load. \\[default: HEAD]")]
Warehouse = Annotated[
    str | None, typer.Option(help="Warehouse folder, which holds beehive.duckdb. \\[default: warehouse/]")
]
Index = Annotated[
    str | None,
    typer.Option(
        help="Index of exact publication times: a directory, git repository, JSON file or URL. \\[default: none]"
    ),
]
Format = Annotated[str, typer.Option("--format", "-f", help="Output format: table, csv, json or markdown.")]
Limit = Annotated[int, typer.Option(min=1, help="Maximum number of rows in a table; other formats print every row.")]


def read_settings(**given: Any) -> "Settings":
    """Return the settings; `flows.settings` imports pydantic, which the help and the version do not need."""
    from flows.settings import read_settings as read

    return read(**given)


class _Output(io.FileIO):
    """Standard output or the log of a command, whose reader may go away and whose disk may be full.

    A command goes on when nobody reads its output (`| head`) or its log cannot be written. A result that cannot be
    written is an error, once.
    """

    is_log = False
    is_lost = False

    def write(self, data: Any) -> int:
        """Write some bytes; return how many were written, or would have been if anybody read them."""
        if not self.is_lost:
            try:
                return super().write(data)
            except OSError as error:
                self.is_lost = True
                if not self.is_log and not isinstance(error, BrokenPipeError):
                    raise OSError(error.errno, error.strerror, OUTPUT) from error
        return len(data)


def _open_output(stream: TextIO | None, *, is_log: bool) -> TextIO:
    """Return a stream to the same place that shows characters of no such encoding as escapes."""
    if stream is None:  # the caller closed it
        return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123
    raw = _Output(stream.fileno(), "w", closefd=False)
    raw.is_log = is_log
    is_immediate = is_log or stream.isatty()
    return io.TextIOWrapper(
        io.BufferedWriter(raw), encoding=stream.encoding, errors="backslashreplace", line_buffering=is_immediate
    )


def main() -> None:
    """Run the command line; report an error in one sentence, with a traceback only for --debug."""
    gc.set_threshold(50_000)  # objects; with 700, the default, a short command spends a tenth of its time on searches
    is_debugging = "--debug" in sys.argv
    if is_debugging:  # allowed anywhere, so that it can be added to a command that failed
        sys.argv.remove("--debug")
    sys.stdout = _open_output(sys.stdout, is_log=False)
    sys.stderr = _open_output(sys.stderr, is_log=True)
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except Exception as error:
        if is_interrupt(error):
            sys.exit(INTERRUPTED)
        shown = error if isinstance(error, BeehiveError) else explain(error)
        if is_debugging or shown is None:
            raise
        from flows.serve.shown import printable

        sys.stderr.write(f"beehive: {printable(str(shown))}\n")
        sys.exit(shown.exit_code)


@app.callback()
def _common(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback if the command fails.")] = False,
) -> None:
    """Build and query the warehouse of New Zealand's government press releases."""


@app.command()
def refresh(
    source: Source = None,
    ref: Ref = None,
    warehouse: Warehouse = None,
    index: Index = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Read every file again.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Do everything except publish.")] = False,
    allow: Annotated[
        list[str] | None,
        typer.Option(help="Guard to let pass this once, such as releases_gone; may be repeated. sql/guards has them."),
    ] = None,
) -> None:
    """Bring the warehouse up to date with the archive: extract, parse, normalise, load, check, publish."""
    from flows import console
    from flows.pipeline import refresh as run
    from flows.schedule import server

    settings = read_settings(source=source, ref=ref, index=index, warehouse=warehouse)
    allowed = frozenset(allow or ())
    is_pushed = settings.push_url is None or dry_run
    with console.reporter() as report:
        address = server.configured()
        fault = server.fault(address) if address else None
        if address and not fault:
            try:
                from flows.refresh import run_flow
            except (OSError, ValueError) as error:  # a profile or a setting of Prefect that it cannot read
                fault = f"cannot be used, because Prefect does not start here ({' '.join(str(error).split())})"
        if address and not fault:
            report.line(f"running as a flow of the Prefect server at {address}")
            outcome = run_flow(settings, report, rebuild=rebuild, dry_run=dry_run, allow=allowed)
            is_pushed = True
        else:
            if address:
                report.line(f"the Prefect server at {address} {fault}: running in this process")
            outcome = run(settings, report, rebuild=rebuild, dry_run=dry_run, allow=allowed)
    console.show_outcome(outcome)
    if not is_pushed:
        _push(settings)


@app.command()
def push(
    url: Annotated[
        str | None,
        typer.Argument(
            metavar="ADDRESS", help="Database: postgresql://USER@HOST/DATABASE. \\[default: BEEHIVE_PUSH_URL]"
        ),
    ] = None,
    schema: Annotated[str | None, typer.Option(help="Schema for the tables. \\[default: beehive]")] = None,
    compare: Annotated[
        bool,
        typer.Option("--compare", help="Compare all rows, also of tables that have not changed since the last push."),
    ] = False,
    warehouse: Warehouse = None,
) -> None:
    """Bring the tables of a PostgreSQL database to the published build: all of it, or what has changed."""
    settings = read_settings(warehouse=warehouse, push_url=url, push_schema=schema)
    if settings.push_url is None:
        raise typer.BadParameter("give postgresql://USER@HOST/DATABASE, or set BEEHIVE_PUSH_URL", param_hint="ADDRESS")
    _push(settings, compare=compare)


def _push(settings: Any, *, compare: bool = False) -> None:
    """Push to the server that is set, and print what was written."""
    from flows import console
    from flows.push.push import push_published

    with console.reporter() as report:
        done = push_published(settings, lambda done, total: report.progress("push", done, total), compare=compare)
    console.show_pushed(done)


@app.command()
def status(
    warehouse: Warehouse = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what is published, how fresh and how good it is; exit with 1 unless it is healthy."""
    from flows import console
    from flows.serve.status import read_status

    found = read_status(read_settings(warehouse=warehouse))
    console.show_status(found, as_json=as_json)
    raise typer.Exit(0 if found.state == "healthy" else 1)


@app.command()
def query(
    sql: Annotated[
        str, typer.Argument(help="One or more SQL statements; the rows of the last are printed. '-' reads stdin.")
    ],
    output: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            help="Output format: table, csv, json, markdown, or xlsx, a workbook to redirect to a file.",
        ),
    ] = "table",
    limit: Limit = 100,
    timeout: Annotated[
        float | None, typer.Option(help="Seconds that it may take, without printing; 0 for no limit. \\[default: 60]")
    ] = None,
    memory: Annotated[str | None, typer.Option(help="Memory that it may use. \\[default: 1GB]")] = None,
    spill: Annotated[
        str | None, typer.Option(help="Disk space that it may use for what does not fit into memory. \\[default: 4GB]")
    ] = None,
    warehouse: Warehouse = None,
) -> None:
    """Run SQL on the published warehouse, read-only and without access to other files or networks."""
    from flows import console
    from flows.serve.query import limits_of, open_query

    settings = read_settings(warehouse=warehouse, query_seconds=timeout, query_memory=memory, query_spill=spill)
    text = sys.stdin.read() if sql == "-" else sql
    with open_query(settings.published, text, limits_of(settings)) as found:
        if output == "xlsx":
            console.write_workbook(found, text, settings.published)
        else:
            console.show_rows(found, output, limit)


@app.command()
def search(
    words: Annotated[
        list[str],
        typer.Argument(
            help="Words in any form, or a question; '\"fast track\"' for a phrase, hous* for the start of a word, OR "
            "between words of which one will do."
        ),
    ],
    minister: Annotated[str | None, typer.Option(help="Credited minister: name, surname or id.")] = None,
    portfolio: Annotated[str | None, typer.Option(help="Portfolio: name or id.")] = None,
    since: Annotated[str | None, typer.Option(help="Earliest day, yyyy-mm-dd.")] = None,
    until: Annotated[str | None, typer.Option(help="Latest day, yyyy-mm-dd.")] = None,
    recent: Annotated[bool, typer.Option("--recent", help="Rank newer releases higher.")] = False,
    output: Format = "table",
    limit: Annotated[int, typer.Option(min=1, help="Maximum number of releases, best matches first.")] = 20,
    warehouse: Warehouse = None,
) -> None:
    """Find releases about something, best match first, and say how many there are and what was searched.

    Macrons, accents, case and the form of a word make no difference.
    """
    from flows import console
    from flows.serve.query import limits_of
    from flows.serve.search import run_search

    settings = read_settings(warehouse=warehouse)
    found = run_search(
        settings.published, " ".join(words), minister=minister, portfolio=portfolio, since=since, until=until,
        recent=recent, most=limit, limits=limits_of(settings),
    )  # fmt: skip
    console.show_found(found, output, limit)


@app.command()
def report(
    warehouse: Warehouse = None,
    output: Annotated[
        Path | None,
        typer.Option(
            parser=_path,
            metavar="PATH",
            help="File to write: new, or an earlier report. \\[default: report.html in the warehouse folder]",
        ),
    ] = None,
) -> None:
    """Write a report on the archive as one web page with charts, findings, data and SQL; it works offline."""
    from flows.serve.report import write_report

    settings = read_settings(warehouse=warehouse)
    page = output or settings.warehouse / "report.html"
    size = write_report(settings.published, page)
    typer.echo(f"{page}: {size / 1e6:.1f} MB. Open it in a browser.")


@app.command()
def export(
    folder: Annotated[
        Path,
        typer.Argument(
            parser=_folder_for_duckdb,
            metavar="FOLDER",
            help="Folder to write: new, empty, or an earlier export to replace.",
        ),
    ],
    file_format: Annotated[str, typer.Option("--format", "-f", help="File format: csv, parquet or xlsx.")] = "csv",
    warehouse: Warehouse = None,
) -> None:
    """Write tables and public views to a folder, with a description (datapackage.json, a Data Package)."""
    from flows import console
    from flows.serve.export import export as run

    with console.reporter() as report:
        found = run(
            read_settings(warehouse=warehouse),
            folder,
            file_format,
            lambda done, total: report.progress("export", done, total),
        )
    typer.echo(f"{folder}: {found.file_count} {file_format} files and datapackage.json, {found.size / 1e6:,.0f} MB.")
    if file_format == "xlsx":
        typer.echo("Workbooks are written of the views of main. For core and meta, use --format csv or parquet.")
    for name, reason in found.left_out.items():
        typer.echo(f"Left out: {name}, because {reason}. Use --format csv or parquet for it.")


@app.command()
def superset(
    warehouse: Warehouse = None,
    output: Annotated[
        Path | None,
        typer.Option(
            parser=_path,
            metavar="PATH",
            help="File to write: new, or an earlier bundle. \\[default: superset.zip in the warehouse folder]",
        ),
    ] = None,
) -> None:
    """Write a bundle for Apache Superset to import: a connection to this warehouse, datasets and a dashboard."""
    from flows.serve.superset import write_bundle

    settings = read_settings(warehouse=warehouse)
    path = output or settings.warehouse / "superset.zip"
    count = write_bundle(settings.published, path)
    typer.echo(f"{path}: a dashboard with {count} charts. In Superset, open Dashboards and choose Import dashboards.")


@app.command()
def verify(
    source: Source = None,
    warehouse: Warehouse = None,
    index: Index = None,
) -> None:
    """Rebuild from scratch in a separate folder and compare; exit with 1 if anything differs."""
    from flows import console
    from flows.verify import verify as run

    with console.reporter() as report:
        found = run(read_settings(source=source, warehouse=warehouse, index=index), report)
    console.show_verified(found)
    raise typer.Exit(1 if found.differences else 0)


@app.command()
def rollback(warehouse: Warehouse = None) -> None:
    """Re-publish the previous build; it stays published until the archive changes."""
    from flows.load.publish import rollback as run

    settings = read_settings(warehouse=warehouse)
    done = run(settings)
    typer.echo(
        f"Published again: {done.restored}. Withdrawn: {done.withdrawn}. The next refresh publishes once the archive "
        "has changed, or with --rebuild."
    )
    if settings.push_url:
        _push(settings)


@app.command()
def schedule(
    source: Source = None,
    ref: Ref = None,
    warehouse: Warehouse = None,
    index: Index = None,
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="Port of the Prefect server and its UI; only this machine reaches it.")
    ] = 4200,
    set_up: Annotated[
        bool, typer.Option("--set-up", help="Only deploy to the configured Prefect server, for workers elsewhere.")
    ] = False,
) -> None:
    """Refresh hourly and verify nightly with a Prefect server and worker on this machine, until Ctrl-C."""
    from flows import console
    from flows.schedule.local import run_schedule

    with console.reporter() as report:
        settings = read_settings(source=source, ref=ref, index=index, warehouse=warehouse)
        run_schedule(settings, report.line, port=port, only_set_up=set_up)


@app.command()
def serve(
    warehouse: Warehouse = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on; others than this machine reach 0.0.0.0.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the web application.")] = 8000,
) -> None:
    """Serve a web application to search and read the releases and to take data out, until Ctrl-C."""
    from flows.web.app import run

    run(read_settings(warehouse=warehouse), host, port)


@app.command()
def mcp(
    timeout: Annotated[
        float | None, typer.Option(help="Seconds that a statement may take; 0 for no limit. \\[default: 30]")
    ] = None,
    memory: Annotated[str | None, typer.Option(help="Memory that a statement may use. \\[default: 1GB]")] = None,
    spill: Annotated[
        str | None, typer.Option(help="Disk space that it may use for what does not fit into memory. \\[default: 4GB]")
    ] = None,
    warehouse: Warehouse = None,
) -> None:
    """Answer an AI assistant by the Model Context Protocol, on standard input and output; it starts this command."""
    try:
        from flows.mcp.server import run
    except ModuleNotFoundError as error:
        if not str(error.name).startswith("mcp"):
            raise
        raise Unusable(
            "`beehive mcp` needs the extra `mcp`: run "
            "`.venv/bin/uv pip install --python .venv/bin/python 'mcp>=2.3,<3'`."
        ) from error

    run(read_settings(warehouse=warehouse, query_seconds=timeout, query_memory=memory, query_spill=spill))


@app.command(name="as-of")
def as_of(
    when: Annotated[str, typer.Argument(help="Commit (at least 7 characters), day (its end, UTC) or time (UTC).")],
    output: Format = "table",
    limit: Limit = 100,
    warehouse: Warehouse = None,
) -> None:
    """List the releases as they stood in the archive at a commit or time."""
    from flows import console
    from flows.serve.query import limits_of, run_as_of

    settings = read_settings(warehouse=warehouse)
    console.show_rows(run_as_of(settings.published, when, limits_of(settings)), output, limit)


Printed = Annotated[str, typer.Argument(help="Name as printed; copy it from `beehive review`.")]
Reason = Annotated[str, typer.Option(help="Why, and where you know it from; stored in the seed.")]
As = Annotated[
    str | None, typer.Option("--as", help="minister or portfolio; needed if the name awaits a decision as both.")
]


@review_app.callback(invoke_without_command=True)
def review(context: typer.Context, output: Format = "table", warehouse: Warehouse = None) -> None:
    """List names awaiting a decision, with evidence; accept, map and reject record it in the seeds."""
    context.obj = warehouse
    if context.invoked_subcommand is None:
        list_names(context, output)


@review_app.command(name="list")
def list_names(context: typer.Context, output: Format = "table", warehouse: Warehouse = None) -> None:
    """List names awaiting a decision: how often, the nearest known name, and what they are printed beside."""
    from flows import console
    from flows.serve.query import Rows

    shown = ("name_kind", "printed_as", "reason", "release_count", "first_release_date", "nearest_id", "similarity",
             "credited_with", "example_release_id")  # fmt: skip
    rows = [tuple(name[column] for column in shown) for name in _waiting(context, warehouse)]
    console.show_rows(Rows(list(shown), rows), output, len(rows))


@review_app.command()
def offices(context: typer.Context, output: Format = "table", warehouse: Warehouse = None) -> None:
    """List holders of portfolios whom releases show and the register lacks, with the releases to read."""
    from flows import console
    from flows.serve.query import limits_of, run_query

    settings = read_settings(warehouse=warehouse or context.obj)
    found = run_query(settings.published, "from appointments_to_review", limits_of(settings))
    console.show_rows(found, output, len(list(found.rows)))


@review_app.command()
def accept(
    context: typer.Context,
    printed: Printed,
    reason: Reason,
    name_kind: As = None,
    member_id: Annotated[
        str | None, typer.Option("--id", help="Permanent id, such as ann-ash. \\[default: made from the name]")
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            help="Kind of person (minister, under-secretary, spokesperson) or portfolio (portfolio, office, "
            "organisation, theme)."
        ),
    ] = None,
    sector: Annotated[str | None, typer.Option(help="Sector; needed for a portfolio.")] = None,
    values: Annotated[
        list[str] | None,
        typer.Option("--set", help="Value of another column of the seed, as COLUMN=VALUE; may be repeated."),
    ] = None,
    warehouse: Warehouse = None,
) -> None:
    """Record that the name is a new person or portfolio."""
    from flows.normalise import review

    columns = {}
    for text in values or ():
        column, separator, value = text.partition("=")
        if not separator:
            raise typer.BadParameter(f"{text!r} is not COLUMN=VALUE", param_hint="--set")
        columns[column.strip()] = value.strip()
    of = review.kind_of(printed, _waiting(context, warehouse), _name_kind(name_kind))
    _decided(review.accept(printed, of, reason, member_id=member_id, member_kind=kind, sector=sector, columns=columns))


@review_app.command(name="map")
def map_(
    context: typer.Context,
    printed: Printed,
    member_id: Annotated[str, typer.Argument(help="Id of a known person or portfolio.")],
    reason: Reason,
    name_kind: As = None,
    warehouse: Warehouse = None,
) -> None:
    """Record that the name is another name of a known person or portfolio."""
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
) -> None:
    """Record that the string is not a person, or not a portfolio."""
    from flows.normalise import review

    of = review.kind_of(printed, _waiting(context, warehouse), _name_kind(name_kind))
    _decided(review.reject(printed, of, reason))


def _waiting(context: typer.Context, warehouse: str | None) -> list[dict[str, Any]]:
    """Return the names awaiting a decision; --warehouse may stand before or after the subcommand."""
    from flows.serve.query import limits_of, names_awaiting_review

    settings = read_settings(warehouse=warehouse or context.obj)
    return names_awaiting_review(settings.published, limits_of(settings))


def _name_kind(text: str | None) -> Any:
    if text not in (None, "minister", "portfolio"):
        raise typer.BadParameter(f"{text!r} is neither 'minister' nor 'portfolio'", param_hint="--as")
    return text


def _decided(decision: Any) -> None:
    values = ", ".join(f"{column}={value}" for column, value in decision.row.items() if value)
    typer.echo(f"Added to {decision.path}: {values}\nThe next `beehive refresh` applies it.")


@app.command()
def version() -> None:
    """Print the version of this program."""
    typer.echo(__version__)
