"""Long contents that repeat what a reader may stumble on, and the CPU time that reading them takes.

`python -m tests.shapes` measures each shape at 4 MB and prints the slowest ten. `python -m tests.shapes --seconds 300`
tries random shapes instead. Both end with exit code 1 if a shape takes more than five seconds.
"""

import argparse
import itertools
import random
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context

import polars as pl

from flows.normalise import mentions
from flows.normalise.ministers import decide_ministers
from flows.normalise.seeds import read_seeds
from flows.parse.batches import parse_batch
from flows.parse.text import clean_simply
from flows.paths import SEEDS

LARGE = 4_000_000  # bytes: the largest file that a refresh reads
SLOWEST = 5  # seconds of CPU that one file may take
NOTICED = 0.5  # seconds of CPU: less is measured wrongly on a busy machine
_PATIENCE = 25  # seconds of CPU after which a measurement is given up
_SHOWN = 10
_FRONT_MATTER = "---\ntitle: A title\ndate: 2003-06-17\nurl: https://a/b\n{}---\n\n"


@dataclass(frozen=True)
class Shape:
    """A content of any length: a unit that repeats between a beginning and an end."""

    unit: str  # `#` stands for a number that is different each time
    start: str = ""
    end: str = ""
    then: str = ""  # a second unit, repeated after all repetitions of the first
    place: str = "body"  # or front matter, or file: the whole file

    def make(self, size: int) -> bytes:
        """Return a content of about this many bytes."""
        room = size - len((self.start + self.end).encode())
        units = [one for one in (self.unit, self.then) if one]
        text = self.start + "".join(_repeat(one, room // len(units)) for one in units) + self.end
        if self.place == "file":
            return text.encode()
        if self.place == "front matter":
            return _FRONT_MATTER.format(f"{text}\n").encode()
        return f"{_FRONT_MATTER.format('')}17 June 2003\n\n{text}".encode()


def _repeat(unit: str, size: int) -> str:
    if "#" not in unit:
        return unit * (size // len(unit.encode()))
    found, length = [], 0
    for number in itertools.count():
        found.append(unit.replace("#", f"{number:x}"))
        length += len(found[-1].encode())
        if length >= size:
            return "".join(found)
    raise AssertionError


SHAPES = {
    "one letter": Shape("a"),
    "one capital": Shape("A"),
    "one vowel with a macron": Shape("ā"),
    "syllables of te reo": Shape("nga"),
    "digits": Shape("1"),
    "underscores": Shape("_"),
    "blanks": Shape(" ", end="x"),
    "tabs and line ends": Shape("\n \t", end="x"),
    "line ends": Shape("\n", end="x"),
    "no-break spaces": Shape("\xa0", end="x"),
    "form feeds": Shape("\x0c"),
    "zero-width spaces": Shape("\u200b"),
    "one emoji": Shape("\U0001f600"),
    "private bullets": Shape("\uf0b7 "),
    "Hangul, decomposed": Shape("\u1112\u1161\u11ab"),
    "Arabic ligatures": Shape("\ufdfa"),
    "marks in order": Shape("\u0327", start="a", then="\u0301"),
    "marks in turn": Shape("\u0301\u0327", start="a"),
    "unsorted marks of Hebrew": Shape("\u05b1", start="a", then="\u05b0"),
    "unsorted marks of Arabic": Shape("\u0651", start="a", then="\u064b"),
    "unsorted marks of Tibetan": Shape("\u0f73\u0f71", start="a"),
    "unsorted marks beyond 16 bits": Shape("\U0001d165", start="a", then="\U00010a0d"),
    "unsorted marks as entities": Shape("&#1457;", start="a", then="&#1456;"),
    "unsorted marks with escapes between": Shape("\\\u05b1", start="a", then="\\\u05b0"),
    "unsorted marks with soft hyphens between": Shape("\u05b1\xad", start="a", then="\u05b0\xad"),
    "unsorted marks as mojibake": Shape("\u00d6\u00b1", start="a", then="\u00d6\u00b0", end=" â€™"),
    "half-width voiced marks": Shape("\uff9e", start="\uff76", then="\uff9f"),
    "unsorted marks in the title": Shape("\u05b1", start="x: a", then="\u05b0", place="front matter"),
    "unsorted marks in a link": Shape("\u05b1", start="[a", then="\u05b0", end="](b)"),
    "mojibake on one line": Shape("â€™"),
    "mojibake on many lines": Shape("â€™ x\n"),
    "mojibake of letters": Shape("Ã©"),
    "mojibake of mojibake": Shape("ÃƒÂ©"),
    "broken punctuation": Shape("â€?"),
    "lost control characters": Shape("a\x81\x9d"),
    "entities": Shape("&amp;&#x41;&a"),
    "entities that are none": Shape("&amplify;"),
    "ampersands": Shape("&"),
    "backslashes": Shape("\\"),
    "escapes": Shape("\\*"),
    "comments": Shape("<!-- a -->"),
    "comments that do not end": Shape("<!--"),
    "images removed": Shape("![Image removed.](a)"),
    "images that do not end": Shape("![Image removed.]("),
    "words": Shape("word "),
    "different words": Shape("w# "),
    "different words of te reo": Shape("ngāti# "),
    "different words of one letter": Shape("a b c d e "),
    "words of a hundred letters": Shape("w" * 90 + "# "),
    "capitals": Shape("Word "),
    "sentences": Shape("A b. "),
    "questions": Shape("A?! "),
    "lines": Shape("a\n"),
    "paragraphs": Shape("a b c\n\n"),
    "headings": Shape("# A heading\n\n"),
    "number signs": Shape("\uff03"),
    "stars": Shape("*"),
    "emphasis": Shape("**a** _b_ "),
    "lists": Shape("- a\n"),
    "lists in lists": Shape("  - a\n    - b\n"),
    "quotes of lines": Shape("> a\n"),
    "nested quotes": Shape("> "),
    "rules": Shape("---\n"),
    "tables": Shape("| a | b |\n| --- | --- |\n"),
    "cells": Shape("| "),
    "code": Shape("`"),
    "brackets": Shape("["),
    "closed brackets": Shape("[]"),
    "brackets and escapes": Shape("[\\"),
    "parentheses": Shape("("),
    "links": Shape("[a](b)"),
    "empty links": Shape("[]()"),
    "different links": Shape("[a](https://a.b/#) "),
    "links to releases": Shape("[a](/release/x#) "),
    "links that do not end": Shape("[a]("),
    "ends of links": Shape("]("),
    "ends of links and blanks": Shape("]( "),
    "one long link": Shape("a", start="[a](https://a/", end=")"),
    "one long text of a link": Shape("a ", start="[", end="](b)"),
    "addresses": Shape("https://a.b/# "),
    "addresses without a blank": Shape("https://"),
    "addresses with www": Shape("www."),
    "quotation marks": Shape('"'),
    "opening quotation marks": Shape('"a '),
    "curly quotation marks": Shape("“a”"),
    "opening curly quotation marks": Shape("“a "),
    "quotes": Shape('"one two three four five" '),
    "quotes over paragraphs": Shape('"one two three four five\n\n'),
    "quotation marks on lines": Shape('"\n'),
    "amounts": Shape("$1 "),
    "amounts without blanks": Shape("$1"),
    "signs of amounts": Shape("$"),
    "amounts in words": Shape("5 cents "),
    "amounts far apart in one sentence": Shape("$5 million" + " " * 990),
    "different amounts": Shape("$1#.50 million "),
    "ranges of amounts": Shape("between $1 and $2 million "),
    "amounts with long numbers": Shape("9", start="$"),
    "amounts with thousands": Shape(",000", start="$1"),
    "names": Shape("Helen Clark "),
    "names that speak": Shape("Helen Clark said "),
    "titles and surnames": Shape("Ms Clark "),
    "names with commas": Shape("Helen Clark, a, "),
    "names and capitals": Shape("Helen Clark " + "Aa " * 60),
    "names in quotation marks": Shape('"Helen Clark" '),
    "names after a verb": Shape("said the Helen Clark "),
    "names that speak in quotes": Shape('"Helen Clark said\n'),
    "one name, then quotes": Shape('"a\n', start="Helen Clark said\n"),
    "pronouns that speak": Shape("he said\n", start="Helen Clark said\n"),
    "offices that speak": Shape("the Health Minister said\n", start="Helen Clark said\n"),
    "people and pronouns": Shape('"one two three four five," he said\n\nMr Smith went.\n\n', start="John Key said\n"),
    "lists of names": Shape("Helen Clark, John Key, and "),
    "verbs": Shape("said "),
    "verbs before a quote": Shape('" said '),
    "months": Shape("17 June 2003 "),
    "days": Shape("Monday "),
    "stars before a date": Shape("\n*_ "),
    "dashes": Shape("-", place="file"),
    "lines of dashes": Shape("---x\n", place="file"),
    "blank lines after dashes": Shape(" \n", start="---\n", end="x", place="file"),
    "blank lines in the front matter": Shape("\n", place="front matter"),
    "lines of dashes in the front matter": Shape(" -\n", start="x:\n", place="front matter"),
    "ministers": Shape("  - Hon A#\n", start="ministers:\n", place="front matter"),
    "portfolios": Shape("  - a\n", start="portfolios:\n", place="front matter"),
    "attachments": Shape("  - https://a/#\n", start="attachments:\n", place="front matter"),
    "keys": Shape("k#: v\n", place="front matter"),
    "keys of which one stands twice": Shape("k#: v\n", end="k1: v\n", place="front matter"),
    "one long value": Shape("a ", start="x: ", place="front matter"),
    "one long quoted value": Shape("\\x41", start='x: "', end='"', place="front matter"),
    "one long folded value": Shape("  a\n", start="x: >\n", place="front matter"),
    "one long item of colons": Shape(":b", start="attachments:\n  - a", place="front matter"),
    "nested lists": Shape("- ", start="x:\n  ", place="front matter"),
    "nested brackets": Shape("[", start="x: ", place="front matter"),
    "nested maps": Shape("{a: ", start="x: ", place="front matter"),
    "lists in one line": Shape("a, ", start="x: [", end="a]", place="front matter"),
    "references": Shape("&a", start="x: ", place="front matter"),
    "question marks": Shape("? ", start="x:\n  ", place="front matter"),
    "comments in the front matter": Shape("## a\n", place="front matter"),
    "tags": Shape("!a ", start="x: ", place="front matter"),
}  # fmt: skip


@cache
def _names() -> pl.DataFrame:
    seeds = read_seeds(SEEDS)
    schema = {"printed": pl.String, "credit_count": pl.Int64, "release_count": pl.Int64, "folder_link_count": pl.Int64,
              "link_count": pl.Int64, "link_urls": pl.List(pl.String), "first_date": pl.Date,
              "last_date": pl.Date}  # fmt: skip
    return mentions.list_names(seeds, decide_ministers(pl.DataFrame(schema=schema), seeds))


def read(contents: Sequence[bytes]) -> str:
    """Parse contents, search their texts for the names of ministers, and return what became of the last."""
    fate, texts = "", []
    for content in contents:
        batch = parse_batch([("releases/x.md", "blob", content)])
        if batch.rejections.num_rows:
            fate = str(batch.rejections["reason"][0])
            continue
        fate = "loaded"
        release = batch.releases.select(["path", "blob", "body", "cleaned_body"]).to_pylist()[0]
        body = clean_simply(release["body"]) if release["cleaned_body"] is None else release["cleaned_body"]
        texts.append(mentions.SearchText("releases/x.md", "blob", body))
    hits = mentions.find_names(texts, _names())
    return f"{fate}, {len(hits):,} names"


def measure(shapes: Sequence[Shape], size: int) -> tuple[float, str]:
    """Return the seconds of CPU that reading these shapes takes in this process, and what became of the last."""
    contents = [shape.make(size) for shape in shapes]
    start = time.process_time()
    fate = read(contents)
    return time.process_time() - start, fate


def grows_too_fast(shape: Shape, size: int) -> bool:
    """Return True if a content of twice the size takes more than three times as long, three times in a row.

    Less than half a second is never too long: a busy machine measures short times wrongly. All shapes that grow with
    their length take less than a tenth of a second for 60,000 bytes; those that grew with its square took three.
    """
    return all(
        (twice := measure([shape], 2 * size)[0]) > NOTICED and twice > 3 * measure([shape], size)[0] for _ in range(3)
    )


def random_shape(chance: random.Random) -> Shape:
    """Return a shape of units from the other shapes, joined and placed at random."""
    units = [one for shape in SHAPES.values() for one in (shape.unit, shape.then, shape.start, shape.end) if one]

    def unit() -> str:
        return "".join(chance.choices(units, k=chance.randint(1, 3)))

    parts = [unit() if chance.random() < 0.5 else "" for _ in range(3)]
    return Shape(unit(), *parts, place=chance.choice(["body", "body", "body", "front matter"]))


def _measure_apart(shape: Shape, size: int) -> tuple[float, float, str]:
    _names()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    resource.setrlimit(resource.RLIMIT_CPU, (_PATIENCE, _PATIENCE))
    seconds, fate = measure([shape], size)
    return seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, fate


def measure_apart(shape: Shape, size: int) -> tuple[float, float, str]:
    """Return seconds, megabytes and fate of reading a shape, in a process of its own that ends after 25 seconds."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            return pool.submit(_measure_apart, shape, size).result()
        except BrokenProcessPool:
            return float("inf"), float("inf"), f"did not end within {_PATIENCE} s of CPU"


def main() -> int:
    """Measure the shapes, or random ones; return 1 if one takes too long."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--bytes", type=int, default=LARGE)
    options.add_argument("--seconds", type=int, default=0, help="try random shapes for so long")
    options.add_argument("--seed", type=int, default=0)
    given = options.parse_args()
    shapes: Iterator[tuple[str, Shape]] = iter(SHAPES.items())
    if given.seconds:
        chance, end = random.Random(given.seed), time.monotonic() + given.seconds
        endless = iter(lambda: random_shape(chance), None)
        shapes = ((repr(one), one) for one in itertools.takewhile(lambda _: time.monotonic() < end, endless))
    found = sorted(((*measure_apart(shape, given.bytes), name) for name, shape in shapes), reverse=True)
    for seconds, megabytes, fate, name in found[:_SHOWN]:
        speed = 1e9 * seconds / given.bytes
        sys.stdout.write(f"{seconds:6.2f} s, {speed:5.0f} ns a byte, {megabytes:4.0f} MB: {name}; {fate}\n")
    sys.stdout.write(f"{len(found)} shapes of {given.bytes:,} bytes\n")
    return int(found[0][0] > SLOWEST)


if __name__ == "__main__":
    sys.exit(main())
