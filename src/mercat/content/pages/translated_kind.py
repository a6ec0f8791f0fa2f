"""What of pages can be translated: what the current version says."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import translations
from mercat.auth import Actor, Permission
from mercat.content.pages.schemas import LONGEST_CONTENT, LONGEST_TITLE
from mercat.kit.markup import render
from mercat.translations import TextField

PAGES = """
SELECT p.slug AS id, NULL::uuid AS owner_id, jsonb_build_object('title', v.title, 'content', v.content) AS texts
FROM pages p JOIN page_versions v ON v.page_id = p.id AND v.version = (
    SELECT max(c.version) FROM page_versions c WHERE c.page_id = p.id AND c.published_at IS NOT NULL)
"""


async def _writable_by(_session: AsyncSession, actor: Actor) -> Collection[UUID] | None:
    return None if actor.can(Permission.pages_write) else ()


def _made(texts: Mapping[str, str]) -> dict[str, str]:
    return {"content.html": render(texts["content"])} if "content" in texts else {}


PAGE = translations.Kind(
    name="page",
    path="/pages",
    parameter="page_slug",
    tag="pages",
    fields={"title": TextField(LONGEST_TITLE), "content": TextField(LONGEST_CONTENT, prose=True)},
    sources=PAGES,
    by_id=False,
    owned_by=_writable_by,
    permissions=(Permission.pages_write,),
    made=_made,
)
translations.register(PAGE)
