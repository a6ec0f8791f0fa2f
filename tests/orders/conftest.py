"""What tests of orders begin with."""

import pytest

from orders.streets import Street
from shopping import Shop


@pytest.fixture
async def street(shop: Shop) -> Street:
    opened = Street(shop)
    await opened.open()
    return opened
