"""`beehive push` on a real PostgreSQL server: what it makes, what it leaves alone, and what it does when things fail.

The tests share two builds of one archive. A database that shows the first is made once, and each test gets a copy.
"""

import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.errors import BeehiveError, Refused, Unreachable, Unusable
from flows.load import sqlfiles
from flows.pipeline import refresh
from flows.push.push import Pushed, push
from flows.settings import Settings
from tests.conftest import Lines, Postgresql, Twelve, release_path, release_text

pytestmark = pytest.mark.clients

EDITED, ADDED, REMOVED = "2003-05-17-release-5", "2003-06-20-te-reo-maori", "2003-12-17-release-12"


@pytest.fixture(scope="module")
def builds(twelve: Twelve, tmp_path_factory: pytest.TempPathFactory) -> list[Settings]:
    """Two builds: of twelve releases, and after one was edited, one added and one removed."""
    archive = twelve.copy()
    twelve.build()
    folder = tmp_path_factory.mktemp("builds")
    first, second = (Settings(source=str(archive.path), warehouse=folder / name, workers=1) for name in "ab")
    twelve.copy_build(first.warehouse)
    twelve.copy_build(second.warehouse)
    archive.write(release_path("2003-05-17", "release-5"), release_text("Edited", "2003-05-17", "release-5"))
    body = "He kōrero mō te reo Māori, said Hon Phil Goff. Another sentence about fast-track consents."
    archive.write(
        release_path("2003-06-20", "te-reo-maori"),
        release_text("Te Reo Māori", "2003-06-20", "te-reo-maori", ("Parekura Horomia",), ("Māori Affairs",), body),
    )
    (archive.path / release_path("2003-12-17", "release-12")).unlink()
    archive.commit()
    refresh(second, Lines())
    return [first, second]


@pytest.fixture(scope="module")
def pushed(postgresql: Postgresql, builds: list[Settings]) -> Pushed:
    """The first push, to the database `pushed`."""
    postgresql.ask("create database pushed")
    return push(builds[0], postgresql.address("pushed"))


class Database:
    """A copy of the database that shows the first build."""

    def __init__(self, server: Postgresql, name: str) -> None:
        self.server, self.name = server, name
        server.ask(f"create database {name} template pushed")
        self.address = server.address(name)
        self.connect()

    def connect(self) -> None:
        from adbc_driver_postgresql import dbapi

        self._connection = dbapi.connect(self.address, autocommit=True)

    def close(self) -> None:
        self._connection.close()

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(sql)
            return [tuple(row) for row in cursor.fetchall()] if cursor.description else []

    def one(self, sql: str) -> Any:
        ((value,),) = self.ask(sql)
        return value


_numbers = itertools.count()


@pytest.fixture
def database(postgresql: Postgresql, pushed: Pushed) -> Iterator[Database]:
    database = Database(postgresql, f"copy_{next(_numbers)}")
    yield database
    database.close()


def build_id(settings: Settings) -> str:
    with duckdb.connect(str(settings.published), read_only=True) as build:
        return str(build.execute("select build_id from build_info").fetchall()[0][0])


def assert_shows(database: Database, settings: Settings) -> None:
    """Each table has the rows of its view: all of them, with the same values."""
    with duckdb.connect(str(settings.published), read_only=True) as build:
        for view in sqlfiles.views():
            columns = ", ".join(view.columns)
            theirs = database.ask(f"select {columns} from beehive.{view.name}")
            ours = build.execute(f"select {columns} from {view.name}").fetchall()
            assert sorted(map(_plain, theirs)) == sorted(map(_plain, ours)), view.name


def _plain(row: tuple[Any, ...]) -> list[str]:
    """A row in a form that both sides give: times without zone, numbers without trailing zeros."""
    return [
        str(cell.replace(tzinfo=None) if hasattr(cell, "tzinfo") else cell.normalize() if isinstance(cell, Decimal)
            else cell).removesuffix(".00")
        for cell in row
    ]  # fmt: skip


