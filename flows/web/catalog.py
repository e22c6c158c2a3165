"""The public views of a build, and questions to them as query parameters: filters, columns, order and pages.

A parameter is compared with the catalog of the build before anything reaches SQL: names come from the catalog alone
and are quoted, values are parsed as the type of their column and bound.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from difflib import get_close_matches
from math import isfinite
from typing import Any

from flows.serve.published import Build, Limited
from flows.web.answer import NotFound, WrongRequest

# Parameters that are no columns; a test keeps the names of columns apart from them.
RESERVED = ("columns", "order", "limit", "offset", "build", "excel")
_MAX_VALUES = 500  # in one request
_MAX_KEYS = 1_000  # of a page whose keys are found first
_MAX_HINTS = 3
_MAX_LENGTH = 200  # of a value that is compared with those of a column
_NEAR_SQL = """
    with known as (
        select distinct {column} as value from main.{view} where length({column}) <= {most}
    ),

    compared as (
        select
            value,
            value = $text as is_same,
            jaro_winkler_similarity(strip_accents(lower(value)), strip_accents(lower($text))) as likeness
        from known
    )

    select value from compared where likeness >= 0.9 order by is_same desc, likeness desc, value limit 3
"""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a view."""

    name: str
    data_type: str  # of DuckDB, such as VARCHAR or DECIMAL(18,2)
    description: str

    @property
    def kind(self) -> str:
        """Return what values of the column are called in a sentence."""
        return _KINDS[self.data_type.partition("(")[0]][0]

    @property
    def is_text(self) -> bool:
        """Return whether the values are texts."""
        return self.kind == "text"

    def parse(self, parameter: str, text: str) -> Any:
        """Return a value given as text.

        Raises:
            WrongRequest: it is no value of the type of this column.
        """
        kind, parse, example = _KINDS[self.data_type.partition("(")[0]]
        try:
            return parse(text)
        except (ValueError, OverflowError) as error:
            raise WrongRequest(f"{parameter}={text!r} is not a {kind}: write it like {example}.") from error


@dataclass(frozen=True, slots=True)
class View:
    """A public view, as the dictionary of the build describes it."""

    name: str
    description: str
    warning: str  # empty if there is none
    grain: tuple[str, ...]
    columns: dict[str, Column]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a view."""

    view: View
    columns: tuple[str, ...]
    where: str
    values: dict[str, Any]
    order: str  # empty if none is asked
    limit: int | None  # rows; None for all
    offset: int
    wanted: tuple[tuple[str, str], ...] = ()  # columns of text and values that they must equal

    @property
    def is_whole(self) -> bool:
        """Return whether every row and column is asked for, in the view's own order."""
        is_all = not self.where and self.limit is None and not self.offset
        return is_all and not self.order and self.columns == tuple(self.view.columns)

    @property
    def has_quick_keys(self) -> bool:
        """Return whether it is quicker to find the keys of a page first: some columns take long to compute.

        Views of releases have no missing keys, and DuckDB looks for a release before it computes columns.
        """
        return self.limit is not None and self.limit <= _MAX_KEYS and self.view.grain[0] == "release_id"

    @property
    def keys_sql(self) -> str:
        """Return the query for the keys of the rows of a page."""
        return self._select(self.view.grain, self.where) + self._page

    @property
    def sql(self) -> str:
        """Return the query for the rows."""
        return self._select(self.columns, self.where) + self._page

    def query_rows(self, keys: list[tuple[Any, ...]]) -> tuple[str, dict[str, Any]]:
        """Return a query for the rows that have these keys, with its parameters."""
        names = [_quoted(name) for name in self.view.grain]
        first = {f"first{place}": value for place, value in enumerate(sorted({key[0] for key in keys}))}
        lists = {f"key{place}": [key[place] for key in keys] for place in range(len(names))}
        known = f"{names[0]} in ({', '.join(f'${name}' for name in first)})" if first else "false"
        unnested = ", ".join(f"unnest(${name})" for name in lists)
        where = f" where {known} and ({', '.join(names)}) in (select ({unnested}))"
        return self._select(self.columns, where) + f" order by {self._order}", {**first, **lists}

    def _select(self, columns: Iterable[str], where: str) -> str:
        return f"select {', '.join(map(_quoted, columns))} from main.{_quoted(self.view.name)}{where}"  # noqa: S608

    @property
    def _order(self) -> str:
        """Return an order in which each row has one place, so that pages together hold each row once."""
        return ", ".join(part for part in (self.order, *map(_quoted, self.view.grain)) if part)

    @property
    def _page(self) -> str:
        is_part = self.limit is not None or self.offset > 0
        order = f" order by {self._order}" if self.order or is_part else ""
        return order + (f" limit {'all' if self.limit is None else self.limit} offset {self.offset}" if is_part else "")

    @property
    def count_sql(self) -> str:
        """Return the query for the number of rows of all pages."""
        return f"select count(*) from main.{_quoted(self.view.name)}{self.where}"  # noqa: S608


