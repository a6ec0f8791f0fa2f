"""How vendors present themselves in another language than they have written in; what they are called stays."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import translations
from mercat.kit.database import driver
from mercat.translations import Key, Texts
from mercat.vendors.schemas import Policies, VendorPage, VendorRead

PROFILE = ("tagline", "description")
POLICIES = {
    "returns": "returns_policy",
    "shipping": "shipping_policy",
    "privacy": "privacy_policy",
    "imprint": "imprint",
}
"""Policies and what their texts are called."""
Shown = TypeVar("Shown", bound=VendorRead)


async def in_language(session: AsyncSession, vendors: Sequence[Shown], other: str) -> list[Shown]:
    """Return vendors with their profiles in a language. Two statements, however many there are."""
    texts = await _texts(session, vendors)
    return [_profile(vendor, texts, other) for vendor in vendors]


async def page_in_language(session: AsyncSession, page: VendorPage, other: str) -> VendorPage:
    """Return a vendor's page with its profile and its policies in a language."""
    texts = await _texts(session, [page])
    own = texts.of(Key("vendor", str(page.id)), other)
    policies = {name: own.get(field) or getattr(page.policies, name) for name, field in POLICIES.items()}
    return _profile(page, texts, other).model_copy(update={"policies": Policies(**policies)})


async def _texts(session: AsyncSession, vendors: Sequence[VendorRead]) -> Texts:
    return await translations.load(await driver(session), [Key("vendor", str(vendor.id)) for vendor in vendors])


def _profile(vendor: Shown, texts: Texts, other: str) -> Shown:
    own = texts.of(Key("vendor", str(vendor.id)), other)
    return vendor.model_copy(update={name: own.get(name) or getattr(vendor, name) for name in PROFILE})
