"""What people keep an eye on, and what they wrote about, is named in their language, in lists and in mail."""

import pytest

from letters import Mailbox
from reviews.reviewing import owner_of, say
from saved_items.test_alerts import look, reprice, restock, told, watch
from shopping import Item, Person, Shop
from translating import translate

GERMAN = {"Accept-Language": "de"}


@pytest.fixture(autouse=True)
def _languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_LOCALES", "en,de,fr")


async def mug(shop: Shop, *, stock: int = 3, vendor: str | None = None) -> Item:
    item = await shop.item(name="Mug", price="18.50", stock=stock, vendor=vendor)
    await translate(shop, "product", item.product_id, "de", {"name": "Becher"})
    return item


async def reads(shop: Shop, person: Person, locale: str) -> None:
    changed = await shop.client.patch("/users/me", json={"locale": locale}, headers=person.headers)
    assert changed.status_code == 200, changed.text


async def test_mail_about_alerts_names_the_product_in_the_language_of_its_reader(shop: Shop, mailbox: Mailbox) -> None:
    cheaper, back = await mug(shop), await mug(shop, stock=0)
    german, french = await shop.person(), await shop.person()
    await reads(shop, german, "de")
    await reads(shop, french, "fr")
    for person in (german, french):
        for item, kind in ((cheaper, "price_drop"), (back, "back_in_stock")):
            assert (await watch(shop, person, item, kind)).status_code == 201
    await mailbox.letters()

    await reprice(shop, cheaper, "9.00")
    await restock(shop, back, 5)
    await look(shop)
    letters = await mailbox.letters()

    for person, name, other in ((german, "Becher", "Mug"), (french, "Mug", "Becher")):  # not translated into French
        own = [letter for letter in letters if letter.to == person.email]
        assert len(own) == 2
        for letter in own:
            assert name in letter.subject
            for body in (letter.text, letter.html):
                assert name in body
                assert other not in body


async def test_mail_about_an_alert_names_the_variant_in_the_language_of_its_reader(
    shop: Shop, mailbox: Mailbox
) -> None:
    options = [{"options": {"Colour": colour}, "stock_quantity": 3} for colour in ("Grey", "Blue")]
    body = {"name": "Mug", "price": "18.50", "options": [{"name": "Colour"}], "variants": options}
    made = (await shop.client.post("/products", json=body, headers=(await shop.admin()).headers)).json()
    await translate(shop, "attribute", "colour", "de", {"values.Blue": "Blau"})
    item = Item(made["id"], made["variants"][1]["id"], made["slug"])
    ada = await shop.person()
    await reads(shop, ada, "de")
    assert (await watch(shop, ada, item, "price_drop", variant_id=item.variant_id)).status_code == 201
    admin = await shop.admin()
    variants = [{"id": one["id"], "options": one["options"], "price": "9.00"} for one in made["variants"]]
    cheaper = {"options": [{"name": "Colour"}], "variants": variants}
    changed = await shop.client.patch(f"/products/{item.product_id}", json=cheaper, headers=admin.headers)
    assert changed.status_code == 200, changed.text

    await look(shop)
    (letter,) = await told(mailbox, ada)

    assert "Blau" in letter.text
    assert "Blue" not in letter.text


async def test_lists_are_in_the_language_of_their_reader(shop: Shop) -> None:
    item, ada = await mug(shop), await shop.person()
    assert (await watch(shop, ada, item, "price_drop")).status_code == 201
    assert (await shop.client.post(f"/products/{item.product_id}/views", headers=ada.headers)).status_code == 204
    wish = {"product_id": item.product_id, "variant_id": item.variant_id}
    lists = "/users/me/wishlists/default"
    assert (await shop.client.post(f"{lists}/items", json=wish, headers=ada.headers)).status_code == 201
    token = (await shop.client.post(f"{lists}/share", headers=ada.headers)).json()["token"]

    for path in (lists, f"/wishlists/shared/{token}", "/users/me/recently-viewed", "/users/me/alerts"):
        for headers, query, language, name in (
            (GERMAN, "", "de", "Becher"),
            ({}, "?locale=de", "de", "Becher"),
            ({}, "", "en", "Mug"),
            ({"Accept-Language": "fr"}, "", "fr", "Mug"),
        ):
            read = await shop.client.get(f"{path}{query}", headers={**ada.headers, **headers})
            assert read.status_code == 200, read.text
            [shown] = read.json()["items"]
            assert (shown["product"]["name"], read.headers["content-language"]) == (name, language), path
        assert (await shop.client.get(f"{path}?locale=xx", headers=ada.headers)).status_code == 422


async def test_reviews_name_the_product_to_their_author_and_to_the_vendor(shop: Shop, mailbox: Mailbox) -> None:
    seller, _ = await shop.seller("clay")
    await reads(shop, seller, "de")
    item = await mug(shop, vendor="clay")
    ada = await owner_of(shop, item)
    await reads(shop, ada, "de")
    await mailbox.letters()
    written = await say(shop, Person(ada.id, ada.email, {**ada.headers, **GERMAN}), item)
    assert written.json()["product"]["name"] == "Becher"
    own = await shop.client.get("/users/me/reviews", headers={**ada.headers, **GERMAN})
    assert own.json()["items"][0]["product"]["name"] == "Becher"
    of_vendor = await shop.client.get("/vendor/reviews", headers={**seller.headers, **GERMAN})
    assert of_vendor.json()["items"][0]["product"]["name"] == "Mug"

    to_vendor = await mailbox.only(seller.email)
    assert "Mug" in to_vendor.subject
    assert "Becher" not in to_vendor.text
    reply = {"body": "Danke!"}
    path = f"/vendor/reviews/{written.json()['id']}/reply"
    assert (await shop.client.put(path, json=reply, headers=seller.headers)).status_code == 200
    answered = await mailbox.only(ada.email)
    assert "Becher" in answered.text
    assert "Mug" not in answered.text
