"""The published file for a program that runs for long: a build that is published later is seen without a restart."""

import os
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from math import inf
from pathlib import Path
from threading import Condition, Event, Lock, Semaphore, Thread, get_native_id
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb

from flows.errors import Unusable, is_short_of_memory
from flows.load import sqlfiles
from flows.load.database import connect, dicts, literal
from flows.serve.query import Limits, Rows

if TYPE_CHECKING:
    import pyarrow as pa

Answer = TypeVar("Answer")
_BUSY = "Too many questions are waiting: try again in a few seconds."
_BATCH = 2_000  # rows


class Misunderstood(Unusable):
    """An argument of a macro is wrong; the message says which and what is near it."""


class Limited(Unusable):
    """A question needs more time or memory than it may use."""


@dataclass(frozen=True, slots=True)
class Build:
    """A published build, open for as long as somebody holds this object."""

    build_id: str
    built_at: datetime  # UTC, without a time zone
    latest_release_date: date | None
    limits: Limits
    connection: duckdb.DuckDBPyConnection
    known: dict[str, Any] = field(default_factory=dict)  # what pages keep of this build
    making: dict[str, Lock] = field(default_factory=dict)  # by the name of what is made
    long_turns: Semaphore = field(default_factory=Semaphore)  # for questions that take long, so that others go on
    deadline: float | None = None  # on the monotonic clock, in seconds: when questions of a request are stopped

    @property
    def built_at_utc(self) -> datetime:
        """Return built_at, in whole seconds, with its time zone."""
        return self.built_at.replace(tzinfo=UTC, microsecond=0)

    def for_one_request(self) -> "Build":
        """Return the build for a request, whose questions may together take as long as the limit says."""
        return replace(self, deadline=self._deadline())

    def _deadline(self) -> float | None:
        seconds = self.limits.seconds
        return time.monotonic() + seconds if seconds else None

    def kept(self, name: str, make: Callable[[], Any]) -> Any:
        """Return what was made for this build before, or make it."""
        if name not in self.known:
            with self.making.setdefault(name, Lock()):
                if name not in self.known:
                    self.known[name] = make()
        return self.known[name]

    @contextmanager
    def long_turn(self) -> Iterator[None]:
        """Wait until few enough others ask what takes long. Work without a deadline needs no turn.

        Raises:
            Limited: the time of the request ends first.
        """
        if self.deadline is None:
            yield
            return
        if not self.long_turns.acquire(timeout=max(0, self.deadline - time.monotonic())):
            raise Limited(_BUSY)
        try:
            yield
        finally:
            self.long_turns.release()

    def ask(
        self,
        sql: str,
        parameters: Mapping[str, Any] | None = None,
        tables: Mapping[str, "pa.Table"] | None = None,
    ) -> Rows:
        """Run SQL of this program, with parameters such as `$name`, and return all rows.

        Args:
            sql: one statement.
            parameters: values of its parameters.
            tables: tables that it reads beside those of the build, by name.

        Raises:
            Misunderstood: an argument of a macro is wrong.
            Limited: it takes too long or needs too much memory.
            Unusable: another version of this program made the build.
        """
        return self._run(
            lambda cursor: Rows(
                [column[0] for column in cursor.execute(sql, dict(parameters or {})).description or []],
                cursor.fetchall(),
            ),
            tables,
        )

    def table(self, query: str, tables: Mapping[str, "pa.Table"] | None = None, **parameters: Any) -> "pa.Table":
        """Return the rows of a query of `sql/web/` as a table."""
        return self._run(
            lambda cursor: cursor.sql(sqlfiles.page(query).statement, params=parameters).to_arrow_table(), tables
        )

    def _run(
        self, work: Callable[[duckdb.DuckDBPyConnection], Answer], tables: Mapping[str, "pa.Table"] | None
    ) -> Answer:
        cursor = self.connection.cursor()
        try:
            cursor.execute("use beehive")  # each cursor begins in the database `memory`
            for name, table in (tables or {}).items():
                cursor.register(name, table)
            with _watch(cursor, self.deadline):
                return work(cursor)
        except duckdb.InterruptException as error:
            raise self._too_long() from error
        except duckdb.Error as error:
            raise self._explained(error) from error
        finally:
            cursor.close()

    def stream(self, sql: str, parameters: Mapping[str, Any]) -> Iterator["pa.RecordBatch | pa.Table"]:
        """Run SQL of this program and yield its rows in Arrow batches while DuckDB computes them.

        If there are no rows, there is one empty table, which has the types. The time limit of a request is that of a
        batch: an answer that goes on is not stopped.

        Raises:
            Limited, Unusable: as `ask`; also in the middle.
        """
        cursor = self.connection.cursor()
        try:
            cursor.execute("use beehive")
            with _watch(cursor, self.deadline):
                # Unlike execute(), a relation does not hold all rows before the first is read.
                reader = cursor.sql(sql, params=dict(parameters)).to_arrow_reader(_BATCH)
                batch = next(reader, None)
            if batch is None:
                yield reader.schema.empty_table()
            while batch is not None:
                yield batch
                with _watch(cursor, self.deadline and self._deadline()):
                    batch = next(reader, None)
        except (duckdb.Error, OSError) as error:  # Arrow makes an OSError of what DuckDB says
            is_late = isinstance(error, duckdb.InterruptException) or "Interrupted" in str(error)
            raise self._too_long() if is_late else self._explained(error) from error
        finally:
            cursor.close()

    def _too_long(self) -> Limited:
        return Limited(
            f"The answer takes longer than {self.limits.seconds:g} seconds, the limit of this server: ask for "
            "less, such as one year, or try again when it is less busy."
        )

    def _explained(self, error: duckdb.Error | OSError) -> Unusable:
        if is_short_of_memory(error) or "max_temp_directory_size" in str(error):
            return Limited(
                f"The answer needs more than {self.limits.memory} of memory, the limit of this server: ask for less, "
                "such as one year, or try again when it is less busy."
            )
        if isinstance(error, duckdb.InvalidInputException):  # of a macro: a sentence about a name
            return Misunderstood(str(error).removeprefix("Invalid Input Error: ").splitlines()[0])
        if isinstance(error, duckdb.CatalogException | duckdb.BinderException):
            return Unusable(
                f"Build {self.build_id} was made by another version of this program: run `beehive refresh`, then try "
                "again."
            )
        return Unusable(f"The question failed: {str(error).splitlines()[0]}")

    def rows(
        self, query: str, tables: Mapping[str, "pa.Table"] | None = None, **parameters: Any
    ) -> list[dict[str, Any]]:
        """Return the rows of a query of `sql/web/`, by column name; the parameters are those that it names."""
        found = self.ask(sqlfiles.page(query).statement, parameters, tables)
        return [dict(zip(found.columns, row, strict=True)) for row in found.rows]

    def row(self, query: str, **parameters: Any) -> dict[str, Any] | None:
        """Return the first row of a query of `sql/web/`, or None if it has none."""
        return next(iter(self.rows(query, **parameters)), None)


