"""What was searched for, counted by day without who did.

Owns: searches by day, popular searches.
Calls: auth, outbox.
Publishes: nothing.
Listens: nothing.
"""

from mercat.search.log import jobs
from mercat.search.log.counter import Searches, SearchLog, get_log
from mercat.search.log.popular_terms import popular
from mercat.search.log.router import router

__all__ = ["SearchLog", "Searches", "get_log", "jobs", "popular", "router"]
