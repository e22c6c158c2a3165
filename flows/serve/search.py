"""The search of the command line: the macro `releases_about`, with a snippet of each release."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from flows.errors import Unusable
from flows.load.database import literal
from flows.parse import terms
from flows.serve.query import Limits, Rows, explain, fetch_rows, open_published

to_term = lru_cache(maxsize=50_000)(terms.to_term)  # a text has most of its words several times
_SNIPPET_LENGTH = 240  # characters
_LEAD_LENGTH = 60  # characters of a snippet before its first match
_MAX_LIMIT = 1_000_000  # releases
_WORD = re.compile(r"\w+")
_ADDRESS = re.compile(r"\]\([^)]*+\)")
_MARKUP = re.compile(r" [\s*\[\]#>_]+|(?:[^\S ]|[*\[\]#>_])[\s*\[\]#>_]*")  # but not a single space
_QUOTES = str.maketrans("“”„", '"' * 3)
_PHRASE = r'"[^"]*"'
_UNWANTED = re.compile(
    rf"""{_PHRASE}|(?<![^\s(])(?P<sign>NOT\s+[-\u2010\u2011\u2013\u2212]?|[-\u2010\u2011\u2013\u2212])(?P<words>{_PHRASE}|\w[^\s"()]*)"""
)
_OR = re.compile(rf"{_PHRASE}|(?P<sign>(?<=\s)OR(?=\s))")


_COLUMNS = (
    "about.release_id, about.nz_date, about.title, releases.ministers, about.score, coalesce(releases.site_url, "
    "releases.url) as url, about.rank, about.match_count, about.matched_words, about.missing_words, about.read_as, "
    "about.copy_of"
)


@dataclass(frozen=True, slots=True)
class Found(Rows):
    """What a search found, and what was done to find it."""

    remarks: list[str]  # sentences: how many releases have all words, and what else than these words was searched


def run_search(
    published: Path,
    question: str,
    *,
    minister: str | None = None,
    portfolio: str | None = None,
    since: str | None = None,
    until: str | None = None,
    recent: bool = False,
    most: int = 20,
    limits: Limits = Limits(),  # noqa: B008 (frozen)
) -> Found:
    """Return the releases about a question, best match first, as the macro `releases_about` ranks them.

    Args:
        published: the published file.
        question: words, starts of words such as `hous*`, phrases in double quotes, and `OR`.
        minister: any name that the macro `minister_id_of` understands.
        portfolio: any name that the macro `portfolio_id_of` understands.
        since: earliest New Zealand day, yyyy-mm-dd.
        until: latest New Zealand day, yyyy-mm-dd.
        recent: whether newer releases are ranked higher.
        most: maximum number of releases.
        limits: what the search may cost.

    Returns:
        release_id, nz_date, title, ministers, score, url, rank, match_count, matched_words, missing_words, read_as,
        copy_of and snippet of each release.

    Raises:
        Unusable: the question has no word, no minister or portfolio is called so or several are, a day or number is
            wrong, or a limit is reached.
    """
    for name, day in (("--since", since), ("--until", until)):
        if day is not None and not _is_day(day):
            raise Unusable(f"{name} {day!r} is not a day: write it like 2025-12-31.")
    if since and until and since > until:
        raise Unusable(f"--since {since} is later than --until {until}: exchange them.")
    if not 1 <= most <= _MAX_LIMIT:
        raise Unusable(f"--limit {most} is out of range: give a number from 1 to {_MAX_LIMIT:,}.")
    options = {"minister": minister, "portfolio": portfolio, "since": since, "until": until}
    filters = {name: _sql_text(f"--{name}", value) for name, value in options.items() if value is not None}
    question = _sql_text("The question", question)
    with open_published(published, limits) as connection:
        try:
            terms = fetch_rows(connection, "select term, is_prefix from main.search_words($1)", [question], limits).rows
            if not terms:
                raise Unusable(f"The question {question!r} has no word to search for: give at least one.")
            arguments = [f"{name} := {literal(value)}" for name, value in filters.items()]
            call = ", ".join([literal(question), *arguments, f"recent := {recent}"])
            found = fetch_rows(
                connection,
                f"select {_COLUMNS}, release_texts.cleaned_body "  # noqa: S608
                f"from (from main.releases_about({call}) order by rank limit {most}) as about "
                "inner join main.releases using (release_id) inner join main.release_texts using (release_id) "
                "order by about.rank",
                limits=limits,
            )
        except duckdb.CatalogException as error:
            raise Unusable(
                f"{published} cannot be searched, because an older version built it: run `beehive refresh`."
            ) from error
        except duckdb.Error as error:
            raise explain(error, "search", limits) from error
    rows = list(found.rows)
    answers = [dict(zip(found.columns, row, strict=True)) for row in rows]
    # What stands for a word in the releases counts as the word.
    read = " ".join(answer["read_as"] or "" for answer in answers)
    words = {term for term, is_prefix in terms if not is_prefix} | set(map(to_term, _WORD.findall(read)))
    prefixes = tuple(term for term, is_prefix in terms if is_prefix)
    forms = frozenset(part for word in words - {""} for part in (word, *word.split("-")))
    return Found(
        [*found.columns[:-1], "snippet"],
        [(*row, snippet(body or "", forms, prefixes)) for *row, body in rows],
        [*say_what_cannot_be_left_out(question), *_remark(question, answers)],
    )


def say_what_cannot_be_left_out(question: str) -> list[str]:
    """Return a sentence if a question asks, as other search engines allow, for releases without some words."""
    is_shouted = question == question.upper()  # then NOT is a word as others
    unwanted = [
        (found[0], found["words"] if found["sign"][0] != "N" or is_shouted else f"not {found['words']}")
        for found in _UNWANTED.finditer(question.translate(_QUOTES))
        if found["sign"]
    ]
    if not unwanted:
        return []
    return [f"Words cannot be left out: {'; '.join(f'{asked} was searched as {read}' for asked, read in unwanted)}."]


def say_how_many_match(question: str, count: int) -> str:
    """Return a sentence on the number of releases that have all that a question asks for."""
    if any(found["sign"] for found in _OR.finditer(question.translate(_QUOTES))):
        number = "No release fits" if count == 0 else "1 release fits" if count == 1 else f"{count:,} releases fit"
        return f"{number} the whole question; of words joined by OR, one is enough."
    number = "No release has" if count == 0 else "1 release has" if count == 1 else f"{count:,} releases have"
    return f"{number} all words."


def _remark(question: str, answers: list[dict[str, Any]]) -> list[str]:
    """Return sentences that say how many releases have all words, and what else was searched."""
    if not answers:
        return ["No release was found."]
    count = answers[0]["match_count"]
    remarks = [say_how_many_match(question, count)]
    if any(answer["missing_words"] for answer in answers):
        most = "Showing releases with most words" if count == 0 else "The others shown have most words"
        remarks = [f"{remarks[0]} {most}."]
    if read := sorted({part for answer in answers if answer["read_as"] for part in answer["read_as"].split(", ")}):
        remarks.append(f"Counted as the same: {'; '.join(read)}.")
    return remarks


def snippet(body: str, words: frozenset[str], prefixes: tuple[str, ...]) -> str:
    """Return, on one line, the part of a text with the most different matches, or its beginning if it has none."""
    text = _MARKUP.sub(" ", _ADDRESS.sub("] ", body)).strip()
    matches = list(_find_matches(text, words, prefixes)) if words or prefixes else []
    best, start, first = 0, 0, 0
    for last, (end, _) in enumerate(matches):
        while end - matches[first][0] > _SNIPPET_LENGTH - _LEAD_LENGTH:
            first += 1
        if (count := len({term for _, term in matches[first : last + 1]})) > best:
            best, start = count, matches[first][0]
    start = max(0, start - _LEAD_LENGTH)
    start = text.find(" ", start) + 1 if start else 0
    part = text[start : start + _SNIPPET_LENGTH]
    is_cut = start + _SNIPPET_LENGTH < len(text)
    return ("… " if start else "") + (part.rsplit(" ", 1)[0] + " …" if is_cut else part)


def _find_matches(text: str, words: frozenset[str], prefixes: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Yield the position of each match in a text, with the word or prefix that it matches."""
    for word in _WORD.finditer(text):
        term = to_term(word[0])
        if term in words:
            yield word.start(), term
        elif prefixes and term.startswith(prefixes):
            yield word.start(), next(prefix for prefix in prefixes if term.startswith(prefix))


def _sql_text(name: str, text: str) -> str:
    """Return a text as SQL can hold it: valid UTF-8 without zero bytes."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Unusable(f"{name} {text!r} is not valid UTF-8: type it again.") from error
    return text.replace("\0", " ")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
