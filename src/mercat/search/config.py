"""Settings of search."""

from pydantic import Field

from mercat.kit.config import Settings


class SearchSettings(Settings):
    """Search: what ranks the products that were found."""

    search_weight_name: float = Field(10.0, ge=0, le=1000, description="Score of a product whose name has the words.")
    search_weight_about: float = Field(
        5.0,
        ge=0,
        le=1000,
        description="Score where brand, category, vendor, tags, attributes, options or codes have them.",
    )
    search_weight_text: float = Field(2.0, ge=0, le=1000, description="Score where the description has the words.")
    search_weight_exact: float = Field(
        1.0, ge=0, le=1000, description="What is added if the name has the very words and not only other forms of them."
    )
    search_weight_sold: float = Field(0.4, ge=0, le=1000, description="What sales add to the score at most.")
    search_weight_rating: float = Field(0.3, ge=0, le=1000, description="What ratings add to the score at most.")
    search_weight_stock: float = Field(0.3, ge=0, le=1000, description="What being in stock adds to the score.")
    search_log_days: int = Field(
        365, ge=1, le=3650, description="Days that the log keeps what was searched for (never by whom)."
    )
    search_popular_searches: int = Field(
        5, ge=2, le=1_000_000, description="How often something must have been searched for to be suggested to others."
    )
    search_popular_days: int = Field(2, ge=1, le=90, description="On how many days it must have been searched for.")


def settings() -> SearchSettings:
    """Return the settings of search."""
    return SearchSettings.read()
