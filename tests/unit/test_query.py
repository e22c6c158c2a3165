"""The published file open more than once in one process, as when a server answers two people at once."""

from concurrent.futures import ThreadPoolExecutor

import duckdb
import pytest

from flows.serve.query import Limits, open_published


def test_a_process_opens_the_published_file_as_often_as_it_wants_and_only_that(sample) -> None:
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(lambda limits: open_published(sample.published, limits), [None, Limits()] * 4))
    for connection in opened:
        assert connection.execute("select count(*) > 0 from releases").fetchone() == (True,)
        with pytest.raises(duckdb.PermissionException, match="disabled"):
            connection.execute("select * from read_text('/etc/passwd')")
        with pytest.raises(duckdb.InvalidInputException, match="locked"):
            connection.execute("set memory_limit = '3GB'")
        connection.close()
