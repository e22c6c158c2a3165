"""All settings. A flag overrides a `BEEHIVE_*` environment variable, which overrides the default."""

import os
import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from flows.errors import Unusable
from flows.paths import PROJECT, SAMPLE, expand_home, to_path


def _to_size(text: str) -> str:
    if not re.fullmatch(r"\d+(\.\d+)? ?[kmgt]i?b", text, re.IGNORECASE) or not re.search("[1-9]", text):
        raise ValueError("a number and a unit are needed, such as 320MB or 2GB")
    return text


def _to_web_address(text: str) -> str:
    if not re.match(r"https?://[^/]", text, re.IGNORECASE):
        raise ValueError("an address that begins with http:// or https:// is needed")
    return text


def _to_postgresql_address(text: str) -> str:
    found = re.fullmatch(r"postgres(?:ql)?://(.*)", text, re.DOTALL)
    if found is None:
        raise ValueError("an address such as postgresql://USER@HOST/DATABASE is needed")
    credentials, _, rest = found[1].rpartition("@")
    if re.search(r"[/?#@\s]", credentials) or re.search(r"%(?![0-9a-fA-F]{2})|[#\s]", found[1]):
        raise ValueError(
            "a user or password with one of the characters / ? # @ % or a space needs them as %2F %3F %23 %40 %25 %20; "
            "a password may also be left to ~/.pgpass"
        )
    if re.search(r"[?&](?:ssl)?password=", rest):
        raise ValueError("the password stands behind the user, as in USER:PASSWORD@HOST, or in ~/.pgpass")
    return f"postgresql://{found[1]}"


def shown_address(url: str) -> str:
    """Return the address of a PostgreSQL database without user, password and options, safe for logs."""
    return "postgresql://" + url.partition("://")[2].rpartition("@")[2].partition("?")[0]


def _to_schema(text: str) -> str:
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", text) or re.match("pg_|information_schema$", text):
        raise ValueError("a name in small letters, digits and _ is needed that is not PostgreSQL's own")
    return text


Location = Annotated[str, AfterValidator(expand_home)]
Size = Annotated[str, AfterValidator(_to_size)]
_MAX_DAYS = 36_500
_PRIVATE = ("source", "index", "notify_url", "push_url")  # an address can hold a password


