"""How somebody pays: with which card, and whether it shall be kept."""

from dataclasses import dataclass

from mercat.auth import Actor
from mercat.kit.config import ProcessSettings
from mercat.kit.database import Database
from mercat.payments import methods


@dataclass(frozen=True, slots=True)
class Choice:
    """With which card, whether it shall be kept, and where the buyer comes back to after its own check."""

    method_ref: str | None = None
    customer_ref: str | None = None
    save: bool = False
    return_url: str = ""


async def choose(
    database: Database, actor: Actor, *, card: str | None, save: bool = False, return_url: str | None = None
) -> Choice:
    """Return what a buyer has chosen. A saved card is named by its id, and must be their own.

    Raises:
        MethodNotFound: no such saved card of theirs.
        ProviderUnavailable, PaymentRefused: somebody's first card cannot be kept now.
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
