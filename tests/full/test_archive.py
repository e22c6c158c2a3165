"""The real archive, whole: every file accounted for, every printed name kept, every small sync published as it is."""

import itertools
import os
import re
import shutil
import statistics
import subprocess
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from flows.load import sqlfiles
from flows.load.staging import Staging
from flows.normalise.ministers import decide_ministers
from flows.normalise.portfolios import decide_portfolios
from flows.normalise.seeds import read_seeds
from flows.parse.text import clean
from flows.settings import Settings
from flows.verify import VARIES_BY_RUN, comparable_rows
from tests.conftest import BUNDLE, Lines
from tests.full.conftest import PlainlyRead

pytestmark = pytest.mark.archive
INDEX_SAMPLE = BUNDLE.parent / "discovery-index-sample.json"
MOVED_DAYS = "select nz_date - published_date, count(*) from releases where date_basis = 'exact' group by 1 order by 1"
FRIDAYS = (
    "select printed_release_count, release_count, exact_count from releases_by_weekday "
    "where year = 2017 and weekday_name = 'Friday'"
)


def git(repository: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=repository, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def commits(checkout: Path) -> list[str]:
    """One before the last edit and the last deletion, and the last of all; or every one, which takes long."""
    every = git(checkout, "rev-list", "--first-parent", "--reverse", "HEAD").split()
    if os.environ.get("BEEHIVE_SYNCS") == "all":
        return every
    changed = {
        line[0]: old
        for old, new in itertools.pairwise(every)
        for line in git(checkout, "diff", "--name-status", "--diff-filter=a", old, new).splitlines()
    }
    return [min(changed["M"], changed["D"], key=every.index), every[-1]]


@pytest.fixture(scope="module")
def stepped(
    bundle: Path, built: Path, commits: list[str], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, object]:
    """A warehouse refreshed commit by commit, with what each refresh said it changed.

    The first refresh has the sample of the index, which moves some days; the others are without.
    """
    from flows.pipeline import refresh

    warehouse = tmp_path_factory.mktemp("stepped") / "warehouse"
    warehouse.mkdir()
    shutil.copy(built / "staging.duckdb", warehouse)  # so that no file is parsed again
    shutil.copytree(built / "archives", warehouse / "archives")  # nor cloned
    said, moved, fridays = {}, [], []
    for commit in commits:
        index = str(INDEX_SAMPLE) if commit == commits[0] else None
        settings = Settings(source=str(bundle), ref=commit, index=index, warehouse=warehouse)
        refresh(settings, Lines(), allow=frozenset({"exact_days_lost"}))
        if index:
            moved = ask(warehouse, MOVED_DAYS)
            fridays = ask(warehouse, FRIDAYS)
        with duckdb.connect(str(settings.published), read_only=True) as reader:
            said[commit] = reader.execute(
                "select change, path, previous_path from meta.change_log order by all"
            ).fetchall()
    return {"warehouse": warehouse, "said": said, "moved": moved, "fridays": fridays}


def ask(warehouse: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(warehouse / "beehive.duckdb"), read_only=True) as reader:
        return reader.execute(sql).fetchall()


def test_every_file_is_accounted_for(built: Path, checkout: Path) -> None:
    files = [name for name in git(checkout, "ls-files", "-z").split("\0") if name.startswith("releases/")]
    ((listed, loaded, quarantined, excluded),) = ask(
        built,
        "select file_count, loaded_count, quarantined_count, excluded_count from meta.reconciliation "
        "where content_type = 'releases'",
    )
    assert listed == len(files) == loaded + quarantined + excluded
    assert (quarantined, excluded) == (0, 0)
    fates = dict(ask(built, "select path, fate from source_files"))
    assert dict.fromkeys(files, "loaded") | {"LICENSE.md": "excluded"} == fates


def test_every_printed_name_is_kept_as_an_independent_reader_finds_it(built: Path, plainly_read: PlainlyRead) -> None:
    ministers: Counter[str] = Counter()
    portfolios: Counter[str] = Counter()
    restored = 0
    for metadata, _ in plainly_read.values():
        ministers.update(str(item) for item in metadata.get("ministers", []) if isinstance(item, str))
        for item in metadata.get("portfolios", []):
            if isinstance(item, dict):
                restored += 1
                portfolios.update(f"{key}: {value}" for key, value in item.items())
            else:
                portfolios[item] += 1
    found = dict(
        ask(built, "select credited_as, count(*) from core.bridge_release_minister where position > 0 group by all")
    )
    lists = {text: count for text, count in found.items() if text not in ministers}
    assert {text: count for text, count in found.items() if text in ministers} == dict(ministers)
    assert list(lists.values()) == [1] and next(iter(lists)).startswith("[From a speech")
    found = dict(
        ask(built, "select tagged_as, count(*) from core.bridge_release_portfolio where position > 0 group by all")
    )
    assert found == dict(portfolios)
    assert restored == found["Māori Crown Relations: Te Arawhiti"] == 41


def test_shared_addresses_stay_separate_rows(built: Path, plainly_read: PlainlyRead) -> None:
    addresses = Counter(metadata["url"] for metadata, _ in plainly_read.values())
    shared = {url: count for url, count in addresses.items() if count > 1}
    assert len(shared) >= 26
    found = dict(ask(built, "select url, count(*) from releases group by url having count(*) > 1"))
    assert found == shared


def test_each_small_sync_publishes_exactly_what_changed(
    stepped: dict[str, object], checkout: Path, commits: list[str]
) -> None:
    said = stepped["said"]
    assert isinstance(said, dict)
    assert said[commits[0]] == []
    names = {"A": "added", "M": "edited", "D": "removed"}
    for before, after in itertools.pairwise(commits):
        expected = []
        for line in git(checkout, "diff", "--name-status", "-M50", before, after, "--", "releases").splitlines():
            status, *paths = line.split("\t")
            if status.startswith("R"):
                expected.append(("renamed", paths[1], paths[0]))
            else:
                expected.append((names[status], paths[0], None))
        assert said[after] == sorted(expected), after


def test_the_end_of_all_syncs_equals_a_build_from_nothing(stepped: dict[str, object], built: Path) -> None:
    names = [file.qualified for file in (*sqlfiles.tables(), *sqlfiles.views()) if file.schema != "meta"]
    assert isinstance(stepped["warehouse"], Path)
    assert ask(stepped["warehouse"], "select increment_number > 0 from build_info") == [(True,)]
    with duckdb.connect() as reader:
        reader.execute(f"attach '{stepped['warehouse']}/beehive.duckdb' as stepped (read_only)")
        reader.execute(f"attach '{built}/beehive.duckdb' as built (read_only)")
        for name in set(names) - VARIES_BY_RUN:
            one, other = (comparable_rows(reader, build, name) for build in ("stepped", "built"))
            ((same,),) = reader.execute(
                f"select (select (count(*), sum(hash(one)::hugeint)) from {one} as one) "
                f"is not distinct from (select (count(*), sum(hash(one)::hugeint)) from {other} as one)"
            ).fetchall()
            assert same, name


def test_every_release_is_credited_under_the_government_of_its_day(built: Path) -> None:
    boundaries = ask(
        built,
        "select calendar_date::varchar, government_id from core.dim_date where calendar_date in "
        "('1999-12-09', '1999-12-10', '2008-11-18', '2008-11-19', "
        "'2017-10-25', '2017-10-26', '2023-11-26', '2023-11-27') "
        "order by all",
    )
    assert [government for _, government in boundaries] == [
        "fourth-national", "fifth-labour", "fifth-labour", "fifth-national",
        "fifth-national", "sixth-labour", "sixth-labour", "sixth-national",
    ]  # fmt: skip
    assert ask(built, "select count(*) from releases where government_name = 'Unknown'") == [
        (1,)
    ]  # the other undated one is recovered


def test_no_name_of_the_archive_awaits_review(built: Path) -> None:
    assert ask(built, "select printed_as from names_to_review") == []


def test_junk_is_nobody_and_nobody_is_junk(built: Path) -> None:
    junk = [
        text for (text,) in ask(built, "select credited_as from core.minister_alias where minister_id = 'not-a-person'")
    ]
    assert {"No Minister", "available here", "call-in process", "PDF version of plan"} <= set(junk)
    assert len(junk) == 44  # 37 link texts, 6 addresses and the placeholder
    people = ask(built, "select minister_name from ministers order by 1")
    assert all(2 <= len(name.split()) <= 4 for (name,) in people)


# ------------------------------------------------------------------------------- people, without their seeds

# What the site prints for people who are better known by another name: the only printed_credits no rule can reach.
_DECIDED_ALIASES = {
    "John Delamare": "tuariki-delamere",
    "Nik Smith": "nick-smith",
    "Luamanuvao Laban": "luamanuvao-winnie-laban",
}


def plainly_credited(plainly_read: PlainlyRead) -> list[tuple[int, str]]:
    """Year and printed string of every credit, by plain python-frontmatter."""
    return [
        (int(release[:4]), str(item))
        for release, (metadata, _) in plainly_read.items()
        for item in metadata.get("ministers", [])
    ]


def plain_id(printed: str) -> str:
    """An id by nothing but the standard library: honorifics off the front, accents and apostrophes out."""
    if printed in _DECIDED_ALIASES:
        return _DECIDED_ALIASES[printed]
    name = re.sub(r"^(?:(?:Rt|Right|Hon|Honourable|Dr|Sir|Dame)\.? +)+", "", printed)
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.removesuffix(" KC")) if not unicodedata.combining(c))
    return "-".join(re.findall(r"[a-z0-9]+", bare.lower().replace("'", "").replace("’", "")))


