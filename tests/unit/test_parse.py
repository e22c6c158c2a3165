"""The strict reader: what is printed comes back as printed, or the file is set aside with a reason."""

import itertools
import subprocess
import sys
from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from flows.extract.model import ArchiveFile
from flows.normalise.seeds import read_seeds
from flows.parse.release import (
    HAS_LIBYAML,
    MAX_AMOUNTS,
    MAX_ITEM,
    MAX_LINES,
    MAX_LINKS,
    MAX_WORDS,
    Rejection,
    Release,
    parse,
    reject_too_large,
)
from flows.paths import SEEDS
from tests.conftest import release_text

GOOD = release_text()


def read(text: str | bytes) -> Release | Rejection:
    return parse("releases/x.md", "blob", text.encode() if isinstance(text, str) else text)


def release(text: str | bytes) -> Release:
    found = read(text)
    assert isinstance(found, Release), found
    return found


def reason(text: str | bytes) -> str:
    found = read(text)
    assert isinstance(found, Rejection), found
    assert found.message
    return found.reason


def test_libyaml_is_there() -> None:
    assert HAS_LIBYAML


def test_a_release_reads_as_printed() -> None:
    found = release(GOOD)
    assert (found.title, found.printed_date, found.url) == (
        "A title",
        date(2003, 6, 17),
        "https://www.beehive.govt.nz/release/a-title",
    )
    assert (found.ministers, found.portfolios, found.attachments) == (["Helen Clark"], ["Health"], None)
    assert (found.body, found.has_body, found.unknown_keys) == ("A body.", True, [])


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        ("Māori Crown Relations: Te Arawhiti", "Māori Crown Relations: Te Arawhiti"),
        ("[From a speech on 31 October 2001]", "[From a speech on 31 October 2001]"),
        ("No", "No"),
        ("yes", "yes"),
        ("null", "null"),
        ("~", "~"),
        ("2017", "2017"),
        ("1e3", "1e3"),
        ("0x1F", "0x1F"),
        ("2017-05-25", "2017-05-25"),
        ("12:30", "12:30"),
        ("Damien O'Connor", "Damien O'Connor"),
        ("Veterans’ Affairs", "Veterans’ Affairs"),
        ("A & B", "A & B"),
        ('"quoted: text"', "quoted: text"),
        ("'it''s'", "it's"),
        ("America's Cup", "America's Cup"),
    ],
)
def test_a_list_item_is_the_text_that_is_printed(printed: str, kept: str) -> None:
    assert release(release_text(portfolios=(printed,))).portfolios == [kept]


NAMES = st.text(st.sampled_from("abcXYZāōé' .,-:&()0123456789"), min_size=1, max_size=30).map(str.strip).filter(bool)


@given(st.lists(NAMES, min_size=1, max_size=4))
def test_quoted_items_come_back_unchanged(names: list[str]) -> None:
    quoted = tuple(yaml.safe_dump(name, default_style='"', allow_unicode=True, width=1000).strip() for name in names)
    assert release(release_text(ministers=quoted)).ministers == names


@given(NAMES)
def test_an_unquoted_item_comes_back_or_is_set_aside_with_a_reason(name: str) -> None:
    found = read(release_text(ministers=(name,)))
    if isinstance(found, Release):
        assert found.ministers is not None
        # YAML's own marks apart (a trailing colon, a quote around all), the letters are those printed
        letters = [c for c in "".join(found.ministers) if c.isalnum()]
        assert letters == [c for c in name if c.isalnum()]


@given(st.binary(max_size=300))
def test_any_bytes_give_a_release_or_a_reason(content: bytes) -> None:
    assert isinstance(read(content), Release | Rejection)


@given(st.text(max_size=200), st.integers(0, len(GOOD)), st.integers(0, 40))
def test_any_change_of_a_good_file_gives_a_release_or_a_reason(inserted: str, at: int, cut: int) -> None:
    changed = GOOD[:at] + inserted + GOOD[at + cut :]
    assert isinstance(read(changed.encode("utf-8", "surrogatepass")), Release | Rejection)


REJECTED = {
    "bad_date": GOOD.replace("2003-06-17", "2012-02-30"),
    "bad_url": GOOD.replace("https:", "javascript:"),
    "bad_yaml": GOOD.replace("ministers:", "ministers"),
    "duplicate_key": GOOD.replace("date:", "date: 2001-01-01\ndate:"),
    "empty_value": GOOD.replace("  - Helen Clark", "  -"),
    "front_matter_too_long": GOOD.replace("A title", "A" * 300_000),
    "missing_key": GOOD.replace("date: 2003-06-17\n", ""),
    "no_front_matter": "Only text.",
    "not_utf8": GOOD.encode() + b"\xff",
    "text_too_long": GOOD + "$1 " * 5_000,
    "too_deep": GOOD.replace("Helen Clark", "[[[[[[deep]]]]]]"),
    "wrong_type": GOOD.replace('"A title"', "[a, b]"),
    "yaml_reference": GOOD.replace("  - Helen Clark", "  - &a x\n  - *a"),
}


