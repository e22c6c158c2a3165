"""Parse a file into a release, strictly: a file that breaks a rule is quarantined with a reason.

Front matter is read by python-frontmatter with libyaml, every scalar as the text that the file prints. The archive does
not quote list items, so YAML would turn a name such as `No` into a boolean and `Māori Crown Relations: Te Arawhiti`
into a mapping. Such values are turned back into the printed text; nothing else about a value changes.

To load another front-matter key, add a field to `Release`, a line to `COLUMNS` and a line to `_parse_release`.
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
from flows.parse.amounts import SIGNS
from flows.parse.facts import TE_REO_SEED

HAS_LIBYAML: bool = yaml.__with_libyaml__
_BASE_LOADER = yaml.CBaseLoader if HAS_LIBYAML else yaml.BaseLoader

MAX_FILE_SIZE = 4_000_000  # bytes; the largest file of the archive has 0.1 MB
MAX_FRONT_MATTER = 256_000  # characters; the longest of the archive has 5,000
_YEARS = range(1900, 2200)  # limited because dim_date has a row for each day; the website prints year 1 for no date
MAX_ITEM = 2_000  # characters of a title, name, tag or address; the longest of the archive has 300
MAX_ITEMS = 200  # of a list; limited because views pair all ministers of a release. The longest of the archive has 40
# What makes rows in the warehouse. A text may have about ten times as many as any text of the archive: the most are
# 15,112 words, 943 lines, 87 ends of links and 321 currency signs. 4 MB could have 1,000,000 of each.
MAX_WORDS = 150_000
MAX_LINES = 10_000
MAX_LINKS = 1_000
MAX_AMOUNTS = 4_000
_MAX_MESSAGE = 500  # characters of a message, which may hold a value of the file
# An unquoted item "a: b" makes three levels: mapping, list, mapping. Deep nesting could overflow the stack of libyaml.
MAX_NESTING = 4

# Staging keeps the version with each parsed release. A change of a module of this package, or of a library that they
# use, gives a new version, and then every release is parsed again.
PARSER_VERSION = hashlib.sha256(
    b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    + TE_REO_SEED.read_bytes()
    + f"{version('python-frontmatter')} {version('PyYAML')} {HAS_LIBYAML} {version('ftfy')} {version('rensa')}".encode()
).hexdigest()[:12]

# Every pattern takes time linear in the length of a text: possessive quantifiers prevent backtracking.
_MAY_BE_UNSAFE = re.compile(r"[\[{&*]|^ {40}|^[ \t-]*+\?\s|-\s++-\s", re.MULTILINE)
_LINK_START = re.compile(r"(?<![!\\])\[")
_LINK_END = re.compile(r"\\.|\](\()?", re.DOTALL)
_LINK_ADDRESS = re.compile(r"\s*+<?([^)\s>]*+)")
_ESCAPE = re.compile(r"\\([^\w\s])")


@dataclass(frozen=True, slots=True)
class Release:
    """One parsed file. A list is None if the file does not have the key."""

    path: str
    blob: str
    title: str  # as printed; two releases of the archive have an empty one
    printed_date: date  # in year 1 if the website had no date
    url: str
    ministers: list[str] | None
    portfolios: list[str] | None
    attachments: list[str] | None  # URLs
    unknown_keys: list[str]  # front-matter keys other than those above
    body: str  # markdown, without white space around it
    has_body: bool
    cleaned_body: str
    links: list[dict[str, str]]  # text and url of each markdown link of the body, without images
    opening_date: date | None  # the date line that the body opens with


_TEXTS = pa.list_(pa.string())
# The columns in which staging stores a release. `flows.parse.batches` adds the measures of the text and `cleaned_body`,
# which is stored only if it differs from the body by more than no-break spaces and escapes.
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
    """One file that breaks a rule."""

    path: str
    blob: str
    reason: str  # code of the broken rule, from seeds/reasons.csv
    message: str


class _RuleBroken(BeehiveError):
    """A file breaks a rule; `reason` is the code of the rule."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class _Handler(YAMLHandler):
    """Reads front matter as text, and refuses YAML that could take too much time or memory."""

    def load(self, fm: str, **kwargs: object) -> Any:  # noqa: ARG002 (the base class defines the signature)
        if len(fm) > MAX_FRONT_MATTER:
            raise _RuleBroken(
                "front_matter_too_long", f"front matter of {len(fm):,} characters (limit {MAX_FRONT_MATTER:,})"
            )
        try:
            if _MAY_BE_UNSAFE.search(fm):
                _refuse_unsafe(fm)
            loader = _BASE_LOADER(fm)
            try:
                return _as_text(loader.get_single_node())
            finally:
                loader.dispose()
        except RecursionError as error:
            raise _RuleBroken("too_deep", "values are nested too deeply") from error
        except yaml.YAMLError as error:
            raise _RuleBroken("bad_yaml", " ".join(str(error).split())) from error