# Members of the opposition of that day, by what is generally known: five wrong credits, and two wrong years.
_NOT_IN_OFFICE = {
    ("2002-05-03-start-over-helping-make-our-communities-safer", "kate-wilkinson"),
    ("2002-05-08-dame-anne-salmond-chair-new-zealand-historic-places-trust", "christopher-finlayson"),
    ("2002-05-08-response-lockwood-smiths-comments", "anne-tolley"),
    ("2002-05-09-extra-1868-million-housing", "rodney-hide"),
    ("2002-05-09-market-power-ports-review-released", "murray-mccully"),
    ("2008-03-31-new-zealand-statement-afghanistan", "murray-mccully"),
    ("2008-06-30-court-stabbing-reinforces-need-security", "georgina-te-heuheu"),
}


def test_credits_of_people_who_were_not_in_office_are_found(built: Path) -> None:
    assert set(ask(built, "select release_id, minister_id from doubtful_credits")) == _NOT_IN_OFFICE


def test_releases_per_person_equal_an_independent_count(built: Path, plainly_read: PlainlyRead) -> None:
    counted: Counter[str] = Counter()
    for release, (metadata, _) in plainly_read.items():
        credited = {plain_id(str(item)) for item in metadata.get("ministers", [])}
        counted.update(person for person in credited if (release, person) not in _NOT_IN_OFFICE)
    found = dict(ask(built, "select minister_id, release_count from ministers"))
    nobody = {plain_id(text) for (text,) in ask(
        built, "select credited_as from core.minister_alias where minister_id = 'not-a-person'"
    )}  # fmt: skip
    assert not nobody & set(found)
    assert found == {person: count for person, count in counted.items() if person not in nobody}
    assert len(found) > 180


