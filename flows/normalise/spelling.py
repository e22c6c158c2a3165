"""Compare names regardless of spelling: fold them, make match keys and ids, and remove honorifics."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

if TYPE_CHECKING:
    from flows.normalise.seeds import Seeds

_APOSTROPHES = str.maketrans(dict.fromkeys("\u2019\u2018\u02bc\u02bb`\u00b4", "'"))
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
# Letters that Unicode decomposition does not turn into ASCII, for ids that can be typed on any keyboard.
_ASCII = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})

# Cyrillic and Greek letters, and the Latin letter that each looks like.
_LOOK_ALIKES = str.maketrans(
    "\u0410\u0412\u0415\u0405\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0430"
    "\u0435\u0455\u0456\u0458\u043e\u0440\u0441\u0443\u0445\u04bb\u0501\u051b\u051d\u0391\u0392\u0395"
    "\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03b1\u03bf\u03bd\u03c1\u03b9",
    "ABESIJKMHOPCTYXaesijopcyxhdqwABEZHIKMNOPTYXaovpi",
)


def fold(text: str) -> str:
    """Return a readable text in one spelling: NFC, straight apostrophes, single spaces, no invisible characters."""
    composed = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return " ".join(composed.translate(_APOSTROPHES).split())


def match_key(text: str) -> str:
    """Return a key that is equal for spellings of one name: no case, macrons, apostrophes or punctuation."""
    bare = fold(text)
    if not bare.isascii():
        bare = "".join(c for c in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(c))
        bare = bare.translate(_APOSTROPHES)  # again: decomposition can release an apostrophe from a letter
    words = re.sub(r"[^\w]|_", " ", bare.casefold().replace("'", "").replace("&", " and "))
    return " ".join(words.split())


def slug(text: str) -> str:
    """Return a readable id, such as `georgina-te-heuheu`."""
    return re.sub(r"[^a-z0-9]+", "-", match_key(text).translate(_ASCII)).strip("-")


def odd_letters(text: str) -> str:
    """Return the letters of a text that no id can spell, each once with its name; empty if there are none.

    They are letters of other alphabets, which can look like Latin ones, and rare Latin letters.
    """
    letters = dict.fromkeys(letter for letter in fold(text) if letter.isalpha() and not slug(letter))
    return ", ".join(f"{letter} ({unicodedata.name(letter, 'without a name')})" for letter in letters)


def as_it_looks(text: str) -> str:
    """Return a text in which each letter of another alphabet that looks like a Latin letter is replaced by it."""
    return text.translate(_LOOK_ALIKES)


class SplitName(NamedTuple):
    """A folded name without the honorifics around it."""

    titles: str  # the honorifics before the name, as printed; empty if there are none
    name: str  # never empty


@dataclass(frozen=True)
class Honorifics:
    """Words of seeds/honorifics.csv that may be printed before or after a name and are no part of it."""

    prefixes: tuple[str, ...]
    suffixes: tuple[str, ...]

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        def with_dots(word: str) -> str:
            return r"\.?".join(map(re.escape, word)) if word.isupper() else re.escape(word)  # KC is also K.C.

        def any_of(affixes: tuple[str, ...]) -> str:
            longest_first = sorted({affix.replace(".", "") for affix in affixes}, key=lambda a: (-len(a), a))
            return "|".join(r"\.?\s+".join(with_dots(word) for word in affix.split()) for affix in longest_first)

        return (
            re.compile(rf"^(?:{any_of(self.prefixes)})(?:\.\s*|\s+)(?=\S)", re.IGNORECASE),
            re.compile(rf"(?<=\S)(?:\s*,\s*|\s+)(?:{any_of(self.suffixes)})\.?$", re.IGNORECASE),
        )

    def strip(self, name: str) -> SplitName:
        """Split a folded name into the honorifics before it and the name without honorifics before or after it."""
        prefix, suffix = self._patterns
        rest = name
        while match := prefix.match(rest):
            rest = rest[match.end() :]
        titles = name[: len(name) - len(rest)].strip()
        while match := suffix.search(rest):
            rest = rest[: match.start()]
        return SplitName(titles, rest)

    def remove_all(self, name: str) -> str:
        """Return a folded name without honorifics anywhere in it, such as in `Luamanuvao Hon Winnie Laban`."""
        words = {match_key(prefix) for prefix in self.prefixes}
        return " ".join(word for word in name.split() if match_key(word) not in words)


def honorifics_of(seeds: "Seeds") -> Honorifics:
    """Return the honorifics of the seed."""
    frame = seeds["honorifics"]

    def affixes(position: str) -> tuple[str, ...]:
        return tuple(fold(affix) for affix in frame.filter(pl.col("position") == position)["affix"])

    return Honorifics(prefixes=affixes("prefix"), suffixes=affixes("suffix"))
