"""Mapping of providers' silence and refusals to errors for clients."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mercat.payments.exceptions import PaymentRefused, ProviderUnavailable
from mercat.payments.providers.interface import ProviderAway, ProviderRefused


@asynccontextmanager
async def asking() -> AsyncIterator[None]:
    """Turn a provider's silence and its refusals into errors for clients.

    Raises:
        ProviderUnavailable: the outcome is unknown; retrying with the same key is safe.
        PaymentRefused: nothing happened.
    """
    try:
        yield
    except ProviderAway:
        raise ProviderUnavailable from None
    except ProviderRefused as refused:
        raise PaymentRefused(reason=refused.message, provider_code=refused.code) from None