@pytest.mark.parametrize(
    "years", [(1996, 2001, 2009, 2017, 2025), (1999, 2004, 2012, 2018, 2024), (2002, 2008, 2023), None]
)
def test_people_of_years_no_seed_knows_are_found_by_rule(
    built: Path, plainly_read: PlainlyRead, years: tuple[int, ...] | None
) -> None:
    """Without the people and other names of some years (or of all): who is who, and who is nobody, by rule alone."""
    printed_credits = plainly_credited(plainly_read)
    seeds = dict(read_seeds())
    unknown = {plain_id(text) for year, text in printed_credits if years is None or year in years}
    seeds["people"] = seeds["people"].filter(~pl.col("minister_id").is_in(unknown))
    seeds["person_aliases"] = seeds["person_aliases"].filter(~pl.col("minister_id").is_in(unknown))
    with duckdb.connect(str(built / "staging.duckdb"), read_only=True) as connection:
        printed = Staging(connection).printed_names().ministers
    decided = {row["credited_as"]: row for row in decide_ministers(printed, seeds).to_dicts()}
    nobody = {text for (text,) in ask(
        built, "select credited_as from core.minister_alias where minister_id = 'not-a-person'"
    )}  # fmt: skip
    right = sum(decided[text]["minister_id"] == plain_id(text) for _, text in printed_credits if text in decided)
    people = sum(text in decided and text not in nobody for _, text in printed_credits)
    assert right / people >= 0.995
    taken_for_people = [t for t in nobody if decided[t]["minister_id"] not in ("not-a-person", "unresolved")]
    taken_for_junk = [
        t for t, row in decided.items() if t not in nobody and row["minister_id"] in ("not-a-person", "unresolved")
    ]
    assert (taken_for_people, taken_for_junk) == ([], [])
    wrong = [t for t, row in decided.items() if t not in nobody and row["minister_id"] != plain_id(t)]
    assert set(wrong) <= set(_DECIDED_ALIASES)
    assert all(decided[t]["rule"] == "provisional" for t in wrong)  # in review, not silently somebody else


