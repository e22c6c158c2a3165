"""Invariants of reading: every content gives a release or a known reason, in time that grows with its length, and
what a YAML writer wrote comes back as it was written."""

import json
import re
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from flows.normalise.seeds import read_seeds
from flows.parse.batches import make_batch
from flows.parse.release import Rejection, Release, parse
from flows.parse.text import clean, clean_simply, find_opening_date, keep_words, make_text_key
from flows.paths import SEEDS
from tests.conftest import examples, release_text, words
from tests.shapes import LARGE, NOTICED, SHAPES, SLOWEST, Shape, grows_too_fast, measure

GOOD = release_text(ministers=("Helen Clark", "Jim Sutton"), body="17 June 2003\n\nA [link](https://a/b) â€™ \\* &amp;")
LINES = GOOD.split("\n")
REASONS = set(read_seeds(SEEDS)["reasons"]["reason"])
MANY = settings(max_examples=examples(300), deadline=timedelta(seconds=5), suppress_health_check=[HealthCheck.too_slow])

# Every shape that YAML gives a meaning to, and what its writers and readers have stumbled on.
LOOKALIKES = (
    "null", "~", "yes", "No", "ON", "true", "1e3", "0x1F", "0o14", "012", "1_000", "-1", "+.5", "12:30:45", ".inf",
    ".NaN", "2003-06-17", "2001-12-14t21:59:43.10-05:00", "=", "<<", "a: b", "a:", ": a", "a #b", "#b", "- a", "-",
    "--", "? a", "&a", "*a", "!t", "|", ">", "%TAG", "@a", "`a", "'", '"', "''", "'a' \"b\"", "[a", "{a: b}", "]",
    ",", "a, b", "---", "...", "--- a", "\\", "\\n", " leading", "trailing ", "\ttab", "a\tb", "a\nb", "a\n\nb",
    "\na", "a\n", "a\n---\nb", "a\r\nb", "\x00", "\x1b[31m", "\x7f", "\x85", "\xa0", "a\xa0", "\u2028", "a\u2029b",
    "\ufeff", "\ufeffa", "!!str a", "\ufffe", "\ud7ff", "\U0001f600", "Māori", "Ma\u0304ori", "أحمد", "\u202eabc",
    "x" * 200, "a " * 100,
)  # fmt: skip
TEXT = st.one_of(
    st.sampled_from(LOOKALIKES),
    st.text(max_size=30),
    st.text(st.sampled_from("abā1 .,:;#-?!&*|>%@`'\"[]{}\\\n\t~=<"), max_size=20),
)
ITEMS = st.none() | st.lists(TEXT, max_size=4)
BODY = st.text(max_size=120) | st.lists(TEXT, max_size=6).map("\n".join)


def read(content: str | bytes) -> Release | Rejection:
    """What is read, once it is sure that it is read so again, can be stored, and gives a reason where it must."""
    content = content.encode() if isinstance(content, str) else content
    found = parse("releases/x.md", "blob", content)
    assert isinstance(found, Release | Rejection)
    assert found == parse("releases/x.md", "blob", content)
    json.dumps(asdict(found), default=str, ensure_ascii=False).encode()  # raises on half a surrogate pair
    assert len(make_batch([found])) == 1
    if isinstance(found, Rejection):
        assert found.reason in REASONS
        assert found.message.strip()
        assert found.message.isprintable(), found.message
    return found


# ------------------------------------------------------------------------------------------ any content


@MANY
@given(st.binary(max_size=2_000))
def test_any_bytes_are_accounted_for(content: bytes) -> None:
    read(content)


@MANY
@given(st.binary(max_size=400), st.integers(0, 4))
def test_any_bytes_inside_a_good_release_are_accounted_for(content: bytes, place: int) -> None:
    title, line, item, value, body = (content if place == number else b"" for number in range(5))
    read(
        b'---\ntitle: "' + title + b'"\ndate: 2003-06-17\nurl: https://a' + value + b"\n" + line
        + b"\nministers:\n  - a" + item + b"\n---\n\n" + body
    )  # fmt: skip


FRAGMENTS = st.text(max_size=8) | st.sampled_from(
    ["", " ", "  ", "\t", "-", "- ", "? ", ": ", ":", "---", "...", "&a ", "*a", "!!binary ", "!!python/object:a.b ",
     "!x", "|", ">-", "[", "]", "{", "}", '"', "'", "\\", "#", "%YAML 1.1", "<<: ", "\x00", "\x85", "\u2028", "\ufeff",
     "\r", "\xa0", "ā", "]("]
)  # fmt: skip
MUTATION = st.one_of(
    st.tuples(st.just("drop"), st.integers(0, 99), st.just(""), st.just(0)),
    st.tuples(st.just("repeat"), st.integers(0, 99), st.just(""), st.integers(1, 3)),
    st.tuples(st.just("swap"), st.integers(0, 99), st.just(""), st.integers(0, 99)),
    st.tuples(st.just("indent"), st.integers(0, 99), st.just(""), st.integers(1, 9)),
    st.tuples(st.just("line"), st.integers(0, 99), FRAGMENTS, st.just(0)),
    st.tuples(st.just("insert"), st.integers(0, 99), FRAGMENTS, st.integers(0, 40)),
    st.tuples(st.just("cut"), st.integers(0, 99), st.just(""), st.integers(0, 40)),
)


