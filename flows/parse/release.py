"""Files into releases as read, strictly: a file follows the rules below or is set aside with a reason.

Front matter is read by python-frontmatter with libyaml, every scalar as the text that is printed: the archive leaves
list items unquoted, so YAML's own guesses would turn a name such as `No` into a boolean and
`Māori Crown Relations: Te Arawhiti` into a mapping. Those two shapes are put back together here; nothing else about a
value is changed.

A new front-matter key is a field of `Release`, a line of `COLUMNS` and a line of `_release`.
"""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import frontmatter
import pyarrow as pa
import yaml
from frontmatter.default_handlers import YAMLHandler

from flows.errors import BeehiveError
from flows.extract.model import ArchiveFile
from flows.parse import text
from flows.parse.facts import TE_REO_SEED

HAS_LIBYAML: bool = yaml.__with_libyaml__
_BASE_LOADER = yaml.CBaseLoader if HAS_LIBYAML else yaml.BaseLoader

MAX_FRONT_MATTER = 256_000  # characters; the longest of the archive has 5,000
_YEARS = range(1900, 2200)  # a calendar of every day is made of them; year 1 is how the site prints no date
MAX_ITEM = 2_000  # characters of a name, tag or address; the longest of the archive has 300
MAX_ITEMS = 200  # of a list; the longest of the archive has 40, and every pair of ministers is a row of views
MAX_NESTING = 4  # mapping, list, mapping of an unquoted "a: b" and one to spare; libyaml's C stack has no guard

# A cached release is known by its content and by the rules it was parsed with: a change of any module of this room, or
# of the libraries they rest on, makes every cached release stale.
PARSER_VERSION = hashlib.sha256(
    b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    + TE_REO_SEED.read_bytes()
    + f"{version('python-frontmatter')} {version('PyYAML')} {HAS_LIBYAML} {version('ftfy')} {version('rensa')}".encode()
).hexdigest()[:12]

# What takes time is bounded by a content's length: no pattern looks at the same text again from each of its characters.
_SUSPECT = re.compile(r"[\[{&*]|^[ \t-]*+\?\s|-\s++-\s", re.MULTILINE)
_LINK_START = re.compile(r"(?<![!\\])\[")
_LINK_END = re.compile(r"\\.|\](\()?", re.DOTALL)
_LINK_TARGET = re.compile(r"\s*+<?([^)\s>]*+)")
_ESCAPE = re.compile(r"\\([^\w\s])")


@dataclass(frozen=True, slots=True)
class Release:
    """One file as read. Lists are None where the key is absent."""

    path: str
    blob: str
    title: str  # as printed; two releases of the archive have an empty one
    printed_date: date  # year 1 where the site had no date
    url: str
    ministers: list[str] | None
    portfolios: list[str] | None
    attachments: list[str] | None  # URLs
    unknown_keys: list[str]  # front-matter keys that no rule knows
    body: str  # markdown, without the blank space around it
    has_body: bool
    cleaned_body: str
    links: list[dict[str, str]]  # text and url of each markdown link of the body, images left out
    opening_date: date | None  # the date line that the body begins with


_TEXTS = pa.list_(pa.string())
# How staging stores the fields of a release. `flows.parse.batches` adds the columns that a text measures, among them
# `cleaned_body`, which is stored only where it differs from the body by more than no-break spaces and escapes.
COLUMNS: dict[str, pa.DataType] = {
    "path": pa.string(),
    "blob": pa.string(),
    "title": pa.string(),
    "printed_date": pa.date32(),
    "url": pa.string(),
    "ministers": _TEXTS,
    "portfolios": _TEXTS,
    "attachments": _TEXTS,
    "unknown_keys": _TEXTS,
    "body": pa.string(),
    "has_body": pa.bool_(),
    "links": pa.list_(pa.struct({"text": pa.string(), "url": pa.string()})),
    "opening_date": pa.date32(),
}


@dataclass(frozen=True, slots=True)
class Rejection:
    """One file that breaks a rule; `reason` is a row of seeds/reasons.csv."""

    path: str
    blob: str
    reason: str
    message: str


