"""Which release a link leads to, in every form of an address that the archive prints."""

from pathlib import Path

import pytest

from tests.conftest import GitArchive, Twelve, release_path, release_text
from tests.pipeline.faults import runs
from tests.pipeline.test_refresh import rows

SITE = "https://www.beehive.govt.nz"
CITING = "2020-05-01-citing"
# Releases there are: date, slug of the file, slug of the address.
RELEASES = (
    ("2019-02-03", "100-maori-landowners", None),
    ("2018-06-12", "new-scholarship-launched", None),
    ("2005-05-19", "23098", None),
    ("2018-01-01", "shared-0", "shared"),
    ("2019-01-01", "shared", None),
    ("2021-01-01", "shared-1", "shared"),
    ("2016-01-01", "plan-for-roads", None),
    ("2017-01-01", "plan-roads", None),
    ("2019-03-07", "workplace-responses--marking-womens-day", None),
)


def write(archive: GitArchive, date: str, slug: str, address: str, body: str) -> None:
    text = release_text(slug, date, slug, body=body)
    archive.write(release_path(date, slug), text.replace(f"/release/{slug}", f"/release/{address}"))


SCHOLARSHIP = "2018-06-12-new-scholarship-launched"
WOMENS_DAY = "2019-03-07-workplace-responses--marking-womens-day"
LINKS = [
    (f"{SITE}/release/new-scholarship-launched", SCHOLARSHIP, "address", None),
    ("http://beehive.govt.nz/release/new-scholarship-launched/", SCHOLARSHIP, "address", None),
    ("HTTP://Beehive.govt.nz/release/new-scholarship-launched?a=b#c", SCHOLARSHIP, "address", None),
    ("/release/new-scholarship-launched", SCHOLARSHIP, "address", None),
    ("www.beehive.govt.nz/release/new-scholarship-launched", SCHOLARSHIP, "address", None),
    ("/release/the+new+scholarship+is+launched", SCHOLARSHIP, "folded_address", None),
    ("/release/new-scholarship%20launched", SCHOLARSHIP, "folded_address", None),
    (f"{SITE}/release/100-m%C4%81ori-landowners", "2019-02-03-100-maori-landowners", "folded_address", None),
    (f"{SITE}/release/workplace-responses-%E2%80%93-marking-women%E2%80%99s-day",
     WOMENS_DAY, "folded_address", None),
    ("/release/workplace+responses+marking+women039s+day", WOMENS_DAY, "folded_address", None),
    ("https://aus01.safelinks.protection.outlook.com/"
     "?url=https%3A%2F%2Fwww.beehive.govt.nz%2Frelease%2Fnew-scholarship-launched&data=02",
     SCHOLARSHIP, "address", None),
    ("http://www.beehive.govt.nz/?q=node%2F23098", "2005-05-19-23098", "number", None),
    ("http://www.beehive.govt.nz/node/23098", "2005-05-19-23098", "number", None),
    ("http://www.beehive.govt.nz/ViewDocument.aspx?DocumentID=23098", "2005-05-19-23098", "number", None),
    (f"{SITE}/release/23098", "2005-05-19-23098", "address", None),
    ("http://www.beehive.govt.nz/node/99999", None, None, "not_in_archive"),
    (f"{SITE}/release/shared", "2019-01-01-shared", "address", None),  # the latest that is not later
    (f"{SITE}/release/plan-for-roads", "2016-01-01-plan-for-roads", "address", None),
    (f"{SITE}/release/a-plan-for-roads", None, None, "ambiguous"),
    (f"{SITE}/release/citing", CITING, "address", None),  # to itself, as it is printed
    (f"{SITE}/release/never-was", None, None, "not_in_archive"),
    (f"{SITE}/speech/new-scholarship-launched", None, None, "not_in_archive"),
    (f"{SITE}/budget/home.cfm", None, None, "not_a_release"),
    ("http://www.mfe.govt.nz/release/new-scholarship-launched", None, None, "not_a_release"),
    ("http://notbeehive.govt.nz/release/new-scholarship-launched", None, None, "not_a_release"),
]  # fmt: skip


KINDS = {
    "http://www.MfE.govt.nz:80/a": ("outside", "mfe.govt.nz"),
    "https://user@stats.govt.nz./b": ("outside", "stats.govt.nz"),
    "www.consumer.org.nz": ("outside", "consumer.org.nz"),
    "//www.maf.govt.nz/c": ("outside", "maf.govt.nz"),
    "/sites/default/files/a.jpg": ("file", None),
    "http://www.beehive.govt.nz/parker/letter.pdf": ("file", "beehive.govt.nz"),
    "http://www.executive.govt.nz/minister/x/index.html": ("page", "executive.govt.nz"),
    "mailto:a@b.nz": ("mail", None),
    "a@b.govt.nz": ("mail", None),
    "tel:0800": ("phone", None),
    "#top": ("anchor", None),
    "http://www.beehive.govt.nz/release/harbour+plan#_ftnref1": ("anchor", "beehive.govt.nz"),
    "": ("empty", None),
    "http:": ("broken", None),
    "Plan": ("broken", None),
    "///C:/Users/a": ("broken", None),
    "http://%20http//a": ("broken", None),
}
ODD = [
    "https://a.nz/%ff", "https://a%ff.nz/x", "/release/%ff", f"{SITE}/release/%ff?q=%ff",
    "https://nz01.safelinks.protection.outlook.com/?url=%ff",
]  # fmt: skip


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse of three releases with these links, and of what they lead to."""
    folder = tmp_path_factory.mktemp("links")
    archive = Twelve(folder).copy()
    for date, slug, address in RELEASES:
        write(archive, date, slug, address or slug, f"The text of {slug}.")
    write(archive, "2020-05-01", "citing", "citing", " ".join(f"[x]({url})" for url, *_ in LINKS))
    write(archive, "2020-05-03", "kinds", "kinds", " ".join(f"[x]({url})" for url in KINDS))
    text = release_text("Odd", "2020-05-02", "odd", body="\n\n".join(f"[link]({link})" for link in ODD))
    attachments = "attachments:\n  - https://a.nz/f%ff.pdf\n  - https://a.nz/f%20g.pdf\n"
    archive.write(release_path("2020-05-02", "odd"), text.replace("ministers:", f"{attachments}ministers:", 1))
    archive.commit()
    runs(archive.path, folder / "warehouse")
    return folder / "warehouse"


@pytest.mark.daily
def test_where_a_link_leads(linked: Path) -> None:
    found = rows(
        linked,
        "select link_url, target_release_id, found_by, unresolved_reason from release_links "
        f"where release_id = '{CITING}' order by link_position",
    )
    assert found == LINKS


@pytest.mark.slow
def test_what_kind_a_link_is(linked: Path) -> None:
    found = rows(
        linked,
        "select url, link_kind, domain from core.release_link where release_id = '2020-05-03-kinds' order by position",
    )
    assert {url: (kind, domain) for url, kind, domain in found} == KINDS


@pytest.mark.slow
def test_addresses_that_decode_to_no_text_are_kept_as_printed(linked: Path) -> None:
    assert rows(linked, "select quarantined_count from build_info") == [(0,)]
    kept = rows(linked, "select link_url, target_release_id from release_links where release_id = '2020-05-02-odd'")
    assert kept == [(link, None) for link in ODD]
    named = (
        "select file_name, file_type from attachments where release_id = '2020-05-02-odd' order by attachment_position"
    )
    assert rows(linked, named) == [("f%ff.pdf", "pdf"), ("f g.pdf", "pdf")]
