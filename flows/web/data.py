"""The public views as CSV, JSON and Parquet, for spreadsheets, BI tools and programs; and as pages to look at.

Rows are sent while DuckDB computes them, so that a whole view never is in memory. If that fails in the middle, the
connection breaks and the file does not look complete.
"""

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from threading import BoundedSemaphore, Lock
from typing import Any
from urllib.parse import urlencode

import polars as pl
import pyarrow as pa
from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, JSONResponse, StreamingResponse
from pyarrow import parquet
from starlette.types import Receive, Scope, Send

from flows.load.parquet import LEFT_OUT_COLUMNS, find_files
from flows.serve.export import TIMESTAMP
from flows.serve.published import Build
from flows.web.answer import Fault, Reading, WrongRequest, counted, quoted, show
from flows.web.catalog import Question, View, ask, hint, view_of, views_of
from flows.web.links import absolute

router = APIRouter(include_in_schema=False)  # flows.web.openapi describes the views from the build
_JSON_ROWS, _PAGE_ROWS = 1_000, 50  # rows of an answer that gives no limit
_FORMULA = r"^[=+\-@\t\r]"  # how a cell begins that Excel takes for a formula
_CHUNK = 1 << 20  # bytes
_KEPT_TOTALS = 1_000
_FIRST_PARTS = 3  # of an answer: its beginning, rows, and its end or more rows
_JOINING = Lock()
_KEPT_JOINED = 2  # builds whose joined files are kept: a client may read parts of one while the next is published
_DOWNLOADS = BoundedSemaphore(8)
_TIMESTAMP = TIMESTAMP.replace("%f", "%6f")  # what DuckDB calls %f
_PAGING = ("limit", "offset", "build")
_MAX_SHOWN = 200  # rows of a page for people
PARQUET = "application/vnd.apache.parquet"


class Replaced(Fault):
    """The build that a client wants to go on with is no longer the newest."""

    status = 409


class Busy(Fault):
    """Too many clients take data out."""

    status = 503


@router.get("/views")
def list_views(request: Request, build: Reading) -> Response:
    """Return the page that lists the public views."""
    return show(request, "views", views=views_of(build).values())


@router.get("/views.json")
def list_views_as_json(request: Request, build: Reading) -> Response:
    """Return the public views with their columns, for programs."""
    views = [_described(request, view) for view in views_of(build).values()]
    return JSONResponse({"build_id": build.build_id, "views": views})


@router.get("/views/{name}.csv")
def as_csv(name: str, request: Request, build: Reading) -> Response:
    """Return rows of a view as CSV: all of them, unless a limit is given."""
    question = _question(request, build, name, None)
    is_for_excel = read_excel(request.query_params.get("excel", "0"))
    headers = _headers(request, build, question)
    return send_csv(request, name, question.columns, _frames(build, question), headers, is_for_excel=is_for_excel)


def send_csv(
    request: Request,
    name: str,
    columns: Iterable[str],
    frames: Iterable[pl.DataFrame],
    headers: dict[str, str],
    *,
    is_for_excel: bool,
) -> Response:
    """Return rows as a CSV file; for Excel with a byte order mark and without what it takes for formulas."""
    headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    header = pl.DataFrame(schema=dict.fromkeys(columns, pl.String)).write_csv(line_terminator="\r\n")
    start = ("\ufeff" if is_for_excel else "") + header
    rows = (_csv(_safe_for_excel(frame) if is_for_excel else frame) for frame in frames)
    return _stream(request, chain([start], rows), "text/csv", headers)


@router.get("/views/{name}.json")
def as_json(name: str, request: Request, build: Reading) -> Response:
    """Return a page of the rows of a view as JSON, with what a reader has to know about them."""
    question = _question(request, build, name, _JSON_ROWS)
    headers = _headers(request, build, question)
    following = _following(request, build, question, int(headers["X-Total-Count"]))
    about = {
        "view": name,
        "description": question.view.description,
        "warning": question.view.warning or None,
        "build_id": build.build_id,
        "total_count": int(headers["X-Total-Count"]),
        "offset": question.offset,
        "limit": question.limit,
        "is_limited": following is not None,
        "next": following and absolute(request, following),
    }
    if not about["total_count"]:
        about["hint"] = hint(build, question)
    start = json.dumps(about, ensure_ascii=False)[:-1] + ', "rows": ['
    return _stream(
        request, chain([start], _json_rows(_frames(build, question)), ["\n]}\n"]), "application/json", headers
    )


