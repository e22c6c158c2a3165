"""`/openapi.json`: the pages for programs, and each view of the build with its columns."""

import json
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi

from flows.web.answer import Reading
from flows.web.catalog import Column, View, views_of

router = APIRouter(include_in_schema=False)
_TYPES: dict[str, dict[str, str]] = {
    "text": {"type": "string"},
    "whole number": {"type": "integer"},
    "number": {"type": "number"},
    "value true or false": {"type": "boolean"},
    "day": {"type": "string", "format": "date"},
    "time": {"type": "string", "format": "date-time"},
}
_ERROR = {"$ref": "#/components/responses/Error"}
_PAGING: dict[str, tuple[str, dict[str, Any]]] = {
    "columns": ("Columns to return, separated by commas. Default: all.", {"type": "string"}),
    "order": ("Columns to sort by, separated by commas; a minus sign before one: descending.", {"type": "string"}),
    "limit": ("Number of rows, or `all`. Default: 1,000 as JSON, otherwise all.", {"type": "string"}),
    "offset": ("Number of rows to leave out at the beginning.", {"type": "integer", "minimum": 0}),
    "build": ("Build that must still be the newest; 409 if it is not. `next` has it.", {"type": "string"}),
}  # fmt: skip
_FORMATS = {
    "csv": "text/csv",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
}


@router.get("/openapi.json")
def describe(request: Request, build: Reading) -> Response:
    """Return the description in OpenAPI 3.1 of everything that programs can ask for."""
    views = views_of(build).values()
    described = build.kept("openapi", lambda: _describe(request.app, views, build.build_id))
    return Response(described, media_type="application/json")


def _describe(app: FastAPI, views: Any, build_id: str) -> bytes:
    described: dict[str, Any] = get_openapi(
        title=app.title, version=app.version, description=f"{app.description} Build {build_id}.", routes=app.routes
    )
    components = described.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    components["parameters"] = {
        name: {"name": name, "in": "query", "description": text, "schema": schema}
        for name, (text, schema) in _PAGING.items()
    }
    schemas["Error"] = {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}
    components["responses"] = {
        "Error": {
            "description": "What is wrong and what to do, in a sentence.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
        }
    }
    for view in views:
        schemas[f"view.{view.name}"] = _row(view)
        described["paths"][f"/views/{view.name}.{{format}}"] = {"get": _operation(view)}
    return json.dumps(described, ensure_ascii=False).encode()


def _row(view: View) -> dict[str, Any]:
    properties = {
        column.name: {**_TYPES[column.kind], "type": [_TYPES[column.kind]["type"], "null"],
                      "description": column.description}
        for column in view.columns.values()
    }  # fmt: skip
    return {"type": "object", "properties": properties}


def _operation(view: View) -> dict[str, Any]:
    rows = {"type": "array", "items": {"$ref": f"#/components/schemas/view.{view.name}"}}
    page = {
        "type": "object",
        "required": ["build_id", "total_count", "is_limited", "next", "rows"],
        "properties": {
            "view": {"type": "string"},
            "description": {"type": "string"},
            "warning": {"type": ["string", "null"]},
            "build_id": {"type": "string"},
            "total_count": {"type": "integer", "description": "Number of rows of all pages."},
            "offset": {"type": "integer"},
            "limit": {"type": ["integer", "null"]},
            "is_limited": {"type": "boolean", "description": "True if there are more rows, which `next` has."},
            "next": {"type": ["string", "null"], "description": "Address of the next page."},
            "hint": {
                "type": ["string", "null"],
                "description": "If there is no row: values that do not occur, and others like them. Else left out.",
            },
            "rows": rows,
        },
    }
    schemas = {"csv": {"type": "string"}, "json": page, "parquet": {"type": "string", "format": "binary"}}
    return {
        "operationId": f"view_{view.name}",
        "tags": ["views"],
        "summary": f"Rows of {view.name}",
        "description": " ".join(part for part in (view.description, view.warning) if part),
        "parameters": [
            {"name": "format", "in": "path", "required": True, "schema": {"type": "string", "enum": list(_FORMATS)}},
            *({"$ref": f"#/components/parameters/{name}"} for name in _PAGING),
            *(parameter for column in view.columns.values() for parameter in _parameters(column)),
        ],
        "responses": {
            "200": {
                "description": "The rows. The header X-Total-Count has the number of rows of all pages.",
                "content": {_FORMATS[name]: {"schema": schemas[name]} for name in _FORMATS},
            },
            "400": _ERROR,
            "409": _ERROR,
            "503": _ERROR,
        },
    }


def _parameters(column: Column) -> list[dict[str, Any]]:
    """Return the filters on a column."""
    same = {
        "name": column.name,
        "in": "query",
        "description": f"Rows with this value; give it twice for either. {column.description}",
        "schema": {"type": "array", "items": _TYPES[column.kind]},
    }
    if column.is_text:
        others = {"contains": "Rows whose value contains this text; case and macrons make no difference."}
    elif column.kind == "value true or false":
        others = {}
    else:
        others = {"from": "Rows from this value on.", "to": "Rows up to this value, included."}
    return [
        same,
        *(
            {"name": f"{column.name}.{test}", "in": "query", "description": text, "schema": _TYPES[column.kind]}
            for test, text in others.items()
        ),
        {
            "name": f"{column.name}.is",
            "in": "query",
            "description": "Rows without a value, or with one.",
            "schema": {"type": "string", "enum": ["missing", "given"]},
        },
    ]
