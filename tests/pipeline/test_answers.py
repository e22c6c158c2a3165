"""What the macros answer, and whom the releases show to have held what."""

from pathlib import Path

import duckdb
import pytest

from flows.settings import Settings
from tests.conftest import GitArchive, Refresh, Twelve, release_path, release_text
from tests.pipeline.faults import runs
from tests.pipeline.test_refresh import rows

SEED = "2003-06-17-nz-becomes-100th-member-iom"


def test_the_seed_release_names_and_quotes_the_minister_whom_it_does_not_credit(sample: Settings) -> None:
    named = rows(
        sample.warehouse,
        "select minister_name, is_credited, is_in_office, is_quoted, is_announcing from mentions "
        f"where release_id = '{SEED}' order by first_place",
    )
    assert named == [("Phil Goff", False, True, True, True), ("Lianne Dalziel", True, True, True, True)]


def test_what_somebody_said_is_asked_for_by_id_or_by_any_spelling_of_the_name(sample: Settings) -> None:
    for who in ("phil-goff", "Phil Goff", "Hon PHIL GOFF", "Phīl Goff", "Philip Goff", "Goff"):
        said = rows(sample.warehouse, f"select release_id, passage, is_direct, is_credited from said_by('{who}')")
        ours = [row[1:] for row in said if row[0] == SEED]
        assert [(passage[:16], direct, credited) for passage, direct, credited in ours] == [
            ("“Membership rein", True, False), ("“New Zealand and", True, False),
        ]  # fmt: skip
        assert all(passage.endswith("Phil Goff said.") for passage, _, _ in ours)


def test_the_government_of_a_day(sample: Settings) -> None:
    asked = "select government_id, prime_minister_name, parliament from government_on"
    assert rows(sample.warehouse, f"{asked}('2003-06-17')") == [("fifth-labour", "Helen Clark", 47)]
    assert rows(sample.warehouse, f"{asked}(date '2017-10-26')") == [("sixth-labour", "Jacinda Ardern", 52)]
    assert rows(sample.warehouse, f"{asked}('1899-01-01')") == []


def test_a_day_knows_its_season_and_the_month_of_the_term(sample: Settings) -> None:
    """The days around the election of 2002-07-27, a summer, and a day before the first election of the archive."""
    days = ("1996-06-26", "2002-07-26", "2002-07-27", "2002-08-26", "2002-08-27", "2003-02-28", "2003-03-01")
    asked = "select calendar_date::varchar, season, parliament, month_of_term from releases_by_day"
    found = {row[0]: row[1:] for row in rows(sample.warehouse, asked)}
    assert [found[day] for day in days] == [
        ("winter", 44, 32), ("winter", 46, 32), ("winter", 47, 1), ("winter", 47, 1), ("winter", 47, 2),
        ("summer", 47, 8), ("autumn", 47, 8),
    ]  # fmt: skip
    per_release = "select season, parliament, month_of_term from releases"
    assert rows(sample.warehouse, f"{per_release} where release_id = '{SEED}'") == [("winter", 47, 11)]


def test_a_row_can_be_followed_to_its_file_and_to_what_was_decided(sample: Settings) -> None:
    ((path, url, ministers, portfolios, basis),) = rows(
        sample.warehouse,
        "select source_path, source_url, ministers_as_printed, portfolios_as_printed, date_basis "
        f"from explain_row('{SEED}')",
    )
    assert path.endswith(f"{SEED}.md")
    assert url is None  # a folder has no address
    assert ministers == "Lianne Dalziel -> lianne-dalziel (as_printed)"
    assert portfolios == "Immigration -> immigration (as_printed)"
    assert basis == "local"
    assert rows(sample.warehouse, "from explain_row('no-such-release')") == []


