"""Settings of recommendations."""

from pydantic import Field

from mercat.kit.config import Settings


class RecommendationSettings(Settings):
    """Recommendations: how much is needed to recommend something, and how fast it is forgotten."""

    recommendations_min_orders: int = Field(
        2, ge=1, le=1000, description="Orders that two products must have in common to count as bought together."
    )
    recommendations_order_half_life_days: float = Field(
        180, ge=1, le=3650, description="Days after which an order counts half for what is bought together."
    )
    recommendations_trend_half_life_days: float = Field(
        7, ge=0.1, le=365, description="Days after which a sale or a view counts half for what is trending."
    )
    recommendations_trend_view_weight: float = Field(
        0.1, ge=0, le=1, description="What a view counts for what is trending; an order counts 1."
    )


def settings() -> RecommendationSettings:
    """Return the settings of recommendations."""
    return RecommendationSettings.read()
