"""Search on the real archive: what a reader would expect to find is near the top, and scores are plain BM25."""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import duckdb
import frontmatter
import pytest

from flows.serve.search import run_search

pytestmark = pytest.mark.archive

# Questions, each with releases that are about just that: by their titles or by what is known of them.
LABELLED = {
    "asylum system": ["2003-06-17-nz-becomes-100th-member-iom"],
    "100th member IOM": ["2003-06-17-nz-becomes-100th-member-iom"],
    '"International Organization for Migration" asylum': ["2003-06-17-nz-becomes-100th-member-iom"],
    "black tears Pike River": ["2018-05-05-black-tears-pike-river"],
    '"Pike River" royal commission response': ["2012-11-05-govt-responds-pike-river-royal-commission"],
    "kiwibuild ballot": ["2018-09-10-ballot-first-kiwibuild-homes-opens-today"],
    "KiwiBuild offsite manufacturers": ["2018-11-27-over-100-offsite-manufacturers-keen-partner-kiwibuild"],
    "fast-track mining approved": ["2025-12-18-major-fast-track-mining-project-approved"],
    "Māori language week welcome": ["2018-09-10-nau-mai-ki-te-wiki-o-te-reo-maori-welcome-maori-language-week"],
    "maori language week welcome": ["2018-09-10-nau-mai-ki-te-wiki-o-te-reo-maori-welcome-maori-language-week"],
    "ngai tahu queenstown community partnership": ["2019-03-27-ngai-tahu-partnership-build-new-queenstown-community"],
    "Ngāi Tahu Waikato-Tainui relativity": ["2019-06-28-ngai-tahu-waikato-tainui-relativity-adjustments"],
    "Damien O'Connor OECD agriculture": ["2022-10-31-damien-oconnor-co-chair-oecd-agriculture-ministerial-meeting"],
    "o'connor prison allegations": ["2007-05-27-oconnor-latest-prison-allegations"],
    "Lotu-Iiga visit China": ["2016-11-02-peseta-sam-lotu-iiga-visit-china"],
    "predator free 2050 arsenal": ["2017-07-12-predator-free-2050-arsenal-expand"],
    "single-use plastic bags phased out": ["2018-08-09-single-use-plastic-bags-be-phased-out"],
    "Zero Carbon Bill first stage": [
        "2019-05-21-climate-change-response-zero-carbon-amendment-bill-passes-first-stage-parliament"
    ],
    "Whakaari minute's silence": ["2019-12-14-minutes-silence-whakaari-white-island-victims"],
    "Kermadec ocean sanctuary": ["2015-09-29-pm-announces-kermadec-ocean-sanctuary"],
    "Parihaka deed of reconciliation": ["2017-06-09-deed-reconciliation-signed-parihaka"],
    "Wahine tragedy remembering": ["2018-04-10-remembering-victims-survivors-and-rescuers-wahine-tragedy"],
    "paid parental leave veto": ["2016-06-16-govt-vetoes-paid-parental-leave-bill"],
    "paid parental leave 26 weeks": ["2017-11-30-bill-extend-paid-parental-leave-26-weeks-passes"],
    "repeal foreshore and seabed act": ["2010-06-14-repeal-foreshore-and-seabed-act-announced"],
    "three waters allocation councils": ["2020-08-04-government-announces-allocation-three-waters-funds-councils"],
    "first Matariki holiday": ["2022-06-23-first-matariki-holiday-marked-across-new-zealand-and-world"],
    "KiwiRail Hyundai settlement": ["2025-08-14-kiwirail-settlement-hyundai"],
    "kiwisaver life-shortening conditions": [
        "2021-02-24-government-announces-list-life-shortening-conditions-guaranteeing-early-kiwisaver-access"
    ],
    "Canada Trans-Pacific Partnership": ["2012-06-20-canada-joins-trans-pacific-partnership-negotiations"],
    "Christchurch earthquake appeal launch": ["2011-02-27-pm-launches-christchurch-earthquake-appeal"],
    "Working for Families Herald inaccurate": ["2005-03-08-nz-herald-article-working-families-inaccurate"],
}  # fmt: skip


def ids(built: Path, question: str, most: int = 10) -> list[str]:
    return [row[0] for row in run_search(built / "beehive.duckdb", question, most=most).rows]


def test_what_is_looked_for_is_among_the_first_ten(built: Path) -> None:
    ranks = {
        question: [found.index(one) + 1 if one in found else None for one in wanted]
        for question, wanted in LABELLED.items()
        for found in [ids(built, question)]
    }
    reciprocal = [1 / min(rank for rank in found if rank) if any(found) else 0 for found in ranks.values()]
    recall = [sum(rank is not None for rank in found) / len(found) for found in ranks.values()]
    print(f"MRR {sum(reciprocal) / len(ranks):.3f}, recall@10 {sum(recall) / len(ranks):.3f}")  # noqa: T201
    print({question: found for question, found in ranks.items() if found != [1]})  # noqa: T201
    assert sum(recall) / len(ranks) >= 0.9
    assert sum(reciprocal) / len(ranks) >= 0.8


