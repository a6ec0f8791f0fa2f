"""Schedules of the search log."""

from datetime import timedelta

from mercat import outbox
from mercat.kit import clock
from mercat.search.config import settings
from mercat.search.log import popular_terms

BATCH = 10_000
POPULAR_DAYS = 90
PURGE = """
WITH old AS (SELECT day, locale, term FROM search_terms WHERE day < %(before)s ORDER BY 1, 2, 3 LIMIT %(batch)s),
gone AS (DELETE FROM search_terms t USING old o WHERE (t.day, t.locale, t.term) = (o.day, o.locale, o.term) RETURNING 1)
SELECT count(*) FROM gone
"""


@outbox.every(outbox.daily(2, 57), "search.purge_log", lane=outbox.Lane.bulk)
async def purge_log(context: outbox.JobContext) -> None:
    """Delete what was searched for longer ago than the setting keeps it, a batch a transaction."""
    before = clock.now().date() - timedelta(days=settings().search_log_days)
    deleted = BATCH
    while deleted == BATCH:
        found = await context.database.primary.row(PURGE, {"before": before, "batch": BATCH})
        deleted = found[0] if found else 0


@outbox.every(outbox.hourly(minute=23), "search.find_popular", lane=outbox.Lane.bulk)
async def find_popular(context: outbox.JobContext) -> None:
    """Choose the searches that suggestions offer: made by many, and found."""
    weights = settings()
    since = clock.now().date() - timedelta(days=min(POPULAR_DAYS, weights.search_log_days))
    await popular_terms.find(context.database, since, weights.search_popular_searches, weights.search_popular_days)
