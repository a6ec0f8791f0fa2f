"""The demo's texts in other languages: German of nearly everything, and of some things French, Arabic and Japanese."""

import json
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import auth, catalog, i18n, translations
from mercat.demo.content import DATA

OPERATOR = auth.Actor.system()
Texts = Mapping[str, Mapping[str, str]]
"""By slug, or by the name of an attribute or a shipping method, and field."""


async def load_texts(session: AsyncSession, categories: Mapping[str, UUID], products: Mapping[str, UUID]) -> None:
    """Write the texts in the languages of this marketplace, and show them; the others wait in the file."""
    told = _told()
    for locale in i18n.content_locales()[1:]:
        for kind, known in (("category", categories), ("product", products), ("attribute", None)):
            texts = told.get(locale, {}).get(kind, {})
            named = texts if known is None else {str(known[slug]): one for slug, one in texts.items() if slug in known}
            await translations.bring_in(session, OPERATOR, kind, locale, named)
    if told.keys() & set(i18n.content_locales()[1:]):
        await catalog.refresh_projections(session, list(products.values()))


async def load_method_names(session: AsyncSession, methods: Mapping[str, Sequence[UUID]]) -> None:
    """Write how shipping methods are called in the languages of this marketplace; several may have one name."""
    told = _told()
    for locale in i18n.content_locales()[1:]:
        texts = told.get(locale, {}).get("shipping_method", {})
        named = {str(method_id): texts[name] for name in texts.keys() & methods.keys() for method_id in methods[name]}
        await translations.bring_in(session, OPERATOR, "shipping_method", locale, named)


def _told() -> Mapping[str, Mapping[str, Texts]]:
    told: Mapping[str, Mapping[str, Texts]] = json.loads((DATA / "translations.json").read_bytes())
    return told