def test_the_first_push_makes_a_table_of_each_view_with_key_comments_and_types(
    pushed: Pushed, database: Database, builds: list[Settings]
) -> None:
    assert pushed.before is None
    assert pushed.build_id == database.one("select build_id from beehive.build_info") == build_id(builds[0])
    assert_shows(database, builds[0])

    keys = dict(database.ask(
        "select conrelid::regclass::text, string_agg(attname, ', ' order by array_position(conkey, attnum)) "
        "from pg_constraint inner join pg_attribute on attrelid = conrelid and attnum = any(conkey) "
        "where contype in ('p', 'u') and connamespace = 'beehive'::regnamespace group by conrelid, conkey"
    ))  # fmt: skip
    kinds = database.ask("select contype::text, count(*) from pg_constraint where contype = 'p' group by 1")
    assert kinds[0][1] > 50
    with duckdb.connect(str(builds[0].published), read_only=True) as build:
        for view in sqlfiles.views():
            assert keys[f"beehive.{view.name}"] == ", ".join(view.grain)
            table = f"'beehive.{view.name}'::regclass"
            assert database.one(f"select obj_description({table})") == view.comment
            found = database.ask(
                "select attname::text, col_description(attrelid, attnum), format_type(atttypid, atttypmod) "
                f"from pg_attribute where attrelid = {table} and attnum > 0 and attname <> 'search' order by attnum"
            )
            assert {name: comment for name, comment, _ in found} == view.columns
            expected = {"VARCHAR": "text", "TIMESTAMP": "timestamp with time zone", "DOUBLE": "double precision"}
            described = build.execute(f"describe {view.name}").fetchall()
            types = [expected.get(row[1], row[1].lower().replace("decimal", "numeric")) for row in described]
            assert [data_type for _, _, data_type in found] == types

    indexes = database.ask("select tablename || '.' || indexname from pg_indexes where schemaname = 'beehive'")
    assert {("releases.releases_nz_date_idx",), ("release_texts.release_texts_search_idx",),
            ("release_ministers.release_ministers_minister_id_idx",)} <= set(indexes)  # fmt: skip


def test_a_key_that_can_be_missing_is_unique_and_the_others_are_required(database: Database) -> None:
    assert database.ask("select minister_id from beehive.party_memberships where membership_start_date is null")
    copied = "insert into beehive.party_memberships select * from beehive.party_memberships"
    with pytest.raises(Exception, match="party_memberships_grain"):
        database.ask(copied)
    with pytest.raises(Exception, match="release_id"):
        database.ask("insert into beehive.releases (release_id) values (null)")


def test_a_push_of_what_is_there_writes_nothing(database: Database, builds: list[Settings]) -> None:
    written = "select sum(n_tup_ins + n_tup_upd + n_tup_del) from pg_stat_user_tables where relname <> 'push_state'"
    before = database.one("select max(xmin::text::bigint) from beehive.releases"), database.one(written)
    again = push(builds[0], database.address)
    assert (again.message, again.changed) == (f"Nothing to push: {again.address} shows {again.build_id} in the schema "
                                              "beehive.", [])  # fmt: skip
    assert push(builds[0], database.address, compare=True).changed == []
    assert before == (database.one("select max(xmin::text::bigint) from beehive.releases"), database.one(written))


# What somebody made with the tables.
OTHERS = """
create role reader;
grant usage on schema beehive to reader;
grant select on all tables in schema beehive to reader;
create view public.my_releases as select release_id, title, who.minister_name
    from beehive.releases left join lateral beehive.who_held('health', nz_date) as who on true;
create table public.notes (release_id text references beehive.releases on delete cascade, note text);
insert into public.notes values ('2003-05-17-release-5', 'mine'), ('2003-12-17-release-12', 'goes with its release');
alter table beehive.releases add column my_note text default 'mine';
"""