def fill(archive: GitArchive, days: list[tuple[str, str]], portfolio: str = "Health", body: str = "A body.") -> None:
    """A release of a minister alone, or of several separated by commas, for each day."""
    for day, ministers in days:
        slug = f"{portfolio}-{day}-{ministers}".lower().replace(" ", "-").replace(",", "")
        text = release_text(
            slug, day, slug, ministers=tuple(ministers.split(",")), portfolios=(portfolio,), body=body + slug
        )
        archive.write(release_path(day, slug), text)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office that no register knows passes from one minister to another, beside an associate."""
    folder = tmp_path_factory.mktemp("held")
    archive, office = Twelve(folder).copy(), "Tidal Gardens"
    title = "Tidal Gardens Minister {} said so. "
    for year in (2001, 2003, 2004):
        days = [(f"{year}-{month:02}-10", "Annette King") for month in range(1, 13)]
        fill(archive, days, office, title.format("Annette King") if year < 2004 else "Nobody is named. ")
    fill(
        archive,
        [(f"2003-{month:02}-11", "Ruth Dyson") for month in (3, 6, 9)],
        office,
        "Associate " + title.format("Ruth Dyson"),
    )
    fill(archive, [(f"2005-{month:02}-10", "Pete Hodgson") for month in range(2, 12)], office)
    fill(archive, [("2004-07-01", "Annette King,Ruth Dyson"), ("2005-07-01", "Ruth Dyson,Steve Maharey")], office)
    fill(archive, [("2004-07-02", "Steve Maharey,Ruth Dyson")], office, title.format("Steve Maharey"))
    fill(archive, [("2003-05-05", "Annette King")], office, body="Ruth Dyson said so. ")
    archive.commit()
    runs(archive.path, folder / "warehouse")
    return folder / "warehouse"


def test_the_register_of_offices_says_who_held_what(held: Path) -> None:
    who = "select minister_name, method, confidence from who_held"
    for name in ("'health'", "'HEALTH'", "'Minister of Health'"):
        assert rows(held, f"{who}({name}, '2004-08-01')") == [("Annette King", "register", "high")]
    assert rows(held, f"{who}('health', date '2004-08-01')") == [("Annette King", "register", "high")]
    renamed = "select portfolio_name, minister_name from who_held('Foreign Affairs', '2001-06-01')"
    assert rows(held, renamed) == [("Foreign Affairs and Trade", "Phil Goff")]
    note = "select minister_name, note from who_held('{}', '{}')"
    for name, day, *expected in (
        ("Foreign", "2001-06-01", "Phil Goff", None),  # the day decides between two offices of that beginning
        ("Civil Defence", "2022-03-01", "Kiritapu Allan", "Civil Defence was called Emergency Management on this day."),
        ("Tertiary Education", "2019-06-01", "Chris Hipkins", "Tertiary Education was part of Education on this day."),
        ("Housing", "2016-06-01", "Nick Smith",
         "Building and Housing was an office of its own on this day, as a part of Housing."),
        # Broadcasting and Digital Economy were parts of one office before, and are not related by that.
        ("Broadcasting", "2021-06-01", "Kris Faafoi", "Broadcasting was called Broadcasting and Media on this day."),
    ):  # fmt: skip
        assert tuple(expected) in rows(held, note.format(name, day))
    ((minister, why),) = rows(held, note.format("Resources", "2006-06-01"))
    assert minister is None
    assert why.startswith("Nobody is known to have held Resources on 2006-06-01")
    with pytest.raises(duckdb.Error, match="'Social' could be Social Development"):
        rows(held, note.format("Social", "2015-06-01"))
    ((portfolios, others),) = rows(
        held, "select portfolios, other_roles from ministers_on('2004-08-01') where minister_id = 'ruth-dyson'"
    )
    assert "ACC" in portfolios.split("; ")
    assert "Health (associate)" in others.split("; ")
    assert rows(held, "from ministers_on('2004-08-01') where minister_id = 'bill-english'") == []


@pytest.mark.slow
def test_who_held_an_office_without_register_is_seen_in_titles_and_releases(held: Path) -> None:
    assert rows(
        held,
        "select minister_id, role, start_date::varchar, end_date::varchar, method, confidence "
        "from portfolio_holders where portfolio_name = 'Tidal Gardens' order by start_date",
    ) == [
        ("annette-king", "holder", "2001-01-10", "2004-12-10", "titles", "high"),
        ("ruth-dyson", "associate", "2003-03-11", "2003-09-11", "titles", "medium"),
        ("pete-hodgson", "holder", "2005-02-10", "2005-11-10", "sole credits", "high"),
    ]
    who = "select minister_name, confidence from who_held('Tidal Gardens', {})"
    assert rows(held, who.format("'2004-08-01'")) == [("Annette King", "high")]
    assert rows(held, who.format("'2005-01-05'")) == [(None, None)]
    assert rows(held, who.format("'2000-06-01'")) == [(None, None)]
    assert rows(
        held,
        "select from_minister_name, to_minister_name, days_vacant, confidence from handovers "
        "where portfolio_name = 'Tidal Gardens'",
    ) == [("Annette King", "Pete Hodgson", 61, "medium")]
    proposed = "select portfolio_name, minister_id, register_ministers from appointments_to_review order by all"
    assert rows(held, proposed) == [
        ("Health", "helen-clark", "Annette King"),  # the archive has her releases under it, and the register does not
        ("Tidal Gardens", "annette-king", None),
        ("Tidal Gardens", "pete-hodgson", None),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("is_holder_seen", [True, False])
def test_a_new_minister_of_next_month_is_found_without_any_seed(
    run: Refresh, archive: GitArchive, tmp_path: Path, is_holder_seen: bool
) -> None:
    """Health, whose holder the register has without a last day, goes to somebody whom no seed knows."""
    if is_holder_seen:
        fill(
            archive, [(f"2026-01-{day}", "Simeon Brown") for day in (12, 14, 16)], body="Health Minister Simeon Brown. "
        )
    fill(archive, [(f"2026-03-{day}", "Ann Ashwell") for day in (10, 12, 17)], body="Health Minister Ann Ashwell. ")
    archive.commit()
    run(archive.path)
    who = "select minister_id, end_date::varchar, method from who_held('Minister of Health', {})"
    warehouse = tmp_path / "warehouse"
    assert rows(warehouse, who.format("'2026-01-14'")) == [("simeon-brown", "2026-03-09", "register")]
    assert rows(warehouse, who.format("'2026-03-17'")) == [("ann-ashwell", None, "titles")]
    proposed = "select register_ministers from appointments_to_review where minister_id = 'ann-ashwell'"
    assert rows(warehouse, proposed) == [(None,)]


@pytest.mark.slow
def test_a_tag_of_several_ministers_goes_to_who_held_it_or_to_nobody(held: Path) -> None:
    found = rows(
        held,
        "select nz_date::varchar, minister_id, attributed_by from attributions where attributed_by <> 'sole_minister' "
        "order by nz_date",
    )
    assert found == [
        ("2003-05-05", "annette-king", "tenure"),
        ("2004-07-01", "annette-king", "tenure"),
        ("2004-07-02", "steve-maharey", "title"),
    ]
    assert rows(
        held, "select title_count, tenure_count, ambiguous_count from attribution_by_year where year = 2005"
    ) == [(0, 0, 1)]
