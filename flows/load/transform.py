"""Fill the tables of a build with the statements in `sql/transform`: all rows, or only those that can have changed.

A full build runs each statement once. An incremental build begins with copies of the published file and of the tables
in `work` that were made with it. The header of a statement says which releases its rows depend on (`scope`), and the
file of that scope in `sql/transform/touched` selects those for which they can have changed. Their rows are deleted, and
the same statement is run with the rows of these releases alone. A few scopes are of paths, words or governments instead
of releases. A statement of the scope `whole` is run on everything, and its table is changed by difference. The result
has the same rows as a full build.
"""

import re
from collections.abc import Callable, Mapping

import duckdb
import polars as pl

from flows.errors import Unusable, is_short_of_memory
from flows.load import sqlfiles
from flows.load.database import insert, literal, one_row, run_in_parallel, store
from flows.load.sqlfiles import SqlFile
from flows.normalise.holders import find_spells
from flows.normalise.statements import find_links, judge_pairs
from flows.paths import SQL

# Rows. DuckDB uses one thread for each row group, and all releases fit into one group of its default size, 122,880.
ROW_GROUP_SIZE = 16_384
_MOST_TOUCHED = 500  # releases; a full build of more takes little longer
_RELEASE_RANGES = f"""
with numbered as (
    select release_id, row_number() over (order by release_id) - 1 as number
    from work.current_release
)
select min(release_id), max(release_id)
from numbered
group by number // {ROW_GROUP_SIZE}
order by all
"""  # noqa: S608
# Scopes of which any number of rows may be touched, because few statements read them.
_UNLIMITED = tuple(f"touched_{scope}" for scope in ("pair", "near", "judged", "government", "history", "word"))
# Scopes of statements that also read rows of what is not touched, and the tables of which they read touched rows, each
# with the column by which these are known.
_NARROWED = {
    "judged": {"work.text_pair": "release_id"},
    "government": {"work.government": "government_id"},
    "history": {"staging.file_history": "path", "staging.path_event": "path", "work.revision": "path"},
    "word": {"work.title_word": "term"},
}
_ALL_IDS = ("", "\U0010ffff")  # the range that holds every release id
# Tables of rows that a function makes from the result of their statement. DuckDB calls Python only where numpy is.
_MADE_BY: Mapping[str, Callable[[pl.DataFrame], pl.DataFrame]] = {
    "core.inferred_holder": find_spells,
    "core.statement_link": find_links,
    "work.judged_pair": judge_pairs,
}
Progress = Callable[[int, int], None]


class NeedsFullBuild(Exception):
    """An incremental build cannot be made, or would be no faster; the message says why."""


def fill_all(connection: duckdb.DuckDBPyConnection, progress: Progress | None = None) -> None:
    """Fill the empty tables of a build.

    Raises:
        Unusable: a statement, or a seed that it reads, does not fit the tables.
    """
    run_in_parallel(connection, sqlfiles.dependencies(), _fill_table, progress)


def fill_touched(connection: duckdb.DuckDBPyConnection, progress: Progress | None = None) -> int:
    """Bring the copy of a build up to date.

    The catalog `before` has the tables in `work` as they were when that build was made, and `previous` is that build.

    Returns:
        The number of releases of which rows were computed anew.

    Raises:
        NeedsFullBuild: too many releases are touched, a row that changed is referred to by others, or the history does
            not go on from that of the build before.
    """
    (other_count,) = one_row(
        connection,
        "select count(*) from previous.core.archive_commit anti join staging.archive_commit "
        "using (commit_number, commit_id)",
    )
    if other_count:  # the published commit was merged into another branch, which is the main line now
        raise NeedsFullBuild(f"{other_count:,} commits of the published history are not on the main line any more")
    try:
        run_in_parallel(connection, sqlfiles.incremental_dependencies(), _update_table, progress)
    except (Unusable, duckdb.ConstraintException) as error:
        raise NeedsFullBuild(str(error).splitlines()[0]) from error
    limited = " union ".join(f"from {file.qualified}" for file in sqlfiles.touched() if file.name not in _UNLIMITED)
    return int(one_row(connection, f"select count(*) from ({limited})")[0])  # noqa: S608


