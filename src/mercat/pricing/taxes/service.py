"""Verbs of operators on tax rates."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit
from mercat.auth import Actor
from mercat.kit import clock
from mercat.kit.conditional import require_match, version_etag
from mercat.kit.ids import new_id
from mercat.pricing.models import TaxRate
from mercat.pricing.taxes import queries
from mercat.pricing.taxes.schemas import RateRead, RateWrite

PLAIN = ("name", "country", "tax_class", "valid_from", "valid_to")
IN_THE_LOG = (*PLAIN, "region", "rate")


async def create(session: AsyncSession, actor: Actor, new: RateWrite) -> RateRead:
    """Enter a rate. Another one of the same place, class and beginning is a conflict."""
    rate = TaxRate(id=new_id(), version=1)
    _write(rate, new)
    session.add(rate)
    await session.flush()
    made = queries.shown(rate)
    await audit.record(session, actor, "tax_rate.created", rate.id, changes=audit.difference({}, _state(made)))
    return made


async def replace(
    session: AsyncSession, actor: Actor, rate_id: UUID, new: RateWrite, *, if_match: str | None
) -> RateRead:
    """Make a rate what `new` says. Orders keep theirs.

    Raises:
        RateNotFound, PreconditionFailed: what the names say.
    """
    rate = await queries.find(session, rate_id, for_update=True)
    require_match(if_match, version_etag(rate.version))
    before = queries.shown(rate)
    _write(rate, new)
    rate.version += 1
    await session.flush()
    after = queries.shown(rate)
    changes = audit.difference(_state(before), _state(after))
    await audit.record(session, actor, "tax_rate.updated", rate_id, changes=changes)
    return after


async def delete(session: AsyncSession, actor: Actor, rate_id: UUID, *, if_match: str | None) -> None:
    """Take a rate away, as if it had never been; `valid_to` ends one that was right."""
    rate = await queries.find(session, rate_id, for_update=True)
    require_match(if_match, version_etag(rate.version))
    rate.deleted_at = clock.now()
    await session.flush()
    await audit.record(session, actor, "tax_rate.deleted", rate_id)


def _write(rate: TaxRate, new: RateWrite) -> None:
    for name in PLAIN:
        setattr(rate, name, getattr(new, name))
    rate.region = new.region.casefold() if new.region else None
    rate.rate = Decimal(new.rate)


def _state(shown: RateRead) -> dict[str, object]:
    return {name: getattr(shown, name) for name in IN_THE_LOG}
