"""All settings. A flag overrides a `BEEHIVE_*` environment variable, which overrides the default."""

import os
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from flows.paths import PROJECT, SAMPLE


class Settings(BaseSettings):
    """Settings of a refresh and of the commands that read the warehouse."""

    model_config = SettingsConfigDict(env_prefix="BEEHIVE_", frozen=True, extra="forbid")

    source: str = Field(
        default=str(SAMPLE),
        description="Archive to load: a git repository (URL, path or bundle) or a directory. Default: the sample.",
    )
    ref: str | None = Field(default=None, description="Branch, tag or commit of the archive to load. Default: HEAD.")
    index: str | None = Field(
        default=None,
        description="Index of exact publication times: a directory, git repository, JSON file or URL. Default: none.",
    )
    warehouse: Path = Field(
        default=PROJECT / "warehouse",
        description="Folder for `beehive.duckdb` and everything else that is built. Default: `warehouse/`.",
    )
    keep_builds: int = Field(default=2, ge=0, description="Number of earlier builds to keep for a rollback.")
    max_file_size: int = Field(
        default=4_000_000,
        gt=0,
        description="Largest file to read, in bytes; a larger file is quarantined. The largest release has 0.1 MB.",
    )
    review_within_days: float | None = Field(
        default=None,
        gt=0,
        description="Days that a name may await review; after that, nothing is published. Default: no limit.",
    )
    notify_url: str | None = Field(
        default=None,
        description="URL notified when a scheduled run fails, by a POST of JSON with the key `text`. Default: none.",
    )
    stale_after_hours: float = Field(
        default=26,
        gt=0,
        description="Hours since the last look at the archive after which `beehive status` reports it as stale.",
    )
    memory_limit: str = Field(default="320MB", description="Memory that DuckDB may use while building.")
    workers: int = Field(
        default_factory=lambda: min(os.cpu_count() or 1, 8),
        ge=1,
        description="Number of processes that parse files. Default: the number of cores, at most 8.",
    )
    dask_address: str | None = Field(
        default=None,
        description="Address of a Dask scheduler (`tcp://host:8786`) whose workers parse files. Default: none.",
    )

    @property
    def published(self) -> Path:
        """Return the path of the published file, which readers open."""
        return self.warehouse / "beehive.duckdb"

    @property
    def staging(self) -> Path:
        """Return the path of the private file of releases as read."""
        return self.warehouse / "staging.duckdb"

    @property
    def building(self) -> Path:
        """Return the path a build is written to; it is in the same folder so that publishing is one rename."""
        return self.warehouse / "beehive.building.duckdb"

    @property
    def rejected(self) -> Path:
        """Return the path of the last build that failed a check."""
        return self.warehouse / "rejected.duckdb"

    @property
    def builds(self) -> Path:
        """Return the folder of the earlier builds."""
        return self.warehouse / "builds"

    @property
    def parquet(self) -> Path:
        """Return the link to the folder of Parquet files of the published build."""
        return self.warehouse / "parquet"
