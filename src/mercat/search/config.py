"""Settings of search."""

from typing import Annotated

from pydantic import Field, SecretStr

from mercat.kit.config import Settings, address


class SearchSettings(Settings):
    """Search: what answers it, and what ranks the products that were found."""

    search_url: Annotated[str, address("http", "https", "mongodb", "mongodb+srv")] = Field(
        "",
        description="Elasticsearch 8/9 or OpenSearch 2/3 (http(s)://user:password@host:9200), or MongoDB "
        "(mongodb://user:password@host/database); empty: PostgreSQL.",
    )
    search_api_key: SecretStr = Field(
        SecretStr(""), description="API key for Elasticsearch, instead of a password in the address."
    )
    search_index: str = Field(
        "mercat",
        pattern=r"^[a-z][a-z0-9_-]{0,60}$",
        description="Name of the index there; each marketplace of a server has its own.",
    )
    search_timeout: float = Field(2.0, gt=0, le=60, description="Seconds that the search engine may take to answer.")
    search_connections: int = Field(20, ge=1, le=500, description="Connections per process to the search engine.")
    search_fallback: bool = Field(
        default=True,
        description="Whether PostgreSQL answers while the search engine is away; false: search answers 503.",
    )

    search_weight_name: float = Field(10.0, ge=0, le=1000, description="Score of a product whose name has the words.")
    search_weight_about: float = Field(
        5.0,
        ge=0,
        le=1000,
        description="Score where brand, category, vendor, tags, attributes or options have them.",
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
