"""The words of a release as the search knows them: what the macro `search_words` makes of a question.

A term is a run of letters, digits and underscores in lower case, without accents and macrons. What an apostrophe cuts
off a word is none, and neither is a run that no one would type.
"""

import unicodedata
from collections import Counter
from typing import NamedTuple

from flows.facts import TAILS
from flows.text import words

LONGEST = 64  # characters
MOST = 255  # uses that are counted, in a body and in a title
_MOST_WORDS = 200_000  # known at once


class _Terms(dict[str, str]):
    """The term of each word met so far, "" for one that is none: most words of a text are those of texts before it."""

    def __missing__(self, word: str) -> str:
        if len(word) > LONGEST:
            return ""
        if len(self) >= _MOST_WORDS:
            self.clear()
        term = self[word] = fold(word)
        return term


def fold(word: str) -> str:
    """The term of a word, or "" where it is none."""
    term = word.lower() if word.isascii() else _bare(word)
    return "" if len(term) > LONGEST or term in TAILS else term


def _bare(word: str) -> str:
    marked = unicodedata.normalize("NFD", word)
    bare = unicodedata.normalize("NFC", "".join(one for one in marked if unicodedata.category(one)[0] != "M"))
    return "".join(lower if len(lower := one.lower()) == 1 else one for one in bare)


_TERMS = _Terms()


class Terms(NamedTuple):
    """The distinct terms of a release, packed: a batch of them goes from a worker to the staging file."""

    text: str  # separated by spaces
    body_counts: bytes  # uses of each in the body; 255 stands for all above
    title_counts: bytes  # uses of each in the title, likewise


def terms(title: str, body_words: list[str], unread: list[str]) -> Terms:
    """The terms of a release, in no order.

    Args:
        title: as printed.
        body_words: of `text.words`.
        unread: of `facts.read`: the words of addresses, which are among them.
    """
    in_title = Counter(map(_TERMS.__getitem__, words(unicodedata.normalize("NFC", title))))
    del in_title[""]
    uses = Counter(dict.fromkeys(in_title, 0))
    uses.update(map(_TERMS.__getitem__, body_words))
    if unread:
        uses.subtract(map(_TERMS.__getitem__, unread))
        for term in [term for term, count in uses.items() if count <= 0 and term not in in_title]:
            del uses[term]
    del uses[""]
    return Terms(
        " ".join(uses),
        bytes([count if count < MOST else MOST for count in uses.values()]),
        bytes([min(count, MOST) for count in in_title.values()]) + bytes(len(uses) - len(in_title)),
    )
