"""What buyers say about products.

Owns: reviews, the votes for them, reports about them, and the shops' replies.
Calls: orders, catalog, vendors, auth, audit, outbox.
Publishes: ReviewPublished, ReviewAnswered.
Listens: nothing.
"""

from mercat.reviews.history import PastReview, record_past
from mercat.reviews.letters import ReviewInMail, in_mail
from mercat.reviews.moderation_router import router as moderation_router
from mercat.reviews.personal import forget, record_of
from mercat.reviews.router import router
from mercat.reviews.schemas import ReviewRecord
from mercat.reviews.vendor_router import router as vendor_router

__all__ = [
    "PastReview",
    "ReviewInMail",
    "ReviewRecord",
    "forget",
    "in_mail",
    "moderation_router",
    "record_of",
    "record_past",
    "router",
    "vendor_router",
]
