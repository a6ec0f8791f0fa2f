"""How a post begins, for lists."""

LONGEST_EXCERPT = 280


def excerpt_of(text: str) -> str:
    """Return how a text begins; a long one ends between two words."""
    if len(text) <= LONGEST_EXCERPT:
        return text
    start = text[: LONGEST_EXCERPT - 1]
    return (start.rpartition(" ")[0] or start).rstrip(" ,.;:-") + "…"
