"""A buyer's choice of a payment method: which card, and whether to save it."""

from dataclasses import dataclass

from mercat.auth import Actor
from mercat.kit.config import ProcessSettings
from mercat.kit.database import Database
from mercat.payments import methods


@dataclass(frozen=True, slots=True)
class Choice:
    """Which card, whether to save it, and the page that the buyer returns to after 3-D Secure."""

    method_ref: str | None = None
    customer_ref: str | None = None
    save: bool = False
    return_url: str = ""


async def choose(
    database: Database, actor: Actor, *, card: str | None, save: bool = False, return_url: str | None = None
) -> Choice:
    """Return a buyer's choice. A saved card is named by its id, and must be their own.

    Raises:
        MethodNotFound: no such saved card of theirs.
        ProviderUnavailable, PaymentRefused: a person's first card cannot be saved now.
    """
    method_id = methods.id_of(card) if card is not None else None
    if method_id is not None:
        async with database.transaction() as session:
            card = await methods.ref_of(session, actor.user_id, method_id)
    kept = actor.user_id is not None and (save or method_id is not None)
    customer = None
    if kept and actor.user_id is not None:
        customer = await methods.customer_of(database, methods.for_cards(database), actor.user_id)
    return Choice(card, customer, save and kept, return_url or ProcessSettings.read().public_url)
