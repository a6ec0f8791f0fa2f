"""Purchases and their life.

Owns: orders, their parts per vendor, their lines and history; returns.
Calls: cart, payments, pricing, catalog, inventory, ledger, vendors, users, files, auth, audit, addresses, outbox, i18n.
Publishes: OrderCancelled, OrderExpired, OrderPaid, OrderPlaced, OrderRefunded, OrderShipped, PartCancelled,
    PartShipped, ReturnApproved, ReturnReceived, ReturnRejected, ReturnRequested.
Listens: EmailVerified, OrderRefunded.
"""

from mercat.orders import jobs
from mercat.orders.checking import book_missing, missing_entries
from mercat.orders.commissions import Terms as CommissionTerms
from mercat.orders.delivered import delivered_line
from mercat.orders.exceptions import (
    AlreadyOrdered,
    IllegalTransition,
    NotPayable,
    OrderItemNotFound,
    OrderNotFound,
    TooManyOnHold,
    TooManyPieces,
)
from mercat.orders.handlers import claim_of_guest
from mercat.orders.history import PastMove, count_sold, record_past
from mercat.orders.holds import ask_held
from mercat.orders.holds import ends as hold_ends
from mercat.orders.lifecycle import Status
from mercat.orders.paying import Payer, pay_again, payer_of, require_own
from mercat.orders.personal import Buyer, Forgotten, forget, record_of, unfinished
from mercat.orders.placing import Draft, DraftLine, place
from mercat.orders.queries import buyer_of, made_of, read, read_for
from mercat.orders.refunding import GivenBack, Wanted, given_back
from mercat.orders.replacing import originals
from mercat.orders.router import people_router, router
from mercat.orders.schemas import OrderItemRead, OrderRead, VendorOrderRead
from mercat.orders.service import refund
from mercat.orders.settling import follow_charge, settle_placed, settle_refund, take_gift_card

__all__ = [
    "AlreadyOrdered",
    "Buyer",
    "CommissionTerms",
    "Draft",
    "DraftLine",
    "Forgotten",
    "GivenBack",
    "IllegalTransition",
    "NotPayable",
    "OrderItemNotFound",
    "OrderItemRead",
    "OrderNotFound",
    "OrderRead",
    "PastMove",
    "Payer",
    "Status",
    "TooManyOnHold",
    "TooManyPieces",
    "VendorOrderRead",
    "Wanted",
    "ask_held",
    "book_missing",
    "buyer_of",
    "claim_of_guest",
    "count_sold",
    "delivered_line",
    "follow_charge",
    "forget",
    "given_back",
    "hold_ends",
    "jobs",
    "made_of",
    "missing_entries",
    "originals",
    "pay_again",
    "payer_of",
    "people_router",
    "place",
    "read",
    "read_for",
    "record_of",
    "record_past",
    "refund",
    "require_own",
    "router",
    "settle_placed",
    "settle_refund",
    "take_gift_card",
    "unfinished",
]