def test_a_sync_writes_the_rows_that_differ_and_what_others_built_lives_on(
    database: Database, builds: list[Settings]
) -> None:
    for statement in OTHERS.strip().split(";\n"):
        database.ask(statement.rstrip(";"))
    places = "select release_id, ctid::text, xmin::text from beehive.releases"
    before = {row[0]: row[1:] for row in database.ask(places)}
    done = push(builds[1], database.address)
    after = {row[0]: row[1:] for row in database.ask(places)}
    assert {key for key in before.keys() & after.keys() if before[key] != after[key]} == {EDITED}
    assert (before.keys() - after.keys(), after.keys() - before.keys()) == ({REMOVED}, {ADDED})
    written = {one.table: (one.added, one.changed, one.removed) for one in done.changed}
    assert written["releases"] == written["release_texts"] == (1, 1, 1)
    assert "laws" not in written
    assert database.one("select build_id from beehive.push_state where name = 'laws'") == done.before
    assert_shows(database, builds[1])

    assert database.one("select title from public.my_releases where release_id = '2003-05-17-release-5'") == "Edited"
    assert database.ask("select note from public.notes") == [("mine",)]
    assert database.one(f"select my_note from beehive.releases where release_id = '{EDITED}'") == "mine"
    assert database.one("select has_table_privilege('reader', 'beehive.releases', 'select')")

    # The search, with and without macrons.
    found = "select release_id from beehive.release_texts where search @@ "
    for typed in ("māori", "Maori", "te reo MĀORI", '"reo maori"', "korero -dragon", "sentences about consent"):
        assert database.ask(f"{found} beehive.search_query('{typed}')") == [(ADDED,)], typed
    assert database.ask(f"{found} websearch_to_tsquery('english', 'Māori')") == [(ADDED,)]
    assert database.ask(f"{found} beehive.search_query('dragon')") == []
    title = "select title from beehive.release_texts where release_id = "
    assert database.one(f"{title} '{ADDED}'") == "Te Reo Māori"

    # Back again, as after a rollback; also when a row was changed on the server, which only a comparison can know.
    database.ask("delete from beehive.party_memberships")
    push(builds[0], database.address, compare=True)
    assert_shows(database, builds[0])


