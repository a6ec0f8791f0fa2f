"""Carts: what a buyer is about to order.

Owns: carts of people and of guests, their lines.
Calls: pricing, catalog, inventory, exchange, files, auth, outbox, i18n.
Publishes: nothing.
Listens: nothing.
"""

from mercat.cart import jobs
from mercat.cart.exceptions import CartFull, LineFull, NotForSale
from mercat.cart.holder import GuestToken, Holder
from mercat.cart.personal import forget, record_of
from mercat.cart.queries import (
    KeptLine,
    active,
    behind,
    just_ordered,
    kept_lines,
    ordered,
    priced,
    problem_of,
    read_active,
)
from mercat.cart.router import Adopted, CartHolder, router
from mercat.cart.schemas import CartAdd, CartRead, CartRecord
from mercat.cart.service import acknowledge, add, consume, put, receipt

__all__ = [
    "Adopted",
    "CartAdd",
    "CartFull",
    "CartHolder",
    "CartRead",
    "CartRecord",
    "GuestToken",
    "Holder",
    "KeptLine",
    "LineFull",
    "NotForSale",
    "acknowledge",
    "active",
    "add",
    "behind",
    "consume",
    "forget",
    "jobs",
    "just_ordered",
    "kept_lines",
    "ordered",
    "priced",
    "problem_of",
    "put",
    "read_active",
    "receipt",
    "record_of",
    "router",
]
