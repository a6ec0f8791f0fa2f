"""Numbers about money under way, read when somebody asks for metrics."""

from mercat.kit.metrics import Number

NUMBERS = (
    Number(
        "mercat_refunds_pending",
        "Refunds that are not with the buyer yet.",
        "SELECT count(*) FROM refunds WHERE status = 'pending'",
    ),
    Number(
        "mercat_refunds_oldest_pending_seconds",
        "How long the first of them has been waiting.",
        "SELECT coalesce(extract(epoch FROM now() - min(created_at)), 0) FROM refunds WHERE status = 'pending'",
    ),
)