def mutated(lines: list[str], mutations: list[tuple[str, int, str, int]]) -> str:
    for kind, where, fragment, number in mutations:
        at = where % len(lines)
        line = lines[at]
        match kind:
            case "drop":
                lines = lines[:at] + lines[at + 1 :] or [""]
            case "repeat":
                lines = lines[:at] + [line] * (number + 1) + lines[at + 1 :]
            case "swap":
                other = number % len(lines)
                lines[at], lines[other] = lines[other], line
            case "indent":
                lines[at] = " " * number + line.lstrip()
            case "line":
                lines = [*lines[:at], fragment, *lines[at:]]
            case "insert":
                lines[at] = line[:number] + fragment + line[number:]
            case "cut":
                lines[at] = line[:number]
    return "\n".join(lines)


@settings(MANY, max_examples=examples(600))
@given(st.lists(MUTATION, min_size=1, max_size=4), st.sampled_from(["\n", "\r\n", "\r"]))
def test_a_good_release_changed_in_any_way_is_accounted_for(
    mutations: list[tuple[str, int, str, int]], line_end: str
) -> None:
    read(mutated(list(LINES), mutations).replace("\n", line_end))


# ----------------------------------------------------------------------------------- what a writer wrote


@settings(MANY, max_examples=examples(600))
@given(
    TEXT, ITEMS, ITEMS, ITEMS, BODY, st.sampled_from([None, '"', "'"]), st.booleans(), st.sampled_from([20, 80, 10_000])
)
def test_what_a_yaml_writer_wrote_reads_back_exactly(
    title: str, ministers: list[str] | None, portfolios: list[str] | None, attachments: list[str] | None, body: str,
    style: str | None, allow_unicode: bool, width: int,
) -> None:  # fmt: skip
    lists = {"ministers": ministers, "portfolios": portfolios, "attachments": attachments}
    written = {"title": title, "date": "2003-06-17", "url": "https://a/b"}
    written |= {key: items for key, items in lists.items() if items is not None}
    front_matter = yaml.safe_dump(written, default_style=style, allow_unicode=allow_unicode, width=width)  # type: ignore[call-overload]
    assume(yaml.safe_load(front_matter) == written)  # a fault of the writer is none of the reader
    found = read(f"---\n{front_matter}---\n\n{body}")
    if any(not item.strip() for items in lists.values() for item in items or []):
        assert isinstance(found, Rejection)
        assert found.reason == "empty_value"
        return
    assert isinstance(found, Release), found
    assert (found.title, found.printed_date, found.url) == (title, date(2003, 6, 17), "https://a/b")
    assert {key: getattr(found, key) for key in lists} == lists
    assert found.unknown_keys == []
    kept = body.replace("\r\n", "\n").strip()  # python-frontmatter reads line ends as Python does
    assert (found.body, found.has_body) == (kept, bool(kept))


@pytest.mark.parametrize("style", [None, '"', "'"])
@pytest.mark.parametrize("text", LOOKALIKES)
def test_each_shape_that_yaml_gives_a_meaning_reads_back_as_text(text: str, style: str | None) -> None:
    written = {"title": text, "date": "2003-06-17", "url": "https://a", "ministers": [f"x{text}"]}
    is_plain = "\x85" not in text  # PyYAML writes this line end unescaped where it then reads a space
    front_matter = yaml.safe_dump(written, default_style=style, allow_unicode=is_plain)  # type: ignore[call-overload]
    found = read(f"---\n{front_matter}---\n")
    assert isinstance(found, Release), found
    assert (found.title, found.ministers) == (text, [f"x{text}"])


# ------------------------------------------------------------------------------------------------ texts


@MANY
@given(
    BODY | TEXT.map(lambda text: text * 30) | st.text(st.sampled_from("aÂÃâ€™\x81\x9d&#;x1<!-[](\\ \n"), max_size=80)
)
def test_no_text_is_too_odd_for_any_function_of_texts(body: str) -> None:
    cleaned = clean(body)
    for text in (body, cleaned, clean_simply(body)):
        text.encode()
        found = words(text)
        key = make_text_key(keep_words(text))
        assert key is None or len(key) == 24
        assert found == re.findall(r"\w+", text)
        assert find_opening_date(text) is None or find_opening_date(text) > date(1899, 12, 31)


# ------------------------------------------------------------------------------------------------- time


# To search a text takes a tenth of a second of preparation, so five shapes are read together. Each is measured by
# itself if the five take longer than one may.
TOGETHER = [list(SHAPES)[start : start + 5] for start in range(0, len(SHAPES), 5)]


@pytest.mark.slow
@pytest.mark.parametrize("names", TOGETHER, ids=lambda names: names[0])
def test_twice_as_long_a_content_takes_about_twice_as_long_to_read(names: list[str]) -> None:
    assert too_slow(names, 60_000, NOTICED, lambda shape: grows_too_fast(shape, 30_000)) == []


@pytest.mark.slow
@pytest.mark.parametrize("names", TOGETHER, ids=lambda names: names[0])
def test_the_largest_content_is_read_in_seconds(names: list[str]) -> None:
    assert too_slow(names, LARGE, SLOWEST, lambda shape: measure([shape], LARGE)[0] >= SLOWEST) == []


def too_slow(names: list[str], size: int, seconds: float, is_slow: Callable[[Shape], bool]) -> list[str]:
    if measure([SHAPES[name] for name in names], size)[0] < seconds:
        return []
    return [name for name in names if is_slow(SHAPES[name])]
