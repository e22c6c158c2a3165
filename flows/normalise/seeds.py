"""The CSV files under `seeds/`: reference data and decisions, the only home of judgement."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from flows.errors import Unusable
from flows.paths import SEEDS

Seeds = Mapping[str, pl.DataFrame]


def read_seeds(folder: Path = SEEDS) -> Seeds:
    """Every seed by its file's stem, all columns text, empty cells NULL; SQL casts where it needs a type.

    Raises:
        Unusable: a file cannot be read, or a row gives no reason.
    """
    seeds: dict[str, pl.DataFrame] = {}
    for path in sorted(folder.glob("*.csv")):
        try:
            frame = pl.read_csv(path, infer_schema=False)
        except (pl.exceptions.PolarsError, OSError) as error:
            raise Unusable(f"{path} cannot be read as CSV ({error}): mend it and run again.") from error
        if "reason" not in frame.columns or frame["reason"].null_count():
            raise Unusable(f"{path} has a row without a reason: each decision carries one.")
        seeds[path.stem] = frame
    return seeds
