"""The names by which macros and the search find ministers and portfolios, on the sample with the real seeds."""

from collections.abc import Iterator

import duckdb
import pytest

from flows.errors import Unusable
from flows.load.database import literal
from flows.normalise.seeds import read_seeds
from flows.serve.query import run_query
from flows.serve.search import run_search
from flows.settings import Settings

# Each macro that takes a name: a call, with {} for the name.
OF_MINISTER = ("select minister_id_of({})", "from said_by({})", "from releases_about('week', minister := {})")
OF_PORTFOLIO = (
    "select portfolio_id_of({})",
    "from releases_about('week', portfolio := {})",
    "from who_held({}, '2015-06-17')",
)


@pytest.fixture
def reader(sample: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(sample.published), read_only=True) as connection:
        yield connection


def id_of(reader: duckdb.DuckDBPyConnection, kind: str, name: str | None) -> str | None:
    ((found,),) = reader.execute(f"select {kind}_id_of($1)", [name]).fetchall()
    return found


@pytest.mark.slow
def test_every_name_of_the_seeds_means_its_own_member(reader: duckdb.DuckDBPyConnection) -> None:
    seeds = read_seeds()
    for kind, seed, name in (
        ("minister", "people", "minister_id"), ("minister", "people", "minister_name"),
        ("minister", "person_aliases", "alias"), ("portfolio", "portfolios", "portfolio_id"),
        ("portfolio", "portfolios", "portfolio_name"), ("portfolio", "portfolio_aliases", "tagged_as"),
    ):  # fmt: skip
        wanted = dict(zip(seeds[seed][name], seeds[seed][f"{kind}_id"], strict=True))
        query = f"select asked, {kind}_id_of(asked) from (select unnest($1) as asked)"
        assert dict(reader.execute(query, [list(wanted)]).fetchall()) == wanted, name


@pytest.mark.parametrize(
    ("kind", "name", "wanted"),
    [
        ("minister", "Kiri Allan", "kiritapu-allan"),
        ("minister", "Hon Stuart Nash", "stuart-nash"),
        ("minister", "The Rt. Hon. Sir Bill English", "bill-english"),
        ("minister", "Associate Minister  DAMIEN O’Connor", "damien-oconnor"),
        ("minister", "Prime Minister Luxon", "christopher-luxon"),
        ("minister", "Jacinda", "jacinda-ardern"),
        ("minister", "Georgina Te Heu Heu", "georgina-te-heuheu"),
        ("minister", "Te Heuheu", "georgina-te-heuheu"),
        ("minister", None, None),
        ("portfolio", "Minister of Health", "health"),
        ("portfolio", "Health Minister", "health"),
        ("portfolio", "Prime Minister", "prime-minister"),
        ("portfolio", "Minister for the Environment", "environment"),
        ("portfolio", "Minister in Charge of Treaty of Waitangi Negotiations", "treaty-of-waitangi-negotiations"),
        ("portfolio", "Treaty Negotiations", "treaty-of-waitangi-negotiations"),
        ("portfolio", "Minister Responsible for the GCSB", "gcsb"),
        ("portfolio", "Arts, culture & heritage", "arts-culture-and-heritage"),
        ("portfolio", "fisheries", "fisheries"),
        ("portfolio", "Oceans", "oceans-and-fisheries"),
        ("portfolio", "ICT", "communications-and-information-technology"),
        ("portfolio", "Minister in charge of the SIS", "nzsis"),
        ("portfolio", None, None),
    ],
)
def test_a_name_that_people_use_is_understood(
    reader: duckdb.DuckDBPyConnection, kind: str, name: str | None, wanted: str | None
) -> None:
    assert id_of(reader, kind, name) == wanted


def test_every_title_before_a_name_is_ignored(reader: duckdb.DuckDBPyConnection) -> None:
    seed = read_seeds()["honorifics"]
    titles = [affix for affix, position in seed.select("affix", "position").rows() if position == "prefix"]
    found = reader.execute(
        "select title from (select unnest($1) as title) where minister_id_of(title || ' Phil Goff') <> 'phil-goff'",
        [titles],
    )
    assert found.fetchall() == []


@pytest.mark.parametrize("call", [*OF_MINISTER, *OF_PORTFOLIO])
def test_a_macro_understands_an_alias_and_refuses_other_names(reader: duckdb.DuckDBPyConnection, call: str) -> None:
    if call in OF_MINISTER:
        alias, unknown, nearest, ambiguous, meant = "Kiri Allan", "Luxn", "Christopher Luxon", "Smith", "Nick Smith"
    else:
        alias, unknown, nearest, ambiguous, meant = "EQC", "Minister of Helth", "Health", "Social", "Social Housing"

    def ask(name: str) -> None:
        reader.execute(call.format(literal(name))).fetchall()

    ask(alias)
    with pytest.raises(duckdb.InvalidInputException, match=f"is called '{unknown}'. Nearest: .*{nearest}"):
        ask(unknown)
    with pytest.raises(duckdb.InvalidInputException, match=f"'{ambiguous}' could be .*{meant}.* Give the full name"):
        ask(ambiguous)


def test_an_error_names_at_most_five_whom_a_name_fits_and_an_associate_holds_no_portfolio(
    reader: duckdb.DuckDBPyConnection,
) -> None:
    with pytest.raises(duckdb.InvalidInputException, match=r"^[^(]*(John \w+( or )?){5} or \d+ more\. Give"):
        id_of(reader, "minister", "John")
    for title in ("Associate Minister of Health", "Associate Health"):
        with pytest.raises(duckdb.InvalidInputException, match=f"No portfolio is called '{title}'. Nearest: Health"):
            id_of(reader, "portfolio", title)
    # The name of one person or portfolio inside another name may mean something else.
    for part, kind, nearest in (
        ("William", "minister", "Aupito William Sio"),
        ("Work", "portfolio", "Social Services"),
    ):
        with pytest.raises(duckdb.InvalidInputException, match=f"'{part}'. Nearest: .*{nearest}"):
            id_of(reader, kind, part)
    for nothing in ("", " - ", "Qqqqzz"):
        with pytest.raises(duckdb.InvalidInputException, match=f"called '{nothing}'. The view ministers lists them"):
            id_of(reader, "minister", nothing)


def test_names_may_be_columns_of_whatever_name(reader: duckdb.DuckDBPyConnection) -> None:
    for column in ("name", "kind", "member_id", "full_name", "given_name", "name_key"):
        found = reader.execute(f"select minister_id_of({column}) from (values ('Luxon'), (null)) as asked ({column})")
        assert found.fetchall() == [("christopher-luxon",), (None,)], column


def test_the_command_line_shows_the_error_as_a_sentence(sample: Settings) -> None:
    with pytest.raises(Unusable, match=r"^The query failed: No minister is called 'Luxn'\. Nearest: Christopher Luxon"):
        run_query(sample.published, "from said_by('Luxn')")
    with pytest.raises(Unusable, match=r"^The search failed: No portfolio is called 'Helth'\. Nearest: Health"):
        run_search(sample.published, "nosuchword", portfolio="Helth")