@router.get("/views/{name}.parquet")
def as_parquet(name: str, request: Request, build: Reading) -> Response:
    """Return rows of a view as Parquet: a file of which parts can be read, if the whole view is asked for."""
    question = _question(request, build, name, None)
    if question.is_whole:
        if published := _parquet_file(request, build, name):
            return FileResponse(published, media_type=PARQUET, filename=f"{name}.parquet")
        left_out = LEFT_OUT_COLUMNS.get(f"main.{name}", frozenset())  # the same columns as in the file that is gone
        question = replace(question, columns=tuple(one for one in question.columns if one not in left_out))
    headers = _headers(request, build, question)
    headers["Content-Disposition"] = f'attachment; filename="{name}.parquet"'
    file = TemporaryFile()  # noqa: SIM115 (closed when it is sent)
    _write_parquet(_batches(build, question), file)
    size = file.tell()
    file.seek(0)
    if size <= _CHUNK or request.state.is_head:
        return Response(file.read(), media_type=PARQUET, headers=headers)
    headers["Content-Length"] = str(size)
    return _Download(iter(lambda: file.read(_CHUNK), b""), media_type=PARQUET, headers=headers)


@router.get("/views/{name}")
def as_page(name: str, request: Request, build: Reading) -> Response:
    """Return a page with the meaning of a view and some of its rows."""
    question = _question(request, build, name, _PAGE_ROWS)
    if question.limit is None or question.limit > _MAX_SHOWN:
        raise WrongRequest(f"A page shows at most {_MAX_SHOWN} rows: give a smaller limit, or take /views/{name}.csv.")
    total = _total(build, question)
    if question.offset >= total > 0:
        raise WrongRequest(f"offset={question.offset} is after the last row: there are {counted(total, 'row')}.")
    frames = [frame.rows() for frame in _frames(build, question)]
    return show(
        request,
        "view",
        view=question.view,
        columns=question.columns,
        rows=list(chain.from_iterable(frames)),
        total=total,
        hint=None if total else hint(build, question),
        first=question.offset + 1,
        following=_following(request, build, question, total),
        query=urlencode([pair for pair in request.query_params.multi_items() if pair[0] not in _PAGING]),
        left_out=LEFT_OUT_COLUMNS.get(f"main.{name}", ()),
    )


def _question(request: Request, build: Build, name: str, limit: int | None) -> Question:
    """Return what a request asks of a view of the build that the request expects.

    Raises:
        NotFound: there is no such view.
        WrongRequest: a parameter is wrong, or the build is another one than that of the page before.
    """
    expected = request.query_params.get("build", build.build_id)
    view = view_of(build, name)
    if expected != build.build_id:
        raise Replaced(
            f"The build {expected} was replaced by {build.build_id}, so that this page would not fit the pages before: "
            "begin again without build= and offset=."
        )
    return ask(view, request.query_params.multi_items(), limit)


def read_excel(given: str) -> bool:
    """Return what the parameter `excel` means.

    Raises:
        WrongRequest: it is neither 0 nor 1.
    """
    if given not in ("0", "1"):
        raise WrongRequest(f"excel={quoted(given)} is not understood: write excel=1, or leave it out.")
    return given == "1"


def _total(build: Build, question: Question) -> int:
    """Return the number of rows of all pages. Some views take long to count, and a client asks for page after page."""
    totals: dict[tuple[Any, ...], int] = build.kept("totals", dict)
    key = (question.count_sql, *question.values.values())
    total = totals.get(key)
    if total is None:
        if len(totals) >= _KEPT_TOTALS:
            totals.clear()
        ((total,),) = build.ask(question.count_sql, question.values).rows
        totals[key] = total
    return total


def _headers(request: Request, build: Build, question: Question) -> dict[str, str]:
    """Return the headers that tell how many rows there are in all, and where the next page is."""
    total = _total(build, question)
    most, sent = request.app.state.settings.serve_rows, max(0, total - question.offset)
    if (sent if question.limit is None else min(sent, question.limit)) > most:
        raise WrongRequest(
            f"These are {sent:,} rows, and this server sends at most {most:,} in one answer: take them in pages with "
            f"limit={most}, or choose rows. The whole view is at {request.scope['path'].rpartition('.')[0]}.parquet."
        )
    headers = {"X-Total-Count": str(total)}
    if following := _following(request, build, question, total):
        headers["Link"] = f'<{absolute(request, following)}>; rel="next"'
    return headers


def _following(request: Request, build: Build, question: Question, total: int) -> str | None:
    """Return the address of the next page; None after the last row."""
    if question.limit is None or question.offset + question.limit >= total:
        return None
    paging = {"limit": question.limit, "offset": question.offset + question.limit, "build": build.build_id}
    kept = [pair for pair in request.query_params.multi_items() if pair[0] not in _PAGING]
    return f"{request.scope['path']}?{urlencode([*kept, *paging.items()])}"


def _frames(build: Build, question: Question) -> Iterator[pl.DataFrame]:
    """Return the rows in frames. The first is computed before this returns, so that its error is an answer."""
    batches = _batches(build, question)
    first = next(batches)
    return (_frame(batch) for batch in chain([first], batches))


