"""Purchases and their life.

Owns: orders, their vendor orders, their lines and history; returns.
Calls: cart, payments, pricing, catalog, content, inventory, ledger, vendors, users, files, auth, audit, addresses,
    outbox, i18n.
Publishes: OrderCancelled, OrderExpired, OrderPaid, OrderPlaced, OrderRefunded, OrderShipped, ReturnApproved,
    ReturnReceived, ReturnRejected, ReturnRequested, VendorOrderCancelled, VendorOrderShipped.
Listens: EmailVerified, OrderRefunded.
"""

from mercat.orders import jobs
from mercat.orders.arithmetic.commissions import Terms as CommissionTerms
from mercat.orders.backfill import PastMove, count_sold, record_past
from mercat.orders.exceptions import (
    AlreadyOrdered,
    IllegalTransition,
    NotPayable,
    OrderItemNotFound,
    OrderNotFound,
    TooManyOnHold,
    TooManyUnits,
)
from mercat.orders.fulfillment.received import delivered_line
from mercat.orders.handlers import claim_of_guest
from mercat.orders.holds import ask_held, hold_ends
from mercat.orders.lifecycle import Status
from mercat.orders.payment_outcomes import follow_charge, settle_placed, settle_refund, take_gift_card
from mercat.orders.payment_retries import OrderPayment, order_payment_of, pay_again, require_own
from mercat.orders.personal import Buyer, forget, record_of, unfinished
from mercat.orders.placement import Draft, DraftLine, place
from mercat.orders.queries import buyer_of, made_of, read, read_for
from mercat.orders.reconciliation import book_missing, missing_entries
from mercat.orders.refunds.refund_requests import Wanted, given_back
from mercat.orders.replacements import originals
from mercat.orders.router import people_router, router
from mercat.orders.schemas import OrderItemRead, OrderRead, VendorOrderRead
from mercat.orders.service import refund
from mercat.orders.unit_schemas import LineUnits, RefundScope

__all__ = [
    "AlreadyOrdered",
    "Buyer",
    "CommissionTerms",
    "Draft",
    "DraftLine",
    "IllegalTransition",
    "LineUnits",
    "NotPayable",
    "OrderItemNotFound",
    "OrderItemRead",
    "OrderNotFound",
    "OrderPayment",
    "OrderRead",
    "PastMove",
    "RefundScope",
    "Status",
    "TooManyOnHold",
    "TooManyUnits",
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
    "order_payment_of",
    "originals",
    "pay_again",
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
