"""The rules of this project that a machine can keep: documentation, layers, seeds, names."""

import os
import re
import shlex
import subprocess
import tomllib
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import duckdb
import polars as pl
import pytest
import yaml
from packaging.requirements import Requirement

from flows.load import sqlfiles, star
from flows.load.sqlfiles import SqlFile
from flows.normalise.decided import RESERVED
from flows.normalise.seeds import _SEEDS, read_seeds
from flows.paths import PROJECT, SAMPLE, SEEDS, SQL
from flows.serve import dictionary
from flows.settings import Settings
from tests.documents import PAGES, Block, answer, blocks

OBJECTS = [*sqlfiles.tables(), *sqlfiles.views()]
SEED_FILES = sorted(SEEDS.glob("*.csv"))


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=PROJECT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [PROJECT / name for name in listed.stdout.split("\0") if name and (PROJECT / name).is_file()]


@pytest.mark.parametrize("file", OBJECTS, ids=lambda file: file.qualified)
def test_documented_columns_are_the_columns(file: SqlFile, empty: duckdb.DuckDBPyConnection) -> None:
    assert [column for column, _ in star.columns(empty)[file.qualified]] == list(file.columns)


# How a comment begins when it needs the comment of another column to be understood.
LEANING = re.compile(
    r"""^(of|as|and|or|also|likewise|ditto|see|same|such|like|with|without|by|when|where|since|until
        |in|on|at|from|against|its|their|his|her|it|they|he|she|this|that|these|those|them|both|other|another|joins
        |(the|an?)\ (same|latter|former|others?|latest|earliest|ones?))\b
        |^(latest|earliest|first|last)[.,;]
        |^[^.;,:(]*\bof\ (those|them)\b""",
    re.IGNORECASE | re.VERBOSE,
)


@pytest.mark.parametrize("file", [*OBJECTS, *sqlfiles.staging()], ids=lambda file: file.qualified)
def test_a_column_comment_is_understood_without_its_neighbours(file: SqlFile) -> None:
    """A client shows the comment of a column alone, as a tooltip."""
    leaning = {column: text for column, text in file.columns.items() if LEANING.search(text) or len(text.split()) < 4}
    assert leaning == {}


@pytest.mark.parametrize("file", OBJECTS, ids=lambda file: file.qualified)
def test_the_grain_is_stated_in_columns_that_exist(file: SqlFile) -> None:
    assert file.grain
    assert set(file.grain) <= set(file.columns)


@pytest.mark.parametrize("file", [file for file in OBJECTS if file.year_column], ids=lambda file: file.qualified)
def test_files_are_divided_by_columns_that_exist(file: SqlFile) -> None:
    facts = next(one for one in OBJECTS if one.qualified == "core.fact_release")
    assert file.year_column in file.columns
    assert set(file.within) <= set(facts.columns)


@pytest.mark.parametrize("file", sqlfiles.checks(), ids=lambda file: file.name)
def test_a_check_fails_or_warns(file: SqlFile) -> None:
    assert file.severity in ("fail", "warn")


def test_every_table_is_filled_by_a_transform_of_its_name() -> None:
    assert {file.qualified for file in sqlfiles.transforms()} == {file.qualified for file in sqlfiles.tables()} - {
        "meta.check_result",
        "meta.dictionary",
        "meta.guard",
    }  # filled by the stages that make their content


def test_public_views_read_only_published_schemas() -> None:
    for file in sqlfiles.views():
        assert not re.search(r"\b(staging|seeds|work)\.", file.statement), file.path
        assert not re.search(r"\bbeehive\.", file.statement), f"{file.path} names the catalog"


def test_public_views_call_nothing_that_older_clients_lack() -> None:
    """A view is kept as it was parsed: DuckDB 1.4 and 1.5 know `if(...)` as syntax, not as the function 2.0 keeps."""
    for file in (*sqlfiles.views(), *sqlfiles.macros()):
        assert not re.search(r"\bif\(", file.statement), f"{file.path}: write case when"


def test_core_reads_neither_views_nor_meta() -> None:
    for file in sqlfiles.transforms():
        if file.schema == "core":
            assert not re.search(r"\b(main|meta)\.", file.statement), file.path


