"""Settings of reviews."""

from pydantic import Field

from mercat.kit.config import Settings


class ReviewSettings(Settings):
    """Reviews: who may write them, and which ones wait for a moderator."""

    reviews_verified_only: bool = Field(
        default=False, description="Whether only those may review a product to whom it was delivered."
    )
    reviews_all_wait: bool = Field(
        default=False, description="Whether every review waits for a moderator, not only suspicious ones."
    )
    reviews_new_account_hours: int = Field(
        24, ge=0, le=8760, description="Hours for which reviews by a new account wait, unless it bought the product."
    )
    reviews_most_photos: int = Field(5, ge=0, le=20, description="Photos that a review may have; 0 takes none.")
