"""Settings of saved items."""

from pydantic import Field

from mercat.kit.config import Settings


class SavedItemsSettings(Settings):
    """Saved items: how long they are kept."""

    recent_views_days: int = Field(
        180, ge=1, le=3650, description="Days that people's recently viewed products are kept; those of guests are 30."
    )