def test_portfolios_no_seed_knows_are_found_by_rule(built: Path) -> None:
    """With every other portfolio unknown: each of their tags is a portfolio under its own name, and waits."""
    seeds = dict(read_seeds())
    seeds["portfolios"] = seeds["portfolios"].gather_every(2)
    seeds["portfolio_aliases"] = seeds["portfolio_aliases"].clear()
    with duckdb.connect(str(built / "staging.duckdb"), read_only=True) as connection:
        printed = Staging(connection).printed_names().portfolios
    known = set(seeds["portfolios"]["portfolio_id"])
    truth = dict(ask(built, "select tagged_as, portfolio_id from core.portfolio_alias"))
    for row in decide_portfolios(printed, seeds).to_dicts():
        if row["rule"] in ("provisional", "unresolved"):
            assert truth[row["tagged_as"]] not in known or row["tagged_as"] in set(
                read_seeds()["portfolio_aliases"]["tagged_as"]
            )
        else:
            assert row["portfolio_id"] == truth[row["tagged_as"]]


# ------------------------------------------------------------------------------------------ days and texts


def test_the_sample_of_the_index_finds_all_its_releases_and_moves_days_only_forward(stepped: dict[str, object]) -> None:
    assert stepped["moved"] == [(0, 15), (1, 15)]
    ((printed, found, exact),) = stepped["fridays"]  # type: ignore[misc, attr-defined]
    assert exact == 2 and found - printed in (-1, 0, 1)


def test_the_cleaned_text_of_every_release_is_what_cleaning_gives(built: Path) -> None:
    wrong = [
        r
        for r, body, cleaned in ask(built, "select release_id, body, cleaned_body from release_texts")
        if clean(body) != cleaned
    ]
    assert wrong == []


def beginning(text: str) -> str:
    """The first forty letters and digits."""
    found = ""
    for word in re.finditer(r"[^\W_]+", text):
        found += word[0]
        if len(found) >= 40:
            break
    return found[:40]


def test_twins_equal_an_independent_grouping(built: Path, plainly_read: PlainlyRead) -> None:
    """By letters and digits, without comments, removed images, and signs of Big5 and GBK that became letters."""
    begun: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for release, (_, body) in plainly_read.items():
        plain = re.sub(r"<!--.*?-->|!\[Image removed[^)]*\)", "", body) if "<!--" in body or "![" in body else body
        if re.search("¡[§¨¥¦°±®¯]", plain):
            plain = re.sub("¡[§¨¥¦VXK°±®¯]", "", plain)
        plain = re.sub("„[hXo«Ÿ]", "", plain)
        plain = unicodedata.normalize("NFKC", plain).casefold()
        begun[beginning(plain)].append((release, plain))
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for alike in begun.values():
        for release, plain in alike if len(alike) > 1 else ():
            if key := re.sub(r"[\W_]+", "", plain):
                groups[key].add(release)
    expected = {frozenset(releases) for releases in groups.values() if len(releases) > 1}
    assert len(expected) > 750
    assert {frozenset(ids.split("; ")) for (ids,) in ask(built, "select release_ids from twins")} == expected


