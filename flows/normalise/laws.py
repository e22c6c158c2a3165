"""Find the Acts and bills that texts name, such as `Resource Management Act 1991` or `Taxation (Annual Rates) Bill`.

A name is read backwards from the word Act or Bill, over words in capitals and the small words that join them. `the Act`
alone is no name. A name can be that of a law of another country, such as `Patriot Act`.
"""

# ruff: noqa: SIM905
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from flows.normalise.seeds import Seeds
from flows.normalise.spelling import slug

_LAW = re.compile(r"(?:Act|Bill)(?<!\SAct)(?<!\SBill)(?![\w-])")
_LENGTH = 200  # characters before the word in which a name can begin
_AFTER = re.compile(r"(?:\s\(No\.? ?(?P<number>\d{1,2})\))?(?:\s\(?(?P<year>1[89]\d\d|20[0-4]\d)(?![\d/-]))?")
_NEXT_NAME = re.compile(r"\s(?:\([A-Z][a-z]+\)\s)?[A-Z][a-z]")  # the rest of the name of a person called Bill
_LINE_OF_NAME = re.compile(r"[A-Z][\w'\u2019]*,? *\n\Z")  # a line that a name may begin and not end
_JOINING = frozenset("and of for in on to with by from at & te o nga ngā mo mō ki ā their - \u2013".split())
_MARKS = "\"'\u201c\u201d\u2018*_[~`\u00d8"  # before a name, and no part of it; the last was the bullet of a font
# Words in capitals before a name, as at the beginning of a sentence, which are no part of it.
_LEADING = frozenset(
    "a all also although amend amended amending an and another any as at both but by current draft each existing "
    "for from however if in its like neither new of old on one original other our out-dated outdated parent per "
    "principal proposed q q&a repeal replace review since so some that the their these this those through two "
    "under via when while with yet".split()
)
_KEPT_AFTER_NEW = ("Zealand", "Plymouth")
# What may be said about a law: in `Review of Building Act`, the name begins after the small word.
_ABOUT = frozenset(
    "amendment amendments answers aspects background breach breaches changes clause compliance consistent consultation "
    "enactment enforcement guide implementation information introduction link notes operation order paper part parts "
    "passage passing preamble provision provisions purpose questions reading reform reforms regulations repeal report "
    "requirements review reviews revision rewrite schedule section sections statement subpart summary update".split()
)
_AFTER_ABOUT = ("of", "to", "in", "under", "on", "with", "for")
_OWNER = re.compile("['\u2019]s$|s['\u2019]$")
_OWNERS_IN_NAMES = frozenset(
    "auditors builders childrens commissioners consumers drivers farmers fishers kings lawyers licence-holders mothers "
    "owners persons prisoners queens retailers shippers solicitors teachers trustees veterans victims widows womens "
    "workers advisers holders amendments employees employers peoples".split()
)
# Whole names that say only which kind of Act or bill it is, and those of whom it is.
_NO_NAMES = frozenset(
    ("amendment", "balancing", "class", "committee", "draft", "empowering", "exposure-draft", "first", "government",
     "juggling", "local", "local-government-amendment-and", "members", "omnibus", "parliament", "private",
     "private-member", "private-members", "public", "reform", "riot", "second", "settlement", "sister", "third",
     "treaty", "treaty-settlement", "validation", "repeal")
)  # fmt: skip
_NO_NAME_WORDS = frozenset(
    "alliance american and australian british canadian first future green greens kingdom labour maori national new nz "
    "opposition party progressive states uk united us zealand".split()
)
_PERSON = frozenset("hon mr dr sir minister mp president professor treasurer".split())
_NO_NUMBER_OF_NAME = re.compile(r"\d+[A-Z]*(?:$|[/(a-z]|-[a-z])|No$")  # such as those of `180-page Building Bill`
_NO_MARKS = str.maketrans("", "", '*_[]~`"\u201c\u00d8')
_ABBREVIATION = re.compile(r" ?\([A-Z][a-z]?[A-Z&/]{1,7}\)")  # such as `(HSNO)`, `(HaSNO)` or `(AML/CFT)`


class Law(NamedTuple):
    """An Act or bill named in a text."""

    place: int  # of the word Act or Bill, or of the abbreviation; in characters from 0
    title: str  # name without the year, such as `Resource Management Act`, as printed but for blanks and marks
    year: int | None  # printed after the name


class LawAliases(NamedTuple):
    """Other names of laws."""

    titles: dict[str, str]  # by the key of the other name
    abbreviations: re.Pattern[str] | None  # those without the word Act or Bill, such as `RMA`


def list_law_aliases(seeds: Seeds) -> LawAliases:
    """Return the names of the seed `law_aliases`."""
    rows = seeds["law_aliases"].select("printed_as", "law_title").rows()
    short = "|".join(sorted(re.escape(printed) for printed, _ in rows if " " not in printed))
    pattern = re.compile(rf"(?:{short})(?![\w-])") if short else None
    return LawAliases({law_key(printed): title for printed, title in rows}, pattern)


