"""Synonyms: words that mean the same to those who search.

Owns: synonyms.
Calls: files, auth, audit, i18n.
Publishes: nothing.
Listens: nothing.
"""

from mercat.search.curation.synonyms.expansion import Entry, Span, Synonyms

__all__ = ["Entry", "Span", "Synonyms"]