# ------------------------------------------------------------------------------------- what texts measure and link to


def plain_texts(plainly_read: PlainlyRead) -> Iterator[tuple[str, int, str]]:
    """Id, printed year and text of each release, addresses of links left out, by plain Python."""
    for release, (_, body) in plainly_read.items():
        read = re.sub(r"\]\([^)\s]*", "]", clean(body))
        yield release, int(release[:4]), re.sub(r"\bhttps?://\S+|\bwww\.\S+", "", read)


@pytest.fixture(scope="module")
def texts(plainly_read: PlainlyRead) -> list[tuple[str, int, str]]:
    return list(plain_texts(plainly_read))


def test_spellings_of_maori_by_year_equal_an_independent_count(built: Path, texts: list[tuple[str, int, str]]) -> None:
    counted: Counter[tuple[int, str]] = Counter()
    for _, year, read in texts:
        if year > 1:
            found = {word.lower() for word in re.findall(r"\bm[aāäâ]ori\b", read, re.IGNORECASE)}
            counted.update((year, word) for word in found)
    rows = ask(
        built,
        "select year(published_date), count(*) filter (maori_macron_count > 0), "
        "count(*) filter (maori_plain_count > 0), count(*) filter (maori_umlaut_count > 0), "
        "count(*) filter (maori_circumflex_count > 0) "
        "from core.fact_release where published_date is not null group by 1",
    )
    for year, *found in rows:
        assert found == [counted[year, word] for word in ("māori", "maori", "mäori", "mâori")], year
    by_year = ask(built, "select sum(maori_macron_release_count), sum(maori_plain_release_count) from language_by_year")
    assert by_year == [tuple(sum(row[place] for row in rows) for place in (1, 2))]


def test_aotearoa_by_year_equals_an_independent_count(built: Path, texts: list[tuple[str, int, str]]) -> None:
    counted = Counter(year for _, year, read in texts if year > 1 and re.search(r"\baotearoa\b", read, re.IGNORECASE))
    rows = ask(
        built,
        "select year(published_date), count(*) from release_measures inner join releases using (release_id) "
        "where aotearoa_count > 0 and published_date is not null group by 1",
    )
    assert dict(rows) == counted


def test_amounts_of_money_are_as_many_as_dollar_signs_before_a_number(
    built: Path, texts: list[tuple[str, int, str]]
) -> None:
    """Each sign before a digit is an amount; a range without a second sign has one more, too many digits one less."""
    signs = sum(len(re.findall(r"[$£€](?:NZD?|USD?|AU?D?)? ?\d", read)) for _, _, read in texts)
    ((found,),) = ask(built, "select count(*) from money_amounts where regexp_matches(printed_as, '[$£€]')")
    assert found == pytest.approx(signs, rel=0.005)
    millions = sum(len(re.findall(r"(?<![A-Z])\$23\.5 million", read)) for _, _, read in texts)
    assert ask(built, "select count(*) from money_amounts where printed_as = '$23.5 million'") == [(millions,)]
    assert ask(built, "select distinct amount from money_amounts where printed_as = '$23.5 million'") == [(23_500_000,)]


def test_medians_by_year_equal_an_independent_count(built: Path, texts: list[tuple[str, int, str]]) -> None:
    eases: dict[int, list[float]] = {}
    for _, year, read in texts:
        if year not in (1997, 2010, 2025):
            continue  # an independent reader takes its time
        spoken = [word for word in re.findall(r"[^\W\d_]{2,}|\b[aio]\b", read, re.IGNORECASE)
                  if word.lower() not in ("s", "t", "ll", "re", "ve", "d", "m")]  # fmt: skip
        if len(spoken) >= 30:
            pieces = re.split(r"(?<=[.!?…])[\"'”’)\]*_]*\s+(?=[\"'“‘(\[*_]*[A-Z0-9ĀĒĪŌŪ])|\n(?!\s*[a-zāēīōū])", read)
            sentences = sum(bool(re.search(r"[^\W\d_]", piece or "")) for piece in pieces)
            beats = sum(
                max(1, len(re.findall("[aeiouyāēīōū]+", word)) - bool(re.search("[^aeioulyāēīōū]e$", word)))
                for word in map(str.lower, spoken)
            )
            eases.setdefault(year, []).append(206.835 - 1.015 * len(spoken) / sentences - 84.6 * beats / len(spoken))
    found = dict(ask(built, "select year, median_reading_ease from language_by_year"))
    for year, values in eases.items():
        assert found[year] == pytest.approx(statistics.median(values), abs=1.0), year


