"""Where the project's own files are: beside the package in a checkout, inside it once installed."""

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
