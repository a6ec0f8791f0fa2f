"""Shapes of comments."""

from datetime import datetime
from hashlib import blake2b
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, computed_field, field_validator

from mercat.content.comments.lifecycle import Status
from mercat.content.posts import trimmed
from mercat.kit.pagination import BothWays, PageParams
from mercat.kit.shapes import MOST_VALUES, Shape
from mercat.users import UserPublic

Body = Annotated[str, StringConstraints(min_length=1, max_length=5000, pattern=r"^[^\x00]*$")]
Note = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00]*$")]
Reason = Literal["spam", "offensive", "off_topic", "personal_data", "other"]
BODY = "We wash ours by hand, and it still looks new."


class CommentWrite(Shape):
    """What a reader says about a post."""

    body: Body = Field(examples=[BODY])
    """Plain text."""

    @field_validator("body")
    @classmethod
    def _body(cls, value: str) -> str:
        return trimmed(value, 1)


class CommentReportCreate(Shape):
    """Why a moderator should look at it."""

    reason: Reason = Field(examples=["spam"])
    note: Note = Field("", examples=["It praises another marketplace."])


class CommentDecision(Shape):
    """What a moderator says to a comment."""

    version: str | None = Field(None, max_length=32, examples=["5f0c3e9a1b7d42d8"])
    """That of the comment which was looked at: if its author has changed it since, nothing is decided."""


class CommentApproval(CommentDecision):
    """A moderator's yes."""

    reason: Note = Field("", examples=["Harmless."])


class CommentRefusal(CommentDecision):
    """A moderator's no, with its reason, which the author reads."""

    reason: Annotated[Note, StringConstraints(min_length=1)] = Field(examples=["Names a person."])


class CommentRead(Shape):
    """A comment as everybody sees it."""

    id: UUID
    post_id: UUID
    author: UserPublic
    body: str = Field(examples=[BODY])
    """Plain text as it was written; never to be taken for HTML."""
    created_at: datetime
    edited_at: datetime | None


class OwnCommentRead(CommentRead):
    """A comment as its author sees it."""

    status: Status
    """`pending` waits for a moderator."""
    reason: str = Field(examples=["Names a person."])
    """What a moderator wrote about it."""


class CommentReportRead(Shape):
    """A person's report."""

    reason: Reason
    note: str = Field(examples=["It praises another marketplace."])
    at: datetime


class ModeratedComment(OwnCommentRead):
    """A comment as moderators see it."""

    signals: list[str] = Field(examples=[["link", "new_account"]])
    """Why it was not let out at once: `many_at_once`, `link`, `same_text`, `capitals`, `new_account`."""
    report_count: int = Field(examples=[2])
    """Unsettled reports."""
    reports: list[CommentReportRead]

    @computed_field(examples=["5f0c3e9a1b7d42d8"])  # type: ignore[prop-decorator]  # mypy knows no decorated properties
    @property
    def version(self) -> str:
        """What its author says, in short: send it with the decision."""
        return blake2b(self.body.encode(), digest_size=8).hexdigest()


class CommentListing(BothWays):
    """In which order the comments on a post come, and how to page through them."""

    sort: Literal["created_at", "-created_at"] = "created_at"
    """Order of the list: the oldest first, or downward with a minus sign."""


class OwnCommentListing(PageParams):
    """Which page of one's own comments, and in which order."""

    sort: Literal["-created_at", "created_at"] = "-created_at"
    """Order of the list: downward with a minus sign."""


class CommentQueue(PageParams):
    """Which comments a moderator looks at, in which order, and which page of them."""

    sort: Literal["created_at", "-created_at", "report_count", "-report_count"] = "created_at"
    """Order of the list: downward with a minus sign."""
    status: list[Status] = Field([], max_length=MOST_VALUES, examples=[["pending"]])
    """Only comments of this status; given several times, of any of these."""
    reported: bool | None = None
    """Only those with unsettled reports, or only those without."""


class ReportedComment(Shape):
    """A person's report of a comment."""

    comment_id: UUID
    reason: Reason
    note: str
    created_at: datetime


class CommentRecord(Shape):
    """A person's comments, and their reports about those of others."""

    written: list[OwnCommentRead]
    reported: list[ReportedComment]