def test_release_addresses_in_links_lead_where_an_independent_reader_finds_them(
    built: Path, plainly_read: PlainlyRead
) -> None:
    """Links whose address is a release's own, letter for letter."""
    releases: dict[str, set[str]] = {}
    for release, (metadata, _) in plainly_read.items():
        releases.setdefault(str(metadata["url"]).rsplit("/", 1)[1], set()).add(release)
    expected = set()
    for release, (_, body) in plainly_read.items():
        for slug in re.findall(
            r"(?<!!)\[[^\]]*\]\((?:https?://(?:www\.)?beehive\.govt\.nz)?/release/([\w-]+)[)\s]", body
        ):
            expected.update((release, target) for target in releases.get(slug, ()) if len(releases[slug]) == 1)
    found = set(ask(built, "select release_id, cited_release_id from release_citations"))
    assert len(expected) > 400
    assert expected <= found
    assert len(found - expected) <= 0.25 * len(found)  # folded, by number, with a query, out of a wrapper


def test_attachments_by_year_and_type_equal_an_independent_count(built: Path, plainly_read: PlainlyRead) -> None:
    years: Counter[int] = Counter()
    kinds: Counter[str] = Counter()
    for release, (metadata, _) in plainly_read.items():
        for url in metadata.get("attachments", []):
            years[int(release[:4])] += 1
            kinds[Path(str(url)).suffix.lower().lstrip(".") or "none"] += 1
    found = dict(ask(built, "select year, count(*) from attachments where year is not null group by year"))
    assert sum(found.values()) == sum(years.values())
    assert sum(abs(found.get(year, 0) - count) for year, count in years.items()) <= 10  # a printed day of another year
    assert dict(ask(built, "select file_type, count(*) from attachments group by file_type")) == kinds


def test_the_file_is_small_enough_to_hand_around(built: Path) -> None:
    assert (built / "beehive.duckdb").stat().st_size < 140_000_000  # 5.5 MB of it the history, 27 what texts tell


def test_names_in_texts_are_those_that_a_reader_finds(built: Path) -> None:
    """On pairs of a release and a minister whom it names and does not credit, drawn at random and read."""
    labels = pl.read_csv(Path(__file__).parent / "mentions.csv")
    found = pl.DataFrame(
        ask(built, "select release_id, minister_id, is_in_office, is_quoted from mentions"),
        schema=["release_id", "minister_id", "found_in_office", "found_quoted"],
        orient="row",
    )
    read = labels.join(found, on=["release_id", "minister_id"], how="left")
    assert read.height >= 80
    assert read["found_in_office"].null_count() == 0  # each is found to be named
    in_office, quoted = read.filter("found_in_office"), read.filter("found_quoted")
    assert in_office["is_in_office"].mean() >= 0.98
    assert quoted.height >= 40
    assert quoted["is_quoted"].mean() >= 0.95
    assert read.filter("is_quoted")["found_quoted"].mean() >= 0.95


def _read_labels(drawn: str) -> dict[str, dict[str, set[int]]]:
    """Return the paragraphs that each person speaks, by release; `not-judged` has those that count for nothing."""
    labels: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for part, release_id, who, paragraphs in pl.read_csv(Path(__file__).parent / "quotations.csv").iter_rows():
        if part == drawn:
            spans = [span.partition("-") for span in (paragraphs or "").split()]
            labels[release_id][who] |= {
                number for first, _, last in spans for number in range(int(first), int(last or first) + 1)
            }
    return labels


