"""A cache of public answers that is never wrong: what it serves is what PostgreSQL would say at this moment.

Each answer depends on *tags* (tables, roughly). A change raises the generations of its tags in its own transaction
(triggers do), and a generation is part of the name under which an answer is kept. A reader asks for the generations
after it was asked itself, so it cannot find what was made before a change that it could know of. Redis only carries
values: without it, or with a wrong one, nothing is found.

Nothing is cached that does not opt in: a route hands its work to `cached`, which passes by requests of anybody known.
"""

from mercat.kit.cache.answers import Answer, Load
from mercat.kit.cache.cache import Cache
from mercat.kit.cache.config import CacheSettings
from mercat.kit.cache.counters import Counters, Outcome, hits_of, rate_of
from mercat.kit.cache.front import Front
from mercat.kit.cache.policy import Policy
from mercat.kit.cache.requests import cached, get_cache, is_anonymous
from mercat.kit.cache.witnesses import Witness, generations

__all__ = [
    "Answer",
    "Cache",
    "CacheSettings",
    "Counters",
    "Front",
    "Load",
    "Outcome",
    "Policy",
    "Witness",
    "cached",
    "generations",
    "get_cache",
    "hits_of",
    "is_anonymous",
    "rate_of",
]
