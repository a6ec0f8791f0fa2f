"""People's accounts at the card provider. Calls the provider, so never inside a transaction."""

from uuid import UUID

from mercat import auth
from mercat.kit.database import Database
from mercat.payments.exceptions import UnknownMethod
from mercat.payments.methods import service
from mercat.payments.providers import Provider, asking, online, provider


def for_cards(database: Database) -> Provider:
    """Return the card provider.

    Raises:
        UnknownMethod: there is none.
    """
    name = next(iter(online()), None)
    if name is None:
        raise UnknownMethod
    return provider(name, database)


async def customer_of(database: Database, found: Provider, user_id: UUID) -> str:
    """Return a person's account at a provider, created if there is none.

    Raises:
        ProviderUnavailable, PaymentRefused: there is none yet.
    """
    async with database.transaction() as session:
        known = await service.customer(session, user_id, found.name)
        accounts = await auth.user_references(session, [user_id])
    if known is not None:
        return known
    async with asking():
        made = await found.new_customer(user_id, accounts[user_id].email)
    async with database.transaction() as session:
        await service.keep_customer(session, user_id, found.name, made)
    return made