def _as_text(node: yaml.Node | None) -> Any:
    """Return a YAML node as lists and dicts of printed text, without guessing types."""
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [_as_text(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        pairs = [(_as_printed(_as_text(key)), _as_text(value)) for key, value in node.value]
        keys = dict(pairs)
        if len(keys) < len(pairs):
            twice = min(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
            raise _RuleBroken("duplicate_key", f"the key {twice!r} stands more than once: keep one")
        return keys
    return {}


_HANDLER = _Handler()


def parse(path: str, blob: str, content: bytes) -> Release | Rejection:
    """Return the release that a file holds, or the rule that the file breaks.

    Args:
        path: the file's path in the archive.
        blob: git's hash of the content.
        content: the bytes of the file.
    """
    try:
        return _parse_release(path, blob, content)
    except _RuleBroken as broken:
        return Rejection(path, blob, broken.reason, str(broken)[:_MAX_MESSAGE])


def reject_too_large(file: ArchiveFile) -> Rejection:
    """Return the rejection of a file of more than `MAX_FILE_SIZE` bytes, which is not read."""
    return Rejection(file.path, file.blob, "too_large", f"the file has {file.size:,} bytes (limit {MAX_FILE_SIZE:,})")


def _parse_release(path: str, blob: str, content: bytes) -> Release:
    try:
        file_text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _RuleBroken(
            "not_utf8", f"byte {error.start} (0x{content[error.start]:02x}) is not UTF-8: save it as UTF-8"
        ) from error
    if not file_text.startswith("---"):
        raise _RuleBroken("no_front_matter", "the file does not begin with a line ---")
    metadata, body = frontmatter.parse(file_text, handler=_HANDLER)
    if not metadata:
        raise _RuleBroken("no_front_matter", "there are no keys between a first and a second line ---")
    keys = dict(metadata)
    title = _pop_text(keys, "title", may_be_empty=True)  # two releases of the archive are titled ""
    printed_date = _pop_date(keys)
    url = _pop_text(keys, "url")
    if not url.startswith(("https://", "http://")):
        raise _RuleBroken("bad_url", f"the url {url!r} is not an http address")
    _refuse_excess(body)
    cleaned = text.clean(body)
    _refuse_excess(cleaned)
    return Release(
        path=path,
        blob=blob,
        title=title,
        printed_date=printed_date,
        url=url,
        ministers=_pop_list(keys, "ministers"),
        portfolios=_pop_list(keys, "portfolios"),
        attachments=_pop_list(keys, "attachments"),
        body=body,
        has_body=bool(body),
        cleaned_body=cleaned,
        links=_find_links(body),
        opening_date=text.find_opening_date(body),
        unknown_keys=_pop_keys(keys),  # the last line: what no line above has taken
    )


def _refuse_excess(body: str) -> None:
    """Raise if a text has so many words, lines, links or amounts that a refresh could run out of memory or time.

    Links are counted by their ends and amounts by their currency signs and words, which is fast and never too low.
    """
    word_count = len(text.keep_words(body).split()) if len(body) > MAX_WORDS else 0  # fewer words than characters
    for count, limit, things in (
        (word_count, MAX_WORDS, "words"),
        (body.count("\n"), MAX_LINES, "line ends"),
        (body.count("]("), MAX_LINKS, "ends of links, `](`"),
        (sum(map(body.count, SIGNS)), MAX_AMOUNTS, "currency signs and words"),
    ):
        if count > limit:
            raise _RuleBroken("text_too_long", f"the text has {count:,} {things} (limit {limit:,})")


def _refuse_unsafe(front_matter: str) -> None:
    """Raise if front matter has YAML references or deep nesting, with which a small file can exhaust a parser."""
    depth = 0
    for event in yaml.parse(front_matter, Loader=_BASE_LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _RuleBroken("yaml_reference", f"line {line} has a YAML anchor or alias: quote the value")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_NESTING:
                raise _RuleBroken("too_deep", f"values are nested more than {MAX_NESTING} deep at line {line}")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _pop_key(keys: dict[str, Any], name: str) -> Any:
    if name not in keys:
        raise _RuleBroken("missing_key", f"the key {name!r} is missing: add it")
    return keys.pop(name)


def _pop_text(keys: dict[str, Any], name: str, *, may_be_empty: bool = False) -> str:
    value = _pop_key(keys, name)
    if not isinstance(value, str):
        raise _RuleBroken("wrong_type", f"{name!r} is a {_describe_type(value)}, not a text: put it in double quotes")
    if not value.strip() and not may_be_empty:
        raise _RuleBroken("empty_value", f"{name!r} is empty: give it a value")
    if len(value) > MAX_ITEM:
        raise _RuleBroken("front_matter_too_long", f"{name!r} has {len(value):,} characters (limit {MAX_ITEM:,})")
    return value


def _pop_date(keys: dict[str, Any]) -> date:
    value = _pop_text(keys, "date")
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise _RuleBroken("bad_date", f"the date {value!r} is not written yyyy-mm-dd")
    try:
        found = date.fromisoformat(value)
    except ValueError as error:
        raise _RuleBroken("bad_date", f"the date {value!r} does not exist ({error})") from error
    if found.year not in _YEARS and found.year != 1:
        raise _RuleBroken("bad_date", f"the date {value!r} is no year of releases: the archive begins in 1996")
    return found


def _pop_list(keys: dict[str, Any], name: str) -> list[str] | None:
    if name not in keys:
        return None
    value = keys.pop(name)
    if not isinstance(value, list):
        raise _RuleBroken(
            "wrong_type", f"{name!r} is a {_describe_type(value)}, not a list: begin each item with a dash"
        )
    items = [_as_printed(item) for item in value]
    if len(items) > MAX_ITEMS:
        raise _RuleBroken("front_matter_too_long", f"{name!r} has {len(items):,} items (limit {MAX_ITEMS})")
    if any(not item.strip() for item in items):
        raise _RuleBroken("empty_value", f"an item of {name!r} is empty")
    if longest := max((len(item) for item in items if len(item) > MAX_ITEM), default=0):
        raise _RuleBroken(
            "front_matter_too_long", f"an item of {name!r} has {longest:,} characters (limit {MAX_ITEM:,})"
        )
    return items


def _pop_keys(keys: dict[str, Any]) -> list[str]:
    """Return the names of the keys that nothing has taken, sorted."""
    names = sorted(str(key) for key in keys)
    if len(names) > MAX_ITEMS or any(len(name) > MAX_ITEM for name in names):
        raise _RuleBroken(
            "front_matter_too_long",
            f"there are {len(names):,} unknown keys (limit {MAX_ITEMS}), or one has more than {MAX_ITEM:,} characters",
        )
    return names


def _as_printed(item: Any) -> str:
    """Return the printed text of an unquoted item that YAML read as a mapping or a list."""
    if isinstance(item, dict):
        return "; ".join(f"{_as_printed(key)}: {_as_printed(value)}".strip() for key, value in item.items())
    if isinstance(item, list):
        return f"[{', '.join(_as_printed(part) for part in item)}]"
    return str(item)


def _find_links(body: str) -> list[dict[str, str]]:
    """Return the text and url of every markdown link, in order; a text has no closing bracket unless it is escaped."""
    links: list[dict[str, str]] = []
    if "](" not in body:
        return links
    position = text_from = 0  # where the search continues, and where the text of the next link may begin
    while end := _LINK_END.search(body, position):
        position = end.end()
        if end[1] and (start := _LINK_START.search(body, text_from, end.start())):
            address = _LINK_ADDRESS.match(body, position)
            assert address is not None  # noqa: S101 (the pattern also matches the empty text)
            links.append({"text": _remove_markup(body[start.end() : end.start()]), "url": address[1]})
            position = address.end()
        if not end[0].startswith("\\"):
            text_from = position
    return links


def _remove_markup(link_text: str) -> str:
    """Return a link's text as a reader sees it, without markdown's escapes and emphasis."""
    return _ESCAPE.sub(r"\1", link_text).strip("*_ \n")


def _describe_type(value: Any) -> str:
    return "mapping" if isinstance(value, dict) else "text" if isinstance(value, str) else type(value).__name__
