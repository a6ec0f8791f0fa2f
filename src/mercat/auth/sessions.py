"""Being signed in: sessions of apps (a chain of refresh tokens) and of browsers (a cookie), and how they end."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request

from mercat import audit
from mercat.auth import queries, tokens
from mercat.auth.actor import Actor
from mercat.auth.authority import forget_standing
from mercat.auth.config import AuthSettings
from mercat.auth.exceptions import InvalidToken, SessionNotFound, SessionRefused
from mercat.auth.models import LoginSession, RefreshToken, User
from mercat.auth.schemas import SessionRead, Tokens
from mercat.kit import clock
from mercat.kit.caller import client_ip_var
from mercat.kit.ids import new_id

MAX_AGENT = 300


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a person came in: by what proof, from where, and with what."""

    method: str
    """`password`, `passkey`, or the provider that vouched."""
    second_factor: bool = False
    ip: str = ""
    user_agent: str = ""


def arrival(request: Request, method: str, *, second_factor: bool = False) -> Arrival:
    """Read from a request where a person comes from."""
    agent = request.headers.get("user-agent", "")[:MAX_AGENT]
    printable = "".join(char for char in agent if char.isprintable())
    return Arrival(method, second_factor, client_ip_var.get(), printable)


async def open_for_app(session: AsyncSession, user: User, arrival: Arrival) -> Tokens:
    """Sign a person in; returns the tokens."""
    opened = _opened(user, arrival)
    session.add(opened)
    await session.flush()
    return await _next_tokens(session, user, opened)


async def open_for_browser(session: AsyncSession, user: User, arrival: Arrival) -> str:
    """Sign a person in; returns the secret for the cookie."""
    secret = tokens.new_secret()
    opened = _opened(user, arrival)
    opened.cookie_hash = tokens.hash_secret(secret)
    session.add(opened)
    await session.flush()
    return secret


async def refresh(session: AsyncSession, token: str) -> Tokens:
    """Exchange a refresh token for the next pair.

    A token that was used before, outside the grace of two honest parallel refreshes, means that it was stolen: the
    whole session is revoked.

    Raises:
        SessionRefused: unknown, expired, revoked or used before.
    """
    now = clock.now()
    found = await _link_for_update(session, token)
    if found is None:
        raise SessionRefused
    link, opened = found
    if opened.revoked_at is not None or opened.expires_at <= now:
        raise SessionRefused
    if link.used_at is not None and now - link.used_at > timedelta(seconds=AuthSettings.read().refresh_grace_seconds):
        await _revoke(session, opened.user_id, LoginSession.id == opened.id)
        raise SessionRefused
    user = await session.get_one(User, opened.user_id)
    if not user.is_active:
        raise SessionRefused
    link.used_at = link.used_at or now
    opened.last_used_at, opened.expires_at = now, now + _life()
    return await _next_tokens(session, user, opened)


async def sign_out(session: AsyncSession, token: str) -> None:
    """End the session that a refresh token belongs to; an unknown token is already signed out."""
    found = await _link_for_update(session, token)
    if found is not None:
        await _revoke(session, found[1].user_id, LoginSession.id == found[1].id)


async def sign_out_browser(session: AsyncSession, secret: str) -> None:
    """End the session of a cookie; one that is unknown is already signed out."""
    ours = LoginSession.cookie_hash == tokens.hash_secret(secret)
    user_id = await session.scalar(select(LoginSession.user_id).where(ours))
    if user_id is not None:
        await _revoke(session, user_id, ours)


async def revoke(session: AsyncSession, actor: Actor, session_id: UUID) -> None:
    """End one session of the actor.

    Raises:
        SessionNotFound: there is no such session of theirs that still lives.
    """
    if actor.user_id is None or not await _revoke(session, actor.user_id, LoginSession.id == session_id):
        raise SessionNotFound
    await audit.record(session, actor, "session.ended", session_id)


async def leave_everywhere(session: AsyncSession, actor: Actor) -> int:
    """End every session of the actor, this one too; returns how many ended."""
    if actor.user_id is None:
        return 0
    ended = await revoke_all(session, actor.user_id)
    await audit.record(session, actor, "user.signed_out", actor.user_id, changes={"ended": audit.Change(0, ended)})
    return ended


