"""Payouts for operators, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from mercat import vendors
from mercat.auth import REFUSED, Actor, Permission, Requires
from mercat.kit import clock
from mercat.kit.database import PrimarySession, Session
from mercat.kit.idempotency import InProgress, Key, KeyMissing, KeyReused, once, read_key
from mercat.kit.money import Money
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, envelope
from mercat.kit.problems import Forbidden, Invalid, NotFound
from mercat.payouts import adjustments, files, outcomes, payout_runs, queries
from mercat.payouts.config import settings
from mercat.payouts.exceptions import (
    IllegalPayoutMove,
    NoDebtor,
    NotSepa,
    NumberUnreadable,
    PaidByProvider,
    PayoutNotFound,
    PayoutRunNotFound,
)
from mercat.payouts.listings import OperatorListing
from mercat.payouts.schemas import (
    AdjustmentCreate,
    AdjustmentRead,
    Changed,
    FileFormat,
    PayoutChange,
    PayoutRead,
    RunCreate,
    RunFile,
    RunRead,
)

router = APIRouter(prefix="/payouts", tags=["payouts"])
adjustments_router = APIRouter(prefix="/vendors/{vendor_id}", tags=["payouts"])
IdempotencyKey = Annotated[Key, Depends(read_key)]
Operator = Annotated[Actor, Depends(Requires(Permission.payouts_manage))]
ONCE = refusals(KeyMissing, *REFUSED, Forbidden, InProgress, KeyReused, Invalid)
FILE = {
    "description": "The file.",
    "content": {
        "text/csv": {"schema": {"type": "string", "examples": [",".join(files.COLUMNS)]}},
        "application/xml": {"schema": {"type": "string", "examples": ["<?xml version='1.0' encoding='utf-8'?>..."]}},
    },
}


@router.post("/run", status_code=202, response_model=RunRead, responses={**ONCE, **refusals(NotFound)})
async def run_payouts(new: RunCreate, key: IdempotencyKey, actor: Operator, session: Session) -> Response:
    """Pay every vendor its payable balance now. The run is carried out in the background; the same key begins one."""

    async def begin() -> RunRead:
        run_id = await payout_runs.start(session, actor, vendor_id=new.vendor_id)
        if run_id is None:
            raise PayoutRunNotFound
        return await queries.run(session, run_id)

    return await once(session, key, str(actor.user_id), begin, status=202)


@router.get("/runs/{run_id}", responses=refusals(*REFUSED, Forbidden, PayoutRunNotFound, Invalid))
async def read_run(run_id: UUID, _actor: Operator, session: PrimarySession) -> RunRead:
    """Return a run: whether it is finished, and how many of its payouts are in each status."""
    return await queries.run(session, run_id)


@router.get(
    "/runs/{run_id}/file",
    response_class=Response,
    responses={
        200: FILE,
        **refusals(*REFUSED, Forbidden, PayoutRunNotFound, NoDebtor, NotSepa, NumberUnreadable, Invalid),
    },
)
async def download_run(
    run_id: UUID, wanted: Annotated[RunFile, Query()], _actor: Operator, session: PrimarySession
) -> Response:
    """Return a run's open manual payouts: CSV, or the file for a bank (SEPA, pain.001.001.09)."""
    found = await queries.by_hand(session, run_id)
    if wanted.format is FileFormat.sepa:
        content: str | bytes = files.as_sepa(run_id, found, settings(), clock.now())
        name, media = f"payouts-{run_id}.xml", "application/xml"
    else:
        known = await vendors.references(session, [payout.vendor_id for payout in found])
        content = files.as_csv(found, {vendor_id: vendor.name for vendor_id, vendor in known.items()})
        name, media = f"payouts-{run_id}.csv", "text/csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(content, media_type=media, headers=headers)


@router.put("/runs/{run_id}/status", responses=refusals(*REFUSED, Forbidden, PayoutRunNotFound, Invalid))
async def change_status_of_run(run_id: UUID, change: PayoutChange, actor: Operator, session: Session) -> Changed:
    """Record the outcome of all open manual payouts of a run."""
    changed = 0
    for payout in await queries.by_hand(session, run_id):
        moved = await outcomes.move(
            session, actor, payout.id, change.status, ref=change.reference, reason=change.reason or ""
        )
        changed += moved
    return Changed(changed=changed)


@router.get("", responses=refusals(*REFUSED, Forbidden, Invalid))
async def list_payouts(
    listing: Annotated[OperatorListing, Query()], _actor: Operator, session: PrimarySession
) -> Page[PayoutRead]:
    """List the payouts of all vendors, newest first; `?status=requested` is what has to be paid."""
    found, total = await queries.page(session, listing)
    return envelope(found, listing, total)


@router.get("/{payout_id}", responses=refusals(*REFUSED, Forbidden, PayoutNotFound, Invalid))
async def read_payout(payout_id: UUID, _actor: Operator, session: PrimarySession) -> PayoutRead:
    """Return a payout: its amount, its account, and its outcome."""
    return await queries.read(session, payout_id)


@router.put(
    "/{payout_id}/status",
    responses=refusals(*REFUSED, Forbidden, PayoutNotFound, PaidByProvider, IllegalPayoutMove, Invalid),
)
async def change_payout_status(payout_id: UUID, change: PayoutChange, actor: Operator, session: Session) -> PayoutRead:
    """Record the outcome of a manual payout. A failed one is on the vendor's balance again."""
    await outcomes.move_by_hand(
        session, actor, payout_id, change.status, ref=change.reference, reason=change.reason or ""
    )
    return await queries.read(session, payout_id)


@adjustments_router.post(
    "/adjustments", status_code=201, response_model=AdjustmentRead, responses={**ONCE, **refusals(NotFound)}
)
async def adjust_balance(
    vendor_id: UUID, new: AdjustmentCreate, key: IdempotencyKey, actor: Operator, session: Session
) -> Response:
    """Credit or debit a vendor's balance by hand. The vendor's statement shows it with its reason."""

    async def make() -> AdjustmentRead:
        made = await adjustments.adjust(session, actor, vendor_id, new.amount, new.reason)
        return AdjustmentRead(
            id=made.id,
            vendor_id=vendor_id,
            amount=Money(made.amount_minor, made.currency),
            reason=made.reason,
            made_at=made.made_at,
        )

    return await once(session, key, str(actor.user_id), make)
