"""Payout accounts of vendors: set by their owners in person, held for some days after a change, and told to them."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from stdnum import bic as bics
from stdnum import iban as ibans
from stdnum.exceptions import ValidationError

from mercat import audit, outbox
from mercat.auth import Actor
from mercat.kit import clock
from mercat.kit.conditional import Fields, etag_of, require_match
from mercat.kit.problems import FieldError, PreconditionFailed
from mercat.payments import providers
from mercat.payouts import numbers
from mercat.payouts.config import settings
from mercat.payouts.events import PayoutAccountChanged
from mercat.payouts.exceptions import BadIban, MethodNotOffered, NoPayoutAccount
from mercat.payouts.lifecycle import Method
from mercat.payouts.models import PayoutAccount
from mercat.payouts.schemas import AccountRead, AccountWrite

EDITED: Fields = {"method", "holder", "account"}
"""What owners set; the rest follows from it."""


async def read(session: AsyncSession, vendor_id: UUID, *, for_update: bool = False) -> AccountRead:
    """Return a vendor's payout account; locked on demand.

    Raises:
        NoPayoutAccount: it has set none.
    """
    account = await session.get(PayoutAccount, vendor_id, populate_existing=True, with_for_update=for_update)
    if account is None:
        raise NoPayoutAccount
    return AccountRead(
        method=Method(account.method),
        holder=account.holder,
        account=account.iban_ends if account.method == Method.manual else numbers.masked(account.provider_ref),
        ready=account.ready,
        held_until=account.held_until,
    )


async def keep(
    session: AsyncSession, actor: Actor, vendor_id: UUID, wanted: AccountWrite, *, if_match: str | None = None
) -> AccountRead:
    """Set a vendor's payout account to a bank account, or to the sandbox provider where it is open. Locks the account.

    Raises:
        BadIban: not a valid IBAN.
        MethodNotOffered: this marketplace does not pay by this method.
        PreconditionFailed: the account was changed since.
    """
    if if_match is not None:
        try:
            known = await read(session, vendor_id, for_update=True)
        except NoPayoutAccount:
            raise PreconditionFailed from None
        require_match(if_match, etag_of(known, EDITED))
    if wanted.method is Method.test and Method.test not in providers.online():
        raise MethodNotOffered(method=wanted.method)
    values: dict[str, object] = {"method": wanted.method, "holder": wanted.holder, "ready": True}
    if wanted.method is Method.manual:
        values |= {"iban": _iban(wanted.iban or ""), "bic": _bic(wanted.bic) if wanted.bic else None}
    await change(session, actor, vendor_id, values)
    return await read(session, vendor_id)


async def change(session: AsyncSession, actor: Actor, vendor_id: UUID, values: dict[str, object]) -> None:
    """Write a payout account down; the same one again changes nothing. Locks the account."""
    known = await session.get(PayoutAccount, vendor_id, with_for_update=True, populate_existing=True)
    if known is not None and all(_is_kept(known, name, value) for name, value in values.items()):
        return
    kept = {name: value for name, value in values.items() if name != "iban"}
    if "iban" in values:
        kept |= numbers.sealed(vendor_id, str(values["iban"]))
    days = timedelta(days=settings().payout_account_hold_days)
    changed = {**kept, "held_until": clock.now() + days if days else None, "updated_at": clock.now()}
    await session.execute(
        insert(PayoutAccount)
        .values(vendor_id=vendor_id, **changed)
        .on_conflict_do_update(index_elements=["vendor_id"], set_=changed)
    )
    # the number itself must not be in the log
    told = {"method": audit.Change(known.method if known else None, str(values["method"]))}
    await audit.record(session, actor, "payout_account.changed", vendor_id, changes=told)
    await outbox.publish(session, PayoutAccountChanged(vendor_id=vendor_id))


async def set_ready(session: AsyncSession, provider_ref: str, *, ready: bool) -> None:
    """Update a vendor's account from its provider, if the vendor is paid by that provider."""
    changed = await session.scalar(
        update(PayoutAccount)
        .where(
            PayoutAccount.provider_ref == provider_ref,
            PayoutAccount.method == Method.stripe,
            PayoutAccount.ready.is_(not ready),
        )
        .values(ready=ready)
        .returning(PayoutAccount.vendor_id)
    )
    if changed is not None:
        told = {"ready": audit.Change(not ready, ready)}
        await audit.record(session, Actor.system(), "payout_account.followed", changed, changes=told)


async def waiting(session: AsyncSession) -> list[str]:
    """Return the accounts at Stripe that are not ready for transfers yet."""
    unready = select(PayoutAccount.provider_ref).where(PayoutAccount.method == Method.stripe, ~PayoutAccount.ready)
    return [ref for ref in await session.scalars(unready.order_by(PayoutAccount.vendor_id)) if ref]


async def standing_of(session: AsyncSession, vendor_id: UUID) -> tuple[bool, datetime | None]:
    """Return whether money can be sent to a vendor, and until when payouts are held."""
    account = await session.get(PayoutAccount, vendor_id, populate_existing=True)
    return (account.ready, account.held_until) if account else (False, None)


def _is_kept(known: PayoutAccount, name: str, value: object) -> bool:
    return numbers.is_kept(known, value) if name == "iban" else bool(getattr(known, name) == value)


def _iban(given: str) -> str:
    try:
        return str(ibans.validate(given))
    except ValidationError:
        raise BadIban(errors=(FieldError("iban", "not an IBAN", "bad_iban"),)) from None


def _bic(given: str) -> str:
    try:
        return str(bics.validate(given))
    except ValidationError:
        raise BadIban(errors=(FieldError("bic", "not a BIC", "bad_bic"),)) from None
