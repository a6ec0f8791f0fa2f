"""What was searched for, by day, and what of it is searched for often."""

from datetime import date

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base


class SearchTerm(Base):
    """What was searched for on a day, folded, and how often. Nothing in it says by whom.

    `results` is what the last of these searches found, `corrected` how many of them found something only with other
    words.
    """

    __tablename__ = "search_terms"
    day: Mapped[date] = mapped_column(primary_key=True)
    locale: Mapped[str] = mapped_column(primary_key=True)
    term: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    searches: Mapped[int]
    found_nothing: Mapped[int]
    corrected: Mapped[int]
    results: Mapped[int]


class SearchPopularTerm(Base):
    """What many have searched for and found, for suggestions: made of the searches by a schedule."""

    __tablename__ = "search_popular_terms"
    locale: Mapped[str] = mapped_column(primary_key=True)
    term: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    searches: Mapped[int]