def test_the_same_column_has_the_same_type_everywhere(empty: duckdb.DuckDBPyConnection) -> None:
    types: dict[str, set[str]] = {}
    for file in OBJECTS:
        for column, data_type in star.columns(empty)[file.qualified]:
            types.setdefault(column, set()).add(data_type)
    counts = {column for column in types if column.endswith("_count")}  # INTEGER in a row, BIGINT once summed
    assert {c: t for c, t in types.items() if len(t) > 1 and c not in counts} == {}


# What views are joined by.
KEYS = {"release_id", "twin_group_id", "minister_id", "portfolio_id", "government_id"}
# Columns of a release, the sector of a portfolio and the period of an amount that are NULL where nothing is known or
# nobody is credited.
MAY_BE_MISSING = {"nz_date", "published_date", "year", "fiscal_year", "month_of_term", "ministers", "sector", "period"}


def test_columns_that_two_views_share_are_the_same_thing_with_the_same_value(sample) -> None:
    """Compare all pairs of public views of which one is looked up by the other, or both list something of a release.

    So `natural join` gives the rows of `using` and the keys, but for those that miss the day or the like. Only two
    views of counts share more: a count, a share or a rank is that of its row.
    """
    with duckdb.connect() as connection:
        connection.execute(f"attach '{sample.published}' as sample (read_only)")
        columns: dict[str, set[str]] = {}
        for file in sqlfiles.views():
            if KEYS & set(file.columns):
                connection.execute(f"create table {file.name} as from sample.{file.qualified}")
                columns[file.name] = set(file.columns)
        grains = {file.name: set(file.grain) for file in sqlfiles.views()}
        wrong = []
        for one, other in combinations(columns, 2):
            shared = columns[one] & columns[other]
            looked_up = next((grains[view] for view in (one, other) if grains[view] <= shared), set())
            if not KEYS & shared or not (looked_up or "release_id" in shared):
                continue
            keys = looked_up | KEYS & shared
            rest = shared - keys
            if "release_id" not in columns[one] | columns[other]:
                rest = {column for column in rest if not column.endswith(("_count", "_share", "_rank"))}
            unlike = [f"bool_or({one}.{c} is distinct from {other}.{c})" for c in sorted(rest)]
            missing = [f"bool_or({one}.{c} is null)" for c in sorted(rest)]
            if not rest:
                continue
            found = connection.execute(
                f"select {', '.join([*unlike, *missing])} from {one} inner join {other} using ({', '.join(keys)})"
            ).fetchall()[0]
            for number, column in enumerate(sorted(rest)):
                if found[number] or (found[number + len(rest)] and column not in MAY_BE_MISSING):
                    wrong.append((one, other, column))
        assert wrong == []


def test_a_view_of_releases_has_the_address_the_day_the_term_and_the_government() -> None:
    wanted = {"title", "url", "nz_date", "year", "month_of_term", "government_name"}
    for file in sqlfiles.views():
        if "release_id" in file.grain:
            assert wanted - set(file.columns) == set(), file.path


def test_names_end_as_their_type_demands(empty: duckdb.DuckDBPyConnection) -> None:
    for file in OBJECTS:
        for column, data_type in star.columns(empty)[file.qualified]:
            where = f"{file.qualified}.{column} {data_type}"
            assert (data_type == "BOOLEAN") == column.startswith(("is_", "has_")), where
            assert (data_type == "DATE") == column.endswith("_date"), where
            assert (data_type == "TIMESTAMP") == column.endswith("_at"), where
            assert data_type != "HUGEINT", where


def test_every_view_has_a_test() -> None:
    cases = {path.stem for path in (PROJECT / "tests" / "sql").glob("*.yaml")} - {"world"}
    assert cases == {file.name for file in sqlfiles.views()}


def test_every_check_has_a_case_that_makes_it_fail() -> None:
    cases = yaml.safe_load((PROJECT / "tests" / "checks" / "cases.yaml").read_text(encoding="utf-8"))["checks"]
    assert all(cases.values())
    generated = {name for name in cases if name.startswith(("grain_of_", "references_of_"))}
    assert len({name.partition("_of_")[0] for name in generated}) == 2
    assert set(cases) - generated == {file.name for file in sqlfiles.checks()}


