"""The words of a release as the search knows them: what the macro `search_words` makes of a question.

A term is a run of letters, digits and underscores in lower case, without accents and macrons. What an apostrophe cuts
off a word is none, and neither is a run that no one would type.
"""

import unicodedata
from collections import Counter
from typing import NamedTuple

from flows.facts import TAILS, kind
from flows.text import words

LONGEST = 64  # characters
MOST = 255  # uses that are counted, in a body and in a title
_MOST_WORDS = 100_000  # known at once; the archive has 200,000 and needs few of them often


class _Words(dict[str, tuple[int, str]]):
    """Kind and term of each word met so far, "" for one that is no term: most words of a text are in texts before it."""

    def __missing__(self, word: str) -> tuple[int, str]:
        if len(word) > LONGEST:
            return kind(word), ""
        if len(self) >= _MOST_WORDS:
            self.clear()
        term = fold(word)
        found = self[word] = kind(word), word if term == word else term
        return found


def fold(word: str) -> str:
    """The term of a word, or "" where it is none."""
    term = word.lower() if word.isascii() else _bare(word)
    return "" if len(term) > LONGEST or term in TAILS else term


def _bare(word: str) -> str:
    marked = unicodedata.normalize("NFD", word)
    bare = unicodedata.normalize("NFC", "".join(one for one in marked if unicodedata.category(one)[0] != "M"))
    return "".join(lower if len(lower := one.lower()) == 1 else one for one in bare)


_WORDS = _Words()


class Terms(NamedTuple):
    """The distinct terms of a release, packed: a batch of them goes from a worker to the staging file."""

    text: str  # separated by spaces
    body_counts: bytes  # uses of each in the body; 255 stands for all above
    title_counts: bytes  # uses of each in the title, likewise


def count(title: str, body_words: list[str], unread: list[str]) -> tuple[Terms, int]:
    """The terms of a release, in no order, and the kinds of its body's words for `facts.measure`.

    Args:
        title: as printed.
        body_words: of `text.words`.
        unread: of `facts.read`: the words of addresses, which are among them and are not counted.
    """
    in_title = Counter(_WORDS[word][1] for word in words(unicodedata.normalize("NFC", title)))
    del in_title[""]
    counts = Counter(body_words)
    if unread:
        counts -= Counter(unread)
    kinds = 0
    uses = dict.fromkeys(in_title, 0)
    known, used = _WORDS, uses.get
    for word, number in counts.items():  # half of all that is done for a text
        its_kind, term = known[word]
        kinds += its_kind * number
        uses[term] = used(term, 0) + number
    uses.pop("", None)
    return Terms(" ".join(uses), _bytes(uses), _bytes(in_title) + bytes(len(uses) - len(in_title))), kinds


def _bytes(counts: dict[str, int]) -> bytes:
    try:
        return bytes(counts.values())
    except ValueError:  # one is more than a byte holds
        return bytes(min(number, MOST) for number in counts.values())