def test_speakers_are_those_that_a_reader_finds(built: Path) -> None:
    """On 75 releases, 25 each of 1996-2003, 2004-2014 and 2015-2025, drawn at random and read before the rule ran.

    No rule was made from them. A paragraph counts for a person if a passage covers half of it.
    """
    labels = _read_labels("report")
    assert len(labels) == 75
    texts = dict(ask(built, "select release_id, cleaned_body from release_texts"))
    passages = defaultdict(list)
    for release_id, who, place, length in ask(
        built, "select release_id, minister_id, passage_place - 1, passage_length from core.quotation"
    ):
        passages[release_id].append((who, place, place + length))
    read, found = set(), set()
    for release_id, people in labels.items():
        lines = [line for line in re.finditer(r"[^\n]+", texts[release_id]) if line[0].strip()]
        for number, line in enumerate(lines, 1):
            if number in people["not-judged"]:
                continue
            start, stop = line.start(), line.start() + len(line[0].rstrip())
            read |= {(release_id, number, who) for who, numbers in people.items() if number in numbers}
            found |= {
                (release_id, number, who)
                for who, first, last in passages[release_id]
                if min(stop, last) - max(start, first) >= (stop - start) / 2
            }
    precision, recall = len(read & found) / len(found), len(read & found) / len(read)
    print(f"speakers of {len(read)} paragraphs: precision {precision:.3f}, recall {recall:.3f}")  # noqa: T201
    assert precision >= 0.97
    assert recall >= 0.95


def test_quoted_words_are_in_passages(built: Path) -> None:
    """In releases that credit one minister, words of quotations of five words or more."""
    texts = ask(
        built,
        "select release_id, cleaned_body from release_texts where hash(release_id) % 10 = 0 and release_id in ("
        "select release_id from core.bridge_release_minister inner join core.dim_minister using (minister_id) "
        "where is_person and not is_out_of_government group by release_id having count(*) = 1)",
    )
    passages = defaultdict(set)
    for release_id, place, length in ask(
        built, "select distinct release_id, passage_place - 1, passage_length from core.quotation"
    ):
        passages[release_id].add((place, place + length))
    words = covered = 0
    for release_id, text in texts:
        for quoted in re.finditer(r"(?<![\w.,!?\"”])[“\"](?=\S)([^“”\"\n]+)", text):
            count = len(quoted[1].split())
            if count >= 5:
                words += count
                inside = sum(
                    max(0, min(quoted.end(), last) - max(quoted.start(), first)) for first, last in passages[release_id]
                )
                covered += count * min(1, inside / len(quoted[0]))
    print(f"{covered / words:.3f} of {words} quoted words are in passages")  # noqa: T201
    assert covered / words >= 0.92


def test_titles_in_texts_are_those_that_a_reader_finds(built: Path) -> None:
    """On 200 people for whom a title was found and on 59 who are credited alone, all drawn at random and read."""
    labels = pl.read_csv(Path(__file__).parent / "titles.csv")
    titles = set(ask(built, "select release_id, minister_id, portfolio_id, role from core.printed_title"))
    pairs = {drawn: {label[1:3] for label in labels.rows() if label[0] == drawn} for drawn in ("titles", "credits")}
    read = {drawn: {label[1:] for label in labels.drop_nulls().rows() if label[0] == drawn} for drawn in pairs}
    found = {drawn: {title for title in titles if title[:2] in pairs[drawn]} for drawn in pairs}
    assert len(pairs["titles"]) == 200
    assert len(found["titles"] & read["titles"]) / len(found["titles"]) >= 0.99
    assert found["credits"] <= read["credits"]
    assert len(found["credits"]) / len(read["credits"]) >= 0.95


def test_reworked_texts_are_one_statement_where_a_reader_finds_so(built: Path) -> None:
    """On 100 linked pairs and 50 unlinked ones with similar titles within three days, all drawn at random and read."""
    labels = pl.read_csv(Path(__file__).parent / "statements.csv").drop_nulls()
    statements = dict(ask(built, "select release_id, statement_id from releases"))
    together = [statements[one] == statements[other] for _, one, other, _ in labels.rows()]
    is_one = labels["is_one_statement"].to_list()
    linked = [right for right, is_linked in zip(is_one, together, strict=True) if is_linked]
    assert sum(linked) / len(linked) >= 0.98
    assert sum(linked) / sum(is_one) >= 0.98
    assert statements["2008-05-02-new-funding-cancer-immunisation-programme-0"] == (
        "2008-05-02-new-funding-cancer-immunisation-programme"
    )


