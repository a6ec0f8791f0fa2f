"""Sealing the secrets of authenticator apps with today's secret key, so that a former one can be forgotten."""

from sqlalchemy import select, update

from mercat import outbox
from mercat.auth import keyring
from mercat.auth.config import AuthSettings
from mercat.auth.models import Authenticator
from mercat.auth.second_factors.authenticators import SEALED
from mercat.kit.logs import logger


@outbox.every(outbox.hourly(minute=53), "auth.seal_anew", lane=outbox.Lane.bulk)
async def seal_anew(context: outbox.JobContext) -> None:
    """Seal anew what a former secret key has sealed. One that nobody uses any more opens nothing afterwards."""
    if not AuthSettings.read().previous_secret_keys:
        return
    count = 0
    async with context.database.transaction() as session:
        for user_id, sealed in (
            await session.execute(select(Authenticator.user_id, Authenticator.sealed_secret))
        ).all():
            anew = keyring.seal_anew(SEALED, sealed)
            if anew is not None:
                await session.execute(
                    update(Authenticator)
                    .where(Authenticator.user_id == user_id, Authenticator.sealed_secret == sealed)
                    .values(sealed_secret=anew)
                )
                count += 1
    logger.info("authenticators_sealed_anew", count=count)
