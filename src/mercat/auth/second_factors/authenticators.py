"""Authenticator apps: codes of six digits that change every half minute (TOTP, RFC 6238)."""

from uuid import UUID

import pyotp
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import delete, or_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, outbox
from mercat.auth import accounts, keyring
from mercat.auth.actor import Actor
from mercat.auth.events import AccessChanged
from mercat.auth.models import Authenticator, User
from mercat.auth.second_factors import recovery_codes
from mercat.auth.second_factors.exceptions import AuthenticatorExists, NoAuthenticator, WrongCode
from mercat.auth.second_factors.schemas import AuthenticatorStarted
from mercat.kit import clock
from mercat.kit.config import ProcessSettings
from mercat.kit.logs import logger

SEALED = "authenticator"
"""What the secrets are sealed for."""
STEPS_OFF = 1
"""Steps of half a minute that a clock may be fast or slow."""


async def start(session: AsyncSession, user: User) -> AuthenticatorStarted:
    """Give an account, which is locked, the secret of a new app. It counts for nothing until a code was shown.

    Raises:
        AuthenticatorExists: there is one that counts.
    """
    secret = pyotp.random_base32()
    fresh = {"sealed_secret": keyring.seal(SEALED, secret), "created_at": clock.now(), "last_step": None}
    started = await session.execute(
        insert(Authenticator)
        .values(user_id=user.id, **fresh)
        .on_conflict_do_update(
            index_elements=[Authenticator.user_id], set_=fresh, where=Authenticator.confirmed_at.is_(None)
        )
        .returning(Authenticator.user_id)
    )
    if started.first() is None:
        raise AuthenticatorExists
    app = pyotp.TOTP(secret, name=user.email, issuer=ProcessSettings.read().marketplace_name)
    return AuthenticatorStarted(secret=secret, otpauth_uri=app.provisioning_uri())


async def confirm(session: AsyncSession, actor: Actor, code: str) -> list[str]:
    """Let the app count, once it has shown its first code; returns new recovery codes.

    Raises:
        NoAuthenticator, AuthenticatorExists: none was started, or it counts already.
        WrongCode: it is not what the app shows.
    """
    user = await accounts.own(session, actor, for_update=True)
    app = await session.get(Authenticator, user.id)
    if app is None:
        raise NoAuthenticator
    if app.confirmed_at is not None:
        raise AuthenticatorExists
    app.last_step = _step(app, code)
    app.confirmed_at = clock.now()
    await session.flush()
    codes = await recovery_codes.make(session, user.id)
    await audit.record(session, actor, "user.authenticator_added", user.id)
    await outbox.publish(session, AccessChanged(user_id=user.id, change="authenticator_added"))
    return codes


async def remove(session: AsyncSession, actor: Actor, user: User) -> None:
    """Take the app away from an account, which is locked. Recovery codes go with the last second factor.

    Raises:
        NoAuthenticator: there is none.
    """
    removed = await session.execute(
        delete(Authenticator).where(Authenticator.user_id == user.id).returning(Authenticator.confirmed_at)
    )
    app = removed.first()
    if app is None:
        raise NoAuthenticator
    if app.confirmed_at is None:
        return
    await recovery_codes.drop_useless(session, user.id)
    await audit.record(session, actor, "user.authenticator_removed", user.id)
    await outbox.publish(session, AccessChanged(user_id=user.id, change="authenticator_removed"))


async def use_code(session: AsyncSession, user_id: UUID, code: str) -> None:
    """Use a code up, in this transaction: neither it nor an older one is taken again.

    Raises:
        WrongCode: it is not what the app shows, or was used; of two that try at once the second one is refused.
    """
    app = await session.get(Authenticator, user_id, populate_existing=True)
    if app is None or app.confirmed_at is None:
        raise WrongCode
    step = _step(app, code)
    used = await session.execute(
        update(Authenticator)
        .where(
            Authenticator.user_id == user_id,
            Authenticator.sealed_secret == app.sealed_secret,
            or_(Authenticator.last_step.is_(None), Authenticator.last_step < step),
        )
        .values(last_step=step)
        .returning(Authenticator.user_id)
    )
    if used.first() is None:
        raise WrongCode


def _step(app: Authenticator, code: str) -> int:
    """Return the half minute that a code belongs to."""
    secret = keyring.unseal(SEALED, app.sealed_secret)
    if secret is None:
        logger.error("authenticator_unreadable", user_id=str(app.user_id))
        raise WrongCode
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(code, for_time=clock.now(), valid_window=STEPS_OFF)
    except OTPVerificationError:
        raise WrongCode from None
