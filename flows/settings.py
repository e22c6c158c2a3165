"""Every setting in one place: flags over `BEEHIVE_*` environment variables over these defaults."""

import os
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from flows.paths import PROJECT, SAMPLE


class Settings(BaseSettings):
    """What a refresh, and every question about it, depends on besides the archive itself."""

    model_config = SettingsConfigDict(env_prefix="BEEHIVE_", frozen=True, extra="forbid")

    source: str = Field(
        default=str(SAMPLE),
        description="The archive: a git repository (URL, path or bundle) or a directory. Default: the sample.",
    )
    ref: str | None = Field(
        default=None, description="Branch, tag or commit to load. Default: the HEAD of the repository."
    )
    index: str | None = Field(
        default=None,
        description="The index of publication times: a directory, a git repository, or a JSON file or its URL.",
    )
    warehouse: Path = Field(
        default=PROJECT / "warehouse",
        description="Folder of beehive.duckdb and everything else that is built. Default: `warehouse/`.",
    )
    allow_shrink: bool = Field(
        default=False, description="Publish even if many releases of the published build would be gone."
    )
    shrink_limit: float = Field(
        default=0.02, ge=0, le=1, description="Share of the published releases that may go in one refresh."
    )
    keep_builds: int = Field(default=2, ge=0, description="How many earlier builds to keep.")
    max_file_size: int = Field(
        default=4_000_000,
        gt=0,
        description="Bytes; a larger file is quarantined unread (the largest known: 0.1 MB).",
    )
    review_within_days: float | None = Field(
        default=None,
        gt=0,
        description="Refuse to publish while a name has awaited review for longer. Default: never, only warn.",
    )
    notify_url: str | None = Field(
        default=None,
        description="Where a scheduled run that failed is told: POST of a JSON object with `text`. Default: nowhere.",
    )
    stale_after_hours: float = Field(
        default=26, gt=0, description="`beehive status` fails when the archive was last looked at longer ago."
    )
    memory_limit: str = Field(default="384MB", description="Memory that DuckDB may use while building.")
    workers: int = Field(
        default_factory=lambda: min(os.cpu_count() or 1, 8),
        ge=1,
        description="Number of processes that parse. Default: the number of cores, at most 8.",
    )
    dask_address: str | None = Field(
        default=None,
        description="Scheduler of a Dask cluster (tcp://host:8786) whose workers parse. Default: processes here.",
    )

    @property
    def published(self) -> Path:
        """The file that readers open."""
        return self.warehouse / "beehive.duckdb"

    @property
    def staging(self) -> Path:
        """The private file of releases as read."""
        return self.warehouse / "staging.duckdb"

    @property
    def building(self) -> Path:
        """The file a build is written to before it is published, in the same folder so that a rename is atomic."""
        return self.warehouse / "beehive.building.duckdb"

    @property
    def rejected(self) -> Path:
        """The last build that a check refused, kept to look at."""
        return self.warehouse / "rejected.duckdb"

    @property
    def builds(self) -> Path:
        """Folder of the earlier builds."""
        return self.warehouse / "builds"

    @property
    def parquet(self) -> Path:
        """Link to the folder of Parquet files of the published build."""
        return self.warehouse / "parquet"
