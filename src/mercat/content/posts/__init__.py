"""Posts of the marketplace's blog.

Owns: posts, their slugs, tags, related products and search documents.
Calls: users, realtime, translations, files, auth, audit, outbox, i18n.
Publishes: PostPublished.
Listens: PictureReady, TranslationsChanged.
"""

from mercat.content.posts import jobs
from mercat.content.posts.backfill import PastPost, record_past
from mercat.content.posts.exceptions import PostNotFound
from mercat.content.posts.handlers import index_translated
from mercat.content.posts.personal import forget, record_of
from mercat.content.posts.pictures import PURPOSE as PICTURE_PURPOSE
from mercat.content.posts.pictures import show_sizes
from mercat.content.posts.publication import TOPIC
from mercat.content.posts.queries import related_products, require_published
from mercat.content.posts.router import LIST, PAGE, router
from mercat.content.posts.schemas import PostRecord, trimmed

__all__ = [
    "LIST",
    "PAGE",
    "PICTURE_PURPOSE",
    "TOPIC",
    "PastPost",
    "PostNotFound",
    "PostRecord",
    "forget",
    "index_translated",
    "jobs",
    "record_of",
    "record_past",
    "related_products",
    "require_published",
    "router",
    "show_sizes",
    "trimmed",
]