def views_of(build: Build) -> dict[str, View]:
    """Return the public views of a build by name, in alphabetical order."""
    found: dict[str, View] = build.kept("views", lambda: _read(build))
    return found


def view_of(build: Build, name: str) -> View:
    """Return a public view.

    Raises:
        NotFound: there is none of that name; the message names the nearest.
    """
    views = views_of(build)
    if name not in views:
        raise NotFound(f"There is no view {name!r}.{nearest(name, views)} All views: /views")
    return views[name]


def nearest(name: str, names: Iterable[str]) -> str:
    """Return a sentence with the most similar names, after a space; nothing if none is similar."""
    found = get_close_matches(name.lower(), list(names), n=3, cutoff=0.5)
    return f" Nearest: {', '.join(found)}." if found else ""


def ask(view: View, parameters: Iterable[tuple[str, str]], limit: int | None) -> Question:
    """Return the question that query parameters put to a view.

    Args:
        view: the view.
        parameters: names and values as given; `RESERVED` names, or a column, with `.from`, `.to`, `.contains` or `.is`
            after it or nothing. Values of one parameter are alternatives; different parameters must all hold.
        limit: number of rows if none is given; None for all.

    Raises:
        WrongRequest: a column, a value or a number is wrong.
    """
    given: dict[str, list[str]] = {}
    for name, text in parameters:
        given.setdefault(name, []).append(text)
    if sum(map(len, given.values())) > _MAX_VALUES:
        raise WrongRequest(f"The request has more than {_MAX_VALUES} values: ask for fewer at a time.")
    values: dict[str, Any] = {}

    def bind(value: Any) -> str:
        values[f"value{len(values)}"] = value
        return f"$value{len(values) - 1}"

    conditions = [_condition(view, name, texts, bind) for name, texts in given.items() if name not in RESERVED]
    columns = _names(view, "columns", given) or list(view.columns)
    order = [
        f"{_quoted(name.removeprefix('-'))}{' desc' if name.startswith('-') else ''} nulls last"
        for name in _names(view, "order", given, may_descend=True)
    ]
    return Question(
        view,
        tuple(dict.fromkeys(columns)),
        f" where {' and '.join(conditions)}" if conditions else "",
        values,
        ", ".join(order),
        _number("limit", given, limit, least=1),
        _number("offset", given, 0, least=0) or 0,
        tuple((name, text) for name, texts in given.items() if _is_text(view, name) for text in texts),
    )


def _is_text(view: View, name: str) -> bool:
    return name in view.columns and view.columns[name].is_text


def hint(build: Build, question: Question) -> str | None:
    """Return sentences on why no row fits: values that do not occur in their column, and those near them that do.

    Case and macrons make a difference to a condition, since data must be exact; here they make none.
    """
    sentences = []
    for name, text in question.wanted[:_MAX_HINTS]:
        if len(text) > _MAX_LENGTH:
            continue
        sql = _NEAR_SQL.format(column=_quoted(name), view=_quoted(question.view.name), most=_MAX_LENGTH)
        try:
            rows = build.ask(sql, {"text": text}).rows
        except Limited:  # the hint is not worth a refusal
            return None
        if any(value == text for (value,) in rows):
            continue
        near = f" Values like it: {', '.join(value for (value,) in rows)}." if rows else ""
        sentences.append(f"No {name} is {text!r}.{near}")
    return " ".join(sentences) or None


def _condition(view: View, parameter: str, texts: list[str], bind: Callable[[Any], str]) -> str:
    """Return the condition that a parameter puts on its column."""
    name, _, test = parameter.partition(".")
    column = _column(view, name, parameter)
    quoted = _quoted(name)
    if "" in texts:
        raise WrongRequest(
            f"{parameter}= has no value: leave it out, or ask for rows without a value with {name}.is=missing."
        )
    if test == "is":
        tests = {"missing": "is null", "given": "is not null"}
        if len(texts) > 1 or texts[0] not in tests:
            raise WrongRequest(f"{parameter}={texts[0]!r} is not understood: write missing or given, once.")
        return f"{quoted} {tests[texts[0]]}"
    if test == "contains":
        if not column.is_text:
            raise WrongRequest(f"{parameter} needs a column of text, and {name} holds a {column.kind}.")
        folded = "strip_accents(lower({}))"  # so that macrons and case make no difference
        found = [f"contains({folded.format(quoted)}, {folded.format(bind(text))})" for text in texts]
        return f"({' or '.join(found)})"
    spans = [_span(column, parameter, text) for text in texts]
    if test == "":
        same = [bind(first) for first, last in spans if first == last]
        parts = [f"{quoted} in ({', '.join(same)})"] if same else []
        parts += [f"{quoted} between {bind(first)} and {bind(last)}" for first, last in spans if first != last]
        return f"({' or '.join(parts)})"
    if test in ("from", "to"):
        if len(texts) > 1:
            raise WrongRequest(f"{parameter} is given {len(texts)} times: give it once.")
        first, last = spans[0]
        return f"{quoted} >= {bind(first)}" if test == "from" else f"{quoted} <= {bind(last)}"
    raise WrongRequest(f"{parameter} is not understood: after a column come .from, .to, .contains, .is or nothing.")


