"""Finding products: by words as people type them, by facets, and while they still type.

Owns: the search documents, the values of facets, the words of the catalogue and counts of frequent ones, synonyms and
rules, the log of searches; copies of documents in another engine, and what is still to be sent there.
Calls: catalog, inventory, vendors, exchange, translations, files, auth, audit, outbox, i18n.
Publishes: nothing.
Listens: BackInStock, ProductsChanged, SoldOut.
"""

from mercat.search import curation, jobs, log
from mercat.search.engines import close
from mercat.search.exceptions import EngineError, NoSuchEngine, ReindexRunning
from mercat.search.handlers import index_changed, index_stock
from mercat.search.indexing import index_all, index_products
from mercat.search.log import Searches, SearchLog
from mercat.search.rebuild import Reindexed, reindex
from mercat.search.router import router
from mercat.search.state import EngineState, state

operator_routers = (*curation.routers, log.router)

__all__ = [
    "EngineError",
    "EngineState",
    "NoSuchEngine",
    "ReindexRunning",
    "Reindexed",
    "SearchLog",
    "Searches",
    "close",
    "index_all",
    "index_changed",
    "index_products",
    "index_stock",
    "jobs",
    "operator_routers",
    "reindex",
    "router",
    "state",
]
