"""What buyers say about products.

Owns: reviews and their photos, the votes for them, reports about them, and the vendors' replies.
Calls: orders, catalog, vendors, files, auth, audit, outbox, i18n.
Publishes: ReviewAnswered, ReviewPublished.
Listens: nothing.
"""

from mercat.reviews import jobs
from mercat.reviews.backfill import PastReview, record_past
from mercat.reviews.letters import ReviewInMail, in_mail
from mercat.reviews.moderation_router import router as moderation_router
from mercat.reviews.personal import forget, record_of
from mercat.reviews.photos_router import moderation_router as photo_moderation_router
from mercat.reviews.photos_router import router as photos_router
from mercat.reviews.router import router
from mercat.reviews.schemas import ReviewRecord
from mercat.reviews.vendor_router import router as vendor_router

__all__ = [
    "PastReview",
    "ReviewInMail",
    "ReviewRecord",
    "forget",
    "in_mail",
    "jobs",
    "moderation_router",
    "photo_moderation_router",
    "photos_router",
    "record_of",
    "record_past",
    "router",
    "vendor_router",
]