def test_the_examples_of_headers_run(sample, empty: duckdb.DuckDBPyConnection) -> None:
    with duckdb.connect(str(sample.published), read_only=True) as connection:
        for file in OBJECTS:
            if file.example:
                assert connection.execute(file.example).fetchall(), f"{file.path}: the example finds nothing"


def test_the_metrics_of_headers_count_something_under_one_name_each(sample) -> None:
    metrics = [(file, metric) for file in sqlfiles.views() for metric in file.metrics]
    names = [metric.name for _, metric in metrics]
    assert sorted({name for name in names if names.count(name) > 1}) == []
    with duckdb.connect(str(sample.published), read_only=True) as connection:
        for file, metric in metrics:
            where = f"{file.path}: {metric.name}"
            assert metric.name not in file.columns, where
            asked = connection.sql(f"select {metric.expression} from {file.qualified}")
            (data_type,) = map(str, asked.types)
            assert (data_type == "DATE") == metric.name.endswith("_date"), where
            assert (data_type == "TIMESTAMP") == metric.name.endswith("_at"), where
            is_empty = not connection.execute(f"from {file.qualified} limit 1").fetchall()
            assert is_empty or asked.fetchall() != [(None,)], f"{where} finds nothing on the sample"


def test_a_metric_says_whether_it_adds_up_and_an_additive_one_is_a_sum() -> None:
    for file in sqlfiles.views():
        for metric in file.metrics:
            where = f"{file.path}: {metric.name}"
            assert re.search(r"\b(not )?additive\b", metric.description), where
            if "not additive" not in metric.description:
                assert re.fullmatch(r"(sum|count)\((?!distinct )[^()]+\)", metric.expression), where


def test_the_dictionary_is_current() -> None:
    assert dictionary.PATH.read_text(encoding="utf-8") == dictionary.render(), "run `make docs`"


def test_the_diagrams_are_current_and_the_page_names_every_view() -> None:
    page = dictionary.SCHEMA_PATH.read_text(encoding="utf-8")
    assert page == dictionary.render_schema(page), "run `make docs`"
    assert page.count("```mermaid") == 3
    questions = page.partition("## Views by question")[2]
    named = set(re.findall(r"`(\w+)[`(]", questions))
    assert {file.name for file in (*sqlfiles.views(), *sqlfiles.macros())} <= named


# ------------------------------------------------------------------------------------------------ seeds


@pytest.mark.parametrize("path", SEED_FILES, ids=lambda path: path.stem)
def test_a_seed_is_sorted_and_trimmed(path: Path) -> None:
    frame = pl.read_csv(path, infer_schema=False)
    keys = frame.columns[: max(2, len(_SEEDS[path.stem].key))]
    assert frame.select(keys).rows() == sorted(frame.select(keys).rows(), key=lambda row: [cell or "" for cell in row])
    for column in frame.columns:
        cells = frame[column].drop_nulls()
        assert (cells == cells.str.strip_chars()).all(), f"{column} has space around a cell"


@pytest.mark.parametrize("seed", ["people", "portfolios"])
def test_no_id_is_a_reserved_word(seed: str) -> None:
    assert not RESERVED & set(read_seeds()[seed].to_series(0))


def test_every_column_of_a_person_is_a_column_of_the_dimension() -> None:
    (dimension,) = [file for file in sqlfiles.tables() if file.name == "dim_minister"]
    assert set(read_seeds()["people"].columns) - {"reason"} <= set(dimension.columns)


def test_the_sectors_are_the_nineteen() -> None:
    assert read_seeds()["portfolios"]["sector"].n_unique() == 19


