"""What one would write first: a loop over the files, lists of rows, executemany. No names, no star, no checks."""

import sys
from pathlib import Path

import duckdb
import frontmatter

releases, ministers, portfolios = [], [], []
for path in Path(sys.argv[1]).rglob("releases/**/*.md"):
    metadata, body = frontmatter.parse(path.read_text(encoding="utf-8"))
    releases.append((path.stem, metadata["title"], str(metadata["date"]), metadata["url"], body))
    ministers += [(path.stem, position, str(name)) for position, name in enumerate(metadata.get("ministers", []))]
    portfolios += [(path.stem, position, str(name)) for position, name in enumerate(metadata.get("portfolios", []))]
with duckdb.connect(sys.argv[2]) as connection:
    connection.execute(
        "create table release (release_id varchar, title varchar, day varchar, url varchar, body varchar)"
    )
    connection.execute("create table minister (release_id varchar, position integer, name varchar)")
    connection.execute("create table portfolio (release_id varchar, position integer, name varchar)")
    connection.begin()
    connection.executemany("insert into release values ($1, $2, $3, $4, $5)", releases)
    connection.executemany("insert into minister values ($1, $2, $3)", ministers)
    connection.executemany("insert into portfolio values ($1, $2, $3)", portfolios)
    connection.commit()
