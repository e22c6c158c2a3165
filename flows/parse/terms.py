"""The words of a release as the search knows them: what the macro `search_words` makes of a question.

A term is a run of letters, digits and underscores in lower case, without accents and macrons. What an apostrophe cuts
off a word is none, and neither is a run that no one would type.
"""

import unicodedata

from flows.parse.facts import TAILS

LONGEST = 64  # characters
MOST = 255  # uses that are counted, in a body and in a title


def to_term(word: str) -> str:
    """The term of a word, or "" where it is none."""
    term = word.lower() if word.isascii() else _bare(word)
    return "" if len(term) > LONGEST or term in TAILS else term


def _bare(word: str) -> str:
    marked = unicodedata.normalize("NFD", word)
    bare = unicodedata.normalize("NFC", "".join(one for one in marked if unicodedata.category(one)[0] != "M"))
    return "".join(lower if len(lower := one.lower()) == 1 else one for one in bare)
