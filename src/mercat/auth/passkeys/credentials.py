"""One's own passkeys: adding, naming, removing them."""

from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, outbox
from mercat.auth import accounts, one_time, second_factors, ways_in
from mercat.auth.actor import Actor
from mercat.auth.events import AccessChanged
from mercat.auth.exceptions import InvalidLink
from mercat.auth.models import Passkey, User
from mercat.auth.one_time import Purpose
from mercat.auth.passkeys.exceptions import ChallengeExpired, PasskeyNotFound, TooManyPasskeys
from mercat.auth.passkeys.schemas import KnownKey, PasskeyCreate, PasskeyCreated, PasskeyCreation, PasskeyRead
from mercat.auth.second_factors import recovery_codes
from mercat.kit import clock
from mercat.kit.ids import new_id
from mercat.kit.rows import required

MOST = 20


async def ask_to_add(session: AsyncSession, actor: Actor, user: User) -> PasskeyCreation:
    """Begin to add a passkey to an account, which is locked; only this session can go on with it.

    Raises:
        TooManyPasskeys: there are enough.
    """
    from mercat.auth.passkeys import ceremonies  # noqa: PLC0415 - its library is large and rarely needed

    kept = await known(session, user.id)
    if len(kept) >= MOST:
        raise TooManyPasskeys
    asked = await one_time.issue(session, Purpose.passkey, user_id=user.id, data={"session_id": str(actor.session_id)})
    token = one_time.token_of(Purpose.passkey, asked)
    return PasskeyCreation(challenge_token=token, options=ceremonies.creation_options(token, user, kept))


async def add(session: AsyncSession, actor: Actor, new: PasskeyCreate) -> PasskeyCreated:
    """Add a passkey that was just made.

    Raises:
        ChallengeExpired: it was not begun here, or too long ago.
        PasskeyNotTaken: it is not as was asked.
        TooManyPasskeys: there are enough.
    """
    from mercat.auth.passkeys import ceremonies  # noqa: PLC0415 - its library is large and rarely needed

    user = await accounts.own(session, actor, for_update=True)
    try:
        asked = await one_time.use(session, Purpose.passkey, new.challenge_token)
    except InvalidLink:
        raise ChallengeExpired from None
    if asked.user_id != user.id or asked.data.get("session_id") != str(actor.session_id):
        raise ChallengeExpired
    made = ceremonies.read_new(new.challenge_token, new.credential)
    if (await session.scalar(select(func.count()).where(Passkey.user_id == user.id)) or 0) >= MOST:
        raise TooManyPasskeys
    first = not await second_factors.methods(session, user.id)
    row = Passkey(
        id=new_id(),
        user_id=user.id,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        name=new.name,
        transports=made.transports,
        created_at=clock.now(),
    )
    session.add(row)
    await session.flush()
    codes = await recovery_codes.make(session, user.id) if first else None
    await audit.record(session, actor, "passkey.added", row.id, changes={"name": audit.Change(None, row.name)})
    await outbox.publish(session, AccessChanged(user_id=user.id, change="passkey_added"))
    return PasskeyCreated(**dict(_shown(row)), recovery_codes=codes)


async def living(session: AsyncSession, actor: Actor) -> list[PasskeyRead]:
    """Return the actor's passkeys, the newest first."""
    rows = await session.scalars(select(Passkey).where(Passkey.user_id == actor.user_id).order_by(Passkey.id.desc()))
    return [_shown(row) for row in rows]


async def rename(session: AsyncSession, actor: Actor, passkey_id: UUID, name: str) -> PasskeyRead:
    """Give a passkey another name.

    Raises:
        PasskeyNotFound: there is no such passkey of the actor.
    """
    own = select(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == actor.user_id)
    row = await required(session, own, PasskeyNotFound, lock=True)
    if row.name != name:
        changes = {"name": audit.Change(row.name, name)}
        row.name = name
        await session.flush()
        await audit.record(session, actor, "passkey.renamed", row.id, changes=changes)
    return _shown(row)


async def remove(session: AsyncSession, actor: Actor, user: User, passkey_id: UUID) -> None:
    """Take a passkey away from an account, which is locked. Recovery codes go with the last second factor.

    Raises:
        PasskeyNotFound: there is no such passkey of theirs.
        LastWayIn: nobody could sign in any more.
    """
    removed = await session.execute(
        delete(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user.id).returning(Passkey.name)
    )
    gone = removed.first()
    if gone is None:
        raise PasskeyNotFound
    await ways_in.require_one(session, user)
    await recovery_codes.drop_useless(session, user.id)
    await audit.record(session, actor, "passkey.removed", passkey_id, changes={"name": audit.Change(gone.name, None)})
    await outbox.publish(session, AccessChanged(user_id=user.id, change="passkey_removed"))


async def known(session: AsyncSession, user_id: UUID) -> list[KnownKey]:
    """Return by what browsers know a person's passkeys."""
    rows = await session.scalars(select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.id))
    return [KnownKey(row.credential_id, row.transports) for row in rows]


def _shown(row: Passkey) -> PasskeyRead:
    return PasskeyRead(id=row.id, name=row.name, created_at=row.created_at, last_used_at=row.last_used_at)
