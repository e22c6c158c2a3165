"""The proof that the published build follows from its source, the seeds and this code: rebuild and compare."""

import shutil
from dataclasses import dataclass

import duckdb

from flows.errors import Refused
from flows.extract.git import GitSource
from flows.extract.source import open_source
from flows.load.database import connect, literal, one_row
from flows.load.lock import writer_lock
from flows.load.state import inputs_digest, read_published
from flows.pipeline import refresh
from flows.run import Reporter
from flows.settings import Settings

# Tables and views about the run or the build itself, which differ between two builds of the same releases.
VARIES_BY_RUN = frozenset(
    ("main.build_info", "main.changes", "meta.build", "meta.change_log", "meta.check_result", "meta.guard", "meta.run")
)
# Tables and views of the history, which for a directory depends on the earlier runs.
VARIES_BY_HISTORY = frozenset(("core.release_revision", "main.release_history"))
# Columns of numbers, and the table and column that say what they stand for.
_NUMBERS = {"search_number": ("core.fact_release", "release_id"), "term_number": ("core.search_term", "term")}
_EXAMPLE_LIMIT = 3


@dataclass(frozen=True, slots=True)
class Difference:
    """A table or view whose rows differ between the published build and the rebuild."""

    name: str
    published_count: int  # rows only in the published build
    rebuilt_count: int  # rows only in the rebuild
    examples: list[str]  # some of these rows as JSON, after "- " (published) or "+ " (rebuilt)


@dataclass(frozen=True, slots=True)
class Verified:
    """The result of a comparison: the tables and views compared, and those that differ."""

    build_id: str
    names: list[str]
    differences: list[Difference]


def verify(settings: Settings, report: Reporter) -> Verified:
    """Rebuild the published state from scratch in a separate folder, and compare every table and view.

    Raises:
        Refused: nothing is published, other seeds or code built it, or its source has changed since.
        Unusable: the source cannot be read.
    """
    published = read_published(settings.warehouse)
    if published is None:
        raise Refused(f"There is no warehouse in {settings.warehouse} to verify: run `beehive refresh` first.")
    if published.inputs_digest != inputs_digest():
        raise Refused(
            f"{published.build_id} was built with other seeds, SQL or code than those here: run `beehive refresh`, "
            "then verify the new build."
        )
    folder = settings.warehouse / "verify"
    source = open_source(settings.source, settings.warehouse)
    with writer_lock(folder), connect() as connection:
        connection.execute(f"attach {literal(settings.published)} as published (read_only)")  # keeps this build open
        rebuild = settings.model_copy(
            update={
                "warehouse": folder / "warehouse",
                "ref": published.source_state if isinstance(source, GitSource) else None,
                "keep_builds": 0,
                "review_within_days": None,
            }
        )
        shutil.rmtree(rebuild.warehouse, ignore_errors=True)  # left by a verify that was killed
        try:
            refresh(rebuild, report)
            rebuilt = read_published(rebuild.warehouse)
            if rebuilt is None or not rebuilt.is_made_of(
                published.source_state, published.index_state, published.inputs_digest
            ):
                raise Refused(
                    f"{published.source_location}, the index or a seed has changed since {published.build_id} was "
                    "built: run `beehive refresh`, then verify."
                )
            connection.execute(f"attach {literal(rebuild.published)} as rebuilt (read_only)")
            return Verified(published.build_id, *_compare(connection))
        finally:
            shutil.rmtree(rebuild.warehouse, ignore_errors=True)


def _compare(connection: duckdb.DuckDBPyConnection) -> tuple[list[str], list[Difference]]:
    (kind,) = one_row(connection, "select source_kind from published.meta.build")
    left_out = VARIES_BY_RUN | (VARIES_BY_HISTORY if kind == "directory" else frozenset())
    found = connection.execute(
        "select distinct schema_name || '.' || table_name from duckdb_columns() "
        "where database_name in ('published', 'rebuilt') and not internal order by all"
    ).fetchall()
    names = [name for (name,) in found if name not in left_out]
    return names, [difference for name in names if (difference := _difference(connection, name))]


def comparable_rows(connection: duckdb.DuckDBPyConnection, build: str, name: str) -> str:
    """Return the rows of a table as SQL, with what numbers stand for in their place: a full build numbers anew.

    Args:
        connection: to a database to which the build is attached.
        build: the name under which it is attached.
        name: of the table or view, with its schema.
    """
    found = connection.execute(
        "select column_name from duckdb_columns() where database_name = $1 and schema_name || '.' || table_name = $2",
        [build, name],
    ).fetchall()
    rows = f"{build}.{name}"
    for number, (table, key) in _NUMBERS.items():
        if (number,) in found:
            meanings = f"(select {number}, {key} as {key}_of from {build}.{table})"  # noqa: S608
            rows = f"(select * exclude ({number}) from {rows} left join {meanings} using ({number}))"  # noqa: S608
    if ("forms",) in found:
        rows = f"(select * replace (len(forms) as forms) from {rows})"  # noqa: S608
    return rows


def _difference(connection: duckdb.DuckDBPyConnection, name: str) -> Difference | None:
    """Compare one table or view; each build is read once, since the rows of both are counted together."""
    published, rebuilt = (comparable_rows(connection, build, name) for build in ("published", "rebuilt"))
    surplus = (
        "(select * exclude (side), sum(side) as surplus "  # noqa: S608
        f"from (select *, 1 as side from {published} union all select *, -1 as side from {rebuilt}) "
        "group by all having surplus <> 0)"
    )
    counts = one_row(
        connection,
        "select coalesce(sum(surplus) filter (surplus > 0), 0)::bigint, "  # noqa: S608
        f"coalesce(-sum(surplus) filter (surplus < 0), 0)::bigint from {surplus}",
    )
    examples: list[str] = []
    for sign, count, only in (("-", counts[0], "surplus > 0"), ("+", counts[1], "surplus < 0")):
        if count:
            rows = f"(select * exclude (surplus) from {surplus} where {only})"  # noqa: S608
            query = f"select to_json(example)::varchar from {rows} as example limit {_EXAMPLE_LIMIT}"  # noqa: S608
            examples += [f"{sign} {row}" for (row,) in connection.execute(query).fetchall()]
    return Difference(name, counts[0], counts[1], examples) if any(counts) else None
