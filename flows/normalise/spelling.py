"""One spelling of names: what two printed forms of a name have in common, and the honorifics around it."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from flows.normalise.seeds import Seeds

_APOSTROPHES = str.maketrans(dict.fromkeys("\u2019\u2018\u02bc\u02bb`\u00b4", "'"))
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
# Letters of names that no decomposition turns into ASCII, for ids that can be typed.
_ASCII = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})


def fold(text: str) -> str:
    """The text in one spelling that still reads well: NFC, straight apostrophes, single spaces, no invisibles."""
    composed = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return " ".join(composed.translate(_APOSTROPHES).split())


def match_key(text: str) -> str:
    """What two spellings of one name have in common: letters and digits, without case, macrons or apostrophes."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", fold(text)) if not unicodedata.combining(c))
    bare = bare.translate(_APOSTROPHES)  # again: some letters hold one, and only let go of it here
    words = re.sub(r"[^\w]|_", " ", bare.casefold().replace("'", "").replace("&", " and "))
    return " ".join(words.split())


def slug(text: str) -> str:
    """A readable id, such as `georgina-te-heuheu`."""
    return re.sub(r"[^a-z0-9]+", "-", match_key(text).translate(_ASCII)).strip("-")


@dataclass(frozen=True)
class Honorifics:
    """The closed list of words that stand before or after a name without being part of it."""

    prefixes: tuple[str, ...]
    suffixes: tuple[str, ...]

    @cached_property
    def _pattern(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        def spelled(word: str) -> str:
            return r"\.?".join(map(re.escape, word)) if word.isupper() else re.escape(word)  # KC is also K.C.

        def any_of(affixes: tuple[str, ...]) -> str:
            longest_first = sorted({affix.replace(".", "") for affix in affixes}, key=lambda a: (-len(a), a))
            return "|".join(r"\.?\s+".join(spelled(word) for word in affix.split()) for affix in longest_first)

        return (
            re.compile(rf"^(?:{any_of(self.prefixes)})(?:\.\s*|\s+)(?=\S)", re.IGNORECASE),
            re.compile(rf"(?<=\S)(?:\s*,\s*|\s+)(?:{any_of(self.suffixes)})\.?$", re.IGNORECASE),
        )

    def strip(self, name: str) -> tuple[str, str]:
        """Gives the honorifics before a folded name, and the name without any: never an empty name."""
        prefix, suffix = self._pattern
        rest = name
        while match := prefix.match(rest):
            rest = rest[match.end() :]
        titles = name[: len(name) - len(rest)].strip()
        while match := suffix.search(rest):
            rest = rest[: match.start()]
        return titles, rest

    def without(self, name: str) -> str:
        """A folded name without the words that are honorifics, wherever they stand: `Luamanuvao Hon Winnie Laban`."""
        words = {match_key(prefix) for prefix in self.prefixes}
        return " ".join(word for word in name.split() if match_key(word) not in words)


def honorifics_of(seeds: Seeds) -> Honorifics:
    """The closed list as the seed has it."""
    frame = seeds["honorifics"]

    def of(position: str) -> tuple[str, ...]:
        return tuple(fold(affix) for affix in frame.filter(pl.col("position") == position)["affix"])

    return Honorifics(prefixes=of("prefix"), suffixes=of("suffix"))
