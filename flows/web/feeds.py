"""Atom and JSON feeds of everything that can be searched: the newest releases, and releases that were edited.

An entry keeps its id on every server. If a release is edited, its entry has a new time and says what changed.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from flows.serve.published import Build, Misunderstood
from flows.serve.search import say_what_cannot_be_left_out, snippet
from flows.serve.shown import printable
from flows.web.answer import Fault, NotFound, Reading, address, counted, moment, refuse_other_names
from flows.web.links import absolute
from flows.web.search import Asked, Asking, asked_of, find
from flows.web.texts import texts_of

router = APIRouter(tags=["feeds"], dependencies=[Depends(refuse_other_names)])
Row = dict[str, Any]
_MOST = 50  # entries
_NEW_ZEALAND = ZoneInfo("Pacific/Auckland")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML 1.0
_ATOM = "http://www.w3.org/2005/Atom"
_ATOM_TYPE, _JSON_TYPE = "application/atom+xml", "application/feed+json"
_AUTHOR = "New Zealand Government"
ElementTree.register_namespace("", _ATOM)


@router.get("/feeds/search.atom", response_class=Response, responses={200: {"content": {_ATOM_TYPE: {}}}})
def search_as_atom(request: Request, build: Reading, asked: Asking) -> Response:
    """Return the newest and newly edited releases of a search as an Atom feed; without words, of all releases."""
    return _as_atom(request, build, asked, address("search"))


@router.get("/feeds/search.json", response_class=Response, responses={200: {"content": {_JSON_TYPE: {}}}})
def search_as_json_feed(request: Request, build: Reading, asked: Asking) -> Response:
    """Return the newest and newly edited releases of a search as a JSON feed; without words, of all releases."""
    return _as_json(request, build, asked, address("search"))


def _of_member(kind: str) -> Callable[..., Asked]:
    """Return a dependency that returns the search for the releases of a minister or portfolio."""

    def ask(build: Reading, member_id: str) -> Asked:
        try:
            return asked_of(build, **_NOTHING | {kind: member_id})
        except (Fault, Misunderstood) as error:
            raise NotFound(str(error)) from error

    return ask


_NOTHING = dict.fromkeys(
    ("q", "minister", "portfolio", "party", "government", "year", "place", "since", "until", "sort"), ""
)


def _add_feeds_of(kind: str) -> None:
    """Add the feeds of each minister or portfolio."""
    asking = Depends(_of_member(kind))

    def as_atom(request: Request, build: Reading, member_id: str, asked: Asked = asking) -> Response:
        return _as_atom(request, build, asked, address(f"{kind}s", member_id))

    def as_json(request: Request, build: Reading, member_id: str, asked: Asked = asking) -> Response:
        return _as_json(request, build, asked, address(f"{kind}s", member_id))

    for end, name, work, media_type in (
        ("atom", "Atom", as_atom, _ATOM_TYPE),
        ("json", "JSON", as_json, _JSON_TYPE),
    ):
        router.get(
            f"/feeds/{kind}s/{{member_id}}.{end}",
            operation_id=f"{kind}_as_{end}",
            summary=f"{kind.capitalize()} as {name} feed",
            description=f"The newest and newly edited releases of a {kind}.",
            response_class=Response,
            responses={200: {"content": {media_type: {}}}},
        )(work)


_add_feeds_of("minister")
_add_feeds_of("portfolio")


def _as_atom(request: Request, build: Build, asked: Asked, page: str) -> Response:
    entries = _entries(request, build, asked)
    own = absolute(request, _own_address(request))
    feed = ElementTree.Element(f"{{{_ATOM}}}feed", {"xml:lang": "en-NZ"})
    _add(feed, "id", _id(_own_address(request)))
    _add(feed, "title", _title(asked))
    _add(feed, "subtitle", _about(build, asked))
    _add(feed, "updated", _text(max((entry["updated"] for entry in entries), default=build.built_at_utc)))
    _add(feed, "link", rel="self", type=_ATOM_TYPE, href=own)
    _add(feed, "link", rel="alternate", type="text/html", href=absolute(request, _page_address(request, page)))
    _add(_add(feed, "author"), "name", _AUTHOR)
    _add(feed, "rights", "Crown copyright. Only the original on beehive.govt.nz is official.")
    for entry in entries:
        one = _add(feed, "entry")
        _add(one, "id", entry["id"])
        _add(one, "title", entry["title"])
        _add(one, "updated", _text(entry["updated"]))
        if entry["published"]:
            _add(one, "published", _text(entry["published"]))
        _add(one, "link", rel="alternate", type="text/html", href=entry["page"])
        if entry["original"]:
            _add(one, "link", rel="via", type="text/html", href=entry["original"])
        for name in entry["ministers"]:
            _add(_add(one, "author"), "name", name)
        for name in entry["portfolios"]:
            _add(one, "category", term=name)
        _add(one, "summary", entry["summary"])
    content = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return Response(content, media_type=_ATOM_TYPE)


def _as_json(request: Request, build: Build, asked: Asked, page: str) -> Response:
    items = []
    for entry in _entries(request, build, asked):
        item = {
            "id": entry["id"],
            "url": entry["page"],
            "external_url": entry["original"],
            "title": entry["title"],
            "content_text": entry["summary"],
            "date_published": entry["published"] and _text(entry["published"]),
            "date_modified": _text(entry["updated"]),
            "authors": [{"name": name} for name in entry["ministers"]] or None,
            "tags": entry["portfolios"] or None,
        }
        items.append({key: value for key, value in item.items() if value is not None})
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(asked),
        "description": _about(build, asked),
        "home_page_url": absolute(request, _page_address(request, page)),
        "feed_url": absolute(request, _own_address(request)),
        "language": "en-NZ",
        "authors": [{"name": _AUTHOR}],
        "items": items,
    }
    return JSONResponse(feed, media_type=_JSON_TYPE)


def _entries(request: Request, build: Build, asked: Asked) -> list[Row]:
    """Return the entries of a feed, newest first."""
    rows = build.rows("feed", {"found": find(build, asked).table}, most=_MOST)
    texts = texts_of(build, [row["search_number"] for row in rows])
    entries = []
    for row in rows:
        published, edited = _published(row), row["edited_at"] and row["edited_at"].replace(tzinfo=UTC)
        seen = row["first_seen_at"] and row["first_seen_at"].replace(tzinfo=UTC)
        lead = snippet(texts.get(row["search_number"], ""), frozenset(), ())
        entries.append(
            {
                "id": _id(f"releases/{row['release_id']}"),
                "page": absolute(request, address("releases", row["release_id"])),
                "original": _web_address(row["url"]),
                "title": _clean(row["title"]) or row["release_id"],
                "published": published,
                "updated": edited or published or seen or build.built_at_utc,
                "ministers": _names(row["ministers"]),
                "portfolios": _names(row["portfolios"]),
                "summary": "\n\n".join(part for part in (_what_changed(row), _clean(lead)) if part),
            }
        )
    return entries


def _published(row: Row) -> datetime | None:
    """Return when a release was published: the beginning of its New Zealand day, if the time is not known."""
    if row["published_at"]:
        known: datetime = row["published_at"].replace(tzinfo=UTC)
        return known
    return datetime.combine(row["nz_date"], time(), _NEW_ZEALAND) if row["nz_date"] else None


def _what_changed(row: Row) -> str:
    """Return a sentence on what the last edit changed, or nothing."""
    if not row["edited_at"]:
        return ""
    changes = []
    if row["is_title_changed"]:
        changes.append(f"the title (before: “{_clean(row['earlier_title'])}”)" if row["earlier_title"] else "the title")
    names = {"date": "the date", "ministers": "the ministers", "portfolios": "the portfolios"}
    changes += [shown for name, shown in names.items() if row[f"is_{name}_changed"]]
    if row["is_body_changed"]:
        added, removed = row["word_added_count"] or 0, row["word_removed_count"] or 0
        changes.append(f"the text ({counted(added, 'word')} added, {removed:,} removed)")
    return f"Edited, as the archive saw on {moment(row['edited_at'])}: {', '.join(changes)}."


def _about(build: Build, asked: Asked) -> str:
    """Return what a feed has."""
    all_words = ["Only releases that fit the whole question."] if asked.question else []
    parts = [f"The newest {_MOST}, and releases that were edited.", *all_words]
    return _clean(" ".join([*parts, *say_what_cannot_be_left_out(asked.question), f"Build {build.build_id}."]))


def _title(asked: Asked) -> str:
    """Return the title of a feed, which says what narrows it."""
    parts = [f"about “{asked.question}”"] if asked.question else []
    parts += [f"{kind} {name}" for kind, _, name in asked.chosen]
    parts += [f"since {asked.since}"] if asked.since else []
    parts += [f"until {asked.until}"] if asked.until else []
    return _clean("New Zealand government releases" + (f": {', '.join(parts)}" if parts else ""))


def _own_address(request: Request) -> str:
    return f"{request.scope['path']}{_query(request)}"


def _page_address(request: Request, page: str) -> str:
    return page + _query(request)


def _query(request: Request) -> str:
    given = [
        (name, text)
        for name, text in request.query_params.multi_items()
        if text and name in _NOTHING and name != "sort"
    ]
    return f"?{urlencode(sorted(given))}" if given else ""


def _id(name: str) -> str:
    """Return an id that is the same on every server."""
    return uuid5(NAMESPACE_URL, f"https://www.beehive.govt.nz/#archive/{name}").urn


def _names(text: str | None) -> list[str]:
    return [_clean(name) for name in text.split("; ")] if text else []


def _web_address(text: str) -> str | None:
    """Return an address that can stand in a feed, or nothing: a few are printed with spaces or a path alone."""
    return text if re.fullmatch(r"https?://[!-~]+", text) else None


def _clean(text: str) -> str:
    """Return a text without control characters and without what XML forbids."""
    return " ".join(_FORBIDDEN.sub("", printable(text)).split())


def _text(value: datetime) -> str:
    return value.isoformat(timespec="seconds").replace("+00:00", "Z")


def _add(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    child.text = text
    return child