def _batches(build: Build, question: Question) -> Iterator[pa.RecordBatch | pa.Table]:
    if question.has_quick_keys:
        keys = list(build.ask(question.keys_sql, question.values).rows)
        return build.stream(*question.query_rows(keys))
    return build.stream(question.sql, question.values)


def _frame(batch: pa.RecordBatch | pa.Table) -> pl.DataFrame:
    frame = pl.from_arrow(batch)
    assert isinstance(frame, pl.DataFrame)  # noqa: S101
    return frame


def _csv(frame: pl.DataFrame) -> str:
    return frame.write_csv(
        include_header=False, line_terminator="\r\n", date_format="%Y-%m-%d", datetime_format=_TIMESTAMP
    )


def _json_rows(frames: Iterator[pl.DataFrame]) -> Iterator[str]:
    """Yield the rows as JSON objects, separated by commas; times are UTC and written as in CSV."""
    separator = "\n"
    for frame in frames:
        if frame.is_empty():
            continue
        texts = frame.with_columns(
            pl.selectors.datetime().dt.strftime(_TIMESTAMP), pl.selectors.decimal().cast(pl.Float64)
        )
        yield separator + texts.write_ndjson().rstrip("\n").replace("\n", ",\n")
        separator = ",\n"


def _safe_for_excel(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with an apostrophe before each text that Excel would take for a formula."""
    text = pl.selectors.string()
    is_formula = text.str.contains(_FORMULA)
    return frame.with_columns(pl.when(is_formula).then("'" + text).otherwise(text).name.keep())


def _write_parquet(batches: Iterator[pa.RecordBatch | pa.Table], file: Any) -> None:
    first = next(batches)
    with parquet.ParquetWriter(file, first.schema, compression="zstd") as writer:
        for batch in chain([first], batches):
            writer.write(batch)


class _Download(StreamingResponse):
    """An answer that is computed while it is sent. It gives its turn to the next request: a slow client is no hurry.

    So many can go on at once; another one is refused.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer."""
        if not _DOWNLOADS.acquire(blocking=False):
            raise Busy("Too many downloads are under way: try again in a minute.")
        try:
            scope["state"]["end_turn"]()
            await super().__call__(scope, receive, send)
        finally:
            _DOWNLOADS.release()


def _stream(request: Request, parts: Iterator[str], media_type: str, headers: dict[str, str]) -> Response:
    begun = list(islice(parts, _FIRST_PARTS))
    further = next(parts, None)
    if further is None:  # few rows: an answer of known length, which is no download
        return Response("".join(begun), media_type=media_type, headers=headers)
    if request.state.is_head:
        answer = Response(media_type=media_type, headers=headers)
        del answer.headers["Content-Length"]  # nobody knows it before all rows are written
        return answer
    return _Download(chain(begun, [further], parts), media_type=media_type, headers=headers)


def _parquet_file(request: Request, build: Build, name: str) -> Path | None:
    """Return the file with all rows of a view; None if the folder of this build is gone."""
    warehouse: Path = request.app.state.settings.warehouse
    files = find_files(warehouse / f"parquet-{build.build_id}", f"main.{name}")
    with suppress(FileNotFoundError):
        if len(files) > 1:
            return _join(build.build_id, name, files)
    return files[0] if len(files) == 1 else None


def _join(build_id: str, name: str, files: list[Path]) -> Path:
    """Return a file with the rows of the files of all years; it is written once for each build."""
    folder = Path(_scratch().name)
    joined = folder / build_id / f"{name}.parquet"
    with _JOINING:
        if not joined.exists():
            joined.parent.mkdir(exist_ok=True)
            for old in sorted(folder.iterdir())[:-_KEPT_JOINED]:
                shutil.rmtree(old)
            aside = joined.with_suffix(".new")
            with parquet.ParquetWriter(aside, parquet.read_schema(files[0]), compression="zstd") as writer:
                for file in files:
                    writer.write_table(parquet.ParquetFile(file).read())
            # Another process that serves this build names the file by the same time.
            changed_at = max(file.stat().st_mtime_ns for file in files)
            os.utime(aside, ns=(changed_at, changed_at))
            aside.replace(joined)
    return joined


@cache
def _scratch() -> TemporaryDirectory[str]:
    """Return a folder that is deleted when the program ends."""
    return TemporaryDirectory(prefix="beehive-views-")


def _described(request: Request, view: View) -> dict[str, Any]:
    return {
        "name": view.name,
        "description": view.description,
        "warning": view.warning or None,
        "grain": view.grain,
        "columns": [
            {"name": column.name, "type": column.data_type, "description": column.description}
            for column in view.columns.values()
        ],
        **{kind: absolute(request, f"/views/{view.name}.{kind}") for kind in ("csv", "json", "parquet")},
    }
