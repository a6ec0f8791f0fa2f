"""Merge of two carts of one person: what fits, and what is left out."""

from collections.abc import Mapping
from uuid import UUID

from mercat.cart.exceptions import CartFull
from mercat.cart.schemas import MAX_LINES, CartMergeLoss
from mercat.inventory import Availability, InsufficientStock
from mercat.kit.shapes import MOST_UNITS


def merge(
    own: Mapping[UUID, int], brought: Mapping[UUID, int], stock: Mapping[UUID, Availability]
) -> tuple[dict[UUID, int], list[CartMergeLoss]]:
    """Return the new quantities by variant of the merged lines, and what of them is left out.

    Nothing becomes less than it is in one's own cart, and lines of it do not make room for others.
    """
    merged: dict[UUID, int] = {}
    merge_losses: list[CartMergeLoss] = []
    lines = len(own)
    for variant_id, count in brought.items():
        before, requested = own.get(variant_id, 0), own.get(variant_id, 0) + count
        level = stock[variant_id]
        quantity = min(requested, MOST_UNITS)
        if not level.covers(quantity):
            quantity = max(before, level.available)
        full = variant_id not in own and lines >= MAX_LINES
        if quantity and not full:
            merged[variant_id] = quantity
            lines += variant_id not in own
        code = CartFull.code if full else InsufficientStock.code
        kept = 0 if full else quantity
        if full or kept < min(requested, MOST_UNITS):
            merge_losses.append(CartMergeLoss(code=code, variant_id=variant_id, requested=requested, quantity=kept))
    return merged, merge_losses
