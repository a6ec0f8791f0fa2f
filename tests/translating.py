"""Texts in other languages for tests that read them: written as they are kept, and told to whoever listens."""

from collections.abc import Mapping

from psycopg.types.json import Jsonb

from mercat import outbox
from mercat.kit.database import driver
from mercat.translations.events import TranslationsChanged
from shopping import Shop

WRITE = """
INSERT INTO translations AS t (kind, key, locale, texts) VALUES (%s, %s, %s, %s)
ON CONFLICT (kind, key, locale) DO UPDATE SET texts = excluded.texts, version = t.version + 1
"""
FORMER = "UPDATE translated_slugs SET is_current = false WHERE kind = %s AND key = %s AND locale = %s"
SLUG = """
INSERT INTO translated_slugs (kind, key, locale, slug, is_current) VALUES (%s, %s, %s, %s, true)
ON CONFLICT (kind, locale, slug) DO UPDATE SET is_current = true
"""


async def translate(shop: Shop, kind: str, key: str, locale: str, texts: Mapping[str, str]) -> None:
    """Say what something's texts in a language are from now on; `slug` is among them where it has one."""
    async with shop.database.transaction() as session:
        connection = await driver(session)
        rest = {name: text for name, text in texts.items() if name != "slug"}
        await connection.execute(WRITE, (kind, key, locale, Jsonb(rest)))
        if slug := texts.get("slug"):
            await connection.execute(FORMER, (kind, key, locale))
            await connection.execute(SLUG, (kind, key, locale, slug))
        await outbox.publish(session, TranslationsChanged(kind=kind, keys=(key,), locales=(locale,)))
    await shop.handle_events()
