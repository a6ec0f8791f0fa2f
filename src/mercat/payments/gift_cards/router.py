"""Gift cards over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from mercat.auth import REFUSED, Actor, Permission, Public, Requires
from mercat.kit.conditional import IfMatch, tagged
from mercat.kit.database import PrimarySession, Session
from mercat.kit.idempotency import InProgress, Key, KeyMissing, KeyReused, answer_anew, once, read_optional_key
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, envelope
from mercat.kit.problems import Forbidden, Invalid, PreconditionFailed
from mercat.payments.exceptions import CodeNotTold, GiftCardNotFound, GiftCardNotValid, UnknownGiftCard
from mercat.payments.gift_cards import queries, service
from mercat.payments.gift_cards.answers import SealedAnswer
from mercat.payments.gift_cards.guess_limits import GiftCardGuesses
from mercat.payments.gift_cards.schemas import (
    BalanceRead,
    CodeGiven,
    GiftCardCreate,
    GiftCardDetail,
    GiftCardIssued,
    GiftCardListing,
    GiftCardRead,
    GiftCardUpdate,
)

router = APIRouter(prefix="/gift-cards", tags=["gift cards"])

Operator = Annotated[Actor, Depends(Requires(Permission.gift_cards_write))]
DENIED = (*REFUSED, Forbidden)


@router.post("/balance", dependencies=[Public], responses=refusals(GiftCardNotValid, Invalid, UnknownGiftCard))
async def read_gift_card_balance(given: CodeGiven, guesses: GiftCardGuesses, session: PrimarySession) -> BalanceRead:
    """Return the balance of the gift card of a code. Wrong codes are counted: after some, one must wait."""
    await guesses.check(given.code, field="code")
    return await queries.balance(session, given.code)


@router.get("", responses=refusals(*DENIED, Invalid))
async def list_gift_cards(
    params: Annotated[GiftCardListing, Query()], _actor: Operator, session: PrimarySession
) -> Page[GiftCardRead]:
    """List gift cards, the newest first, with their balances."""
    found, total = await queries.page(session, params)
    return envelope(found, params, total)


@router.post(
    "",
    status_code=201,
    response_model=GiftCardIssued,
    responses=refusals(*DENIED, KeyMissing, KeyReused, InProgress, CodeNotTold, Invalid),
)
async def issue_gift_card(
    new: GiftCardCreate,
    key: Annotated[Key | None, Depends(read_optional_key)],
    actor: Operator,
    session: Session,
) -> GiftCardIssued | Response:
    """Issue a gift card. The answer has its code: hand it on, it is not shown again.

    Should the answer be lost, the same `Idempotency-Key` and body give the same card and code once more.
    """
    if key is None:
        return await service.issue(session, actor, new)

    async def work() -> SealedAnswer:
        return SealedAnswer.of(await service.issue(session, actor, new))

    answer = await once(session, key, str(actor.user_id), work)
    return answer_anew(answer, SealedAnswer.model_validate_json(bytes(answer.body)).opened())


@router.get("/{gift_card_id}", responses=refusals(*DENIED, GiftCardNotFound, Invalid))
async def read_gift_card(
    gift_card_id: UUID, _actor: Operator, session: PrimarySession, response: Response
) -> GiftCardDetail:
    """Return a gift card, its balance and what it paid, with an ETag to base a change on."""
    return tagged(response, await queries.detail(session, gift_card_id), queries.EDITED)


@router.patch("/{gift_card_id}", responses=refusals(*DENIED, GiftCardNotFound, PreconditionFailed, Invalid))
async def change_gift_card(
    gift_card_id: UUID,
    wanted: GiftCardUpdate,
    actor: Operator,
    session: Session,
    response: Response,
    if_match: IfMatch = None,
) -> GiftCardRead:
    """Block or unblock a card, change its expiration, or add a note. Its balance stays."""
    changed = await service.change(session, actor, gift_card_id, wanted, if_match=if_match)
    return tagged(response, changed, queries.EDITED)
