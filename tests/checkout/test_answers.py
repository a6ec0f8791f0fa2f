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
    assert placed.pop("order") == placed
    read = await shop.client.get(f"/orders/{placed['id']}", headers={"X-Cart-Token": token})
    assert placed == read.json()
    assert (payment["order_id"], payment["amount"]) == (placed["id"], placed["total"])


async def test_a_checkout_and_an_order_answer_in_one_shape(shop: Shop) -> None:
    """A client of one of them can read the other: the order's own fields, and the order as a whole."""
    item = await shop.item()

    of_cart = (await shop.check_out(await shop.guest_cart(item))).json()
    of_items = (await shop.order(item)).json()

    assert of_cart.keys() == of_items.keys()
    for answer in (of_cart, of_items):
        more = {"order", "payment", "guest_token"}
        assert {name: answer[name] for name in answer.keys() - more} == answer["order"]
        assert answer["payment"]["order_id"] == answer["id"]
    assert of_cart["guest_token"] is None
    assert of_items["guest_token"]


async def test_an_order_names_how_it_is_sent_and_paid(shop: Shop) -> None:
    item = await shop.item()

    placed = (await shop.order(item)).json()
    in_german = await shop.order(item, headers={"Accept-Language": "de"})

    assert (placed["shipping_method"], placed["shipping_method_name"]) == ("standard", "Standard")
    assert (placed["payment_method"], placed["payment_method_name"]) == ("manual", "Bank transfer")
    assert in_german.json()["payment_method_name"] == "Banküberweisung"
