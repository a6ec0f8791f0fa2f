"""What operators tell search: synonyms, and rules that pin, bury and redirect. Applied above the engines.

Owns: synonyms, rules, the version of both.
Calls: catalog, vendors, files, auth, audit, outbox, i18n.
Publishes: nothing.
Listens: nothing.
"""

from mercat.search.curation import jobs
from mercat.search.curation.memory import Curation, current
from mercat.search.curation.placement import placed
from mercat.search.curation.rules import Effect, Redirect, place_of
from mercat.search.curation.rules.router import router as rules_router
from mercat.search.curation.synonyms import Synonyms
from mercat.search.curation.synonyms.router import router as synonyms_router

routers = (synonyms_router, rules_router)

__all__ = ["Curation", "Effect", "Redirect", "Synonyms", "current", "jobs", "place_of", "placed", "routers"]
