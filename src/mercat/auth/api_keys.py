"""Keys with which programs act for a person: shown once, kept as a hash, limited to scopes, ended at any time."""

from datetime import datetime, timedelta
from uuid import UUID

from pydantic import Field
from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, outbox
from mercat.auth import queries, sessions, tokens
from mercat.auth.actor import Actor
from mercat.auth.authority import forget_standing
from mercat.auth.events import AccessChanged
from mercat.auth.exceptions import AboveYourself
from mercat.auth.models import ApiKey, User
from mercat.auth.permissions import SELF_READ, SELF_WRITE, Permission
from mercat.auth.schemas import DoubleConfirmation
from mercat.kit import clock
from mercat.kit.ids import new_id
from mercat.kit.problems import Conflict, NotFound
from mercat.kit.shapes import Line, Shape

HEADER = "X-API-Key"
MARK = "mk_"
"""What every key begins with, so that people and scanners of leaked secrets know one when they see it."""
SHOWN = 11
MOST = 50


class ApiKeyNotFound(NotFound):
    """No such key of one's own."""

    code = "auth.api_key_not_found"
    detail = "There is no such API key."


class TooManyKeys(Conflict):
    """Nobody needs so many."""

    code = "auth.too_many_api_keys"
    detail = "You have as many API keys as there may be. End one first."


class ApiKeyCreate(DoubleConfirmation):
    """A new key, and what shows that it is really its owner who wants it."""

    name: Line = Field(examples=["warehouse sync"])
    scopes: list[str] = Field(min_length=1, max_length=50, examples=[["products:sell", "self:read"]])
    """What the key is for: permissions that you have, `self:read` and `self:write`."""
    expires_in_days: int | None = Field(None, strict=True, ge=1, le=3650, examples=[90])
    """Left out, the key works until it is ended."""


class ApiKeyRead(Shape):
    """A key without its secret part."""

    id: UUID
    name: str = Field(examples=["warehouse sync"])
    prefix: str = Field(examples=["mk_4fQ0aZ1c"])
    scopes: list[str] = Field(examples=[["products:sell", "self:read"]])
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class ApiKeyCreated(ApiKeyRead):
    """A new key with all of it: this is the only time that it is shown."""

    key: str = Field(examples=["mk_4fQ0aZ1c..."])


def looks_like_one(credential: str) -> bool:
    """Tell whether a credential is meant to be a key of ours."""
    return credential.startswith(MARK)


async def create(session: AsyncSession, actor: Actor, new: ApiKeyCreate) -> ApiKeyCreated:
    """Make a key that may at most what its owner may.

    Raises:
        AboveYourself: a scope that the owner does not have, or that does not exist.
        TooManyKeys: there are enough.
    """
    scopes = sorted(set(new.scopes))
    allowed = {SELF_READ, SELF_WRITE, *(permission for permission in Permission if actor.can(permission))}
    if not allowed.issuperset(scopes):
        raise AboveYourself
    user = await session.get_one(User, actor.user_id, with_for_update=True)  # two at once are counted one by one
    await sessions.require_living(session, actor)  # whoever took the account over meanwhile has ended it
    if (await session.scalar(select(func.count()).select_from(_living(user.id).subquery())) or 0) >= MOST:
        raise TooManyKeys
    key = MARK + tokens.new_secret()
    now = clock.now()
    row = ApiKey(
        id=new_id(),
        user_id=user.id,
        name=new.name,
        prefix=key[:SHOWN],
        key_hash=tokens.hash_secret(key),
        scopes=scopes,
        second_factor=await queries.second_factor_shown(session, actor.session_id),
        created_at=now,
        expires_at=now + timedelta(days=new.expires_in_days) if new.expires_in_days else None,
    )
    session.add(row)
    await session.flush()
    # without its name: that is in a person's own words, and the log never forgets
    await audit.record(session, actor, "api_key.created", row.id, changes={"scopes": audit.Change(None, scopes)})
    await outbox.publish(session, AccessChanged(user_id=user.id, change="api_key_created"))
    return ApiKeyCreated(**dict(_shown(row)), key=key)


async def living(session: AsyncSession, user_id: UUID) -> list[ApiKeyRead]:
    """Return a person's keys that work, the newest first."""
    return [_shown(row) for row in await session.scalars(_living(user_id).order_by(ApiKey.id.desc()))]


async def end(session: AsyncSession, actor: Actor, key_id: UUID) -> None:
    """Let a key work no more, from its next request on.

    Raises:
        ApiKeyNotFound: there is no such key of one's own that works.
    """
    ended = await session.execute(
        update(ApiKey)
        .where(ApiKey.id == key_id, ApiKey.user_id == actor.user_id, ApiKey.revoked_at.is_(None))
        .values(revoked_at=clock.now())
        .returning(ApiKey.id)
    )
    if ended.first() is None:
        raise ApiKeyNotFound
    if actor.user_id is not None:
        await _tell_of_end(session, actor, actor.user_id, [key_id])


async def end_all(session: AsyncSession, actor: Actor, user_id: UUID) -> int:
    """Let all keys of a person work no more; returns how many did."""
    wanted = update(ApiKey).where(ApiKey.user_id == user_id, ApiKey.revoked_at.is_(None))
    ended = list(await session.scalars(wanted.values(revoked_at=clock.now()).returning(ApiKey.id)))
    if ended:
        await _tell_of_end(session, actor, user_id, sorted(ended))
    return len(ended)


async def _tell_of_end(session: AsyncSession, actor: Actor, user_id: UUID, key_ids: list[UUID]) -> None:
    forget_standing(session, user_id)
    for key_id in key_ids:
        await audit.record(session, actor, "api_key.ended", key_id)
    await outbox.publish(session, AccessChanged(user_id=user_id, change="api_key_ended"))


def _living(user_id: UUID) -> Select[ApiKey]:
    return select(ApiKey).where(
        ApiKey.user_id == user_id,
        ApiKey.revoked_at.is_(None),
        or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > clock.now()),
    )


def _shown(row: ApiKey) -> ApiKeyRead:
    return ApiKeyRead(
        id=row.id,
        name=row.name,
        prefix=row.prefix,
        scopes=row.scopes,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
    )
