"""Turn the words of a release into search terms, as the SQL macro `search_words` does with the words of a question.

A term is a run of letters, digits and underscores, in lower case, without accents and macrons. Contractions (the `s` of
`it's`) and runs of more than 64 characters are no terms.
"""

import unicodedata

from flows.parse.facts import CONTRACTIONS

MAX_TERM_LENGTH = 64  # characters
MAX_USES = 255  # further uses of a term in a body, or in a title, are not counted


def to_term(word: str) -> str:
    """Return the search term of a word, or "" if it is not a term."""
    term = word.lower() if word.isascii() else _lower_without_marks(word)
    return "" if len(term) > MAX_TERM_LENGTH or term in CONTRACTIONS else term


def _lower_without_marks(word: str) -> str:
    """Do as DuckDB's strip_accents() and lower(), which changes a letter only if one letter results."""
    decomposed = unicodedata.normalize("NFD", word)
    bare = unicodedata.normalize("NFC", "".join(one for one in decomposed if unicodedata.category(one)[0] != "M"))
    return "".join(lower if len(lower := one.lower()) == 1 else one for one in bare)
