"""What a purchase answers is what reading it back shows."""

from shopping import Shop


async def test_the_order_of_a_checkout_is_the_order_that_is_read_afterwards(shop: Shop) -> None:
    cart = await shop.guest_cart(await shop.item())

    answer = (await shop.check_out(cart)).json()

    read = (await shop.client.get(f"/orders/{answer['order']['id']}", headers=cart)).json()
    assert answer["order"] == read
    assert [(move["from"], move["to"]) for move in read["history"]] == [(None, "pending")]


async def test_an_order_without_a_cart_answers_the_same_order_with_its_payment(shop: Shop) -> None:
    placed = (await shop.order(await shop.item())).json()

    payment, token = placed.pop("payment"), placed.pop("guest_token")
    read = await shop.client.get(f"/orders/{placed['id']}", headers={"X-Cart-Token": token})
    assert placed == read.json()
    assert (payment["order_id"], payment["amount"]) == (placed["id"], placed["total"])