def find_laws(body: str, aliases: LawAliases) -> Iterator[Law]:
    """Yield every Act and bill that a text names; those named by an abbreviation come last."""
    for found in _LAW.finditer(body):
        begin = max(0, found.start() - _LENGTH)
        begin = max(begin, body.rfind("\n", begin, found.start()) + 1)
        words = body[begin : found.start()].split(" ")
        if words.pop():
            continue  # no blank before the word
        begins_line = not begin or body[begin - 1] == "\n"
        name = _find_name(words if begins_line else words[1:])
        if not name or (found[0] == "Bill" and (name[-1].lower() in _PERSON or _NEXT_NAME.match(body, found.end()))):
            continue  # `Minister Bill Ash`
        if begins_line and len(name) == len(words) and _LINE_OF_NAME.search(body[max(0, begin - 40) : begin]):
            continue
        after = _AFTER.match(body, found.end())
        assert after is not None  # noqa: S101 (the pattern also matches the empty text)
        title = " ".join(" ".join([*name, found[0]]).translate(_NO_MARKS).strip("('\u2018 ").split())
        if title.count("(") != title.count(")"):
            continue  # the beginning is missing, as in `(Pastoral Care) Amendment Bill`
        title = _ABBREVIATION.sub("", title) + (f" (No {after['number']})" if after["number"] else "")
        year = int(after["year"]) if after["year"] else None
        yield Law(found.start(), aliases.titles.get(law_key(title), title), year)
    for short in aliases.abbreviations.finditer(body) if aliases.abbreviations else ():
        if not body[short.start() - 1 : short.start()].strip("([\"'\u201c\u2018*/ \n"):
            yield Law(short.start(), aliases.titles[law_key(short[0])], None)


@lru_cache(4_096)  # texts name the same laws over and over
def law_key(name: str) -> str:
    """Return a key that is equal for spellings of one name, such as those with and without macrons or commas."""
    return slug(re.sub(r"\bNZ\b", "New Zealand", name).replace("&", "and"))


def _find_name(words: list[str]) -> list[str]:
    """Return the last words of some text that are the name before `Act` or `Bill`; none if they are no name."""
    begin = _find_start(words)
    for index in range(begin, len(words)):
        word, following = words[index].strip(_MARKS).rstrip(","), "".join(words[index + 1 : index + 2])
        is_owner = _OWNER.search(word) and slug(word) not in _OWNERS_IN_NAMES
        is_about = word.lower() in _ABOUT and (following in _AFTER_ABOUT or following[:1].isdigit())
        if (
            (is_owner or is_about)
            and not any(")" in one for one in words[begin:index])
            and _is_balanced(words[index + 1 :])
        ):
            begin = index + 1
    while begin < len(words) and _is_leading(words[begin], words[begin + 1 : begin + 2]):
        begin += 1
    name = words[begin:]
    key = slug(" ".join(name))
    if (
        not key
        or key.endswith("members")
        or key in _NO_NAMES
        or _NO_NAME_WORDS.issuperset(key.split("-"))
        or name[-1].lower() in _JOINING
    ):
        return []
    return name


def _is_balanced(words: list[str]) -> bool:
    """Return whether words close as many brackets as they open."""
    text = "".join(words)
    return text.count("(") == text.count(")")


def _find_start(words: list[str]) -> int:
    """Return the index of the first word, counted from the end backwards, that a name can hold."""
    depth, has_and = 0, False  # depth: brackets that are open, read backwards
    for index in range(len(words) - 1, -1, -1):
        word = words[index]
        bare = word.lstrip(_MARKS)
        if "](" in word or "://" in word:
            return len(words) if depth else index + 1
        if depth or bare.endswith(")") or _ABBREVIATION.match(bare):
            depth = max(0, depth + word.count(")") - word.count("("))
        elif bare[:1] == "(" and bare[1:2].isupper():
            return index
        elif not _is_of_name(bare, words[index + 1 : index + 3], has_and=has_and):
            # In `private investigators and Security Guards Act`, the name is more than its last words.
            is_cut = words[index + 1 : index + 2] in (["and"], ["&"]) and word.islower()
            return len(words) if is_cut else index + 1
        has_and = has_and or word in ("and", "&")
        if bare != word:
            return index
    return len(words) if depth else 0


def _is_of_name(word: str, following: list[str], *, has_and: bool) -> bool:
    """Return whether a word can be part of a name, outside of brackets.

    Args:
        word: the word.
        following: the next two words.
        has_and: whether a later word is `and`, so that a comma can be part of the name.
    """
    if not word or "." in word or word[-1] in ':;!?"*]\u201d':
        return False
    bare = word.rstrip(",")
    if bare in ("Act", "Bill", "Acts", "Bills", "ACT", "A", "An", "The"):
        next_word = "".join(following[:1])
        return (
            next_word == "Repeal"
            or (bare == "Bill" and following == ["of", "Rights"])
            # `Counter-Terrorism Acts (Control Orders) Amendment Bill`, but not `Fisheries Act (FA) and Ports Act`
            or (
                word == bare
                and next_word[:1] == "("
                and next_word[1:2].isupper()
                and not _ABBREVIATION.match(next_word)
            )
        )
    if word != bare:
        return has_and and word[0].isupper()
    return word[0].isupper() or word[0].isdigit() or word in _JOINING


def _is_leading(word: str, following: list[str]) -> bool:
    """Return whether a word at the beginning of a name is no part of it."""
    bare = word.strip(_MARKS + "(),")
    if bare == "New" and following and following[0].startswith(_KEPT_AFTER_NEW):
        return False
    if _ABBREVIATION.match(word):
        return True  # of the law before
    return bare.lower() in _LEADING or bare in _JOINING or bool(_NO_NUMBER_OF_NAME.match(bare))