def test_the_sample_is_documented_file_by_file() -> None:
    rows = re.findall(r"^\| `([^`]+)` \|", (SEEDS / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    listed = [row for row in rows if "/" in row]
    files = [str(path.relative_to(SAMPLE)) for path in SAMPLE.rglob("*") if path.is_file()]
    assert sorted(listed) == sorted(files)


def test_the_sample_is_invented_but_for_the_one_release() -> None:
    for path in SAMPLE.rglob("*.md"):
        text = path.read_bytes()
        if path.name != "2003-06-17-nz-becomes-100th-member-iom.md" and b"\ntitle:" in text:
            assert b'title: "[Invented] ' in text or "-invented-" in path.name, path


def test_every_seed_is_documented() -> None:
    text = (SEEDS / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in SEED_FILES if f"`{path.name}`" not in text] == []


# -------------------------------------------------------------------------------------------- documents


def test_the_targets_that_documents_name_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for path in tracked("*.md", ":!seeds/releases"):
        assert set(re.findall(r"`make ([a-z-]+)", path.read_text(encoding="utf-8"))) <= targets, path


def test_the_modules_that_documents_name_exist() -> None:
    for path in tracked("*.md", ":!seeds/releases", ":!CHANGELOG.md"):
        named = re.findall(r"`(flows/[\w/]*(?:\.py)?)`", path.read_text(encoding="utf-8"))
        assert [name for name in named if not (PROJECT / name).exists()] == [], path


@pytest.mark.slow
def test_the_commands_of_the_documents_run(tmp_path: Path) -> None:
    """Run all but those that need the network, go on until Ctrl-C or run the tests, on a folder of their own."""
    pages = "\n".join((PROJECT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/operate.md"))
    lines = [line for block in re.findall(r"```sh\n(.*?)```", pages, re.DOTALL) for line in block.splitlines()]
    left_out = ("https:", " schedule ", " serve ", "make test")
    commands = dict.fromkeys(
        line.partition(" #")[0].strip()
        for line in lines
        if line.startswith(("make", ".venv/bin/beehive")) and not any(word in line for word in left_out)
    )
    assert len(commands) == 13
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "BEEHIVE_", "MAKE"))}
    later = str((datetime.now(UTC) + timedelta(days=2)).date())  # the history of a new folder begins now
    for command in commands:
        done = subprocess.run(
            command.replace("DIR", str(tmp_path / "warehouse"))
            .replace("PATH_OR_URL", str(SAMPLE))
            .replace("2026-01-01", later),
            shell=True, cwd=PROJECT, capture_output=True, text=True, check=False,
            env={**kept, "BEEHIVE_WAREHOUSE": str(tmp_path / "warehouse")},
        )  # fmt: skip
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        assert done.stdout, command


def test_the_summary_for_assistants_has_the_form_of_llms_txt() -> None:
    """A title, a quoted summary, text, and sections that only list links; it names every page of docs/."""
    text = (PROJECT / "llms.txt").read_text(encoding="utf-8")
    head, *sections = re.split(r"^## .+\n", text, flags=re.MULTILINE)
    assert re.match(r"# .+\n\n> .+\n\n", head)
    assert sections
    for section in sections:
        assert all(re.fullmatch(r"- \[.+\]\([^)]+\): .+", line) for line in section.splitlines() if line)
    assert [path.name for path in tracked("docs/*.md") if f"(docs/{path.name})" not in text] == []


def test_the_settings_are_documented() -> None:
    """The table is made of flows/settings.py: a failure prints what the page must hold."""
    rows = ["| variable | meaning | default |", "| --- | --- | --- |"]
    for name, setting in Settings.model_fields.items():
        meaning, _, default = str(setting.description).partition(" Default: ")
        rows.append(f"| `BEEHIVE_{name.upper()}` | {meaning} | {default.rstrip('.') or f'`{setting.default}`'} |")
    table = "\n".join(rows)
    page = (PROJECT / "docs" / "operate.md").read_text(encoding="utf-8")
    assert f"\n{table}\n\n" in page, f"replace the table of settings in docs/operate.md by:\n{table}"


def test_the_queries_of_the_readme_run_on_the_sample(sample) -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8") + (PROJECT / "warehouse/README.md").read_text(
        encoding="utf-8"
    )
    queries = re.findall(r"```sql\n(.*?)```", readme, re.DOTALL)
    assert queries
    with duckdb.connect(str(sample.published), read_only=True) as connection:
        for query in queries:
            for statement in connection.extract_statements(query):
                assert connection.execute(statement).description, query


