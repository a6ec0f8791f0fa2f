"""Saved cards over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, StringConstraints

from mercat.auth import REFUSED, Actor, SignedIn
from mercat.kit.database import Connections, PrimarySession
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, complete
from mercat.kit.problems import Invalid, Unauthenticated
from mercat.kit.shapes import Shape
from mercat.payments.exceptions import MethodNotFound, PaymentRefused, ProviderUnavailable, UnknownMethod
from mercat.payments.methods import service
from mercat.payments.methods.customers import customer_of, for_cards
from mercat.payments.providers import asking, provider
from mercat.payments.schemas import MethodRead

router = APIRouter(prefix="/payments/methods", tags=["payments"])
Ref = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[A-Za-z0-9_:-]+$")]
REFUSALS = refusals(*REFUSED, Invalid, UnknownMethod, PaymentRefused, ProviderUnavailable)


class MethodCreate(Shape):
    """A card that the provider's own form has read in the buyer's browser. Card numbers never reach the marketplace."""

    payment_method_id: Ref = Field(examples=["pm_card_visa"])


class Saving(Shape):
    """With this the buyer's browser lets the provider read a card, to be saved and not charged."""

    provider: str = Field(examples=["stripe"])
    client_secret: str = Field(examples=["seti_1Mm2_secret_3x"])


def person(actor: Actor) -> UUID:
    """Return the signed-in person; the route has made sure that there is one."""
    if actor.user_id is None:
        raise Unauthenticated
    return actor.user_id


@router.get("", responses=refusals(*REFUSED, Invalid))
async def list_methods(actor: SignedIn, session: PrimarySession) -> Page[MethodRead]:
    """List one's own saved cards, the newest first."""
    return complete(await service.of_person(session, person(actor)))


@router.post("", status_code=201, responses=REFUSALS)
async def keep_method(new: MethodCreate, actor: SignedIn, database: Connections) -> MethodRead:
    """Save a card for later. Only the provider has its number."""
    user_id = person(actor)
    found = for_cards(database)
    customer = await customer_of(database, found, user_id)
    async with asking():
        kept = await found.attach(customer, new.payment_method_id)
    async with database.transaction() as session:
        return await service.keep(session, actor, user_id, found.name, kept)


@router.post("/setup", status_code=201, responses=REFUSALS)
async def begin_saving(actor: SignedIn, database: Connections) -> Saving:
    """Begin to save a card without paying: the provider's form reads it in the buyer's browser."""
    found = for_cards(database)
    customer = await customer_of(database, found, person(actor))
    async with asking():
        _, secret = await found.begin_saving(customer)
    return Saving(provider=found.name, client_secret=secret)


@router.delete(
    "/{payment_method_id}", status_code=204, responses=refusals(*REFUSED, MethodNotFound, Invalid, ProviderUnavailable)
)
async def forget_method(payment_method_id: UUID, actor: SignedIn, database: Connections) -> None:
    """Delete one of one's own cards, here and at the provider."""
    async with database.transaction() as session:
        name, ref = await service.remove(session, actor, payment_method_id)
    async with asking():
        await provider(name, database).detach(ref)