class Settings(BaseModel):
    """Settings of a refresh and of the commands that read the warehouse.

    pydantic-settings would read the environment, too, but to import it takes as long as all else of a short command.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    source: Location = Field(
        default=str(SAMPLE),
        description="Archive to load: a git repository (URL, path or bundle) or a directory. Default: the sample.",
    )
    ref: str | None = Field(default=None, description="Branch, tag or commit of the archive to load. Default: HEAD.")
    index: Location | None = Field(
        default=None,
        description="Index of exact publication times: a directory, git repository, JSON file or URL. Default: none.",
    )
    warehouse: Annotated[Path, BeforeValidator(to_path)] = Field(
        default=PROJECT / "warehouse",
        description="Folder for `beehive.duckdb` and everything else that is built. Default: `warehouse/`.",
    )
    keep_builds: int = Field(default=2, ge=0, description="Number of earlier builds to keep for a rollback.")
    review_within_days: float | None = Field(
        default=None,
        gt=0,
        le=_MAX_DAYS,
        description="Days that a name may await review; after that, nothing is published. Default: no limit.",
    )
    notify_url: Annotated[str, AfterValidator(_to_web_address)] | None = Field(
        default=None,
        description="URL notified when a scheduled run fails, by a POST of JSON with the key `text`. Default: none.",
    )
    push_url: Annotated[str, AfterValidator(_to_postgresql_address)] | None = Field(
        default=None,
        description="PostgreSQL database that each published build is pushed to: `postgresql://USER@HOST/DATABASE`. "
        "Default: none.",
    )
    push_schema: Annotated[str, AfterValidator(_to_schema)] = Field(
        default="beehive", description="Schema of that database for the tables."
    )
    stale_after_hours: float = Field(
        default=26,
        gt=0,
        le=24 * _MAX_DAYS,
        description="Hours since the last look at the archive after which `beehive status` reports it as stale.",
    )
    full_build_every: int = Field(
        default=100,
        ge=0,
        description="Number of incremental builds after which a full one makes the file compact again.",
    )
    memory_limit: Size = Field(default="320MB", description="Memory that DuckDB may use while building.")
    query_seconds: float = Field(
        default=60,
        ge=0,
        le=24 * 60 * 60 * _MAX_DAYS,
        description="Seconds that a query, search or list may take; 0 sets no limit. Printing the rows does not count.",
    )
    query_memory: Size = Field(default="1GB", description="Memory that a query, search or list may use.")
    query_spill: Size = Field(
        default="4GB", description="Disk space that a query, search or list may use for what its memory cannot hold."
    )
    serve_seconds: float = Field(
        default=10,
        ge=0,
        le=60 * 60,
        description="Seconds that `beehive serve` may work on one request; 0 sets no limit.",
    )
    serve_memory: Size = Field(
        default="500MB", description="Memory that the questions to one build may use in `beehive serve`."
    )
    serve_url: Annotated[str, AfterValidator(_to_web_address)] | None = Field(
        default=None,
        description="Address at which people reach `beehive serve`, for the absolute addresses in feeds and data. "
        "Default: that of the request.",
    )
    serve_rows: int = Field(
        default=100_000, ge=1, description="Largest number of rows that `beehive serve` sends in one answer."
    )
    serve_questions: int = Field(
        default_factory=lambda: max(4, min(2 * (os.cpu_count() or 1), 16)),
        ge=1,
        le=64,
        description="Number of questions to DuckDB that `beehive serve` answers at the same time, half of them "
        "searches; others wait. Default: twice the number of cores, at least 4 and at most 16.",
    )
    serve_requests: int = Field(
        default=32,
        ge=1,
        le=1000,
        description="Number of requests that `beehive serve` accepts at the same time; more are refused (status 503).",
    )
    serve_warming: float = Field(
        default=60,
        gt=0,
        le=3600,
        description="Seconds after which `beehive serve` shows a new build even if pages of it are not yet ready.",
    )
    workers: int = Field(
        default_factory=lambda: min(os.cpu_count() or 1, 8),
        ge=1,
        le=256,
        description="Number of processes that parse files and search texts. Default: the number of cores, at most 8.",
    )
    dask_address: str | None = Field(
        default=None,
        description="Address of a Dask scheduler (`tcp://host:8786`) whose workers parse files. Default: none.",
    )

    @model_validator(mode="before")
    @classmethod
    def _add_environment(cls, given: dict[str, Any]) -> dict[str, Any]:
        names = {f"beehive_{name}": name for name in cls.model_fields}
        variables = ((variable.lower(), value) for variable, value in os.environ.items())
        return {names[variable]: value for variable, value in variables if variable in names} | given

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_no_text(cls, value: Any) -> Any:
        if isinstance(value, str):
            if not value.strip():
                raise ValueError("it is empty: give a value, or leave it out for the default")
            if not value.isprintable() and re.search("[\0\ud800-\udfff]", value):
                raise ValueError("it is not valid UTF-8: rename the file or folder")
        return value

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
    def work(self) -> Path:
        """Return the path of the private file from which an incremental build goes on."""
        return self.warehouse / "work.duckdb"

    @property
    def work_building(self) -> Path:
        """Return the path that the next private file of this kind is written to."""
        return self.warehouse / "work.building.duckdb"

    @property
    def rejected(self) -> Path:
        """Return the path of the last build that failed a check."""
        return self.warehouse / "rejected.duckdb"

    @property
    def made(self) -> Path:
        """Return the path of the manifest, which lists the builds and folders that refreshes made and may delete."""
        return self.warehouse / "made.txt"

    @property
    def builds(self) -> Path:
        """Return the folder of the earlier builds."""
        return self.warehouse / "builds"

    @property
    def push_target(self) -> str | None:
        """Return the address and schema that builds are pushed to, without credentials; None if to nowhere."""
        return f"{shown_address(self.push_url)}, schema {self.push_schema}" if self.push_url else None

    @property
    def parquet(self) -> Path:
        """Return the link to the folder of Parquet files of the published build."""
        return self.warehouse / "parquet"


def read_settings(**given: Any) -> Settings:
    """Return the settings; a value that is None comes from the environment, or is the default.

    Raises:
        Unusable: a value is wrong; the message names the setting.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        found = "" if name in _PRIVATE else f", found {first['input']!r}"
        message = first["msg"].removeprefix("Value error, ")
        raise Unusable(f"The setting {name} (BEEHIVE_{name.upper()}) is wrong: {message}{found}.") from error
