"""Every finding of the report on the real archive, against plain SQL, and the public address behind each figure."""

from pathlib import Path

import duckdb
import pytest

from flows.serve import report
from tests.findings import CHECKED, check_finding

pytestmark = pytest.mark.archive


def test_findings_are_what_plain_sql_finds(built: Path) -> None:
    with duckdb.connect(str(built / "beehive.duckdb"), read_only=True) as connection:
        answers = report.read_answers(connection)
        for name in CHECKED["findings"]:
            check_finding(name, connection, answers)
            assert answers[name], name
    for name in CHECKED["findings"]:
        assert all(row["latest_releases"] for row in answers[name]), name
