"""The same files by dlt: a resource of front matter, merged into DuckDB by path. No names, no star, no checks."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dlt
import frontmatter


@dlt.resource(name="release", primary_key="path", write_disposition="merge")
def releases() -> Iterator[list[dict[str, Any]]]:
    batch = []
    for path in Path(sys.argv[1]).rglob("releases/**/*.md"):
        metadata, body = frontmatter.parse(path.read_text(encoding="utf-8"))
        lists = {key: [str(one) for one in metadata.get(key, [])] for key in ("ministers", "portfolios")}
        batch.append(
            {"path": path.name, "title": metadata["title"], "day": str(metadata["date"]), "url": metadata["url"],
             "body": body, **lists}
        )  # fmt: skip
        if len(batch) == 1_000:
            yield batch
            batch = []
    yield batch


pipeline = dlt.pipeline(
    "peer",
    pipelines_dir=sys.argv[2] + ".state",
    destination=dlt.destinations.duckdb(sys.argv[2] + ".duckdb"),
    dataset_name="peer",
)
pipeline.run(releases())
