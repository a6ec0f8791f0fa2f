"""Settings of content."""

from pydantic import Field

from mercat.kit.config import Settings


class ContentSettings(Settings):
    """Posts and comments: who may write them, and which comments wait for a moderator."""

    posts_open: bool = Field(
        default=False, description="Whether everybody with an account may write posts, not only staff and vendors."
    )
    comments_all_wait: bool = Field(
        default=False, description="Whether every comment waits for a moderator, not only suspicious ones."
    )
    comments_new_account_hours: int = Field(
        24, ge=0, le=8760, description="Hours for which comments by a new account wait for a moderator."
    )
