"""The releases that are about something: the macro `releases_about`, asked by the command line, with snippets."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb

from flows.errors import Unusable
from flows.load.database import literal, one_row
from flows.parse.terms import to_term
from flows.serve.query import Rows, ask, open_published

_SHOWN = 240  # characters of a snippet
_BEFORE = 60  # of those, before its first word that was asked for
_MOST = 1_000_000  # releases
# Whether a filter can find anything, by the rule of the macro.
_KNOWN = """
select count(*) from main.{0}s
where {0}_id = $1 or contains(main.folded_name({0}_name), nullif(main.folded_name($1), ''))
"""
_WORD = re.compile(r"\w+")
_ADDRESS = re.compile(r"\]\([^)]*+\)")
_MARKUP = re.compile(r"[\s*\[\]#>_]+")


def run_search(
    published: Path,
    question: str,
    *,
    minister: str | None = None,
    portfolio: str | None = None,
    since: str | None = None,
    until: str | None = None,
    most: int = 20,
) -> Rows:
    """The releases that hold all words of a question, the best first.

    Args:
        published: the published file.
        question: words, beginnings of words such as `hous*`, and phrases in double quotes.
        minister: name, part of it, or id.
        portfolio: name, part of it, or id.
        since: first New Zealand day, yyyy-mm-dd.
        until: last New Zealand day, yyyy-mm-dd.
        most: rows at most.

    Returns:
        release_id, nz_date, title, ministers, score and snippet of each.

    Raises:
        Unusable: there is no word in the question, nobody and nothing is called so, or a day or number is none.
    """
    for name, day in (("--since", since), ("--until", until)):
        if day is not None and not _is_day(day):
            raise Unusable(f"{name} {day!r} is no day such as 2025-12-31.")
    if since and until and since > until:
        raise Unusable(f"No day is both from {since} on and up to {until}: exchange --since and --until.")
    if not 1 <= most <= _MOST:
        raise Unusable(f"--limit {most} is not between 1 and {_MOST:,}.")
    given = {"minister": minister, "portfolio": portfolio, "since": since, "until": until}
    filters = {name: _sql_text(f"--{name}", value) for name, value in given.items() if value is not None}
    question = _sql_text("The question", question)
    with open_published(published) as connection:
        try:
            asked = ask(connection, "select term, is_prefix from main.search_words($1)", [question]).rows
            if not asked:
                raise Unusable(f"{question!r} has no word to search for.")
            for name in ("minister", "portfolio"):
                if name in filters and not one_row(connection, _KNOWN.format(name), [filters[name]])[0]:
                    raise Unusable(f"No {name} is called {filters[name]!r}: the view {name}s has their names.")
            # as constants: the pattern of a phrase that is a parameter would be compiled for every release
            told = [f"{name} := {literal(value)}" for name, value in filters.items()]
            call = ", ".join([literal(question), *told, f"most := {most}"])
            found = ask(
                connection,
                "select about.release_id, about.nz_date, about.title, releases.ministers, about.score, "  # noqa: S608
                f"release_texts.cleaned_body from main.releases_about({call}) as about "
                "inner join main.releases using (release_id) inner join main.release_texts using (release_id) "
                "order by about.score desc, about.nz_date desc nulls last, about.release_id",
            )
        except duckdb.CatalogException as error:
            raise Unusable(f"{published} has no search: an older version built it, run `beehive refresh`.") from error
        except duckdb.Error as error:
            raise Unusable(f"The search failed: {str(error).splitlines()[0]}") from error
    words = frozenset(term for term, is_prefix in asked if not is_prefix)
    beginnings = tuple(term for term, is_prefix in asked if is_prefix)
    return Rows(
        [*found.columns[:-1], "snippet"],
        [(*row, snippet(body or "", words, beginnings)) for *row, body in found.rows],
    )


def snippet(body: str, words: frozenset[str], beginnings: tuple[str, ...]) -> str:
    """The part of a text that holds most of the words asked for, or its beginning where there is none; one line."""
    text = _MARKUP.sub(" ", _ADDRESS.sub("] ", body)).strip()
    places = list(matches(text, words, beginnings))
    best, start, first = 0, 0, 0
    for last, (end, _) in enumerate(places):
        while end - places[first][0] > _SHOWN - _BEFORE:
            first += 1
        if (held := len({word for _, word in places[first : last + 1]})) > best:
            best, start = held, places[first][0]
    start = max(0, start - _BEFORE)
    start = text.find(" ", start) + 1 if start else 0
    shown = text[start : start + _SHOWN]
    is_cut = start + _SHOWN < len(text)
    return ("… " if start else "") + (shown.rsplit(" ", 1)[0] + " …" if is_cut else shown)


def matches(text: str, words: frozenset[str], beginnings: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Where a text has a word that was asked for, and which."""
    for word in _WORD.finditer(text):
        term = to_term(word[0])
        if term in words:
            yield word.start(), term
        elif beginnings and term.startswith(beginnings):
            yield word.start(), next(one for one in beginnings if term.startswith(one))


def _sql_text(name: str, text: str) -> str:
    """The text as SQL can hold it."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Unusable(f"{name} {text!r} is no UTF-8.") from error
    return text.replace("\0", " ")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
