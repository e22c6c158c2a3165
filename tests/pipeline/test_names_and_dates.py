"""What a build makes of names, credits, days and texts that are not what they seem, on archives made for it."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.errors import Refused
from tests.conftest import FirstBuild, GitArchive, Once, Refresh, Twelve, release_path, release_text
from tests.pipeline.faults import runs
from tests.pipeline.test_refresh import rows

GHOSTS = ("Kate Wilkinson", "Christopher Finlayson", "Anne Tolley", "Rodney Hide", "Murray McCully")


def write(archive: GitArchive, date: str, slug: str, **values: object) -> str:
    archive.write(release_path(date, slug), release_text(slug, date, slug, **values))  # type: ignore[arg-type]
    return f"{date}-{slug}"


# A scenario writes releases of its own into one archive, which is built once, and a test asks what became of them.
SCENARIOS: list[Callable[[GitArchive], None]] = []


def scenario(write_releases: Callable[[GitArchive], None]) -> Callable[[GitArchive], None]:
    SCENARIOS.append(write_releases)
    return write_releases


@pytest.fixture(scope="session")
def told(once: Once) -> Path:
    """The warehouse of all scenarios."""

    def make(folder: Path) -> None:
        archive = Twelve(folder).copy()
        for write_releases in SCENARIOS:
            write_releases(archive)
        archive.commit()
        runs(archive.path, folder / "warehouse")

    return once("names-and-dates", make) / "warehouse"


@scenario
def write_ghosts(archive: GitArchive) -> None:
    for ghost in GHOSTS:
        write(archive, "2002-05-08", ghost.replace(" ", "-").lower(), ministers=("Jim Sutton", f"Hon {ghost}"))


@pytest.mark.slow
def test_a_person_of_a_later_government_beside_one_in_office_is_flagged_and_left_out(told: Path) -> None:
    assert set(
        rows(told, "select title, minister_name, suspicion from doubtful_credits where release_id like '2002-05-08-%'")
    ) == {(ghost.replace(" ", "-").lower(), ghost, "credit") for ghost in GHOSTS}
    of = "from releases where release_id like '2002-05-08-%'"
    assert rows(told, f"select ministers, minister_count {of}") == [("Jim Sutton", 1)] * len(GHOSTS)
    assert rows(told, "select minister_name from minister_activity where year = 2002 order by all") == [
        ("Jim Anderton",), ("Jim Sutton",)
    ]  # fmt: skip
    kept = "from core.bridge_release_minister where release_id like '2002-05-08-%' order by position, credited_as"
    assert rows(told, f"select credited_as, share {kept}") == [
        *[("Jim Sutton", 1.0)] * len(GHOSTS), *((f"Hon {ghost}", 0.0) for ghost in sorted(GHOSTS))
    ]  # fmt: skip


@scenario
def write_suspect_days(archive: GitArchive) -> None:
    write(archive, "2008-06-30", "stabbing", ministers=("Georgina te Heuheu",))
    write(archive, "2008-03-31", "afghanistan", ministers=("Murray McCully",))
    write(archive, "2009-03-31", "sound", ministers=("Murray McCully", "Zeb Quux"))
    write(archive, "2003-06-05", "wrong", ministers=("John Key",), body="Prime Minister Helen Clark said.")


@pytest.mark.slow
def test_a_person_credited_alone_out_of_government_makes_the_date_suspect(told: Path) -> None:
    offered = rows(told, "select ministers, inferred_ministers from releases where title = 'wrong'")
    assert offered == [(None, "Helen Clark")]
    found = rows(
        told,
        "select minister_name, suspicion, government_name from doubtful_credits "
        "where title in ('stabbing', 'afghanistan', 'sound', 'wrong')",
    )
    government = "Fifth Labour Government"
    assert found == [
        ("John Key", "date", government), ("Murray McCully", "date", government),
        ("Georgina te Heuheu", "date", government),
    ]  # fmt: skip


@scenario
def write_returns(archive: GitArchive) -> None:
    for minister, count in (("Murray McCully", 9), ("Rodney Hide", 10)):
        for day in range(1, count + 1):
            write(archive, f"2020-03-{day:02}", f"back-{minister[0]}-{day}", ministers=(minister,))


@pytest.mark.slow
def test_a_person_credited_again_and_again_serves_in_a_government_that_the_seed_does_not_give_them(told: Path) -> None:
    assert rows(
        told, "select minister_name, count(*) from doubtful_credits where release_id like '2020-03-%' group by all"
    ) == [("Murray McCully", 9)]
    sql = (
        "select minister_id, reason from core.minister_term where government_id = 'sixth-labour' "
        "and minister_id in ('murray-mccully', 'rodney-hide')"
    )
    assert rows(told, sql) == [("rodney-hide", "credited on 10 releases of its days; in no seed")]


# The day of a release, its minister, and whether the person is out of government on that day.
BOUNDARIES = (
    ("2008-11-17", "John Key", True),
    ("2008-11-18", "John Key", False),
    ("2008-11-19", "Helen Clark", False),
    ("2008-11-20", "Helen Clark", True),
    ("2017-10-24", "Jacinda Ardern", True),
    ("2017-10-25", "Jacinda Ardern", False),
    ("2017-10-26", "Bill English", False),
    ("2017-10-27", "Bill English", True),
    ("2023-11-25", "Christopher Luxon", True),
    ("2023-11-26", "Christopher Luxon", False),
    ("2023-11-27", "Chris Hipkins", False),
    ("2023-11-28", "Chris Hipkins", True),
    ("1999-12-09", "Helen Clark", False),
    ("1999-12-11", "Jenny Shipley", True),
    ("0001-01-01", "Jenny Shipley", False),
)


@scenario
def write_boundaries(archive: GitArchive) -> None:
    for date, minister, _ in BOUNDARIES:
        write(archive, date, "boundary", ministers=(minister,))


@pytest.mark.slow
def test_a_change_of_government_has_a_day_on_either_side(told: Path) -> None:
    sql = (
        "select release_id, credited_as, is_out_of_government from core.bridge_release_minister "
        "where release_id like '%-boundary'"
    )
    found = {(release_id[:10], credited_as): is_out for release_id, credited_as, is_out in rows(told, sql)}
    assert found == {(date, minister): is_out for date, minister, is_out in BOUNDARIES}


@scenario
def write_inferred(archive: GitArchive) -> None:
    link = "http://www.executive.govt.nz/minister/maharey/plan.pdf"
    body = (
        "Steve Mahārey and William Birch met Laila Harre. Steve Maharey said so.\n\n"
        f"[PDF version of plan]({link}) John Key was not in office."
    )
    write(archive, "2001-05-04", "junk", ministers=("PDF version of plan",), body=body)
    write(archive, "2001-05-05", "nobody", ministers=(), body="Laila Harré and Steve Mahareyson spoke.")
    write(archive, "2001-05-06", "credited", ministers=("Laila Harré",), body="Steve Maharey spoke.")
    for day in ("2001-05-07", "2001-05-08"):
        write(archive, day, "other", ministers=("Steve Maharey",))


@pytest.mark.slow
def test_a_release_without_a_person_is_offered_whom_its_text_names(told: Path) -> None:
    found = rows(
        told,
        "select release_id, minister_id, method, mention_count from core.inferred_minister "
        "where release_id in ('2001-05-04-junk', '2001-05-05-nobody', '2001-05-06-credited') "
        "order by release_id, position",
    )
    assert found == [
        ("2001-05-04-junk", "steve-maharey", "full_name", 2),
        ("2001-05-04-junk", "laila-harre", "full_name", 1),
        ("2001-05-05-nobody", "laila-harre", "full_name", 1),
    ]
    sql = (
        "select ministers, inferred_ministers from releases where title in ('junk', 'nobody', 'credited') order by all"
    )
    assert rows(told, sql) == [
        ("Laila Harré", None), (None, "Laila Harré"), (None, "Steve Maharey; Laila Harré")
    ]  # fmt: skip


ERROR_PAGES = [
    release_path(day, slug)
    for day, slug in (
        ("0001-01-01", "page"), ("2004-01-01", "later"), ("2003-01-01", "release"), ("2003-01-02", "short")
    )
]  # fmt: skip


@scenario
def write_error_pages(archive: GitArchive) -> None:
    title = "This site can’t be reached"
    page, later, release, short = ERROR_PAGES
    archive.write(page, release_text(title, "0001-01-01", "page", body=""))
    block = "Sorry, you have been blocked. " * 12
    archive.write(later, release_text("404 - not  found", "2004-01-01", "x", ministers=(), portfolios=(), body=block))
    archive.write(release, release_text(title, "2003-01-01", "release", body="word " * 60))
    archive.write(short, release_text("Access Denied", "2003-01-02", "short", body="To the commission's papers."))


@pytest.mark.slow
def test_an_error_page_is_excluded_by_name_and_a_release_of_that_title_is_not(told: Path) -> None:
    page, later, release, short = ERROR_PAGES
    assert rows(told, "select excluded_count from build_info") == [(2,)]
    assert rows(told, "select path, reason from source_files where fate = 'excluded' order by 1") == [
        (page, "error_page"), (later, "error_page")
    ]  # fmt: skip
    assert rows(told, f"select fate from source_files where path in ('{release}', '{short}')") == [("loaded",)] * 2
    assert rows(told, "select bool_and(is_balanced) from meta.reconciliation") == [(True,)]


@scenario
def write_twins(archive: GitArchive) -> None:
    text = "A statement of twenty words or more, so that its title does not matter at all, and that's it, it really is."
    write(archive, "2005-05-04", "joint", ministers=("Jim Sutton",), portfolios=("Agriculture",), body=text)
    write(archive, "2005-05-04", "joint-0", ministers=("Pete Hodgson",), portfolios=("Energy",), body=text.upper())
    write(archive, "2005-05-05", "other", ministers=("Jim Sutton",), body="See the file.")
    write(archive, "2005-05-06", "another", ministers=("Jim Sutton",), body="See the file.")
    write(archive, "2005-05-06", "empty", body="")
    write(archive, "2005-05-06", "empty-0", body="")


@pytest.mark.slow
def test_twins_are_grouped_by_what_they_say_and_keep_their_rows(told: Path) -> None:
    columns = "twin_group_id, twin_count, is_identical, all_ministers, all_portfolios"
    twins = rows(told, f"select {columns} from twins where twin_group_id = '2005-05-04-joint'")
    assert twins == [("2005-05-04-joint", 2, False, "Jim Sutton; Pete Hodgson", "Agriculture; Energy")]
    counts = "select release_count, distinct_release_count from releases_by_year where year = 2005"
    assert rows(told, counts) == [(6, 5)]


@scenario
def write_near_twins(archive: GitArchive) -> None:
    words = [f"word{number}" for number in range(200)]
    write(archive, "2006-05-04", "first", body=" ".join(words))
    write(archive, "2006-05-07", "near", body=" ".join([*words[:100], "changed", *words[101:]]))
    write(archive, "2006-05-08", "late", body=" ".join([*words[:150], "changed", *words[151:]]))
    write(archive, "2006-05-05", "half", body=" ".join([*words[:100], *(f"other{number}" for number in range(100))]))
    write(archive, "2006-05-05", "twin", body=" ".join(words).upper())


@pytest.mark.slow
def test_nearly_the_same_text_within_three_days_is_a_pair_and_counted_apart(told: Path) -> None:
    found = rows(told, "select release_id, near_release_id, similarity from near_twins where release_id like '2006-%'")
    pair = round(191 / (196 + 196 - 191), 4)
    late = round(186 / (196 + 196 - 186), 4)
    first, near, late_one, twin = (f"2006-05-{day}" for day in ("04-first", "07-near", "08-late", "05-twin"))
    assert sorted(found) == sorted([(first, near, pair), (twin, near, pair), (near, late_one, late),
                                    (twin, late_one, pair)])  # fmt: skip
    counted = "select count(*), count(distinct statement_id) from releases where year = 2006"
    assert rows(told, counted + " and is_canonical") == [(4, 2)]
    assert rows(
        told,
        "select release_count, text_count, linked_by from statements where year = 2006 order by all",
    ) == [(1, 1, None), (4, 3, "near_copy; same_text")]


@pytest.mark.parametrize(
    "count", [pytest.param(24, marks=pytest.mark.daily), pytest.param(1_200, marks=pytest.mark.slow)]
)
def test_of_many_texts_nearly_the_same_each_is_compared_with_the_next_20_and_that_is_reported(
    run: Refresh, archive: GitArchive, tmp_path: Path, count: int
) -> None:
    words = [f"word{number}" for number in range(300)]
    for number in range(count):
        write(archive, "2001-05-04", f"n{number:04}", body=" ".join([*words, f"other{number}"]))
    archive.commit()
    assert run(archive.path).release_count == 12 + count  # within the default memory limit
    ((pairs,),) = rows(tmp_path / "warehouse", "select count(*) from near_twins")
    assert 20 * (count - 20) + 190 <= pairs < 30 * count
    warnings = rows(tmp_path / "warehouse", "select kind, detail from meta.source_warning order by path")
    assert 0 < len(warnings) <= count - 21
    assert {kind for kind, _ in warnings} == {"similar_texts"}
    assert all(detail.startswith("compared with the next 20 of ") for _, detail in warnings)


@pytest.mark.parametrize(
    "count", [pytest.param(3, marks=pytest.mark.daily), pytest.param(1_500, marks=pytest.mark.slow)]
)
def test_many_releases_of_one_address_with_many_links_to_it_are_linked_to_the_right_one(
    run: Refresh, archive: GitArchive, tmp_path: Path, count: int
) -> None:
    address = "https://www.beehive.govt.nz/release/one"
    for number in range(count):
        body = f"Text {number}. " + f"[a]({address}) [b]({address}-) " * 30
        content = release_text("Title", "2001-05-04", "one", body=body)
        archive.write(release_path("2001-05-04", f"one-{number:04}"), content)
    archive.commit()
    run(archive.path)
    found = rows(
        tmp_path / "warehouse",
        "select release_id, target_release_id, found_by, count(*) from release_links "
        "where release_id like '2001-05-04-one-%' group by all order by all",
    )
    last, before = (f"2001-05-04-one-{count - back:04}" for back in (1, 2))
    assert found == [
        (release_id, before if release_id == last else last, found_by, 30)
        for release_id in (f"2001-05-04-one-{number:04}" for number in range(count))
        for found_by in ("address", "folded_address")
    ]


@pytest.mark.slow
def test_the_index_gives_exact_days_and_settles_shared_slugs_by_date(
    run: Refresh, archive: GitArchive, first_build: FirstBuild, tmp_path: Path
) -> None:
    first_build(tmp_path / "warehouse")  # without an index
    site = "https://www.beehive.govt.nz/release/"
    entries = [
        (site + "evening", "2017-11-09T23:18:39Z"),
        (site + "morning", "2017-11-10T03:00:52Z"),
        (site + "%E2%80%98k%C5%8Dura%E2%80%99", "2017-12-04T21:38:40Z"),
        (site + "k%C5%8Dura", "2017-12-05T02:49:27Z"),
        (site + "year-end", "2019-12-31T20:00:00Z"),
        (site + "before-the-change", "2016-03-04T15:00:00Z"),
        (site + "elsewhere", "2018-05-04T15:00:00Z"),
        (site + "undecided", "2018-05-04T01:00:00Z"),
        (site + "undecide%CC%81d", "2018-05-04T02:00:00Z"),
        (site + "twice", "2018-06-04T02:00:00Z"),
        (site + "twice/", "2018-06-04T01:00:00Z"),
        (site + "alpha", "2018-07-05T01:00:00Z"),
        (site.replace("release", "speech") + "beta", "2018-08-05T01:00:00Z"),
    ]
    index = tmp_path / "index.json"
    index.write_text(json.dumps({"releases": {"all": [{"url": u, "date": d} for u, d in entries]}}), encoding="utf-8")
    for date, slug in (
        ("2017-11-09", "evening"), ("2017-11-10", "morning"), ("2017-12-04", "koura"), ("2017-12-05", "koura"),
        ("2019-12-31", "year-end"), ("2016-03-04", "before-the-change"), ("2018-06-04", "elsewhere"),
        ("2018-05-04", "undecided"), ("2018-05-05", "not-there"), ("2018-06-03", "twice"), ("2018-07-04", "alpha"),
        ("0001-01-01", "alpha"), ("2018-08-05", "beta"),
    ):  # fmt: skip
        write(archive, date, slug)
    archive.commit()
    assert run(archive.path, index=str(index), allow=["texts_lost"]).status == "published"  # they are all alike
    assert run(archive.path, index=str(index)).status == "nothing_new"
    found = rows(
        tmp_path / "warehouse",
        "select published_date::varchar, nz_date::varchar, date_basis, published_at::varchar, year "
        "from releases where published_date > '2015-01-01' order by published_date",
    )
    assert found == [
        ("2016-03-04", "2016-03-04", "exact", "2016-03-04 02:00:00", 2016),
        ("2017-11-09", "2017-11-10", "exact", "2017-11-09 23:18:39", 2017),
        ("2017-11-10", "2017-11-10", "exact", "2017-11-10 03:00:52", 2017),
        ("2017-12-04", "2017-12-05", "exact", "2017-12-04 21:38:40", 2017),
        ("2017-12-05", "2017-12-05", "exact", "2017-12-05 02:49:27", 2017),
        ("2018-05-04", "2018-05-04", "utc_day", None, 2018),
        ("2018-05-05", "2018-05-05", "utc_day", None, 2018),
        ("2018-06-03", "2018-06-04", "exact", "2018-06-04 01:00:00", 2018),
        ("2018-06-04", "2018-06-04", "utc_day", None, 2018),
        ("2018-07-04", "2018-07-05", "exact", "2018-07-05 01:00:00", 2018),
        ("2018-08-05", "2018-08-05", "utc_day", None, 2018),
        ("2019-12-31", "2020-01-01", "exact", "2019-12-31 20:00:00", 2020),
    ]
    index.write_text('[{"url": "https://x/a"}, {"url": "https://x/a"}]', encoding="utf-8")
    assert run(archive.path, index=str(index), allow=["exact_days_lost"]).status == "published"
    assert rows(tmp_path / "warehouse", "select path, kind from meta.source_warning") == [(str(index), "index_entry")]
    assert rows(tmp_path / "warehouse", "select count(*) from releases where date_basis = 'exact'") == [(0,)]


STATED_DAYS = [  # all printed under Sunday, 30 July 2023
    ("It starts today, Monday 31 July.", 31),
    ("It starts *tomorrow* (1 August 2023).", 31),
    ("It started yesterday, Sunday 30 July.", 31),
    ("It starts tomorrow (Tuesday), at noon.", 31),
    ("Today, July 31 is a day of thanks.", 31),
    ("31 July 2023\n\nIt starts.", 31),
    ("It starts this morning (30 July).", 30),
    ("It starts today, 31\xa0July.", 31),
    ("It starts today (Monday 31).", 31),
    ("It starts today (31/7).", 31),
    ("It starts today, Tuesday 31 July.", None),  # a wrong weekday
    ("It was in *Bay Today 31 July 2023*.", None),  # a newspaper
    ("It starts today, 31 July. It ended today (30 July).", None),
    ("It starts on Monday 31 July.", None),
    ("It starts today and Tuesday, in town.", None),
    ("30 July 2023\n\nIt starts.", None),  # a text can be dated before it is published
]


@scenario
def write_stated_days(archive: GitArchive) -> None:
    for number, (body, _) in enumerate(STATED_DAYS):
        write(archive, "2023-07-30", f"n{number:02}", body=body)
    write(archive, "2023-07-30", "abroad", body="They met today (30 July).", portfolios=("Foreign Affairs",))
    write(archive, "2016-07-30", "local", body="It starts today, 31 July.")
    attached = "attachments:\n  - https://a.nz/files/20230731%20Plan.pdf\n---\n\nA plan"
    archive.write(
        release_path("2023-07-30", "file"), release_text("A file", "2023-07-30").replace("---\n\nA body", attached)
    )


@pytest.mark.slow
def test_a_release_that_states_its_day_settles_what_a_utc_day_leaves_open(told: Path) -> None:
    found = rows(
        told,
        "select date_basis, day(nz_date), latest_nz_date - earliest_nz_date from releases "
        "where release_id like '2023-07-30-n%' order by release_id",
    )
    assert found == [("stated", day, 0) if day else ("utc_day", 30, 1) for _, day in STATED_DAYS]
    others = "select date_basis from releases where title in ('abroad', 'local', 'A file') order by lower(title)"
    assert rows(told, others) == [("stated",), ("utc_day",), ("disputed",)]


CONTRADICTIONS = [  # all printed under Sunday, 14 October 2001: the text, the other day that it states, and its words
    ("14 November 2001Media Statement\n\nLegislation is expected.", "2001-11-14", "14 November 2001"),
    ("Monday, 15 October 2001 Media Statement\n\nIt starts.", "2001-10-15", "15 October 2001"),
    ("It starts today (Monday, 15 October).", "2001-10-15", "today (Monday, 15 October)"),
    ("It starts tomorrow (Sunday).", "2001-10-13", "tomorrow (Sunday)"),
    ("It started yesterday (2/10/01).", "2001-10-03", "yesterday (2/10/01)"),
    (
        "14 October 2001\n\nEMBARGOED UNTIL MONDAY\n15 OCTOBER\n\nIt is.",
        "2001-10-15",
        "EMBARGOED UNTIL MONDAY 15 OCTOBER",
    ),
    ("Embargoed to Sunday 14 October 2002\n\nIt starts.", None, None),  # a Monday
    ("Embargoed to Monday 14 October 2002\n\nIt starts.", "2002-10-14", "Embargoed to Monday 14 October 2002"),
    ("13 October 2001Media Statement\n\nEmbargoed to 1am, Sunday\n\nIt starts.", None, None),
    ("14 October 2001\n\nEmbargoed to 1am, Monday\n\nIt starts.", None, None),
    ("14 November 2001 is a holiday.", None, None),
    ("Tuesday, 16 October 2001\n2.30 pm\n\nA meeting", None, None),
    ("IN CONFIDENCE\n\n12 October 2001\n\nA paper", None, None),
    ("They met today (Saturday, US time).", None, None),
    ("They met today (13 October US time).", None, None),
    ("It starts today, 14 October. It ended today (13 October).", None, None),
]


@scenario
def write_contradictions(archive: GitArchive) -> None:
    for number, (body, _, _) in enumerate(CONTRADICTIONS):
        write(archive, "2001-10-14", f"n{number:02}", body=body)
    write(archive, "2001-10-14", "trade", body="They met today (13 October).", portfolios=("Trade",))


@pytest.mark.slow
def test_a_text_that_states_another_day_is_flagged_and_the_printed_day_kept(told: Path) -> None:
    found = rows(
        told,
        "select right(release_id, 3), nz_date::varchar, stated_date::varchar, stated_words, date_basis, "
        "[earliest_nz_date, latest_nz_date]::varchar = list_sort([nz_date, stated_date])::varchar "
        "from doubtful_dates join releases using (release_id, nz_date, date_basis) "
        "where release_id like '2001-10-14-%' order by release_id",
    )
    assert found == [
        (f"n{number:02}", "2001-10-14", day, words, "disputed", True)
        for number, (_, day, words) in enumerate(CONTRADICTIONS)
        if day
    ]


@pytest.mark.slow
def test_a_new_name_goes_in_at_once_and_the_gate_refuses_only_where_it_is_set(
    run: Refresh, archive: GitArchive, tmp_path: Path
) -> None:
    write(archive, "2026-11-01", "new", ministers=("Hon Zeb Quux",), portfolios=("Tidal Gardens",))
    write(archive, "2026-11-02", "typo", ministers=("Winstone Peters",), portfolios=("Associate Health",))
    archive.commit()
    outcome = run(archive.path)
    assert (outcome.status, outcome.names_to_review) == ("published", 3)
    found = rows(
        tmp_path / "warehouse",
        "select name_kind, printed_as, member_id, nearest_id, credited_with, example_release_id, "
        "first_seen_at is not null from meta.name_review order by all",
    )
    assert found == [
        ("minister", "Hon Zeb Quux", "zeb-quux", None, "Tidal Gardens", "2026-11-01-new", True),
        ("minister", "Winstone Peters", "winstone-peters", "winston-peters", "Health", "2026-11-02-typo", True),
        ("portfolio", "Tidal Gardens", "tidal-gardens", None, "Zeb Quux", "2026-11-01-new", True),
    ]
    assert run(archive.path, rebuild=True, review_within_days=1).status == "published"
    time.sleep(1)  # the archive gave them their time of coming in whole seconds
    with pytest.raises(Refused, match="3 names have awaited review for more than 1e-05 days"):
        run(archive.path, rebuild=True, review_within_days=0.00001)
    assert rows(tmp_path / "warehouse", "select count(*) from names_to_review") == [(3,)]


@scenario
def write_repeated_names(archive: GitArchive) -> None:
    ministers = ("Hon Phil Goff", "Annette King", "Phil Goff", "No Minister")
    portfolios = ("Health", "Foreign Affairs and Trade", "Associate Health")
    archive.write(release_path("2003-05-01", "all"), release_text("All", "2003-05-01", "all", ministers, portfolios))


@pytest.mark.slow
def test_a_release_names_each_person_and_portfolio_once_in_printed_order(told: Path) -> None:
    asked = "select ministers, minister_count, portfolios, portfolio_count from releases where title = 'All'"
    assert rows(told, asked) == [("Phil Goff; Annette King", 2, "Health; Foreign Affairs and Trade", 2)]


@scenario
def write_parties(archive: GitArchive) -> None:
    for date in ("2002-07-26", "2002-07-27"):
        write(archive, date, "anderton", ministers=("Jim Anderton",))
    write(archive, "2003-05-05", "new", ministers=("Zeb Quux",))


@pytest.mark.slow
def test_a_credit_counts_for_the_party_that_the_person_was_in_on_that_day(told: Path) -> None:
    of = "from release_ministers where title in ('anderton', 'new')"
    sql = f"select nz_date::varchar, party_name, gender {of} order by nz_date"
    assert rows(told, sql) == [
        ("2002-07-26", "Alliance", "male"),
        ("2002-07-27", "Progressive", "male"),
        ("2003-05-05", "(unknown)", "(unknown)"),
    ]
    sql = "select parties from core.dim_government where government_id = 'sixth-labour'"
    assert rows(told, sql) == [
        ("Labour; coalition: NZ First 2017-2020; support: Green 2017-2020; cooperation: Green 2020-2023",)
    ]


TITLED = {
    "short": ("2003-05-05", "Jim Sutton", "Health", "Trade Minister Jim Sutton and Racing Minister Helen Clark"),
    "listed": ("2007-05-05", "Phil Goff", "Trade", "Acting Foreign Affairs and Trade Minister Phil Goff said"),
    "unclear": ("2003-05-06", "Paul Swain", "Health", "Building Minister Paul Swain said"),
    "of-a-tag": ("2003-05-07", "Ruth Dyson", "Housing", "Ruth Dyson, Associate Minister of Housing, said"),
    "not-in-office": ("2003-05-08", "Helen Clark", "Health", "Health Minister Jenny Shipley, then Prime Minister"),
}  # fmt: skip


@scenario
def write_printed_titles(archive: GitArchive) -> None:
    in_use = {
        "2003-05": ("Jim Sutton", ("Trade Negotiations",)),
        "2003-06": ("Paul Swain", ("Building Issues", "Building and Construction")),
        "2007-05": ("Phil Goff", ("Foreign Affairs", "Trade")),
    }
    for month, (minister, portfolios) in in_use.items():
        for day in range(1, 4):  # three tags show that a portfolio is in use
            write(archive, f"{month}-0{day}", f"day-{day}", ministers=(minister,), portfolios=portfolios)
    for slug, (date, minister, portfolio, body) in TITLED.items():
        write(archive, date, slug, ministers=(minister,), portfolios=(portfolio,), body=body)


@pytest.mark.slow
def test_a_printed_title_is_the_portfolio_in_use_on_that_day(told: Path) -> None:
    of = f"title in {tuple(TITLED)}"
    sql = f"select title, minister_id, portfolio_id, role, printed_form from printed_titles where {of} "
    sql += "order by nz_date, 3"
    assert rows(told, sql) == [
        ("short", "helen-clark", "racing", "minister", "Racing Minister"),
        ("short", "jim-sutton", "trade-negotiations", "minister", "Trade Minister"),
        ("of-a-tag", "ruth-dyson", "housing", "associate", "Associate Minister of Housing"),
        ("not-in-office", "jenny-shipley", "prime-minister", "former", "then Prime Minister"),
        ("listed", "phil-goff", "foreign-affairs", "acting", "Acting Foreign Affairs and Trade Minister"),
        ("listed", "phil-goff", "trade", "acting", "Acting Foreign Affairs and Trade Minister"),
    ]
    sql = f"select title, tag_role, tag_role_method from release_portfolios where tag_role <> 'minister' and {of} "
    sql += "order by title"
    assert rows(told, sql) == [("listed", "acting", "text"), ("of-a-tag", "associate", "text")]
