"""What buyers agree to when they place an order."""

from uuid import UUID

from pydantic import Field

from mercat.kit.shapes import Shape

AGREED_PAGES = """(
    SELECT coalesce(
        jsonb_agg(jsonb_build_object('slug', p.slug, 'version', v.version, 'id', v.id) ORDER BY p.slug), '[]'
    ) FROM pages p CROSS JOIN LATERAL (
        SELECT id, version FROM page_versions WHERE page_id = p.id AND published_at IS NOT NULL
        ORDER BY version DESC LIMIT 1
    ) v WHERE p.slug IN ('privacy', 'terms', 'withdrawal')
)"""
"""SQL of the current versions, for the statement that writes an order: no order costs one more for it."""


class AgreedPage(Shape):
    """A version of a page that a buyer has agreed to: `GET /pages/{slug}/versions/{version}` shows it."""

    slug: str = Field(examples=["terms"])
    version: int = Field(examples=[3])
    id: UUID