def test_places_countries_and_laws_are_those_that_a_reader_finds(built: Path) -> None:
    """On 150 of each, drawn at random from what an earlier version of the rule found, and on 39 releases read whole.

    No rule was made from the places. The rules for countries and laws were corrected after these were read: then 149
    of 150 countries and 147 of 150 laws were right.
    """
    labels = pl.read_csv(Path(__file__).parent / "entities.csv").rows()
    found = set(
        ask(
            built,
            "select release_id, place_id from release_places union all "
            "select release_id, country_id from release_countries union all "
            "select release_id, law_id from release_laws",
        )
    )
    for drawn in ("places", "countries", "laws"):
        still = [is_named for kind, *pair, is_named in labels if kind == drawn and tuple(pair) in found]
        assert len(still) >= 145
        assert sum(still) / len(still) >= 0.95
    named = {tuple(pair) for kind, *pair, is_named in labels if kind == "read" and is_named}
    assert len(named & found) / len(named) >= 0.95


def test_credited_ministers_are_named_and_quoted_in_what_they_are_credited_with(built: Path) -> None:
    ((credited, named, quoted),) = ask(
        built,
        "with credited as (select distinct release_id, minister_id from core.bridge_release_minister "
        "inner join core.dim_minister using (minister_id) where is_person and not is_out_of_government) "
        "select count(*), count(mention.minister_id), count(*) filter (where mention.is_quoted) "
        "from credited left join core.mention using (release_id, minister_id)",
    )
    assert named / credited > 0.98
    assert quoted / named > 0.93


def test_tags_are_given_to_whom_the_text_calls_their_minister(built: Path) -> None:
    """`Foreign Minister Phil Goff` in a text tells who held what, apart from credits and tags."""
    people = dict(ask(built, "select minister_name, minister_id from ministers where kind = 'minister'"))
    portfolios = dict(ask(built, "select portfolio_name, portfolio_id from portfolios where kind = 'portfolio'"))

    holder = re.compile(
        r"Minister(?: (?:of|for) (?P<of>[A-Z][\w ,&'-]{2,60}?))?,? (?:(?:Rt )?Hon\.? )?(?:Dr |Sir )?"
        rf"(?P<name>{'|'.join(sorted(map(re.escape, people), key=len, reverse=True))})\b"
    )
    of_others = re.compile(r"\b(?:associate|acting|deputy|former|shadow|australian?|british|and|&)\b", re.IGNORECASE)
    given: dict[tuple[str, str], tuple[str, set[str]]] = {}
    for release_id, portfolio, minister, method in ask(built, "from core.attribution"):
        given.setdefault((release_id, portfolio), (method, set()))[1].add(minister)
    credited = set(ask(built, "select release_id, minister_id from core.bridge_release_minister"))
    agreed: Counter[tuple[str, bool]] = Counter()
    for release_id, body in ask(built, "select release_id, cleaned_body from release_texts"):
        for word in re.finditer(r"\bMinister\b", body):
            match = holder.match(body, word.start())
            before = body[max(0, word.start() - 60) : word.start()].split("\n")[-1].split(". ")[-1].split()
            subjects = (
                [match["of"]] if match and match["of"] else [" ".join(before[-count:]) for count in range(6, 0, -1)]
            )
            subject = next((one for one in subjects if one in portfolios), None)
            if match is None or subject is None or of_others.search(" ".join(before)):
                continue
            found = given.get((release_id, portfolios[subject]))
            if found and (found[0] == "sole_minister" or (release_id, people[match["name"]]) in credited):
                agreed[found[0], people[match["name"]] in found[1]] += 1
    for method, least in (("sole_minister", 15_000), ("title", 1_500)):
        right, wrong = agreed[method, True], agreed[method, False]
        assert right > least
        assert right / (right + wrong) > 0.99
