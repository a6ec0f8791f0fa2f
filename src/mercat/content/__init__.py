"""What the marketplace says: posts of its blog, and what readers say about them.

Owns: posts with their slugs, tags, related products and search documents; comments, and reports about them.
Calls: users, realtime, files, auth, audit, outbox, i18n.
Publishes: PostPublished.
Listens: PictureReady.
"""

from mercat.content import comments, posts

routers = (posts.router, comments.router, comments.moderation_router)

__all__ = ["comments", "posts", "routers"]
