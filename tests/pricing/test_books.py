"""The database holds the line: an order that does not add up cannot be written, whatever the code does."""

import psycopg
import pytest

from pricing.operating import rate
from shopping import Shop


@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE orders SET included_tax_minor = total_minor + 1",
        "UPDATE orders SET discount_minor = subtotal_minor + 1, total_minor = shipping_minor - 1",
        "UPDATE orders SET tax_minor = 1, total_minor = total_minor + 1",
        "UPDATE orders SET prices_include_tax = false",
        "UPDATE vendor_orders SET total_minor = total_minor + 1",
        "UPDATE vendor_orders SET shipping_minor = shipping_minor + 1",
        "UPDATE vendor_orders SET discount_minor = -1, total_minor = total_minor + 1",
        "UPDATE vendor_orders SET shipping_tax_minor = included_tax_minor + 1",
        "UPDATE vendor_orders SET included_tax_minor = total_minor + 1",
        "UPDATE order_items SET discount_minor = line_total_minor + 1",
        "UPDATE order_items SET tax_minor = -1",
    ],
)
async def test_what_does_not_add_up_is_not_written(shop: Shop, wrong: str) -> None:
    await rate(shop, "GB", "0.2")
    assert (await shop.order(await shop.item())).status_code == 201

    with pytest.raises(psycopg.errors.CheckViolation):
        await shop.rows(f"{wrong} RETURNING 1")


async def test_a_use_is_counted_within_the_limit(shop: Shop) -> None:
    fields = "(id, name, code, code_key, kind, applies_to, percent, currency, usage_limit, used_count)"
    values = "gen_random_uuid(), 'x', 'X', 'X', 'percent', 'order', 10, 'EUR', 1"

    for used in (-1, 2):
        with pytest.raises(psycopg.errors.CheckViolation):
            await shop.rows(f"INSERT INTO promotions {fields} VALUES ({values}, {used}) RETURNING 1")
