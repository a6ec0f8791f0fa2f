"""What operators tell search: synonyms, and rules that pin, bury and redirect. Applied above the engines.

Owns: synonyms, rules, the version of both.
Calls: files, auth, audit, i18n.
Publishes: nothing.
Listens: nothing.
"""

from mercat.search.curation.memory import Curation, current, version_of
from mercat.search.curation.synonyms import Synonyms
from mercat.search.curation.synonyms.router import router as synonyms_router

__all__ = ["Curation", "Synonyms", "current", "synonyms_router", "version_of"]
