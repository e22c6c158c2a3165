"""The text of a release as HTML: its markdown, with names marked and with who speaks. Nothing in it is active.

Passages are found by their places in the text. Where a place does not fit, the text is shown without its mark.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from flows.serve.shown import printable
from flows.web.answer import address

_SITE = "https://www.beehive.govt.nz"
_SAFE = re.compile(r"(?:https?://|mailto:)[^\s<>\"]+", re.IGNORECASE)
# The longest text of the archive has 96,000 characters, and 870 of these marks are the most. The time of reading them
# grows with their square, so a text with far more is shown as it is.
_MAX_LENGTH = 200_000
_MAX_MARKS = 4_000
_MARKS = re.compile(r"[\[\]*_`|<]")
_TITLES = "Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Minister|Prime Minister|Professor"


@dataclass(frozen=True, slots=True)
class Name:
    """A name as texts print it."""

    minister_id: str
    minister_name: str
    has_page: bool


@dataclass(frozen=True, slots=True)
class Text:
    """A text to show."""

    html: Markup
    has_names: bool
    has_passages: bool
    unplaced_count: int  # passages that are not marked


def render(
    body: str, passages: Sequence[Mapping[str, Any]], names: Mapping[str, Name], links: Mapping[str, str]
) -> Text:
    """Return a text as HTML.

    Args:
        body: markdown.
        passages: rows of core.quotation with minister_name.
        names: what to mark, by the name as printed.
        links: ids of releases by the address as printed.
    """
    if len(body) > _MAX_LENGTH or len(_MARKS.findall(body)) > _MAX_MARKS:
        paragraphs = (escape(printable(part)) for part in body.split("\n\n"))
        plain = Markup().join(Markup("<p>{}</p>\n").format(part) for part in paragraphs)
        return Text(plain, has_names=False, has_passages=False, unplaced_count=len(passages))
    markdown = _parser()
    tokens = markdown.parse(body)
    known = {markdown.normalizeLink(url): release_id for url, release_id in links.items()}
    pattern = _pattern(names)
    has_names = False
    for token in tokens:
        if token.type == "inline" and token.children:
            token.children = list(_safe_links(token.children, known))
            if pattern:
                token.children, is_marked = _mark_names(token.children, pattern, names)
                has_names = has_names or is_marked
        elif token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"
    tokens, placed_count = _mark_passages(tokens, body, passages)
    html = printable(markdown.renderer.render(tokens, markdown.options, {}))
    return Text(Markup(html), has_names, placed_count > 0, len(passages) - placed_count)  # noqa: S704 (escaped above)


@cache
def _parser() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable("code")
    markdown.add_render_rule("image", _image)
    return markdown


def _image(_self: Any, tokens: Sequence[Token], index: int, _options: Any, _environment: Any) -> str:
    """Return a link to an image of the site, since nothing is loaded from other hosts."""
    label = escape(f"Image: {tokens[index].content or 'without a description'}")
    href = _target(str(tokens[index].attrGet("src") or ""))
    return f'<a href="{escape(href)}" rel="{_REL}">{label}</a>' if href else f"<em>{label}</em>"


_REL = "nofollow noopener noreferrer"


def _target(href: str) -> str | None:
    """Return the address of a link if it is safe to follow, else None."""
    whole = _SITE + href if href.startswith("/") and not href.startswith("//") else href
    return whole if _SAFE.fullmatch(whole) else None


def _safe_links(tokens: Iterable[Token], known: Mapping[str, str]) -> Iterable[Token]:
    """Yield the tokens of a line with the links that lead to a web page, a release or a mail address."""
    for token in tokens:
        if token.type == "link_open":
            href = str(token.attrGet("href") or "")
            if href in known:
                token.attrs = {"href": address("releases", known[href])}
            elif target := _target(href):
                token.attrs = {"href": target, "rel": _REL}
            else:
                token.attrs = {}  # an <a> that leads nowhere
        yield token


def _pattern(names: Mapping[str, Name]) -> re.Pattern[str] | None:
    if not names:
        return None
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


def names_of(people: Iterable[Mapping[str, Any]], known: Mapping[str, Mapping[str, Any]]) -> dict[str, Name]:
    """Return what to mark in a text: full names, other known names, and titles with the surname of who is credited.

    Args:
        people: rows of core.mention.
        known: rows of the query `people`, by minister_id.
    """
    found: dict[str, Name] = {}
    surnames: dict[str, list[Name]] = {}
    for row in people:
        person = known.get(row["minister_id"])
        if person is None:
            continue
        name = Name(row["minister_id"], person["minister_name"], person["has_page"])
        for printed in (person["minister_name"], *(person["other_names"] or ())):
            found[printed] = name
        # Somebody else can have the surname, so it counts as the search for mentions counts it.
        if row["is_credited"]:
            surnames.setdefault(person["sort_name"].split(",")[0], []).append(name)
    for surname, bearers in surnames.items():
        if len(bearers) == 1:
            found |= {f"{title} {surname}": bearers[0] for title in _TITLES.split("|")}
    return found


def _mark_names(
    tokens: Iterable[Token], pattern: re.Pattern[str], names: Mapping[str, Name]
) -> tuple[list[Token], bool]:
    """Return the tokens of a line with names in <mark>, and whether there is any; names outside links become links."""
    marked: list[Token] = []
    link_depth, is_marked = 0, False
    for token in tokens:
        link_depth += token.nesting if token.type.startswith("link_") else 0
        if token.type != "text" or not pattern.search(token.content):
            marked.append(token)
            continue
        is_marked, end = True, 0
        for match in pattern.finditer(token.content):
            name = names[match[0]]
            marked += [_text(token.content[end : match.start()]), Token("mark_open", "mark", 1)]
            if name.has_page and not link_depth:
                link = Token("a_open", "a", 1)
                link.attrs = {"href": address("ministers", name.minister_id), "title": name.minister_name}
                marked += [link, _text(match[0]), Token("a_close", "a", -1)]
            else:
                marked.append(_text(match[0]))
            marked.append(Token("mark_close", "mark", -1))
            end = match.end()
        marked.append(_text(token.content[end:]))
    return marked, is_marked


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _mark_passages(tokens: list[Token], body: str, passages: Sequence[Mapping[str, Any]]) -> tuple[list[Token], int]:
    """Return the tokens with who speaks before each passage, and the number of passages that were found."""
    if "\r" in body:
        return tokens, 0
    starts = [0, *(match.end() for match in re.finditer("\n", body))]
    spoken: dict[tuple[int, int], list[Mapping[str, Any]]] = {}  # passages by their first and last line
    for passage in passages:
        first = passage["passage_place"] - 1
        last = first + passage["passage_length"] - 1
        if 0 <= first <= last < len(body) and (first == 0 or body[first - 1] == "\n"):
            lines = bisect_right(starts, first) - 1, bisect_right(starts, last) - 1
            spoken.setdefault(lines, []).append(passage)
    marked: list[Token] = []
    placed: set[tuple[int, int]] = set()
    last_label = ""
    for token in tokens:
        if token.type == "paragraph_open" and token.map:
            begin, end = token.map
            place = next((lines for lines in spoken if lines[0] <= begin and end - 1 <= lines[1]), None)
            label = _speakers(spoken[place]) if place else ""
            if place:
                token.attrJoin("class", "said")
                placed.add(place)
                if label != last_label:
                    marked.append(Token("html_block", "", 0, content=label))
            last_label = label
        marked.append(token)
    return marked, sum(len(spoken[lines]) for lines in placed)


def _speakers(passages: Sequence[Mapping[str, Any]]) -> str:
    """Return the line before a passage, as HTML."""
    names = " and ".join(passage["minister_name"] for passage in passages)
    verb = "is" if len(passages) == 1 else "are"
    kind = "quoted" if any(passage["is_direct"] for passage in passages) else "reported"
    is_sure = all(passage["confidence"] == "high" for passage in passages)
    doubt = "" if is_sure else f", probably ({METHODS.get(passages[0]['method'], passages[0]['method'])})"
    return f'<p class="speaker">{escape(f"{names} {verb} {kind}{doubt}:")}</p>\n'


METHODS = {
    "name": "the passage has the full name",
    "surname": "the passage has the surname alone",
    "role": "the passage says “the Minister”",
    "pronoun": "the passage says he or she",
    "continued": "the quotation goes on from another paragraph",
    "only_speaker": "nobody else speaks in the text",
}
