"""What the marketplace says: posts of its blog, and what readers say about them.

Owns: posts, their slugs, tags, related products and search documents.
Calls: users, realtime, files, auth, audit, outbox, i18n.
Publishes: PostPublished.
Listens: PictureReady.
"""

from mercat.content import posts

routers = (posts.router,)

__all__ = ["posts", "routers"]
