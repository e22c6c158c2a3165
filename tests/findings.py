"""Check each finding of the report against plain SQL: `findings.yaml` holds a query for each."""

from pathlib import Path

import duckdb
import yaml

from flows.serve import report

CHECKED = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))


def check_finding(name: str, connection: duckdb.DuckDBPyConnection, answers: report.Answers) -> None:
    """Assert that a finding is the sentence which `findings.yaml` computes, or that both have nothing to say."""
    connection.execute(CHECKED["tables"])
    found = connection.execute(CHECKED["findings"][name]).fetchone()
    if found:
        assert report.FINDINGS[name](answers).text == found[0]
    else:
        assert not answers[name] or report.FINDINGS[name](answers).text == "The archive has no complete year."
