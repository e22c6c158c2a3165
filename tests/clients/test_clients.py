"""The published file in the DuckDB versions that BI tools carry, each in an environment of its own."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.clients

_ASK = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1], read_only=True)
names = [name for (name,) in connection.execute("select view_name from duckdb_views() where not internal").fetchall()]
for name in names:
    connection.execute(f'from "{name}" limit 5').fetchall()
for macro in ("releases_as_of('2999-01-01')", "government_on('2003-06-17')", "ministers_on('2003-06-17')",
              "who_held('Health', '2003-06-17')", "said_by('Hon Phil Goff')", "explain_row('x')",
              "releases_about('asylum*')", "releases_about('asylum*', minister := 'Goff')", "term_trend('asylum')",
              "search_words('asylum')", "(select portfolio_id_of(null))"):
    connection.execute(f"from {macro} limit 5").fetchall()
print(duckdb.__version__, len(names), connection.execute("select count(*) from releases").fetchall()[0][0])
"""


@pytest.mark.parametrize("series", ["1.4", "1.5"])
def test_an_older_client_reads_every_view(series: str, sample, environment: Callable[..., Path]) -> None:
    python = environment(f"duckdb-{series}", f"duckdb=={series}.*") / "python"
    done = subprocess.run([python, "-c", _ASK, sample.published], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    version, views, releases = done.stdout.split()
    here = subprocess.run([sys.executable, "-c", _ASK, sample.published], capture_output=True, text=True, check=True)
    assert version.startswith(series)
    assert [views, releases] == here.stdout.split()[1:]