class _Watchman:
    """Interrupts questions that take too long, from one thread: one for each question would cost more than most do."""

    def __init__(self) -> None:
        self.turns = Semaphore(1)  # as many as questions may be answered at the same time
        self._changed = Condition()
        self._watched: dict[int, tuple[duckdb.DuckDBPyConnection, float]] = {}
        self._thread: Thread | None = None
        self._is_stopping = False

    @contextmanager
    def __call__(self, cursor: duckdb.DuckDBPyConnection, deadline: float | None) -> Iterator[None]:
        """Wait for a turn, and interrupt what the cursor does in this block at the deadline, by the monotonic clock.

        Work without a deadline needs no turn.

        Raises:
            Limited: the deadline came first.
        """
        if deadline is None:
            with self._watching(cursor, inf):
                yield
            return
        if not self.turns.acquire(timeout=max(0, deadline - time.monotonic())):
            raise Limited(_BUSY)
        try:
            with self._watching(cursor, deadline):
                yield
        finally:
            self.turns.release()

    @contextmanager
    def _watching(self, cursor: duckdb.DuckDBPyConnection, deadline: float) -> Iterator[None]:
        with self._changed:
            self._watched[id(cursor)] = cursor, deadline
            self._changed.notify_all()
            if not self._thread:
                self._thread = Thread(target=self._work, daemon=True, name="watchman")
                self._thread.start()
        try:
            yield
        finally:
            with self._changed:
                del self._watched[id(cursor)]
                self._changed.notify_all()

    def wait_for_silence(self, seconds: float) -> None:
        """Wait until no question is being answered, at most so long."""
        with self._changed:
            self._changed.wait_for(lambda: not self._watched, timeout=seconds)

    def stop(self) -> None:
        """Interrupt every question, and wait for a moment until all have ended.

        A process that ends while a thread of it is in DuckDB is aborted.
        """
        self._is_stopping = True
        with self._changed:
            self._changed.wait_for(lambda: not self._watched, timeout=_SECONDS_TO_STOP)

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._watched)
                now = time.monotonic()
                for cursor, deadline in self._watched.values():
                    if now > deadline or self._is_stopping:
                        cursor.interrupt()  # again each time: work that is just starting misses an interrupt
            time.sleep(_BETWEEN_LOOKS)


