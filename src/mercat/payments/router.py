"""Payments over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from mercat.auth import REFUSED, Actor, KnownOr, Permission, Public
from mercat.kit.database import PrimarySession
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, complete, envelope
from mercat.kit.problems import Invalid
from mercat.payments import options, queries
from mercat.payments.exceptions import PaymentNotFound
from mercat.payments.schemas import PaymentListing, PaymentOption, PaymentRead

router = APIRouter(prefix="/payments", tags=["payments"])
Reader = Annotated[Actor, Depends(KnownOr(Permission.orders_read))]


@router.get("", responses=refusals(*REFUSED, Invalid))
async def list_payments(
    params: Annotated[PaymentListing, Query()], actor: Reader, session: PrimarySession
) -> Page[PaymentRead]:
    """List one's own payments, newest first; operators see all of them."""
    found, total = await queries.page(session, actor, params)
    return envelope(list(found), params, total)


@router.get("/options", dependencies=[Public])
async def list_options() -> Page[PaymentOption]:
    """List the payment methods that the marketplace accepts now. A gift card pays beside each of them."""
    return complete(options.offered())


@router.get("/{payment_id}", responses=refusals(*REFUSED, PaymentNotFound, Invalid))
async def read_payment(payment_id: UUID, actor: Reader, session: PrimarySession) -> PaymentRead:
    """Return one payment to its payer or an operator."""
    return await queries.read(session, actor, payment_id)
