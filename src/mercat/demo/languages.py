"""The demo's texts in other languages: German of nearly everything, and of some things French, Arabic and Japanese."""

import json
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import auth, catalog, i18n, translations
from mercat.demo.content import DATA

OPERATOR = auth.Actor.system()
Texts = Mapping[str, Mapping[str, str]]
"""By slug, or by the name of an attribute, and field."""


async def load_texts(session: AsyncSession, categories: Mapping[str, UUID], products: Mapping[str, UUID]) -> None:
    """Write the texts in the languages of this marketplace, and show them; the others wait in the file."""
    told: Mapping[str, Mapping[str, Texts]] = json.loads((DATA / "translations.json").read_bytes())
    ids = {"category": categories, "product": products}
    for locale in i18n.content_locales()[1:]:
        for kind, texts in told.get(locale, {}).items():
            known = ids.get(kind)
            named = texts if known is None else {str(known[slug]): one for slug, one in texts.items() if slug in known}
            await translations.bring_in(session, OPERATOR, kind, locale, named)
    if told.keys() & set(i18n.content_locales()[1:]):
        await catalog.refresh_projections(session, list(products.values()))