async def require_living(session: AsyncSession, actor: Actor) -> None:
    """Refuse when the session in which the actor asks has ended while this transaction waited for the account.

    Raises:
        InvalidToken: it has.
    """
    ended = select(LoginSession.revoked_at).where(LoginSession.id == actor.session_id)
    row = (await session.execute(ended)).first()
    if row is None or row.revoked_at is not None:
        raise InvalidToken


async def revoke_all(session: AsyncSession, user_id: UUID, *, but: UUID | None = None) -> int:
    """End every session of a person, except for the one they are in if it is named; returns how many ended."""
    return await _revoke(session, user_id, *([LoginSession.id != but] if but else []))


async def living(session: AsyncSession, user_id: UUID | None, *, here: UUID | None) -> list[SessionRead]:
    """Return where a person is signed in, the last used first; `here` is the session that asks."""
    lives = (LoginSession.revoked_at.is_(None), LoginSession.expires_at > clock.now())
    return await _shown(session, user_id, here, *lives)


async def kept(session: AsyncSession, user_id: UUID) -> list[SessionRead]:
    """Return every session of a person that is still written down, those that have ended too."""
    return await _shown(session, user_id, None)


async def _shown(
    session: AsyncSession, user_id: UUID | None, here: UUID | None, *which: ColumnElement[bool]
) -> list[SessionRead]:
    rows = await session.scalars(
        select(LoginSession)
        .where(LoginSession.user_id == user_id, *which)
        .order_by(LoginSession.last_used_at.desc(), LoginSession.id)
    )
    return [
        SessionRead(
            id=row.id,
            kind="app" if row.cookie_hash is None else "browser",
            method=row.method,
            second_factor=row.second_factor,
            ip=row.ip or None,
            user_agent=row.user_agent or None,
            created_at=row.created_at,
            last_used_at=row.last_used_at,
            expires_at=row.expires_at,
            current=row.id == here,
        )
        for row in rows
    ]


def _life() -> timedelta:
    return timedelta(days=AuthSettings.read().refresh_token_days)


def _opened(user: User, arrival: Arrival) -> LoginSession:
    now = clock.now()
    return LoginSession(
        id=new_id(),
        user_id=user.id,
        method=arrival.method,
        second_factor=arrival.second_factor,
        ip=arrival.ip,
        user_agent=arrival.user_agent,
        created_at=now,
        last_used_at=now,
        expires_at=now + _life(),
    )


async def _next_tokens(session: AsyncSession, user: User, opened: LoginSession) -> Tokens:
    roles = await queries.roles_of(session, user.id)
    name = user.name or (roles[0].value if roles else "somebody")
    access, life = tokens.access_token(tokens.Claims(user.id, opened.id, name, frozenset(roles)))
    secret = tokens.new_secret()
    session.add(RefreshToken(session_id=opened.id, token_hash=tokens.hash_secret(secret)))
    await session.flush()
    return Tokens(access_token=access, refresh_token=secret, token_type="bearer", expires_in=life)  # noqa: S106 - the scheme's name


async def _link_for_update(session: AsyncSession, token: str) -> tuple[RefreshToken, LoginSession] | None:
    """Return a link with its session locked: what ends a session must not miss a link that is being added."""
    ours = RefreshToken.token_hash == tokens.hash_secret(token)
    session_id = await session.scalar(select(RefreshToken.session_id).where(ours))
    if session_id is None:
        return None
    opened = await session.get(LoginSession, session_id, with_for_update=True)
    link = await session.scalar(select(RefreshToken).where(ours))
    return (link, opened) if link is not None and opened is not None else None


async def _revoke(session: AsyncSession, user_id: UUID, *which: ColumnElement[bool]) -> int:
    forget_standing(session, user_id)
    ended = await session.execute(
        update(LoginSession)
        .where(LoginSession.user_id == user_id, LoginSession.revoked_at.is_(None), *which)
        .values(revoked_at=clock.now())
        .returning(LoginSession.id)
    )
    return len(ended.all())
