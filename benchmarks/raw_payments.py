"""What paying an order at once adds to the bare loop: every row of payment, provider, ledger, history and audit log.

The inserts are the product's own statements. What the product updates row by row is updated here too, by the shortest
statement that does it. Nothing is read or locked before, and all of it is in the transaction of the order itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from mercat.inventory.service import CONFIRM
from mercat.kit.ids import new_id
from mercat.ledger.postings import POST
from mercat.orders.transitions import WRITE_DOWN
from mercat.payments.providers.sandbox.provider import FEE_PER_MILLE, ref_of

Statement = tuple[str, Any]
KEPT = 10
"""The marketplace keeps a tenth."""
CHARGE = """
INSERT INTO test_charges (ref, payment_id, state, currency, amount_minor, captured_minor, created_at)
VALUES (%s, %s, 'captured', 'EUR', %s, %s, %s)
"""
CAPTURED = """
UPDATE payments SET status = 'captured', captured_minor = amount_minor, provider_ref = %s, client_secret = %s,
    checked_at = %s, updated_at = now() WHERE id = %s
"""
PAID = "UPDATE orders SET status = 'paid', paid_at = %s, expires_at = NULL, updated_at = %s WHERE id = %s"
VENDOR_ORDERS_PAID = "UPDATE vendor_orders SET status = 'paid' WHERE order_id = %s"


@dataclass(frozen=True, slots=True)
class Sale:
    """An order as far as its money is concerned; `goods` and `shipping` are amounts by vendor."""

    order_id: UUID
    payment_id: UUID
    vendor_orders: Sequence[UUID]
    goods: Mapping[str, int]
    shipping: Mapping[str, int]
    at: datetime

    @property
    def total(self) -> int:
        """What is paid."""
        return sum(self.goods.values()) + sum(self.shipping.values())


def paying(sale: Sale) -> list[Statement]:
    """Return the statements, events and audit entries aside."""
    ref, at, total = ref_of(sale.payment_id), sale.at, sale.total
    return [
        (CHARGE, (ref, sale.payment_id, total, total, at)),
        (CAPTURED, (ref, f"{ref}_secret", at, sale.payment_id)),
        _entry(sale, "payment.captured", {("cash", "test"): total, ("prepayments", ""): -total}),
        (PAID, (at, at, sale.order_id)),
        (VENDOR_ORDERS_PAID, (sale.order_id,)),
        *(
            (WRITE_DOWN, (sale.order_id, vendor_order, False, at, "pending", "paid", "system", False, ""))
            for vendor_order in (None, *sale.vendor_orders)
        ),
        _entry(
            sale,
            "order.paid",
            {
                ("prepayments", ""): total,
                **{("sales", vendor): -amount for vendor, amount in sale.goods.items()},
                **{("shipping", vendor): -amount for vendor, amount in sale.shipping.items()},
                **{("commission", vendor): amount // KEPT for vendor, amount in sale.goods.items()},
                **{("commission_income", vendor): -(amount // KEPT) for vendor, amount in sale.goods.items()},
            },
        ),
        (CONFIRM, (sale.order_id,)),
        _entry(sale, "payment.fee", _fee(total)),
    ]


def _fee(total: int) -> dict[tuple[str, str], int]:
    kept = total * FEE_PER_MILLE // 1000
    return {("fees", "test"): kept, ("cash", "test"): -kept}


def _entry(sale: Sale, kind: str, amounts: Mapping[tuple[str, str], int]) -> Statement:
    booked = {whose: amount for whose, amount in amounts.items() if amount}
    head = (new_id(), f"{kind}:{sale.payment_id}", kind, sale.order_id, sale.payment_id, sale.at)
    accounts, parties = [account for account, _ in booked], [party for _, party in booked]
    return POST, (*head, accounts, parties, ["EUR"] * len(booked), list(booked.values()), *[[None] * len(booked)] * 2)
