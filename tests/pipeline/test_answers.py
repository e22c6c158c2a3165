"""What the macros answer, on the sample that ships with the project."""

from flows.settings import Settings
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
    for who in ("phil-goff", "Phil Goff", "PHIL GOFF", "Phīl Goff"):
        said = rows(sample.warehouse, f"select release_id, passage, is_direct, is_credited from said_by('{who}')")
        ours = [row[1:] for row in said if row[0] == SEED]
        assert [(passage[:16], direct, credited) for passage, direct, credited in ours] == [
            ("“Membership rein", True, False), ("“New Zealand and", True, False),
        ]  # fmt: skip
        assert all(passage.endswith("Phil Goff said.") for passage, _, _ in ours)
    assert rows(sample.warehouse, "from said_by('nobody at all')") == []