@pytest.mark.parametrize("code", REJECTED)
def test_each_rule_has_its_reason(code: str) -> None:
    assert reason(REJECTED[code]) == code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (GOOD + "$1 " * MAX_AMOUNTS, None),
        (GOOD + "$1£1€1" * (MAX_AMOUNTS // 3 + 1), "text_too_long"),
        (GOOD + "&#36;1" * (MAX_AMOUNTS + 1), "text_too_long"),
        (GOOD + "[](a)" * MAX_LINKS, None),
        (GOOD + "[](a)" * (MAX_LINKS + 1), "text_too_long"),
        (GOOD + "a " * (MAX_WORDS - 1_000), None),
        (GOOD + "a " * (MAX_WORDS + 1), "text_too_long"),
        (GOOD + "a" * MAX_WORDS * 10, None),
        (GOOD + "x" + "\n" * (MAX_LINES + 1) + "x", "text_too_long"),
        (GOOD.replace("A title", "A" * (MAX_ITEM + 1)), "front_matter_too_long"),
        (GOOD.replace("https://", "https://" + "a" * MAX_ITEM), "front_matter_too_long"),
        (GOOD.replace("ministers:", "".join(f"k{number}:\n" for number in range(201)) + "ministers:"),
         "front_matter_too_long"),
        (GOOD.replace("2003-06-17", "2" * 100_000), "front_matter_too_long"),
    ],
    ids=itertools.count(),
)  # fmt: skip
def test_what_makes_rows_is_limited(content: str, code: str | None) -> None:
    found = read(content)
    assert (found.reason if isinstance(found, Rejection) else None) == code
    if isinstance(found, Rejection):
        assert len(found.message) < 600


def test_the_reasons_are_those_of_the_seed() -> None:
    seed = read_seeds(SEEDS)["reasons"]
    quarantined = set(seed.filter(seed["fate"] == "quarantined")["reason"])
    elsewhere = {"duplicate_id", "too_large"}  # decided by staging and by the size alone
    assert set(REJECTED) == quarantined - elsewhere
    large = reject_too_large(ArchiveFile("releases/x.md", "blob", 5_000_000))
    assert large.reason == "too_large"
    assert "5,000,000" in large.message


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (GOOD.replace("2003-06-17", "17 June 2003"), "bad_date"),
        (GOOD.replace("2003-06-17", "2003-6-17"), "bad_date"),
        (GOOD.replace("2003-06-17", "٢٠٠٣-٠٦-١٧"), "bad_date"),
        (GOOD.replace("2003-06-17", "2003-06-17T10:00:00"), "bad_date"),
        (GOOD.replace("date: 2003-06-17", "date:"), "empty_value"),
        (GOOD.replace("\n---\n", "\n"), "no_front_matter"),
        ("\n" + GOOD, "no_front_matter"),
        ("", "no_front_matter"),
        ("---\n---\n", "no_front_matter"),
        (GOOD.replace("ministers:\n  - Helen Clark", "ministers: Helen Clark"), "wrong_type"),
        (GOOD.replace("ministers:\n  - Helen Clark", "ministers:\n  a: b"), "wrong_type"),
    ],
)
def test_what_is_not_a_release_is_set_aside(text: str, code: str) -> None:
    assert reason(text) == code


def test_what_looks_odd_is_still_a_release() -> None:
    assert release("\ufeff" + GOOD).title == "A title"
    assert release(GOOD.replace("\n", "\r\n")).ministers == ["Helen Clark"]
    assert release(GOOD.replace('"A title"', '""')).title == ""
    assert release(GOOD.replace("2003-06-17", "0001-01-01")).printed_date == date(1, 1, 1)
    assert release(GOOD.replace("A body.", "")).has_body is False
    assert release(GOOD.replace("A body.", "One\n\n---\n\nTwo")).body == "One\n\n---\n\nTwo"
    assert release(GOOD.replace("A body.", "a\x00b\u2028c\x0c")).body == "a\x00b\u2028c"
    assert release(release_text(ministers=())).ministers is None
    assert release(GOOD.replace("ministers:", "region: Otago\nministers:")).unknown_keys == ["region"]
    assert release(GOOD.replace("A title", 'A \\"quoted\\" title: 1')).title == 'A "quoted" title: 1'


@pytest.mark.parametrize(
    ("body", "links"),
    [
        ('see [this](https://a/b) and [that](/c "title")', [("this", "https://a/b"), ("that", "/c")]),
        ("![image](/x.png) [empty]() [](https://a)", [("empty", ""), ("", "https://a")]),
        (r"[**\[From a speech\]**](http://a/minister/b)", [("[From a speech]", "http://a/minister/b")]),
        ("[angle](<https://a/b>)", [("angle", "https://a/b")]),
        ("no link [here] (there)", []),
    ],
)
def test_links_are_found_and_images_are_not(body: str, links: list[tuple[str, str]]) -> None:
    assert [(link["text"], link["url"]) for link in release(release_text(body=body)).links] == links


_DEEP = """
import sys
from flows.parse.release import Rejection, parse
for front_matter in ("t: " + "[" * 90_000, "- " * 90_000, "? " * 90_000, "t: " + "{a: " * 40_000, "- ? " * 40_000,
                     "\\n".join(" " * i + "a:" for i in range(600)), "t: !!python/object:os.system [" * 3):
    found = parse("p", "b", f"---\\n{front_matter}\\n---\\n".encode())
    assert isinstance(found, Rejection), front_matter[:20]
    print(found.reason)
"""


def test_no_nesting_brings_the_interpreter_down() -> None:
    done = subprocess.run([sys.executable, "-c", _DEEP], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    assert set(done.stdout.split()) <= {"too_deep", "bad_yaml"}
