"""Whatever can be translated is shown to readers: each text of each kind, in a public answer."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

import pytest

from blogging import author, written
from mercat.translations.kinds import kind_called, kinds
from pricing.operating import made, method, operate
from shopping import Shop

PICTURE = "https://pictures.example/mug.jpg"


@dataclass(frozen=True)
class Shown:
    """A thing that was made: its key, its fields that have a text, and the public answers that show them."""

    key: str
    fields: tuple[str, ...]
    paths: tuple[str, ...]
    headers: Mapping[str, str] = field(default_factory=dict)


async def product(shop: Shop) -> Shown:
    body = {
        "name": "Mug", "price": "12.00", "description": "<p>Fired twice.</p>",
        "seo": {"title": "Mugs", "description": "Mugs of clay"}, "images": [{"url": PICTURE, "alt": "A mug"}],
    }  # fmt: skip
    mug = await made(shop, "/products", body)
    fields = ("name", "description_html", "seo_title", "seo_description", f"alt.{mug['images'][0]['id']}")
    return Shown(mug["id"], fields, (f"/products/{mug['id']}",))


async def category(shop: Shop) -> Shown:
    cups = await made(shop, "/products/categories", {"name": "Cups"})
    mug = await made(shop, "/products", {"name": "Mug", "price": "12.00", "category_id": cups["id"]})
    return Shown(cups["id"], ("name",), ("/products/categories", f"/products/{mug['id']}"))


async def brand(shop: Shop) -> Shown:
    mug = await made(shop, "/products", {"name": "Mug", "price": "12.00", "brand": "Kiln"})
    return Shown(mug["brand"]["id"], ("name",), (f"/products/{mug['id']}",))


async def attribute(shop: Shop) -> Shown:
    """An option of variants; a property of products is translated by the same words."""
    options = {"options": [{"name": "Colour"}], "variants": [{"options": {"Colour": "Grey"}}]}
    bowl = await made(shop, "/products", {"name": "Bowl", "price": "12.00", **options})
    vase = await made(shop, "/products", {"name": "Vase", "price": "12.00", "attributes": {"Colour": "Grey"}})
    return Shown("colour", ("name", "values.Grey"), (f"/products/{bowl['id']}", f"/products/{vase['id']}"))


async def vendor(shop: Shop) -> Shown:
    _, vendor_id = await shop.seller("north-kiln")
    fields = ("tagline", "description", "returns_policy", "shipping_policy", "privacy_policy", "imprint")
    texts = ", ".join(f"{name} = 'English'" for name in fields)
    await shop.rows(f"UPDATE vendors SET {texts} RETURNING 1")
    return Shown(str(vendor_id), fields, ("/vendors/north-kiln",))


async def shipping_method(shop: Shop) -> Shown:
    britain = await made(shop, "/shipping/zones", {"name": "Britain", "areas": [{"country": "GB"}]})
    post = await method(shop, britain, "post", "4.00")
    cart = await shop.guest_cart(await shop.item())
    return Shown(post["id"], ("name",), ("/cart/shipping-methods?country=GB",), cart)


async def post(shop: Shop) -> Shown:
    told = await written(shop, await author(shop), "Stoneware")
    return Shown(told["id"], ("title", "content"), (f"/posts/{told['id']}", "/posts"))


async def page(shop: Shop) -> Shown:
    await made(shop, "/pages", {"slug": "terms", "title": "Terms", "content": "Be kind."})
    return Shown("terms", ("title", "content"), ("/pages/terms",))


async def menu(shop: Shop) -> Shown:
    items = [{"label": "Terms", "kind": "page", "target": "terms"}]
    assert (await operate(shop, "PUT", "/menus/footer", {"items": items})).is_success
    return Shown("footer", ("labels.Terms",), ("/menus/footer",))


SHOWN: dict[str, Callable[[Shop], Awaitable[Shown]]] = {
    "attribute": attribute,
    "brand": brand,
    "category": category,
    "menu": menu,
    "page": page,
    "post": post,
    "product": product,
    "shipping_method": shipping_method,
    "vendor": vendor,
}
"""Kind -> what makes one and says where readers see it. A new kind needs an entry, or nobody reads its translations."""


def test_each_kind_of_text_is_shown_somewhere() -> None:
    assert sorted(SHOWN) == [kind.name for kind in kinds()]


@pytest.mark.parametrize("name", sorted(SHOWN))
async def test_each_text_of_a_kind_is_shown_to_readers_of_its_language(shop: Shop, name: str) -> None:
    kind = kind_called(name)
    assert kind is not None
    shown = await SHOWN[name](shop)
    unseen = {pattern for pattern in kind.fields if not any(fnmatchcase(one, pattern) for one in shown.fields)}
    assert unseen == set(), "texts without a public answer that is known to show them"
    german = {one: f"Deutsch{place}" for place, one in enumerate(shown.fields)}

    told = await operate(shop, "PUT", f"{kind.path}/{shown.key}/translations/de", {"texts": german})
    assert told.status_code == 200, told.text
    await shop.handle_events()

    read = {"de": "", "de-AT": "", "en": "", "fr": ""}
    for locale in read:
        for path in shown.paths:
            at = f"{path}{'&' if '?' in path else '?'}locale={locale}"
            answer = await shop.client.get(at, headers=shown.headers)
            assert answer.status_code == 200, answer.text
            assert answer.headers["content-language"] == locale
            assert any(text in answer.text for text in german.values()) == locale.startswith("de"), at
            read[locale] += answer.text
    for one, text in german.items():
        assert [locale for locale, answer in read.items() if text in answer] == ["de", "de-AT"], one