_SECONDS_TO_STOP = 2
_BETWEEN_LOOKS = 0.1  # seconds
_watch = _Watchman()


def stop_questions() -> None:
    """Interrupt all questions of this process, before it ends."""
    _watch.stop()


def lower_priority() -> None:
    """Let the work of others come before that of this thread, and of the processes that it starts."""
    if sys.platform == "linux":  # elsewhere a thread has no priority of its own
        os.setpriority(os.PRIO_PROCESS, get_native_id(), _NICENESS)


Identity = tuple[int, int, int]  # of a file: device, inode, time of change


class Published:
    """The published file, opened again when a refresh has replaced it.

    DuckDB gives every connection of one process to one path the same file, also when that was replaced. So each build
    is attached to a database in memory of its own, which is closed when the last question to it is answered.
    """

    def __init__(self, path: Path, limits: Limits, at_once: int = 4) -> None:
        """Serve a file.

        Args:
            path: the published file, which may be published later.
            limits: what one request may cost.
            at_once: number of questions that this process answers at the same time.
        """
        self._path, self._limits = path, limits
        _watch.turns = Semaphore(at_once)
        self._long_turns = Semaphore(max(1, at_once // 2))
        self._opening = Lock()
        self._opened: tuple[Identity, Build] | None = None

    def newest(self) -> Build:
        """Return the newest build. Whoever holds it reads that build, whatever is published meanwhile.

        Raises:
            Unusable: nothing is published, or the file cannot be opened.
        """
        identity = self._identify()
        opened = self._opened
        if opened and opened[0] == identity:
            return opened[1]
        with self._opening:
            if not self._opened or self._opened[0] != identity:
                self._opened = identity, self._open()
            return self._opened[1]

    def _identify(self) -> Identity:
        try:
            found = self._path.stat()
        except FileNotFoundError as error:
            raise Unusable(f"There is no warehouse at {self._path}: run `beehive refresh` first.") from error
        return found.st_dev, found.st_ino, found.st_mtime_ns

    def _open(self) -> Build:
        limits = self._limits
        connection = connect(
            autoload_known_extensions="false", autoinstall_known_extensions="false", python_enable_replacements="false"
        )
        try:
            connection.execute(f"attach {literal(self._path)} as beehive (read_only)")
            connection.execute("use beehive")
            connection.execute(f"set memory_limit = {literal(limits.memory)}")
            connection.execute("set threads = 1")  # many ask at once, and each question has a thread of its own
            connection.execute("set temp_directory = ''")  # what does not fit into memory is refused
            connection.execute("set enable_external_access = false")
            connection.execute("set lock_configuration = true")
            (info,) = dicts(connection, "select build_id, built_at, latest_release_date from main.build_info")
        except duckdb.Error as error:
            connection.close()
            raise Unusable(f"{self._path} cannot be opened: {str(error).splitlines()[0]}.") from error
        return Build(**info, limits=limits, connection=connection, long_turns=self._long_turns)


class WarmPublished(Published):
    """The published file, where a newer build is shown only when it answers as quickly as the one before.

    A thread opens and warms it in small steps, between which questions under way come first. The build before goes on
    answering meanwhile, also if its file is deleted. If yet another build is published meanwhile, the thread begins
    anew with that one. At most two builds are open, and those that requests under way still read.
    """

    def __init__(
        self,
        path: Path,
        limits: Limits,
        warm: Callable[[Build, Build], Iterable[object]],
        at_once: int = 4,
        seconds_to_warm: float = 60,
    ) -> None:
        """Serve a file.

        Args:
            path: the published file, which may be published later.
            limits: what one request may cost.
            warm: warms its first argument step by step; the second is the build shown, which may be the same.
            at_once: number of questions that this process answers at the same time.
            seconds_to_warm: a build is shown so long after it was seen, even if it is not yet warm.
        """
        super().__init__(path, limits, at_once)
        self._warm, self._seconds = warm, seconds_to_warm
        self._warmed: Identity | None = None
        self._stopping = Event()
        self._thread = Thread(target=self._follow, daemon=True, name="follow")
        self.problem: str | None = None  # why the newest build is not shown

    @property
    def is_warm(self) -> bool:
        """Return whether the build that is shown is the newest, and was warmed."""
        try:
            return self._warmed == self._identify()
        except Unusable:
            return self._warmed is not None

    @property
    def is_open(self) -> bool:
        """Return whether a build is open, so that `newest` returns at once."""
        return self._opened is not None

    def newest(self) -> Build:
        """Return the build that is shown, or open the first one.

        Raises:
            Unusable: nothing is published, or the file cannot be opened.
        """
        return self._opened[1] if self._opened else super().newest()

    def follow(self) -> None:
        """Begin to look for builds, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the looking for builds."""
        self._stopping.set()
        self._thread.join(_SECONDS_TO_STOP)

    def _follow(self) -> None:
        while not self._stopping.wait(_BETWEEN_BUILDS):
            try:
                self._look()
                self.problem = None
            except (Unusable, OSError, duckdb.Error) as error:
                if self.problem != str(error):
                    sys.stderr.write(f"{error}\n")
                self.problem = str(error)

    def _look(self) -> None:
        """Open, warm and show the newest build, if that was not done before.

        Raises:
            Unusable: it cannot be opened.
        """
        deadline = time.monotonic() + self._seconds
        while (identity := self._identify()) != self._warmed and not self._stopping.is_set():
            shown = self.newest()
            build = shown if self._is_shown(identity) else self._open()
            for _ in self._steps(build, shown):
                if time.monotonic() > deadline and not self._is_shown(identity):
                    self._opened, deadline = (identity, build), time.monotonic() + self._seconds
                if self._stopping.is_set() or self._is_replaced(identity):
                    break
                _watch.wait_for_silence(_REST)
            else:
                self._opened, self._warmed = (identity, build), identity
            del build, shown  # so that a build that was replaced is closed now

    def _steps(self, build: Build, shown: Build) -> Iterator[object]:
        """Yield after each step of the warming; a fault of this program ends it, and the build is shown."""
        try:
            yield from self._warm(build, shown)
        except Exception:  # noqa: BLE001
            sys.stderr.write(traceback.format_exc())

    def _is_shown(self, identity: Identity) -> bool:
        return self._opened is not None and self._opened[0] == identity

    def _is_replaced(self, identity: Identity) -> bool:
        try:
            return self._identify() != identity
        except Unusable:  # deleted: what is open can still be read
            return False


_NICENESS = 5
_BETWEEN_BUILDS = 1.0  # seconds between two looks at the file
_REST = 0.05  # seconds that warming waits at most for questions under way, after each step