def test_a_reader_sees_one_build_in_all_tables_while_two_push_at_once(
    database: Database, builds: list[Settings]
) -> None:
    counts = {build_id(builds[0]): 12, build_id(builds[1]): 12}
    titles = {build_id(builds[0]): 0, build_id(builds[1]): 1}
    seen, wrong, is_over = [], [], threading.Event()

    def read() -> None:
        while not is_over.is_set():
            ((build, count, edited, texts),) = database.ask(
                "select (select build_id from beehive.build_info), (select count(*) from beehive.releases), "
                "(select count(*) from beehive.release_texts where title = 'Edited'), "
                "(select count(*) from beehive.release_texts where search @@ beehive.search_query('kōrero'))"
            )
            seen.append(build)
            if (count, edited, texts) != (counts[build], titles[build], titles[build]):
                wrong.append((build, count, edited, texts))

    reader = threading.Thread(target=read)
    reader.start()
    done: list[Pushed] = []
    both = [threading.Thread(target=lambda: done.append(push(builds[1], database.address))) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    time.sleep(0.2)
    is_over.set()
    reader.join()
    assert wrong == []
    assert [build for build, _ in itertools.groupby(seen)] == [build_id(b) for b in (builds[0], builds[1])]
    assert sorted(bool(one.changed) for one in done) == [False, True]


PUSH_AND_DIE = """
import os, signal, sys
from pathlib import Path
from flows.push.push import push
from flows.settings import Settings
def die(done, total):
    if done == 40:
        os.kill(os.getpid(), signal.SIGKILL)
push(Settings(warehouse=Path(sys.argv[1])), sys.argv[2], die)
"""


def test_a_push_that_is_killed_leaves_the_build_before(database: Database, builds: list[Settings]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PUSH_AND_DIE, builds[1].warehouse, database.address],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert database.one("select build_id from beehive.build_info") == build_id(builds[0])
    assert database.one("select count(*) from beehive.releases where title = 'Edited'") == 0
    assert push(builds[1], database.address).changed


def test_a_server_that_goes_away_keeps_the_build_before(database: Database, builds: list[Settings]) -> None:
    def cut_the_power(done: int, total: int) -> None:
        if done == 40:
            database.server.stop("immediate")

    database.close()
    with pytest.raises(Unreachable, match=r"postgresql://127.0.0.1:.*push again") as raised:
        push(builds[1], database.address, cut_the_power)
    assert "pass" not in str(raised.value)
    with pytest.raises(Unreachable, match=r"cannot be reached .*Connection refused"):
        push(builds[1], database.address)
    database.server.start()
    database.connect()
    assert database.one("select build_id from beehive.build_info") == build_id(builds[0])

    def cut_the_connection(done: int, total: int) -> None:
        if done == 40:
            database.ask(
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'beehive push'"
            )

    with pytest.raises(Unreachable, match="broke off the push"):
        push(builds[1], database.address, cut_the_connection)
    push(builds[1], database.address)
    assert database.one("select count(*) from beehive.releases where title = 'Edited'") == 1


@pytest.fixture
def small_disk(postgresql: Postgresql) -> Iterator[Path]:
    """A disk of 80 MB that the server can write to."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a tmpfs")
    folder = postgresql.folder / "small"
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=80m", "tmpfs", folder], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("no tmpfs can be mounted here")
    try:
        shutil.chown(folder, "nobody")
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def test_a_full_disk_is_one_sentence_and_the_next_push_completes(
    postgresql: Postgresql, small_disk: Path, builds: list[Settings]
) -> None:
    postgresql.ask(f"create tablespace small location '{small_disk}'")
    postgresql.ask("create database full_disk tablespace small")
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * (shutil.disk_usage(small_disk).free - 1_000_000))
    with pytest.raises(Unreachable, match=r"has no room left or is failing .*No space left on device") as raised:
        push(builds[0], postgresql.address("full_disk"))
    assert "\n" not in str(raised.value)
    assert postgresql.ask("select to_regnamespace('beehive')::text", "full_disk") == [(None,)]
    filler.unlink()
    assert push(builds[0], postgresql.address("full_disk")).table_count > 60
    postgresql.ask("drop database full_disk")
    postgresql.ask("drop tablespace small")


# -------------------------------------------------------------------------------------------- what is in the way


def test_a_table_or_function_of_somebody_else_is_not_touched(postgresql: Postgresql, builds: list[Settings]) -> None:
    postgresql.ask("create database foreign_things")
    for statement in ("create schema beehive", "create table beehive.ministers (mine integer)",
                      "create function beehive.name_words(text) returns text language sql return $1"):  # fmt: skip
        postgresql.ask(statement, "foreign_things")
    with pytest.raises(Refused, match="has ministers, name_words, which no push made"):
        push(builds[0], postgresql.address("foreign_things"))
    assert postgresql.ask("select count(*) from pg_class where relnamespace = 'beehive'::regnamespace",
                          "foreign_things") == [(1,)]  # fmt: skip


def test_another_layout_is_altered_and_what_depends_on_the_old_one_stops_it(
    database: Database, builds: list[Settings]
) -> None:
    # As an earlier version would have left it: a column less, one more, another type and key, one more table.
    for statement in (
        "alter table beehive.releases drop column word_count, add column slug text default 'x'",
        "alter table beehive.releases alter column year type bigint",
        "alter table beehive.releases drop constraint releases_grain",
        "alter table beehive.releases add constraint releases_grain unique nulls not distinct (url)",
        "create table beehive.headlines (a integer)",
        "alter table beehive.release_texts drop column search",
        "update beehive.push_state set definition = 'x ', columns = columns || ',slug', "
        "key = 'unique nulls not distinct (\"url\")' where name = 'releases'",
        "update beehive.push_state set definition = 'x y' where name = 'release_texts'",
        "insert into beehive.push_state select 'headlines', kind, build_id, '', '', '', '', 0, pushed_at "
        "from beehive.push_state where name = 'laws'",
        "create view public.slugs as select slug from beehive.releases",
    ):
        database.ask(statement)
    with pytest.raises(Refused, match=r"others built on the tables.*view public.slugs depends on column slug"):
        push(builds[1], database.address)
    database.ask("drop view public.slugs")

    # Nor does a reference from a table without a rule for what goes.
    database.ask("create table public.pins (release_id text references beehive.release_texts)")
    database.ask(f"insert into public.pins values ('{REMOVED}')")
    with pytest.raises(Refused, match=r"others built on the tables.*pins.*still shows the build before") as raised:
        push(builds[1], database.address)
    assert "\n" not in str(raised.value)
    assert database.one("select count(slug) from beehive.releases") == 12
    database.ask("drop table public.pins")
    push(builds[1], database.address)
    assert_shows(database, builds[1])
    assert database.one("select to_regclass('beehive.headlines')::text") is None
    assert database.ask("select count(*) from beehive.releases where release_id is null or year is null") == [(0,)]
    assert database.one("select pg_get_constraintdef(oid) from pg_constraint where conname = 'releases_grain'") == (
        "PRIMARY KEY (release_id)"
    )
    assert database.one("select count(*) from beehive.release_texts where search @@ beehive.search_query('body')") == 11


def test_who_cannot_log_in_or_write_is_told_so_without_the_password(
    postgresql: Postgresql, database: Database, builds: list[Settings]
) -> None:
    postgresql.ask("create role other login password 'pass/word@%'")
    wrong = {
        postgresql.address(password="s3cret"): "does not let this program in .*password authentication failed",
        postgresql.address("nowhere"): 'does not let this program in .*database "nowhere" does not exist',
        postgresql.address(user="nobody"): "does not let this program in",
        postgresql.address(database.name, "other"): "does not let the user of the push do this .*permission denied",
    }
    for address, sentence in wrong.items():
        with pytest.raises(Unusable, match=sentence) as raised:
            push(builds[0], address)
        assert not isinstance(raised.value, Unreachable)
        assert not any(word in str(raised.value) for word in ("s3cret", "pass/word", "pass%2Fword", "\n"))


# ------------------------------------------------------------------------------------------------- after a refresh


def beehive(*words: str | Path, address: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "BEEHIVE_"))}
    return subprocess.run(
        [sys.executable, "-c", "from flows.cli import main; main()", *words],
        capture_output=True, text=True, check=False, env={**kept, "BEEHIVE_PUSH_URL": address},
    )  # fmt: skip


def test_a_refresh_pushes_and_the_next_one_mends_a_push_that_failed(
    database: Database, builds: list[Settings], tmp_path: Path
) -> None:
    warehouse = tmp_path / "warehouse"
    shutil.copytree(builds[1].warehouse, warehouse, symlinks=True)
    words = ("refresh", "--source", builds[1].source, "--warehouse", warehouse)
    away = database.address.replace(f":{database.server.port}/", ":1/")
    failed = beehive(*words, address=away)
    assert failed.returncode == 2
    assert "Nothing new" in failed.stdout
    assert "cannot be reached" in failed.stderr
    status = beehive("status", "--warehouse", warehouse, address=away)
    assert status.returncode == 1
    assert "because the last push failed: postgresql://127.0.0.1:1/" in status.stdout
    record = (warehouse / "pushed.json").read_text(encoding="utf-8")
    assert not any("pass" in text for text in (failed.stderr, failed.stdout, status.stdout, record))

    mended = beehive(*words, address=database.address)
    assert mended.returncode == 0, mended.stderr
    assert "Nothing new" in mended.stdout
    assert "releases: 1 added, 1 changed, 1 removed" in mended.stdout
    assert_shows(database, builds[1])
    assert json.loads((warehouse / "pushed.json").read_text(encoding="utf-8"))["failure"] is None


def test_a_push_without_a_build_an_address_or_a_schema_is_refused(
    database: Database, builds: list[Settings], tmp_path: Path
) -> None:
    with pytest.raises(BeehiveError, match="There is no warehouse"):
        push(Settings(warehouse=tmp_path / "empty"), database.address)
    refused = beehive("push", "--warehouse", builds[0].warehouse, "--schema", "pg_x", address=database.address)
    assert (refused.returncode, "push_schema" in refused.stderr) == (2, True)
    refused = beehive("push", "postgresql://u:p/x@h/d", "--warehouse", builds[0].warehouse, address="postgresql://x/y")
    assert (refused.returncode, "percent" in refused.stderr or "%2F" in refused.stderr) == (2, True)
    assert "p/x" not in refused.stderr