def _span(column: Column, parameter: str, text: str) -> tuple[Any, Any]:
    """Return the first and last value that a text means; for a day, the first and last time of it."""
    value = column.parse(parameter, text)
    if column.kind == "time" and len(text) == len("2025-12-31"):
        return value, datetime.combine(value, time.max)
    return value, value


def _column(view: View, name: str, parameter: str) -> Column:
    if name not in view.columns:
        raise WrongRequest(
            f"{parameter} is no column of {view.name}.{nearest(name, view.columns)} Its columns: "
            f"{', '.join(view.columns)}. Other parameters: {', '.join(RESERVED)}."
        )
    return view.columns[name]


def _names(view: View, parameter: str, given: dict[str, list[str]], *, may_descend: bool = False) -> list[str]:
    """Return the names of columns that a parameter lists, separated by commas."""
    found = [name.strip() for text in given.get(parameter, []) for name in text.split(",")]
    for name in found:
        _column(view, name.removeprefix("-") if may_descend else name, f"{parameter}={name}")
    return found


def _number(parameter: str, given: dict[str, list[str]], default: int | None, least: int) -> int | None:
    """Return a number of rows; None for all."""
    texts = given.get(parameter)
    if not texts:
        return default
    if len(texts) > 1:
        raise WrongRequest(f"{parameter} is given {len(texts)} times: give it once.")
    if parameter == "limit" and texts[0] == "all":
        return None
    if not re.fullmatch("[0-9]{1,9}", texts[0]) or int(texts[0]) < least:
        also = ", or all" if parameter == "limit" else ""
        raise WrongRequest(f"{parameter}={texts[0]!r} is not a number of rows: give a number from {least}{also}.")
    return int(texts[0])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _read(build: Build) -> dict[str, View]:
    views: dict[str, View] = {}
    for row in build.rows("catalog"):
        if row["column_name"]:
            columns = views[row["view_name"]].columns
            columns[row["column_name"]] = Column(row["column_name"], row["data_type"], row["description"])
        else:
            grain = tuple(row["grain"].split(", "))
            # As flows.load.sqlfiles writes the comment of a view.
            description, _, warning = row["description"].partition(f" Grain: one row per {row['grain']}.")
            views[row["view_name"]] = View(row["view_name"], description, warning.strip(), grain, {})
    return views


def _parse_integer(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,15}", text):
        raise ValueError
    return int(text)


def _parse_float(text: str) -> float:
    if not re.fullmatch(r"[+-]?[0-9]{1,15}(\.[0-9]{1,20})?(e[+-]?[0-9]{1,3})?", text, re.IGNORECASE):
        raise ValueError
    if not isfinite(value := float(text)):
        raise ValueError
    return value


def _parse_decimal(text: str) -> Decimal:
    if not re.fullmatch(r"[+-]?[0-9]{1,15}(\.[0-9]{1,6})?", text):
        raise ValueError
    return Decimal(text)


def _parse_boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError
    return text.lower() == "true"


def _parse_day(text: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError
    return date.fromisoformat(text)


def _parse_time(text: str) -> datetime:
    if not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}($|[T ])", text):
        raise ValueError
    value = datetime.fromisoformat(text)
    return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value


# What a value is called, how it is read, and an example.
_KINDS: dict[str, tuple[str, Callable[[str], Any], str]] = {
    "VARCHAR": ("text", str, "Health"),
    "INTEGER": ("whole number", _parse_integer, "2025"),
    "BIGINT": ("whole number", _parse_integer, "2025"),
    "SMALLINT": ("whole number", _parse_integer, "2025"),
    "UTINYINT": ("whole number", _parse_integer, "12"),
    "DOUBLE": ("number", _parse_float, "0.5"),
    "DECIMAL": ("number", _parse_decimal, "1500000.00"),
    "BOOLEAN": ("value true or false", _parse_boolean, "true"),
    "DATE": ("day", _parse_day, "2025-12-31"),
    "TIMESTAMP": ("time", _parse_time, "2025-12-31 or 2025-12-31T07:00:00Z (UTC)"),
}
