"""What readers say about posts.

Owns: comments, and reports about them.
Calls: users, auth, audit.
Publishes: nothing.
Listens: nothing.
"""

from mercat.content.comments.moderation_router import router as moderation_router
from mercat.content.comments.personal import forget, record_of
from mercat.content.comments.router import router
from mercat.content.comments.schemas import CommentRecord

__all__ = ["CommentRecord", "forget", "moderation_router", "record_of", "router"]