class _Broken(BeehiveError):
    """A rule is broken; carries the reason code."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class _Handler(YAMLHandler):
    """The YAML handler of python-frontmatter, with the loader above and a guard before it."""

    def load(self, fm: str, **kwargs: object) -> Any:  # noqa: ARG002 (of the base class)
        if len(fm) > MAX_FRONT_MATTER:
            raise _Broken(
                "front_matter_too_long",
                f"front matter of {len(fm):,} characters (limit {MAX_FRONT_MATTER:,})",
            )
        try:
            if _SUSPECT.search(fm):
                _refuse_unsafe(fm)
            loader = _BASE_LOADER(fm)
            try:
                return _as_text(loader.get_single_node())
            finally:
                loader.dispose()
        except RecursionError as error:
            raise _Broken("too_deep", "values are nested too deeply") from error
        except yaml.YAMLError as error:
            raise _Broken("bad_yaml", " ".join(str(error).split())) from error


def _as_text(node: yaml.Node | None) -> Any:
    """A YAML node as lists and dicts of the text that is printed; no value is given a type."""
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [_as_text(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        pairs = [(_as_printed(_as_text(key)), _as_text(value)) for key, value in node.value]
        keys = dict(pairs)
        if len(keys) < len(pairs):
            twice = min(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
            raise _Broken("duplicate_key", f"the key {twice!r} stands more than once: keep one")
        return keys
    return {}


_HANDLER = _Handler()


def parse(path: str, blob: str, content: bytes) -> Release | Rejection:
    """Gives the release a file holds, or the reason it is set aside."""
    try:
        return _release(path, blob, content)
    except _Broken as broken:
        return Rejection(path, blob, broken.reason, str(broken))


def too_large(file: ArchiveFile, limit: int) -> Rejection:
    """Sets a file aside unread."""
    return Rejection(file.path, file.blob, "too_large", f"the file has {file.size:,} bytes (limit {limit:,})")


def _release(path: str, blob: str, content: bytes) -> Release:
    try:
        file_text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _Broken(
            "not_utf8", f"byte {error.start} (0x{content[error.start]:02x}) is not UTF-8: save it as UTF-8"
        ) from error
    if not file_text.startswith("---"):
        raise _Broken("no_front_matter", "the file does not begin with a line ---")
    metadata, body = frontmatter.parse(file_text, handler=_HANDLER)
    if not metadata:
        raise _Broken("no_front_matter", "there are no keys between a first and a second line ---")
    keys = dict(metadata)
    title = _text(keys, "title", may_be_empty=True)  # two releases of the archive are titled ""
    printed_date = _date(keys)
    url = _text(keys, "url")
    if not url.startswith(("https://", "http://")):
        raise _Broken("bad_url", f"the url {url!r} is not an http address")
    return Release(
        path=path,
        blob=blob,
        title=title,
        printed_date=printed_date,
        url=url,
        ministers=_list(keys, "ministers"),
        portfolios=_list(keys, "portfolios"),
        attachments=_list(keys, "attachments"),
        unknown_keys=sorted(str(key) for key in keys),
        body=body,
        has_body=bool(body),
        cleaned_body=text.clean(body),
        links=_links(body),
        opening_date=text.opening_date(body),
    )


def _refuse_unsafe(front_matter: str) -> None:
    """Refuses what no release needs and a parser can be hurt by: references and deep nesting."""
    depth = 0
    for event in yaml.parse(front_matter, Loader=_BASE_LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Broken(
                "yaml_reference",
                f"line {line} has a YAML anchor or alias: quote the value",
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_NESTING:
                raise _Broken(
                    "too_deep",
                    f"values are nested more than {MAX_NESTING} deep at line {line}",
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _take(keys: dict[str, Any], name: str) -> Any:
    if name not in keys:
        raise _Broken("missing_key", f"the key {name!r} is missing: add it")
    return keys.pop(name)


def _text(keys: dict[str, Any], name: str, *, may_be_empty: bool = False) -> str:
    value = _take(keys, name)
    if not isinstance(value, str):
        raise _Broken("wrong_type", f"{name!r} is a {_yaml_type(value)}, not a text: put it in double quotes")
    if not value.strip() and not may_be_empty:
        raise _Broken("empty_value", f"{name!r} is empty: give it a value")
    return value


def _date(keys: dict[str, Any]) -> date:
    value = _text(keys, "date")
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise _Broken("bad_date", f"the date {value!r} is not written yyyy-mm-dd")
    try:
        found = date.fromisoformat(value)
    except ValueError as error:
        raise _Broken("bad_date", f"the date {value!r} does not exist ({error})") from error
    if found.year not in _YEARS and found.year != 1:
        raise _Broken("bad_date", f"the date {value!r} is no year of releases: the archive begins in 1996")
    return found


def _list(keys: dict[str, Any], name: str) -> list[str] | None:
    if name not in keys:
        return None
    value = keys.pop(name)
    if not isinstance(value, list):
        raise _Broken("wrong_type", f"{name!r} is a {_yaml_type(value)}, not a list: begin each item with a dash")
    items = [_as_printed(item) for item in value]
    if len(items) > MAX_ITEMS:
        raise _Broken("front_matter_too_long", f"{name!r} has {len(items):,} items (limit {MAX_ITEMS})")
    if any(not item.strip() for item in items):
        raise _Broken("empty_value", f"an item of {name!r} is empty")
    if longest := max((len(item) for item in items if len(item) > MAX_ITEM), default=0):
        raise _Broken("front_matter_too_long", f"an item of {name!r} has {longest:,} characters (limit {MAX_ITEM:,})")
    return items


def _as_printed(item: Any) -> str:
    """Puts an unquoted item back together that YAML took for a mapping or a list."""
    if isinstance(item, dict):
        return "; ".join(f"{_as_printed(key)}: {_as_printed(value)}".strip() for key, value in item.items())
    if isinstance(item, list):
        return f"[{', '.join(_as_printed(part) for part in item)}]"
    return str(item)


def _links(body: str) -> list[dict[str, str]]:
    """Every `[text](address` in order: a text holds no bracket that closes, unless it is escaped."""
    links: list[dict[str, str]] = []
    if "](" not in body:
        return links
    place = after = 0  # where to look on, and where a text can begin
    while end := _LINK_END.search(body, place):
        place = end.end()
        if end[1] and (start := _LINK_START.search(body, after, end.start())):
            target = _LINK_TARGET.match(body, place)
            assert target is not None  # noqa: S101 (it matches nothing, too)
            links.append({"text": _plain(body[start.end() : end.start()]), "url": target[1]})
            place = target.end()
        if not end[0].startswith("\\"):
            after = place
    return links


def _plain(link_text: str) -> str:
    """A link's text as a reader sees it: without markdown's escapes and emphasis."""
    return _ESCAPE.sub(r"\1", link_text).strip("*_ \n")


def _yaml_type(value: Any) -> str:
    return "mapping" if isinstance(value, dict) else "text" if isinstance(value, str) else type(value).__name__
