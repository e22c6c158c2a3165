"""Describe the files of a Data Package once more, as Croissant (mlcommons.org/croissant), for search engines of data.

Everything comes from the descriptor of the Data Package. Foreign keys are left out: readers of Croissant take them for
an instruction to join the tables.
"""

from collections.abc import Mapping
from typing import Any

FILE = "croissant.json"

_VERSION = "http://mlcommons.org/croissant/1.1"
_TYPES = {
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "datetime": "sc:DateTime",
}
# The media type that readers of Croissant know for Parquet is an older one.
_MEDIA_TYPES = {"csv": "text/csv", "parquet": "application/x-parquet"}
# The context that the specification prescribes.
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    **{
        name: f"cr:{name}"
        for name in (
            "arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "extract", "field", "fileProperty",
            "fileObject", "fileSet", "format", "includes", "isArray", "isLiveDataset", "jsonPath", "key", "md5",
            "parentField", "path", "recordSet", "references", "regex", "repeated", "replace", "samplingRate",
            "separator", "source", "subField", "transform",
        )
    },
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
}  # fmt: skip


def describe(package: Mapping[str, Any], hashes: Mapping[str, str]) -> dict[str, Any]:
    """Return the description of the files of a Data Package.

    Args:
        package: descriptor of the Data Package.
        hashes: SHA-256 of each file with all rows of a table or view, in hexadecimal, by the path in the descriptor.
    """
    dated = {"datePublished": package["created"]} if "created" in package else {}
    versioned = {"version": package["version"]} if "version" in package else {}
    creators = [{"@type": "Organization", "name": one["title"], "url": one["path"]} for one in package["contributors"]]
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": _VERSION,
        "name": package["title"],
        "description": package["description"],
        "url": package["homepage"],
        "license": [one["path"] for one in package["licenses"]],
        "creator": creators,
        "citeAs": _cite(package),
        **dated,
        **versioned,
        "distribution": [_file_of(one, hashes) for one in package["resources"]],
        "recordSet": [_record_set(one) for one in package["resources"]],
    }


def _file_of(resource: Mapping[str, Any], hashes: Mapping[str, str]) -> dict[str, Any]:
    path, media_type = resource["path"], _MEDIA_TYPES[resource["format"]]
    described = {"@id": _id_of(resource), "name": _id_of(resource), "description": resource["description"]}
    if isinstance(path, str):
        file = {"contentUrl": path, "encodingFormat": media_type, "sha256": hashes[path]}
        return {"@type": "cr:FileObject", **described, **file}
    return {"@type": "cr:FileSet", **described, "encodingFormat": media_type, "includes": _id_of(resource)}


def _id_of(resource: Mapping[str, Any]) -> str:
    """Return the path of a file, or the pattern of the paths of files."""
    path: str | list[str] = resource["path"]
    return path if isinstance(path, str) else f"{path[0].rpartition('/')[0]}/*.{resource['format']}"


def _record_set(resource: Mapping[str, Any]) -> dict[str, Any]:
    name, schema = resource["name"], resource["schema"]
    source = {"fileObject" if isinstance(resource["path"], str) else "fileSet": {"@id": _id_of(resource)}}
    key = schema.get("primaryKey") or schema["uniqueKeys"][0]
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": resource["description"],
        "key": [{"@id": f"{name}/{column}"} for column in key],
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{name}/{field['name']}",
                "name": field["name"],
                "description": field["description"],
                "dataType": _TYPES.get(field["type"], "sc:Text"),
                "source": {**source, "extract": {"column": field["name"]}},
            }
            for field in schema["fields"]
        ],
    }


def _cite(package: Mapping[str, Any]) -> str:
    """Return how to cite the files, in BibTeX."""
    year = f"year = {{{package['created'][:4]}}}, " if "created" in package else ""
    version = f"version = {{{package['version']}}}, " if "version" in package else ""
    authors = " and ".join(f"{{{one['title']}}}" for one in package["contributors"])
    return (
        f"@misc{{{package['name']}, title = {{{package['title']}}}, author = {{{authors}}}, {year}{version}"
        f"url = {{{package['homepage']}}}}}"
    )
