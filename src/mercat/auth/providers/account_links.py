"""Whose account a person is who comes from a provider: found, found by a verified address, or made.

Two things decide and nothing else: the provider's own name for the person, which never changes, and an address that
the provider has verified. See docs/adr/0016-accounts-elsewhere-are-linked-by-verified-addresses.md.
"""

from string import ascii_lowercase, ascii_uppercase
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, outbox
from mercat.auth import accounts, takeover, verification
from mercat.auth.actor import Actor
from mercat.auth.events import AccessChanged, EmailVerified
from mercat.auth.exceptions import EmailTaken, InvalidToken
from mercat.auth.models import Identity, LoginSession, User
from mercat.auth.providers.exceptions import AccountNotActive, AlreadyLinked, EmailNotVouched, IdentityTaken
from mercat.auth.providers.flows import Owner
from mercat.auth.providers.provider import Vouched
from mercat.auth.schemas import Email, key_of
from mercat.kit import clock
from mercat.kit.database import Database

EMAIL: TypeAdapter[str] = TypeAdapter(Email)
SAME_LETTERS = str.maketrans(ascii_uppercase, ascii_lowercase)


async def settle(database: Database, provider: str, person: Vouched, locale: str) -> UUID:
    """Return the account of whoever a provider vouches for; it may be a new one, or one that is linked now.

    Two first sign-ins at once make one account: the slower one finds it.

    Raises:
        EmailNotVouched: nobody is known by this name, and there is no address that can be trusted.
        EmailTaken: the address differs from an account's by letters that look alike.
        AccountNotActive: the account was deactivated or deleted.
        AlreadyLinked: the account of that address is linked with another account at this provider.
    """
    try:
        async with database.transaction() as session:
            return await _settle(session, provider, person, locale)
    except IntegrityError:
        async with database.transaction() as session:
            return await _settle(session, provider, person, locale)


async def link(session: AsyncSession, owner: Owner, provider: str, person: Vouched) -> None:
    """Link an account elsewhere with the own one of who is signed in, whatever its address.

    Raises:
        InvalidToken: the session in which this was begun has ended, or the account is not active.
        IdentityTaken: it opens another person's account.
        AlreadyLinked: there is a link with another account at this provider.
    """
    user = await session.get(User, owner.user_id, with_for_update=True)
    # whoever ended the session has taken the right to link away from who began it there
    opened = await session.get(LoginSession, owner.session_id, with_for_update={"read": True})
    if user is None or not user.is_active or opened is None or not _living(opened, user):
        raise InvalidToken
    known = await _recognised(session, provider, person)
    if known is None:
        await _add(session, user, provider, person)
    elif known != user.id:
        raise IdentityTaken


async def _settle(session: AsyncSession, provider: str, person: Vouched, locale: str) -> UUID:
    known = await _recognised(session, provider, person)
    if known is not None:
        user = await session.get_one(User, known)
        if not user.is_active:
            raise AccountNotActive
        return user.id
    address = _trusted_address(person)
    found = await session.scalar(select(User).where(User.email_key == key_of(address)).with_for_update())
    if found is None:
        user = await accounts.create_vouched(session, address, person.names, locale)
        await outbox.publish(session, EmailVerified(user_id=user.id))
        await _record(session, user, provider, person)
        return user.id
    if not _same_mailbox(found.email, address):
        raise EmailTaken
    if not found.is_active:
        raise AccountNotActive
    if not found.email_verified:
        await takeover.drop_credentials(session, found)
        await verification.mark_verified(session, found)
    await _add(session, found, provider, person)
    return found.id


async def _recognised(session: AsyncSession, provider: str, person: Vouched) -> UUID | None:
    """Return whom the provider's name for a person opens, and note that it was used."""
    return await session.scalar(
        update(Identity)
        .where(Identity.provider == provider, Identity.subject == person.subject)
        .values(last_used_at=clock.now(), email=person.email or Identity.email)
        .returning(Identity.user_id)
    )


async def _add(session: AsyncSession, user: User, provider: str, person: Vouched) -> None:
    """Add a way into an account, which is locked, and tell its owner."""
    linked = await session.scalar(
        select(Identity.subject).where(Identity.user_id == user.id, Identity.provider == provider)
    )
    if linked == person.subject:
        return  # by another sign-in of theirs, a moment ago
    if linked is not None:
        raise AlreadyLinked
    await _record(session, user, provider, person)
    await outbox.publish(session, AccessChanged(user_id=user.id, change="provider_added"))


async def _record(session: AsyncSession, user: User, provider: str, person: Vouched) -> None:
    now = clock.now()
    session.add(
        Identity(
            provider=provider,
            subject=person.subject,
            user_id=user.id,
            email=person.email,
            created_at=now,
            last_used_at=now,
        )
    )
    await session.flush()
    await audit.record(
        session,
        Actor(user.id, user.name),
        "user.provider_added",
        user.id,
        changes={"provider": audit.Change(None, provider)},
        personal={"email_there": audit.Change(None, person.email)},
    )


def _trusted_address(person: Vouched) -> str:
    """Return a verified address as accounts have theirs.

    What would be written in other letters is not what the provider has verified. Plain ASCII is: there only the case
    of letters differs, or how a domain is spelled (`xn--`).
    """
    if not person.email_verified:
        raise EmailNotVouched
    try:
        address = EMAIL.validate_python(person.email)
    except ValidationError:
        raise EmailNotVouched from None
    if not person.email.isascii() and not _same_mailbox(address, person.email):
        raise EmailNotVouched
    return address


def _same_mailbox(one: str, other: str) -> bool:
    """Tell whether two addresses are one to the letter; only A to Z may be large or small.

    An account's key folds far more, so that nobody registers beside a person with letters that look alike. Whoever
    owns such an address elsewhere does not own the account.
    """
    return one.translate(SAME_LETTERS) == other.translate(SAME_LETTERS)


def _living(opened: LoginSession, user: User) -> bool:
    return opened.user_id == user.id and opened.revoked_at is None and opened.expires_at > clock.now()