def test_no_file_names_a_package_host_or_a_path_of_a_machine() -> None:
    hosts = re.compile(rb"pypi\.org|pythonhosted\.org|registry\.npmjs|deb\.debian\.org")
    machine = re.compile(rb"(?<![\w.])/(?:work|root|home/\w+)/")
    for path in tracked():
        content = path.read_bytes()
        if path != Path(__file__):
            assert not hosts.search(content), path
            assert not machine.search(content), path


def test_the_lock_pins_and_hashes_every_requirement() -> None:
    lock = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    pinned = re.findall(r"^([A-Za-z0-9_.-]+)==(\S+)", lock, re.MULTILINE)
    blocks = re.split(r"\n(?=[A-Za-z0-9])", lock)
    assert len(pinned) == len(blocks)
    assert all("--hash=sha256:" in block for block in blocks)
    versions = dict(pinned)
    assert versions["prefect"] == "3.8.8"
    assert versions["duckdb"].startswith("2.0.")
    assert "pandas" not in versions


def test_the_lock_has_what_the_set_up_installs() -> None:
    lock = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    versions = dict(re.findall(r"^([a-z0-9-]+)==([^ ;]+)", lock, re.MULTILINE))
    described = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    project = described["project"]
    extras = project["optional-dependencies"]
    named = [*described["build-system"]["requires"], *project["dependencies"], *extras["dev"], *extras["dask"],
             *extras["postgresql"]]  # fmt: skip
    needed = [found for found in map(Requirement, named) if found.name != project["name"]]
    assert {"uv", "hatchling", "editables"} <= {found.name for found in needed}
    assert [str(found) for found in needed if versions.get(found.name, "0") not in found.specifier] == []


def test_the_continuous_integration_runs_what_make_runs() -> None:
    run = (PROJECT / ".ci/run").read_text(encoding="utf-8")
    assert shlex.split(run.strip().splitlines()[-1]) == ["make", "check", "test-all"]
    hooks = yaml.safe_load((PROJECT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert {hook["id"] for repo in hooks["repos"] for hook in repo["hooks"]} >= {
        "ruff-format",
        "ruff",
        "mypy",
        "sqlfluff",
    }


def test_every_statement_that_fills_a_table_says_for_which_rows_it_runs_again() -> None:
    scopes = {"whole", *(file.name.removeprefix("touched_") for file in sqlfiles.touched())}
    for file in (*sqlfiles.helpers(), *sqlfiles.transforms()):
        (scope,) = re.findall(r"^-- scope: (\w+)", file.path.read_text(encoding="utf-8"), re.MULTILINE)
        assert scope in scopes, file.path


def test_every_sql_file_is_read_by_the_runner() -> None:
    read = {f.path for f in (*sqlfiles.staging(), *sqlfiles.helpers(), *sqlfiles.touched(), *sqlfiles.tables(),
                             *sqlfiles.transforms(), *sqlfiles.views(), *sqlfiles.macros(), *sqlfiles.checks(),
                             *sqlfiles.guards(), *sqlfiles.report(), *sqlfiles.datasets(),
                             *sqlfiles.pages().values(), *sqlfiles.tools().values(),
                             *sqlfiles.functions())}  # fmt: skip
    assert read == set(SQL.rglob("*.sql"))


@pytest.mark.parametrize("block", [block for page in PAGES for block in blocks(page)], ids=str)
def test_the_queries_of_docs_run_on_the_sample(block: Block, sample) -> None:
    found = answer(sample.published, block)
    if block.table:
        assert found[:2] == block.table[:2], "the table has other columns"
    if block.is_of_sample:
        assert found == block.table
    if block.page == "tutorial.md":
        assert not re.search(r"\b(?:core|meta)\.", block.sql), "the tutorial asks public views alone"


def test_the_documents_link_to_what_exists() -> None:
    """Files, and headings of them, by the rule that GitHub makes an anchor by."""

    def anchors(path: Path) -> set[str]:
        headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        return {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}

    for path in tracked("*.md", "llms.txt", ":!seeds/releases"):
        for target, _, anchor in re.findall(r"\]\(([^)#\s:]*)(#([\w-]+))?\)", path.read_text(encoding="utf-8")):
            linked = (path.parent / target).resolve() if target else path
            assert linked.exists(), f"{path} links to {target}"
            assert not anchor or anchor in anchors(linked), f"{path} links to {target}#{anchor}"
