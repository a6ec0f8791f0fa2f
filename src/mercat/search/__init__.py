"""Finding products: by words as people type them, by facets, and while they still type.

Owns: the search documents, the values of facets, the words of the catalogue, synonyms and rules.
Calls: catalog, inventory, vendors, files, auth, audit, outbox, i18n.
Publishes: nothing.
Listens: BackInStock, ProductsChanged, SoldOut.
"""

from mercat.search import curation, jobs, log
from mercat.search.handlers import index_changed, index_stock
from mercat.search.indexing import index_all, index_products
from mercat.search.log import Searches, SearchLog
from mercat.search.router import router

operator_routers = (*curation.routers, log.router)

__all__ = [
    "SearchLog",
    "Searches",
    "index_all",
    "index_changed",
    "index_products",
    "index_stock",
    "jobs",
    "operator_routers",
    "router",
]
