"""Shapes of reviews."""

from datetime import datetime
from hashlib import blake2b
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, computed_field, model_validator
from pydantic_core import PydanticCustomError

from mercat.files import Picture
from mercat.kit.pagination import BothWays, Page, PageParams
from mercat.kit.shapes import MOST_VALUES, Shape, WholeNumber
from mercat.reviews.lifecycle import Status

Stars = Annotated[int, Field(strict=True, ge=1, le=5, examples=[5])]
Title = Annotated[str, StringConstraints(max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$")]
Body = Annotated[str, StringConstraints(min_length=1, max_length=5000, pattern=r"^[^\x00]*$")]
Note = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00]*$")]
Reason = Literal["spam", "offensive", "wrong_product", "personal_data", "other"]
Sort = Literal["newest", "helpful", "rating", "-rating"]
Ratings = Annotated[
    list[Annotated[WholeNumber, Field(ge=1, le=5)]], Field(default_factory=list, max_length=5, examples=[[1, 2]])
]
TITLE, BODY = "Just the right size", "It keeps the coffee warm, and the handle fits my hand."


class ReviewCreate(Shape):
    """A person's review of a product."""

    rating: Stars
    title: Title = Field("", examples=[TITLE])
    body: Body = Field(examples=[BODY])


class ReviewUpdate(Shape):
    """Changes of a review; what is left out stays."""

    rating: Stars | None = None
    title: Title | None = Field(None, examples=[TITLE])
    body: Body | None = Field(None, examples=[BODY])

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.rating is None and self.title is None and self.body is None:
            raise PydanticCustomError("nothing_given", "say what shall be different")
        return self


class ReplyWrite(Shape):
    """The vendor's reply to it."""

    body: Body = Field(examples=["Thank you! The larger one is back in April."])


class ReportCreate(Shape):
    """Why a moderator should look at it."""

    reason: Reason = Field(examples=["spam"])
    note: Note = Field("", examples=["It praises another shop."])


class Decision(Shape):
    """What a moderator says to a review."""

    version: str | None = Field(None, max_length=32, examples=["5f0c3e9a1b7d42d8"])
    """That of the review which was looked at: if its author has changed it since, nothing is decided."""


class Approval(Decision):
    """A moderator's yes."""

    reason: Note = Field("", examples=["Harmless."])


class Refusal(Decision):
    """A moderator's no, with its reason, which the author reads."""

    reason: Annotated[Note, StringConstraints(min_length=1)] = Field(examples=["Names a person."])


class ReplyRead(Shape):
    """The vendor's reply."""

    body: str = Field(examples=["Thank you! The larger one is back in April."])
    at: datetime


class ReviewPhotoRead(Picture):
    """A photo in a review."""

    id: UUID


class ReviewRead(Shape):
    """A review as everybody sees it."""

    id: UUID
    product_id: UUID
    author: str = Field(examples=["Ada L."])
    """A first name and an initial."""
    rating: int = Field(examples=[5])
    title: str = Field(examples=[TITLE])
    body: str = Field(examples=[BODY])
    """Plain text as it was written; never to be taken for HTML."""
    photos: list[ReviewPhotoRead]
    verified: bool
    """Whether the product was delivered to the author."""
    helpful_count: int = Field(examples=[3])
    reply: ReplyRead | None
    created_at: datetime
    edited_at: datetime | None


class Stand(Shape):
    """All ratings of a product."""

    average: float = Field(examples=[4.5])
    count: int = Field(examples=[12])
    stars: dict[str, int] = Field(examples=[{"5": 8, "4": 3, "3": 0, "2": 0, "1": 1}])
    """How many gave how many stars."""


class ReviewPage(Page[ReviewRead]):
    """A page of reviews, with all ratings of the product whatever the filters."""

    ratings: Stand


class ReviewedProduct(Shape):
    """The product that a review is about."""

    id: UUID
    slug: str = Field(examples=["stoneware-mug"])
    name: str = Field(examples=["Stoneware mug"])


class VendorReview(ReviewRead):
    """A review as a vendor's members see it."""

    product: ReviewedProduct


class OwnReviewRead(VendorReview):
    """A review as its author sees it."""

    status: Status
    """`pending` waits for a moderator."""
    reason: str = Field(examples=["Names a person."])
    """What a moderator wrote about it."""


class ReportRead(Shape):
    """A person's report."""

    reason: Reason
    note: str = Field(examples=["It praises another shop."])
    at: datetime


class ModeratedReview(OwnReviewRead):
    """A review as moderators see it."""

    signals: list[str] = Field(examples=[["link", "new_account"]])
    """Why it was not let out at once: `many_at_once`, `link`, `same_text`, `capitals`, `new_account`,
    `refused_before`."""
    report_count: int = Field(examples=[2])
    """Unsettled reports."""
    reports: list[ReportRead]

    @computed_field(examples=["5f0c3e9a1b7d42d8"])  # type: ignore[prop-decorator]  # mypy knows no decorated properties
    @property
    def version(self) -> str:
        """What its author says, in short: send it with the decision."""
        said = (self.rating, self.title, self.body, *((str(photo.id), photo.alt) for photo in self.photos))
        return blake2b(repr(said).encode(), digest_size=8).hexdigest()


class ReviewListing(BothWays):
    """Which reviews of a product, in which order, and how to page through them."""

    sort: Sort = "newest"
    """`newest`, `helpful`, or by stars: `-rating` begins with the most."""
    rating: Ratings
    """Only those with so many stars; given several times, with any of these."""
    verified: bool | None = None
    """Only those by people to whom the product was delivered, or only others."""
    with_photos: bool | None = None
    """Only those with photos, or only those without."""


class OwnListing(PageParams):
    """Which page of one's own reviews, and in which order."""

    sort: Literal["-created_at", "created_at", "-rating", "rating"] = "-created_at"
    """Order of the list: downward with a minus sign."""


class ReviewFilter(OwnListing):
    """Which reviews of a vendor's products, in which order, and which page of them."""

    rating: Ratings
    """Only those with so many stars; given several times, with any of these."""
    answered: bool | None = None
    """Only those with a reply, or only those without."""


class Queue(PageParams):
    """Which reviews a moderator looks at, in which order, and which page of them."""

    sort: Literal["created_at", "-created_at", "rating", "-rating", "report_count", "-report_count"] = "created_at"
    """Order of the list: downward with a minus sign."""
    status: list[Status] = Field([], max_length=MOST_VALUES, examples=[["pending"]])
    """Only reviews of this status; given several times, of any of these."""
    rating: Ratings
    """Only those with so many stars; given several times, with any of these."""
    reported: bool | None = None
    """Only those with unsettled reports."""


class ReviewReport(Shape):
    """A person's report of a review."""

    review_id: UUID
    reason: Reason
    note: str
    created_at: datetime


class ReviewRecord(Shape):
    """A person's reviews, votes and reports."""

    written: list[OwnReviewRead]
    found_helpful: list[UUID]
    reported: list[ReviewReport]
