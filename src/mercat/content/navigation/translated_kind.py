"""What of menus can be translated: the labels of their links, each once however often a menu has it."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import translations
from mercat.auth import Actor, Permission
from mercat.translations import TextField

LONGEST_LABEL = 120
MENUS = """
SELECT m.name AS id, NULL::uuid AS owner_id, coalesce((
    SELECT jsonb_object_agg('labels.' || l.label, l.label)
    FROM (SELECT DISTINCT jsonb_path_query(m.items, '$.**.label') #>> '{}' AS label) l), '{}') AS texts
FROM menus m
"""


async def _writable_by(_session: AsyncSession, actor: Actor) -> Collection[UUID] | None:
    return None if actor.can(Permission.pages_write) else ()


MENU = translations.Kind(
    name="menu",
    path="/menus",
    parameter="menu_name",
    tag="pages",
    fields={"labels.*": TextField(LONGEST_LABEL)},
    sources=MENUS,
    by_id=False,
    owned_by=_writable_by,
    permissions=(Permission.pages_write,),
)
translations.register(MENU)