def _fill_table(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Run the statement of a table, once for each range of release ids if it has the variables `first` and `last`."""
    file = sqlfiles.file_of(name)
    if make_rows := _MADE_BY.get(name):
        (store if file.schema == "work" else insert)(connection, name, make_rows(connection.sql(file.query).pl()))
        return
    if not _is_ranged(file):
        execute(connection, file, file.statement)
        return
    connection.begin()
    try:
        for first, last in connection.execute(_RELEASE_RANGES).fetchall():
            _set_range(connection, first, last)
            execute(connection, file, file.statement)
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def _update_table(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Change the rows of a table that can differ from those of the build before."""
    file = sqlfiles.file_of(name)
    if _is_ranged(file):
        _set_range(connection, *_ALL_IDS)
    if file.scope:
        _replace_touched(connection, file)
    elif file.schema == "work":
        execute(connection, file, file.statement.replace("create table", "create or replace table", 1))
        if file in sqlfiles.touched() and file.name not in _UNLIMITED:
            (count,) = one_row(connection, f"select count(*) from {name}")  # noqa: S608
            if count > _MOST_TOUCHED:
                raise NeedsFullBuild(f"{name} has {count:,} releases, and a full build is made for {_MOST_TOUCHED:,}")
    else:
        _change_by_difference(connection, file)


def _replace_touched(connection: duckdb.DuckDBPyConnection, file: SqlFile) -> None:
    """Delete the rows of touched releases, and insert those that the statement of the table makes for them."""
    query = f"select * from (\n{_narrow(file)}\n) where {_is_touched(file, 'work')}"  # noqa: S608
    connection.begin()
    try:
        connection.execute(f"delete from {file.qualified} where {_is_touched(file, 'before')}")  # noqa: S608
        if make_rows := _MADE_BY.get(file.qualified):
            insert(connection, file.qualified, make_rows(connection.sql(query).pl()))
        else:
            execute(connection, file, f"insert into {file.qualified} by name\n{query}")
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def _is_touched(file: SqlFile, catalog: str, scope: str = "") -> str:
    """Return the condition that a row is of a touched release, or of another touched key.

    Args:
        file: the table of the row.
        catalog: where the numbers and groups of the releases are looked up: `work`, or `before` for earlier rows.
        scope: the scope of another table, for which the touched rows are looked for.
    """
    touched = f"from work.touched_{scope or file.scope}"
    if scope == "pair":
        touched += " union from work.touched_near"
    match file.scope_key:
        case "search_number":
            touched = f"select search_number from {catalog}.dated where release_id in ({touched})"  # noqa: S608
        case "twin_group_id":
            touched = f"select twin_group_id from {catalog}.twin where release_id in ({touched})"  # noqa: S608
    condition = f"{file.scope_key} in ({touched})"
    return condition if scope or file.scope != "pair" else f"({condition} or near_release_id in ({touched}))"


def _narrow(file: SqlFile) -> str:
    """Return the query of a table in which each other table with a scope has the rows of touched releases alone."""
    files = (*sqlfiles.helpers(), *sqlfiles.transforms())
    by_name = {one.qualified: one for one in files if one.scope_key and one.scope not in (*_NARROWED, "pair")}

    def narrowed(match: re.Match[str]) -> str:
        name = match[1]
        if file.scope in _NARROWED:
            key = _NARROWED[file.scope].get(name)
            is_touched = f"{key} in (from work.touched_{file.scope})" if key else ""
        else:
            is_touched = _is_touched(by_name[name], "work", file.scope) if name in by_name else ""
        if not is_touched:
            return match[0]
        alias = match[2] or f" as {name.partition('.')[2]}"
        return f"(from {name} where {is_touched}){alias}"

    return re.sub(r"(?<![\w.])((?:core|work|staging)\.\w+)( as \w+|)(?!\w)", narrowed, file.query)


def _change_by_difference(connection: duckdb.DuckDBPyConnection, file: SqlFile) -> None:
    """Run the statement of a table on everything, and change only the rows that differ."""
    (table,) = [one for one in sqlfiles.tables() if one.qualified == file.qualified]
    connection.execute(f"create or replace temp table made as from {file.qualified} limit 0")
    if make_rows := _MADE_BY.get(file.qualified):
        insert(connection, "temp.made", make_rows(connection.sql(file.query).pl()))
    else:
        execute(connection, file, f"insert into temp.made by name\n{file.query}")
    columns = [column for column, *_ in connection.execute("describe temp.made").fetchall()]
    others = [column for column in columns if column not in table.grain]
    same_key = " and ".join(f"kept.{column} = made.{column}" for column in table.grain)
    no_kept, no_made = (f"{side}.{table.grain[0]} is null" for side in ("kept", "made"))
    is_other = [f"bool_or(kept.{column} is distinct from made.{column}) filter (not {no_kept} and not {no_made})"
                for column in others]  # fmt: skip
    gone, new, *differ = one_row(
        connection,
        f"select {', '.join([f'bool_or({no_made})', f'bool_or({no_kept})', *is_other])} "  # noqa: S608
        f"from {file.qualified} as kept full join temp.made as made on {same_key}",
    )
    if gone:
        connection.execute(f"delete from {file.qualified} as kept where not exists (from temp.made where {same_key})")  # noqa: S608
    # Only the columns that differ: an update of a column with an index would be refused where other rows refer to it.
    if changed := [column for column, is_changed in zip(others, differ, strict=True) if is_changed]:
        assignments = ", ".join(f"{column} = made.{column}" for column in changed)
        differs = " or ".join(f"kept.{column} is distinct from made.{column}" for column in changed)
        connection.execute(
            f"update {file.qualified} as kept set {assignments} from temp.made where {same_key} and ({differs})"  # noqa: S608
        )
    if new:
        rows = f"from temp.made where not exists (from {file.qualified} as kept where {same_key})"
        connection.execute(f"insert into {file.qualified} by name {rows}")
    connection.execute("drop table temp.made")


def _is_ranged(file: SqlFile) -> bool:
    return "getvariable('first')" in file.statement


def _set_range(connection: duckdb.DuckDBPyConnection, first: str, last: str) -> None:
    connection.execute(f"set variable first = {literal(first)}")
    connection.execute(f"set variable last = {literal(last)}")


def execute(connection: duckdb.DuckDBPyConnection, file: SqlFile, statement: str) -> None:
    """Run the statement of a file; if it does not fit the data, name the file and the seeds that it reads."""
    try:
        connection.execute(statement)
    except (duckdb.ProgrammingError, duckdb.DataError, duckdb.IntegrityError) as error:
        if is_short_of_memory(error):
            raise
        seeds = sorted(set(re.findall(r"\bseeds\.(\w+)", file.statement)))
        read = f" It reads {', '.join(f'seeds/{seed}.csv' for seed in seeds)}." if seeds else ""
        raise Unusable(
            f"sql/{file.path.relative_to(SQL)} failed: {str(error).splitlines()[0]}.{read} Correct it and run again."
        ) from error
