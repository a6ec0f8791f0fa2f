"""Verbs that change profiles and address books.

Each locks the profile, so that changes of one person follow each other, and finds that a person who is being erased is
nobody any more.
"""

from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, auth, outbox
from mercat.addresses import require_complete
from mercat.auth import Actor, management
from mercat.kit import clock
from mercat.kit.conditional import etag_of, require_match
from mercat.kit.problems import Unauthenticated
from mercat.users import queries
from mercat.users.events import PersonalizationDeclined
from mercat.users.exceptions import AddressBookFull
from mercat.users.models import KeptAddress, Profile
from mercat.users.schemas import AddressWrite, KeptAddressRead, PersonRead, PersonUpdate

MOST_ADDRESSES = 50


async def update_me(
    session: AsyncSession, actor: Actor, changes: PersonUpdate, *, if_match: str | None = None
) -> PersonRead:
    """Change one's own account and profile. What is left out stays as it is.

    Raises:
        PreconditionFailed: it was changed since.
    """
    if actor.user_id is not None:
        await queries.require_unchanged(session, actor.user_id, if_match)
    account = await management.update_own(session, actor, changes)
    given = changes.model_dump(exclude_unset=True, include={"phone", "currency", "notifications", "personalized"})
    if given:
        profile = await _profile(session, account.id)
        before = _state(profile)
        for name in given.keys() & {"phone", "currency"}:
            setattr(profile, name, given[name])
        if "notifications" in given:
            profile.wanted_mail = _wanted(profile.wanted_mail, given["notifications"])
        if given.get("personalized") is not None:
            profile.personalized = given["personalized"]
        await session.flush()
        if before["personalized"] and not profile.personalized:
            await outbox.publish(session, PersonalizationDeclined(user_id=account.id))
        await _record(session, actor, account.id, "profile_changed", audit.difference(before, _state(profile)))
    return await queries.person(session, account.id)


async def add_address(session: AsyncSession, actor: Actor, new: AddressWrite) -> KeptAddressRead:
    """Put an address into one's own book. The first one is the default, unless it says otherwise.

    Raises:
        AddressRefused: it is not complete for its country.
        AddressBookFull: there are enough.
    """
    complete = require_complete(new)
    profile = await _own_profile(session, actor)
    kept = await session.scalar(select(func.count()).where(KeptAddress.user_id == profile.user_id))
    if (kept or 0) >= MOST_ADDRESSES:
        raise AddressBookFull(limit=MOST_ADDRESSES)
    now = clock.now()
    row = KeptAddress(user_id=profile.user_id, created_at=now, updated_at=now, **complete.model_dump())
    session.add(row)
    await session.flush()
    _point(profile, row.id, new, unsaid=not kept)
    await session.flush()
    added = {"address": audit.Change(None, complete.model_dump())}
    await _record(session, actor, profile.user_id, "address_added", added)
    return queries.shown(row, profile)


async def replace_address(
    session: AsyncSession, actor: Actor, address_id: UUID, changed: AddressWrite, *, if_match: str | None = None
) -> KeptAddressRead:
    """Make an address of one's own another one; orders that were sent to the former keep it.

    Raises:
        AddressNotFound: there is none, or it is another person's.
        AddressRefused: it is not complete for its country.
        PreconditionFailed: it was changed since.
    """
    complete = require_complete(changed)
    profile = await _own_profile(session, actor)
    row = await queries.own_address(session, actor, address_id, for_update=True)
    require_match(if_match, etag_of(queries.shown(row, profile)))
    before = queries.parts(row)
    for part, value in complete.model_dump().items():
        setattr(row, part, value)
    row.updated_at = clock.now()
    _point(profile, row.id, changed, unsaid=False)
    await session.flush()
    changes = audit.difference({"address": before}, {"address": queries.parts(row)})
    await _record(session, actor, profile.user_id, "address_changed", changes)
    return queries.shown(row, profile)


async def remove_address(session: AsyncSession, actor: Actor, address_id: UUID) -> None:
    """Take an address out of one's own book; if it was a default, there is none then.

    Raises:
        AddressNotFound: there is none, or it is another person's.
    """
    profile = await _own_profile(session, actor)
    row = await queries.own_address(session, actor, address_id, for_update=True)
    removed = {"address": audit.Change(queries.parts(row), None)}
    await session.delete(row)
    await session.flush()
    await _record(session, actor, profile.user_id, "address_removed", removed)


async def forget(session: AsyncSession, user_id: UUID) -> None:
    """Delete the profile and the address book of an erased person."""
    await session.execute(delete(Profile).where(Profile.user_id == user_id))
    await session.execute(delete(KeptAddress).where(KeptAddress.user_id == user_id))


async def _own_profile(session: AsyncSession, actor: Actor) -> Profile:
    if actor.user_id is None or await auth.hold(session, actor.user_id) is None:
        raise Unauthenticated
    return await _profile(session, actor.user_id)


async def _profile(session: AsyncSession, user_id: UUID) -> Profile:
    """Return a profile, locked, made if it was not there."""
    await session.execute(insert(Profile).values(user_id=user_id).on_conflict_do_nothing())
    return (await session.scalars(select(Profile).where(Profile.user_id == user_id).with_for_update())).one()


def _state(profile: Profile) -> dict[str, object]:
    return {name: getattr(profile, name) for name in ("phone", "currency", "wanted_mail", "personalized")}


def _wanted(before: list[str], said: dict[str, bool | None] | None) -> list[str]:
    """Return the kinds of mail that a person wants, given those so far and what they said; null is none."""
    answers = {kind: answer for kind, answer in (said or {}).items() if answer is not None}
    after = {*before, *(kind for kind, answer in answers.items() if answer)}
    return [] if said is None else sorted(kind for kind in after if answers.get(kind, True))


def _point(profile: Profile, address_id: UUID, said: AddressWrite, *, unsaid: bool) -> None:
    """Let the profile point to an address or not, as was said of it; `unsaid` is what to do where nothing was."""
    answers = {"shipping_address_id": said.default_shipping, "billing_address_id": said.default_billing}
    for pointer, answer in answers.items():
        if answer is True or (answer is None and unsaid and getattr(profile, pointer) is None):
            setattr(profile, pointer, address_id)
        elif answer is False and getattr(profile, pointer) == address_id:
            setattr(profile, pointer, None)


async def _record(session: AsyncSession, actor: Actor, user_id: UUID, what: str, changes: audit.Changes) -> None:
    if changes:
        await audit.record(session, actor, f"user.{what}", user_id, personal=changes)
