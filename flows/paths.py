"""Where the project's own files are: beside the package in a checkout, inside it once installed. Read given paths."""

import re
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = PACKAGE.parent
_IS_CHECKOUT = (_CHECKOUT / "sql").is_dir() and (_CHECKOUT / "seeds").is_dir()

RESOURCES = _CHECKOUT if _IS_CHECKOUT else PACKAGE
SQL = RESOURCES / "sql"
SEEDS = RESOURCES / "seeds"
SAMPLE = SEEDS / "releases"

# An installed package must not write into its own folder, so it uses the current folder.
PROJECT = _CHECKOUT if _IS_CHECKOUT else Path.cwd()


def expand_path(text: str | Path) -> Path:
    """Return a path in the one form that everybody understands alike: absolute, without `~`.

    DuckDB takes a relative path such as `md:x` or `s3:x` for an address, and replaces `~` itself.

    Raises:
        ValueError: nobody knows the home folder.
    """
    return Path(expand_home(str(text))).absolute()


def to_path(text: str | Path) -> Path:
    """Return a path that DuckDB can use, in the form of `expand_path`.

    Raises:
        ValueError: nobody knows the home folder, or DuckDB understands a character of the path differently.
    """
    path = expand_path(text)
    if found := re.search(r"[?\\]", str(path)):
        raise ValueError(f"DuckDB cannot use a path with the character {found[0]}: rename the folder {path}")
    return path


def expand_home(location: str) -> str:
    """Return a location with `~` replaced. A relative one stays: builds record the source as it was given."""
    if not location.startswith("~"):
        return location
    try:
        return str(Path(location).expanduser())
    except RuntimeError as error:  # there is no such user, or the user has no home folder
        raise ValueError(f"nobody knows the home folder of {location}: write the whole path instead of `~`") from error
