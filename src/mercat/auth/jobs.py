"""Forgetting what nobody needs any more: sessions that have ended, links that work no more."""

from datetime import timedelta

from sqlalchemy import delete, or_

from mercat import outbox
from mercat.auth.models import LoginSession, OneTimeToken
from mercat.auth.one_time import Purpose
from mercat.kit import clock

KEPT = timedelta(days=30)


@outbox.every(outbox.hourly(minute=41), "auth.forget_what_ended", lane=outbox.Lane.bulk)
async def forget_what_ended(context: outbox.JobContext) -> None:
    """Delete what ended so long ago that nobody will ask about it."""
    before = clock.now() - KEPT
    async with context.database.transaction() as session:
        ended = or_(LoginSession.expires_at < before, LoginSession.revoked_at < before)
        await session.execute(delete(LoginSession).where(ended))
        await session.execute(delete(OneTimeToken).where(OneTimeToken.expires_at < before))
        # anybody can begin to sign in, as often as they like, and nobody asks afterwards
        begun = OneTimeToken.purpose.in_((Purpose.oauth, Purpose.passkey, Purpose.second_factor))
        await session.execute(delete(OneTimeToken).where(begun, OneTimeToken.expires_at < clock.now()))
