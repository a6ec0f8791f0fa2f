"""Reads of profiles and address books."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import auth
from mercat.addresses import AddressRead
from mercat.auth import Actor, delegation, management
from mercat.i18n import currency_of
from mercat.kit.conditional import Fields, etag_of, require_match
from mercat.kit.database import Reads
from mercat.kit.rows import required
from mercat.users.exceptions import AddressNotFound
from mercat.users.models import KINDS_OF_MAIL, WANTED_UNSAID, KeptAddress, Profile
from mercat.users.schemas import KeptAddressRead, MailWanted, PersonRead, UserPublic

EDITED: Fields = {
    "email", "username", "first_name", "last_name", "roles", "locale", "phone", "currency", "notifications",
    "personalized",
}  # fmt: skip

PREFERRED_CURRENCY = """
SELECT p.currency, a.country FROM profiles p LEFT JOIN addresses a ON a.id = p.shipping_address_id WHERE p.user_id = %s
"""


async def me(session: AsyncSession, actor: Actor) -> PersonRead:
    """Return one's own account and profile.

    Raises:
        InvalidToken: it is gone or was deactivated.
    """
    return await person(session, (await management.me(session, actor)).id)


async def person(session: AsyncSession, user_id: UUID) -> PersonRead:
    """Return a person's account and profile; the caller has authorised.

    Raises:
        UserNotFound: there is none, or it was erased.
    """
    account = await management.read(session, user_id)
    reference = (await auth.user_references(session, [user_id]))[user_id]
    profile = await session.get(Profile, user_id) or Profile(wanted_mail=[*WANTED_UNSAID], personalized=True)
    return PersonRead(
        **dict(account),
        locale=reference.locale,
        phone=profile.phone,
        currency=profile.currency,
        notifications=MailWanted(**{kind: kind in profile.wanted_mail for kind in KINDS_OF_MAIL}),
        personalized=profile.personalized,
    )


async def require_unchanged(session: AsyncSession, user_id: UUID, if_match: str | None) -> None:
    """Lock an account whose change is based on what a person has read of it.

    Raises:
        PreconditionFailed: it is not that any more.
        UserNotFound: there is none, or it was erased.
    """
    if if_match is not None:
        await delegation.lock(session, user_id)
        require_match(if_match, etag_of(await person(session, user_id), EDITED))


async def public(session: AsyncSession, user_ids: Sequence[UUID]) -> dict[UUID, UserPublic]:
    """Return these people as anyone may see them; unknown ids and erased people are left out."""
    accounts = await auth.user_references(session, user_ids)
    return {account.id: UserPublic(id=account.id, name=public_name(account.name)) for account in accounts.values()}


async def wanting_mail(session: AsyncSession, kind: str, user_ids: Collection[UUID]) -> set[UUID]:
    """Return those of these people who want mail of a kind, see `MailWanted`."""
    rows = await session.execute(select(Profile.user_id, Profile.wanted_mail).where(Profile.user_id.in_(user_ids)))
    said = {row.user_id: row.wanted_mail for row in rows}
    return {user_id for user_id in user_ids if kind in said.get(user_id, WANTED_UNSAID)}


async def personalized(session: AsyncSession, user_id: UUID) -> bool:
    """Whether what a person is shown may follow from what they did; it may unless they said otherwise."""
    return await session.scalar(select(Profile.personalized).where(Profile.user_id == user_id)) is not False


async def preferred_currency(reads: Reads, user_id: UUID) -> str | None:
    """Return the currency that a person prefers prices in: what they said, else that of where they have things sent."""
    row = await reads.row(PREFERRED_CURRENCY, (user_id,))
    if row is None:
        return None
    said, country = row
    return said or (currency_of(country) if country else None)


async def address_book(session: AsyncSession, user_id: UUID | None) -> list[KeptAddressRead]:
    """Return a person's addresses in the order they were added."""
    profile = await session.get(Profile, user_id)
    rows = await session.scalars(select(KeptAddress).where(KeptAddress.user_id == user_id).order_by(KeptAddress.id))
    return [shown(row, profile) for row in rows]


async def address(session: AsyncSession, actor: Actor, address_id: UUID) -> KeptAddressRead:
    """Return one entry of one's own address book.

    Raises:
        AddressNotFound: there is none, or it is another person's.
    """
    return shown(await own_address(session, actor, address_id), await session.get(Profile, actor.user_id))


async def own_address(
    session: AsyncSession, actor: Actor, address_id: UUID, *, for_update: bool = False
) -> KeptAddress:
    """Return the row of an address of one's own.

    Raises:
        AddressNotFound: there is none, or it is another person's.
    """
    own = select(KeptAddress).where(KeptAddress.id == address_id, KeptAddress.user_id == actor.user_id)
    return await required(session, own, AddressNotFound, lock=for_update)


def parts(row: KeptAddress) -> dict[str, Any]:
    """Return the address itself."""
    return {part: getattr(row, part) for part in AddressRead.model_fields}


def shown(row: KeptAddress, profile: Profile | None) -> KeptAddressRead:
    """Return an address as its owner sees it."""
    return KeptAddressRead(
        **parts(row),
        id=row.id,
        default_shipping=profile is not None and profile.shipping_address_id == row.id,
        default_billing=profile is not None and profile.billing_address_id == row.id,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def public_name(name: str) -> str:
    """Return a first name and an initial, and nothing of an address that is given as a name."""
    first, _, others = ("" if "@" in name else name).partition(" ")
    return f"{first} {others[:1]}.".removesuffix(" .") or "Somebody"
