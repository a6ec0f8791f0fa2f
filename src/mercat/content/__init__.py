"""What the marketplace says: posts of its blog, what readers say about them, pages, menus and redirects.

Owns: posts with their slugs, tags, related products and search documents; comments, and
reports about them; pages and their versions; menus and redirects.
Calls: users, realtime, translations, files, auth, audit, outbox, i18n.
Publishes: PostPublished.
Listens: PictureReady, TranslationsChanged.
"""

from mercat.content import comments, navigation, pages, posts

routers = (
    posts.router,
    comments.router,
    comments.moderation_router,
    pages.router,
    navigation.menus_router,
    navigation.redirects_router,
)

__all__ = ["comments", "navigation", "pages", "posts", "routers"]
