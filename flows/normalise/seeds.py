"""Read the CSV files under `seeds/`: reference data and every decision that a person made, each with its reason."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from flows.errors import Unusable
from flows.paths import SEEDS

Seeds = Mapping[str, pl.DataFrame]


def read_seeds(folder: Path = SEEDS) -> Seeds:
    """Return every seed by the name of its file without `.csv`; all columns are text, and empty cells are NULL.

    Raises:
        Unusable: a file cannot be read, or a row has no reason.
    """
    seeds: dict[str, pl.DataFrame] = {}
    for path in sorted(folder.glob("*.csv")):
        try:
            frame = pl.read_csv(path, infer_schema=False)
        except (pl.exceptions.PolarsError, OSError) as error:
            raise Unusable(f"{path} cannot be read as CSV ({error}): correct it and run again.") from error
        if "reason" not in frame.columns or frame["reason"].null_count():
            raise Unusable(f"{path} has a row without a reason: fill its column `reason` and run again.")
        seeds[path.stem] = frame
    return seeds
