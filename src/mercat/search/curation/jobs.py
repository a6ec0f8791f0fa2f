"""Schedules of what operators tell search."""

from mercat import outbox
from mercat.kit import clock

FOLLOW = """
UPDATE search_curation SET version = version + 1, rules_followed_at = %(now)s WHERE EXISTS (
    SELECT FROM search_rules WHERE is_active AND (
        (starts_at > rules_followed_at AND starts_at <= %(now)s) OR (ends_at > rules_followed_at AND ends_at <= %(now)s)
    )
)
"""


@outbox.every(outbox.minutes(1), "search.follow_rules")
async def follow_rules(context: outbox.JobContext) -> None:
    """Count a change where a rule has begun or ended: answers that were kept from before are not right any more."""
    await context.database.primary.note(FOLLOW, {"now": clock.now()})
