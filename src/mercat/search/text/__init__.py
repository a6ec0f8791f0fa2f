"""Words: how texts and queries become the lexemes that every engine holds and asks for.

What understands people (accents, endings, compounds, codes) is here, above the engines, so that they find alike.
"""

from mercat.search.text.analysis import Analyzer, analyzer
from mercat.search.text.folding import fold, forms_of
from mercat.search.text.queries import PART, Phrase, Query, Word, parse, terms_of
from mercat.search.text.spelling import allowed_distance, closest, deletions
from mercat.search.text.tokens import Spellings, code_runs, word_runs, words

__all__ = [
    "PART",
    "Analyzer",
    "Phrase",
    "Query",
    "Spellings",
    "Word",
    "allowed_distance",
    "analyzer",
    "closest",
    "code_runs",
    "deletions",
    "fold",
    "forms_of",
    "parse",
    "terms_of",
    "word_runs",
    "words",
]
