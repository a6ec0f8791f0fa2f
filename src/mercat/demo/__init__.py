"""A marketplace to look at: one command starts every server it needs and fills it with a believable catalogue.

Owns: the supervisor of the demo's processes, the demo's content.
Calls: recommendations, notifications, search, checkout, reviews, saved_items, invoices, payouts, orders, cart,
    payments, pricing, catalog, content, inventory, ledger, vendors, exchange, translations, files, auth, audit,
    addresses, outbox, i18n, embedded.
Publishes: nothing.
Listens: nothing.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from mercat.demo.stack import run_demo

if TYPE_CHECKING:
    from mercat.kit.database import Database

__all__ = ["load", "run_demo"]


async def load(
    database: "Database", media: Path, *, seed: bool, say: Callable[[str], None]
) -> dict[str, dict[str, str]]:
    """Make the demo's accounts and, on an empty marketplace if `seed` is set, its content; returns logins by role."""
    from mercat.demo.seed import fill  # noqa: PLC0415 - brings every domain, which the supervisor does without

    return await fill(database, media, seed=seed, say=say)
