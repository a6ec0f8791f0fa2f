"""A review as mail shows it."""

from dataclasses import dataclass
from typing import Self

from mercat import reviews

MOST_LINES = 40


@dataclass(frozen=True, slots=True)
class ShownReview:
    """A review in a mail. Words come by line: none of them can pass for words of the marketplace."""

    product: str
    author: str
    stars: str
    title: str
    lines: tuple[str, ...]
    reply: tuple[str, ...]

    @classmethod
    def of(cls, review: reviews.ReviewInMail) -> Self:
        """Return what is shown of a review."""
        return cls(
            product=review.product,
            author=review.author,
            stars="★" * review.rating + "☆" * (5 - review.rating),
            title=review.title,
            lines=_lines(review.body),
            reply=_lines(review.reply or ""),
        )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.splitlines() if line.strip())[:MOST_LINES]
