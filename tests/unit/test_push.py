"""What a push makes of a build, as far as it needs no server; tests/clients/test_push.py has the rest."""

import duckdb

from flows.load import sqlfiles, star
from flows.push.tables import type_of


def test_every_column_of_a_view_has_a_type_in_postgresql(empty: duckdb.DuckDBPyConnection) -> None:
    for file in sqlfiles.views():
        for column, data_type in star.columns(empty)[file.qualified]:
            assert type_of(data_type), column
    assert [type_of(one) for one in ("DECIMAL(18,2)", "VARCHAR[]", "TIMESTAMP")] == [
        "numeric(18,2)", "text[]", "timestamptz"
    ]  # fmt: skip


def test_no_name_in_postgresql_is_too_long_or_taken_twice() -> None:
    """PostgreSQL cuts a name after 63 characters."""
    views = {file.name for file in sqlfiles.views()}
    assert max(map(len, views)) + len("_portfolio_id_idx") <= 63
    assert not views & {"push_state", *(file.name for file in sqlfiles.functions())}