def test_the_form_of_a_word_makes_no_difference(built: Path) -> None:
    for one, other in (
        ("Māori", "maori"),
        ("O’Connor", "o'connor"),
        ("KIWIBUILD", "KiwiBuild"),
        ("Ngāi Tahu", "ngai tahu"),
    ):
        assert ids(built, one, 50) == ids(built, other, 50) != []


def plain_terms(text: str) -> list[str]:
    """The words of a text by the standard library alone."""
    bare = re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFD", text.lower()))
    return [word for word in re.findall(r"\w+", bare) if word not in {"s", "t", "ll", "re", "ve", "d", "m"}]


def test_scores_are_those_of_plain_bm25(built: Path) -> None:
    questions = ("asylum seekers", "kiwibuild", "foreshore seabed", "wharf", "kermadec sanctuary", "Māori wards")
    wanted = {term for question in questions for term in plain_terms(question)}
    with duckdb.connect(str(built / "beehive.duckdb"), read_only=True) as reader:
        rows = reader.execute("select release_id, title, cleaned_body from release_texts").fetchall()
    counts, lengths = {}, {}
    for release_id, title, body in rows:
        lengths[release_id] = len(re.findall(r"\w+", body))
        seen = re.sub(r"\]\([^)\s]*|https?://[^\s)\]]*|www\.[^\s)\]]*", " ", body)
        in_body, in_title = Counter(plain_terms(seen)), Counter(plain_terms(title))
        counts[release_id] = {
            term: min(in_body[term], 255) + 5 * in_title[term] for term in wanted if in_body[term] or in_title[term]
        }
    average = sum(lengths.values()) / len(rows)
    frequency = Counter(term for held in counts.values() for term in held)
    for question in questions:
        asked = plain_terms(question)
        scores = {}
        for release_id, held in counts.items():
            if all(term in held for term in asked):
                scores[release_id] = sum(
                    math.log(1 + (len(rows) - frequency[term] + 0.5) / (frequency[term] + 0.5))
                    * held[term] * 2.2 / (held[term] + 1.2 * (0.25 + 0.75 * lengths[release_id] / average))
                    for term in asked
                )  # fmt: skip
        with duckdb.connect(str(built / "beehive.duckdb"), read_only=True) as reader:
            found = dict(
                reader.execute("select release_id, score from releases_about($1, most := null)", [question]).fetchall()
            )
        assert found.keys() == scores.keys(), question
        assert found == pytest.approx(scores, abs=1e-4), question


def test_a_trend_is_what_plain_python_counts(built: Path, checkout: Path) -> None:
    word, phrase = re.compile(r"\bhousing\b", re.IGNORECASE), re.compile(r"\bclimate\W+change\b", re.IGNORECASE)
    found: dict[str, Counter[int]] = {"housing": Counter(), '"climate change"': Counter()}
    for path in checkout.glob("releases/**/*.md"):
        metadata, body = frontmatter.parse(path.read_text(encoding="utf-8"))
        seen = f"{metadata['title']}\n" + re.sub(r"\]\([^)\s]*|https?://\S*|www\.\S*", " ", body).replace("\\", "")
        for question, pattern in (("housing", word), ('"climate change"', phrase)):
            found[question][int(path.name[:4])] += bool(pattern.search(seen))
    with duckdb.connect(str(built / "beehive.duckdb"), read_only=True) as reader:
        for question, counted in found.items():
            told = dict(
                reader.execute(
                    f"select year, sum(release_count)::bigint from term_trend('{question}') group by year"
                ).fetchall()
            )
            assert set(told) >= {year for year, count in counted.items() if count and year > 1}
            for year, count in told.items():  # two releases have another day than their path says
                assert abs(count - counted[year]) <= 1 + count // 200, (question, year)


def test_a_topic_is_a_word_of_as_many_titles_as_plain_python_counts(built: Path, checkout: Path) -> None:
    titles: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for path in checkout.glob("releases/**/*.md"):
        metadata, body = frontmatter.parse(path.read_text(encoding="utf-8"))
        text = "".join(filter(str.isalnum, body)).lower() or path.name
        titles[int(path.name[:4])].add((str(metadata["title"]), text))
    with duckdb.connect(str(built / "beehive.duckdb"), read_only=True) as reader:
        told = reader.execute("select year, term, title_count from topics_by_year where topic_rank <= 5").fetchall()
    assert {("covid", 2020), ("earthquake", 2011), ("kaikoura", 2016), ("ukraine", 2022)} <= {
        (term, year) for year, term, _ in told
    }
    for year, term, count in told:
        plain = sum(term in plain_terms(title) for title, _ in titles[year])
        assert abs(count - plain) <= 1 + plain // 25, (year, term, count, plain)
