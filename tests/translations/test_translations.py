"""Operators and vendors translate what is theirs to translate, one thing at a time."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from mercat import auth, outbox
from mercat.translations.events import TranslationsChanged
from shopping import Item, Person, Shop

Call = Callable[[httpx2.AsyncClient, Person], Any]


async def put(shop: Shop, person: Person, path: str, texts: dict[str, Any], **more: Any) -> httpx2.Response:
    headers = {**person.headers, **more.pop("headers", {})}
    return await shop.client.put(path, json={"texts": texts, **more}, headers=headers)


async def get(shop: Shop, person: Person, path: str, **params: Any) -> httpx2.Response:
    return await shop.client.get(path, headers=person.headers, params=params)


def of(item: Item, locale: str = "") -> str:
    return f"/products/{item.product_id}/translations" + (f"/{locale}" if locale else "")


async def kept(shop: Shop) -> list[tuple[Any, ...]]:
    texts = await shop.rows("SELECT kind, key, locale, texts, version FROM translations ORDER BY 1, 2, 3")
    slugs = await shop.rows("SELECT kind, key, locale, slug, is_current FROM translated_slugs ORDER BY 1, 2, 3, 4")
    events = await shop.rows("SELECT count(*) FROM events WHERE name = %s", TranslationsChanged.name)
    log = await shop.rows("SELECT count(*) FROM audit_log WHERE action LIKE '%%.translated'")
    return [*texts, *slugs, *events, *log]


async def test_an_operator_translates_a_product(shop: Shop) -> None:
    admin, mug = await shop.admin(), await shop.item(name="Stoneware mug")

    before = await get(shop, admin, of(mug, "de"))
    assert before.status_code == 200
    assert before.json()["fields"]["name"] == {
        "source": "Stoneware mug", "text": None, "outdated": False, "html": False, "longest": 255
    }  # fmt: skip
    assert (before.json()["version"], before.json()["missing"], before.json()["updated_at"]) == (0, 1, None)

    texts = {"name": " Steingutbecher ", "description_html": "<p>Gut<script>x()</script></p>", "seo_title": ""}
    made = await put(shop, admin, of(mug, "de"), texts)

    assert made.status_code == 200, made.text
    shown = made.json()
    assert shown["slug"] == "steingutbecher"
    assert shown["fields"]["name"]["text"] == "Steingutbecher"
    assert shown["fields"]["description_html"] == {
        "source": "", "text": "<p>Gut</p>", "outdated": False, "html": True, "longest": 50_000
    }  # fmt: skip
    assert shown["fields"]["seo_title"]["text"] is None
    assert (shown["version"], shown["missing"], shown["outdated"]) == (1, 0, 0)
    again = await get(shop, admin, of(mug, "DE"))
    assert again.json() == shown
    assert again.headers["etag"] == made.headers["etag"]
    listed = (await get(shop, admin, of(mug))).json()["items"]
    assert [(one["locale"], one["translated"], one["missing"]) for one in listed] == [
        ("de", 1, 0), ("de-AT", 0, 1), ("fr", 0, 1)
    ]  # fmt: skip
    [(event,)] = await shop.rows("SELECT payload FROM events WHERE name = %s", TranslationsChanged.name)
    assert event == {"kind": "product", "keys": [mug.product_id], "locales": ["de"]}
    [(action, target, changes)] = await shop.rows(
        "SELECT action, target_id::text, changes FROM audit_log WHERE action LIKE '%%.translated'"
    )
    assert (action, target) == ("product.translated", mug.product_id)
    assert changes["slug.de"] == {"before": None, "after": "steingutbecher"}
    assert changes["texts.de"]["after"] == {"name": "Steingutbecher", "description_html": "<p>Gut</p>"}


async def test_putting_the_same_again_changes_nothing(shop: Shop) -> None:
    admin, mug = await shop.admin(), await shop.item()
    made = await put(shop, admin, of(mug, "de"), {"name": "Becher"})
    before = await kept(shop)

    again = await put(shop, admin, of(mug, "de"), {"name": "Becher"})

    assert again.json() == made.json()
    assert await kept(shop) == before
    assert (await put(shop, admin, of(mug, "fr"), {})).json()["version"] == 0
    assert await kept(shop) == before


async def test_a_put_replaces_and_a_new_source_makes_it_outdated(shop: Shop) -> None:
    admin, mug = await shop.admin(), await shop.item(name="Mug")
    await put(shop, admin, of(mug, "de"), {"name": "Becher", "seo_title": "Becher kaufen"})

    edited = await put(shop, admin, of(mug, "de"), {"name": "Tasse"})
    assert (edited.json()["fields"]["seo_title"]["text"], edited.json()["slug"]) == (None, "becher")

    await shop.client.patch(f"/products/{mug.product_id}", json={"name": "Cup"}, headers=admin.headers)
    shown = (await get(shop, admin, of(mug, "de"))).json()
    assert shown["fields"]["name"] | {"longest": 0} == {
        "source": "Cup", "text": "Tasse", "outdated": True, "html": False, "longest": 0
    }  # fmt: skip
    assert shown["outdated"] == 1
    confirmed = await put(shop, admin, of(mug, "de"), {"name": "Tasse"})
    assert (confirmed.json()["outdated"], confirmed.json()["version"]) == (0, 3)


async def test_deleting_removes_the_texts_and_keeps_the_slug_reserved(shop: Shop) -> None:
    admin, mug, other = await shop.admin(), await shop.item(), await shop.item()
    await put(shop, admin, of(mug, "de"), {"name": "Becher"})

    stale = await shop.client.delete(of(mug, "de"), headers={**admin.headers, "If-Match": '"stale"'})
    assert stale.status_code == 412
    assert (await shop.client.delete(of(mug, "de"), headers=admin.headers)).status_code == 204

    assert (await get(shop, admin, of(mug, "de"))).json()["version"] == 0
    taken = await put(shop, admin, of(other, "de"), {"name": "Becher"})
    assert taken.json()["slug"] == "becher-2"
    assert (await put(shop, admin, of(mug, "de"), {"name": "Becher"})).json()["slug"] == "becher"


async def test_slugs_follow_the_source_s_rules(shop: Shop) -> None:
    admin, mug = await shop.admin(), await shop.item(name="Mug")
    other = await shop.item(name="Größe 5")  # whose own slug is grosse-5

    assert (await put(shop, admin, of(mug, "de"), {"name": "Größe 5"})).json()["slug"] == "grosse-5-2"
    taken = await put(shop, admin, of(mug, "fr"), {"name": "Tasse"}, slug=other.slug)
    assert (taken.status_code, taken.json()["code"]) == (409, "translations.slug_taken")
    for slug in ("search", "0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c55"):
        assert (await put(shop, admin, of(mug, "fr"), {}, slug=slug)).status_code == 409
    for slug in ("Ä", "a b", "a--b", "", "a" * 201):
        assert (await put(shop, admin, of(mug, "fr"), {}, slug=slug)).status_code == 422
    asked = await put(shop, admin, of(mug, "fr"), {"name": "日本"}, slug="tasse")
    assert asked.json()["slug"] == "tasse"
    assert (await put(shop, admin, of(mug, "fr"), {"name": "日本"}, slug="tasse-bleue")).json()["slug"] == "tasse-bleue"
    former = await shop.rows("SELECT slug, is_current FROM translated_slugs WHERE locale = 'fr' ORDER BY slug")
    assert former == [("tasse", False), ("tasse-bleue", True)]
    inherited = await put(shop, admin, of(other, "de-AT"), {"name": "Grosse 5 2"})
    assert inherited.json()["slug"] == "grosse-5-2-2"  # a reader in Austria would find the other's German one


@pytest.mark.parametrize("kind", ["product", "category"])
async def test_two_things_called_alike_at_the_same_moment_get_two_slugs(shop: Shop, kind: str) -> None:
    admin = await shop.admin()
    if kind == "product":
        paths = [of(await shop.item(name=f"Mug {n}"), "de") for n in range(6)]
    else:
        answers = [
            await shop.client.post("/products/categories", json={"name": f"C {n}"}, headers=admin.headers)
            for n in range(6)
        ]
        paths = [f"/categories/{answer.json()['id']}/translations/de" for answer in answers]

    made = await asyncio.gather(*(put(shop, admin, path, {"name": "Becher"}) for path in paths))

    assert [answer.status_code for answer in made] == [200] * 6
    assert {answer.json()["slug"] for answer in made} == {"becher", *(f"becher-{n}" for n in range(2, 7))}


async def test_of_two_that_ask_for_one_slug_at_the_same_moment_one_gets_it(shop: Shop) -> None:
    admin = await shop.admin()
    paths = [of(await shop.item(name=f"Mug {n}"), "de") for n in range(4)]

    made = await asyncio.gather(*(put(shop, admin, path, {"name": "Becher"}, slug="becher") for path in paths))

    assert sorted(answer.status_code for answer in made) == [200, 409, 409, 409]
    assert await shop.rows("SELECT count(*) FROM translations") == [(1,)]


async def test_edits_at_the_same_moment_are_made_one_after_the_other(shop: Shop) -> None:
    admin, mug = await shop.admin(), await shop.item()
    etag = (await get(shop, admin, of(mug, "de"))).headers["etag"]

    made = await asyncio.gather(
        *(put(shop, admin, of(mug, "de"), {"name": f"Becher {n}"}, headers={"If-Match": etag}) for n in range(5))
    )

    assert sorted(answer.status_code for answer in made) == [200, 412, 412, 412, 412]
    assert await shop.rows("SELECT version FROM translations") == [(1,)]


@pytest.mark.parametrize(
    "locale", ["en", "EN", "it", "de-CH", "english", "xx-", "d\u0435", "..", "de%00", "x" * 36, "1"]
)
async def test_hostile_languages_are_refused(shop: Shop, locale: str) -> None:
    admin, mug = await shop.admin(), await shop.item()
    before = await kept(shop)

    made = await put(shop, admin, of(mug) + f"/{locale}", {"name": "Becher"})

    assert made.status_code in ({404, 422} if locale == ".." else {422}), made.text
    assert await kept(shop) == before


@pytest.mark.parametrize(
    ("texts", "field"),
    [
        ({"name": "x" * 256}, "texts.name"),
        ({"name": "two\nlines"}, "texts.name"),
        ({"name": "Becher", "price": "1"}, "texts.price"),
        ({"alt.0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c55": "Bild"}, "texts.alt.0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c55"),
        ({"alt.": "Bild"}, "texts.alt."),
        ({"seo_description": "x" * 1001}, "texts.seo_description"),
        ({"name": 7}, "texts.name"),
        ({"n" * 2000: "x"}, None),
    ],
)
async def test_texts_that_do_not_fit_are_refused_and_nothing_changes(
    shop: Shop, texts: dict[str, Any], field: str | None
) -> None:
    admin, mug = await shop.admin(), await shop.item()
    before = await kept(shop)

    made = await put(shop, admin, of(mug, "de"), texts)

    assert made.status_code == 422
    assert field is None or [error["field"] for error in made.json()["errors"]] == [field]
    assert await kept(shop) == before


async def test_others_cannot_translate_what_is_not_theirs(shop: Shop) -> None:
    kiln, vendor_id = await shop.seller("north-kiln")
    stranger, other_id = await shop.seller("loom")
    buyer = await shop.buyer()
    mug = await shop.item(vendor="north-kiln")
    admin = await shop.admin()
    made = await shop.client.post("/products/categories", json={"name": "Kitchen"}, headers=admin.headers)
    category = f"/categories/{made.json()['id']}/translations/de"
    await put(shop, kiln, of(mug, "de"), {"name": "Becher"})
    before = await kept(shop)

    for person, path, status in (
        (stranger, of(mug, "de"), 404),
        (stranger, f"/vendors/{vendor_id}/translations/de", 404),
        (stranger, category, 404),
        (kiln, category, 404),
        (kiln, f"/vendors/{other_id}/translations/de", 404),
        (buyer, of(mug, "de"), 403),
        (buyer, category, 403),
        (admin, of(mug, "de").replace(mug.product_id, vendor_id.hex), 404),
        (admin, of(mug, "de").replace(mug.product_id, str(vendor_id)), 404),
    ):
        texts = {"tagline": "Hallo"} if "/vendors/" in path else {"name": "Anders"}
        assert (await put(shop, person, path, texts)).status_code == status, path
        assert (await get(shop, person, path)).status_code == status
        assert (await get(shop, person, path.removesuffix("/de"))).status_code == status
        assert (await shop.client.delete(path, headers=person.headers)).status_code == status
    assert (await shop.client.put(of(mug, "de"), json={"texts": {}})).status_code == 401
    assert await kept(shop) == before
    own = await put(shop, kiln, f"/vendors/{vendor_id}/translations/de", {"tagline": "Keramik aus dem Norden"})
    assert own.status_code == 200


async def test_a_vendor_s_staff_translates_products_but_not_the_profile(shop: Shop) -> None:
    _, vendor_id = await shop.seller("north-kiln")
    clerk = await shop.person(auth.Role.vendor)
    await shop.rows(
        "INSERT INTO vendor_members (vendor_id, user_id, role) VALUES (%s, %s, 'staff') RETURNING 1",
        vendor_id,
        clerk.id,
    )
    mug = await shop.item(vendor="north-kiln")

    assert (await put(shop, clerk, of(mug, "de"), {"name": "Becher"})).status_code == 200
    assert (await put(shop, clerk, f"/vendors/{vendor_id}/translations/de", {"tagline": "x"})).status_code == 404


async def test_a_suspended_vendor_translates_no_products(shop: Shop) -> None:
    kiln, vendor_id = await shop.seller("north-kiln")
    mug = await shop.item(vendor="north-kiln")
    await shop.rows("UPDATE vendors SET status = 'suspended' WHERE id = %s RETURNING 1", vendor_id)
    before = await kept(shop)

    refused = await put(shop, kiln, of(mug, "de"), {"name": "Becher"})

    assert refused.json()["code"] == "vendors.suspended"
    assert await kept(shop) == before
    assert (await put(shop, await shop.admin(), of(mug, "de"), {"name": "Becher"})).status_code == 200


async def test_attributes_are_translated_once_for_all_products(shop: Shop) -> None:
    admin = await shop.admin()
    for name, size in (("Mug", "Größe"), ("Cup", "GRÖSSE")):
        body = {
            "name": name, "price": "1", "attributes": {"Material / Stoff": "Clay"},
            "variants": [{"options": {size: "L"}}, {"options": {size: "M"}}],
        }  # fmt: skip
        assert (await shop.client.post("/products", json=body, headers=admin.headers)).status_code == 201

    shown = await get(shop, admin, "/attributes/größe/translations/fr")
    assert {name: field["source"] for name, field in shown.json()["fields"].items()} == {
        "name": "GRÖSSE", "values.L": "L", "values.M": "M"
    }  # fmt: skip
    made = await put(shop, admin, "/attributes/Grösse/translations/fr", {"name": "Taille", "values.L": "Grand"})
    assert (made.json()["key"], made.json()["missing"], made.json()["slug"]) == ("grösse", 1, None)
    path = "/attributes/Material / Stoff/translations/de"
    assert (await put(shop, admin, path, {"name": "Stoff", "values.Clay": "Ton"})).status_code == 200
    assert (await put(shop, admin, path, {"name": "Stoff"}, slug="stoff")).status_code == 422
    assert (await put(shop, admin, path, {"values.Glass": "Glas"})).status_code == 422
    assert (await get(shop, admin, "/attributes/nothing/translations/de")).status_code == 404
    kiln, _ = await shop.seller("north-kiln")
    assert (await put(shop, kiln, path, {"name": "Meins"})).status_code == 404


async def test_every_kind_has_its_routes(shop: Shop) -> None:
    admin = await shop.admin()
    body = {"name": "Mug", "price": "1", "brand": "Kiln"}
    await shop.client.post("/products", json=body, headers=admin.headers)
    [(brand,)] = await shop.rows("SELECT id FROM brands")
    zone = {"name": "Austria", "areas": [{"country": "AT"}]}
    zone_id = (await shop.client.post("/shipping/zones", json=zone, headers=admin.headers)).json()["id"]
    method = {"code": "express", "name": "Express", "basis": "flat", "price": "9.90"}
    sent = await shop.client.post(f"/shipping/zones/{zone_id}/methods", json=method, headers=admin.headers)

    for path in (f"/brands/{brand}/translations", f"/shipping/methods/{sent.json()['id']}/translations"):
        made = await put(shop, admin, f"{path}/de", {"name": "Eilig"})
        assert made.json()["fields"]["name"]["text"] == "Eilig", made.text
        assert [one["missing"] for one in (await get(shop, admin, path)).json()["items"]] == [0, 1, 1]


async def test_what_is_purged_leaves_no_translation_and_what_is_deleted_keeps_it(shop: Shop) -> None:
    admin, mug = await shop.admin(), await shop.item()
    await put(shop, admin, of(mug, "de"), {"name": "Becher"})

    await shop.client.delete(f"/products/{mug.product_id}", headers=admin.headers)
    assert (await get(shop, admin, of(mug, "de"))).status_code == 404
    await shop.client.post(f"/products/{mug.product_id}/restore", headers=admin.headers)
    assert (await get(shop, admin, of(mug, "de"))).json()["slug"] == "becher"
    await shop.client.delete(f"/products/{mug.product_id}", headers=admin.headers)
    await shop.client.delete(f"/products/{mug.product_id}/purge", headers=admin.headers)

    assert await shop.rows("SELECT FROM translations") == await shop.rows("SELECT FROM translated_slugs") == []


async def test_a_translation_and_a_purge_at_the_same_moment_leave_nothing_behind(shop: Shop) -> None:
    admin = await shop.admin()
    for _ in range(5):
        mug = await shop.item()
        await shop.client.delete(f"/products/{mug.product_id}", headers=admin.headers)
        await shop.rows("UPDATE products SET deleted_at = NULL WHERE id = %s RETURNING 1", mug.product_id)

        async def purge(mug: Item = mug) -> None:
            await shop.client.delete(f"/products/{mug.product_id}", headers=admin.headers)
            await shop.client.delete(f"/products/{mug.product_id}/purge", headers=admin.headers)

        await asyncio.gather(purge(), *(put(shop, admin, of(mug, "de"), {"name": f"Becher {n}"}) for n in range(4)))

    assert await shop.rows("SELECT FROM products") == []
    assert await shop.rows("SELECT FROM translations") == await shop.rows("SELECT FROM translated_slugs") == []


async def test_missing_texts_are_listed_by_cursor(shop: Shop) -> None:
    admin = await shop.admin()
    kiln, _ = await shop.seller("north-kiln")
    mugs = [await shop.item(name=f"Mug {n}", vendor="north-kiln" if n else None) for n in range(3)]
    await put(shop, admin, of(mugs[0], "de"), {"name": "Becher 0"})
    await shop.client.patch(f"/products/{mugs[0].product_id}", json={"name": "Mug X"}, headers=admin.headers)
    await put(shop, admin, of(mugs[1], "de"), {"name": "Becher 1"})

    async def listed(person: Person, **params: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor: str | None = ""
        while cursor is not None:
            answer = await get(shop, person, "/translations/missing", cursor=cursor, limit=2, **params)
            assert answer.status_code == 200, answer.text
            found += answer.json()["items"]
            cursor = answer.json()["next_cursor"]
        return found

    told = [(one["key"], one["locale"], one["outdated"]) for one in await listed(admin, kind="product")]
    ids = [mug.product_id for mug in mugs]
    assert told == [
        (ids[0], "de", True), (ids[0], "fr", False), (ids[1], "fr", False),
        (ids[2], "de", False), (ids[2], "de-AT", False), (ids[2], "fr", False),
    ]  # fmt: skip
    assert [one["key"] for one in await listed(kiln, kind="product", locale="de")] == [ids[2]]
    assert {one["kind"] for one in await listed(admin)} == {"product"}
    summary = (await get(shop, kiln, "/translations/summary")).json()["items"]
    of_products = [one for one in summary if one["kind"] == "product"]
    assert [(one["locale"], one["texts"], one["translated"], one["missing"]) for one in of_products] == [
        ("de", 2, 1, 1), ("de-AT", 2, 1, 1), ("fr", 2, 0, 2)
    ]  # fmt: skip
    assert {one["kind"] for one in summary} == {"post", "product", "vendor"}
    whole = (await get(shop, admin, "/translations/summary")).json()["items"]
    assert [(one["texts"], one["outdated"]) for one in whole if (one["kind"], one["locale"]) == ("product", "de")] == [
        (3, 1)
    ]


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"locale": "it"}, 422), ({"kind": "nothing"}, 422), ({"cursor": "x"}, 422), ({"limit": 0}, 422),
        ({"cursor": "WyJtaXNzaW5nIiwicHJvZHVjdCIsIngiLCJ5IiwieiJd"}, 422), ({"locale": "de"}, 200),
    ],
)  # fmt: skip
async def test_lists_refuse_what_they_do_not_know(shop: Shop, params: dict[str, Any], status: int) -> None:
    assert (await get(shop, await shop.admin(), "/translations/missing", **params)).status_code == status


async def test_with_one_language_there_is_nothing_to_translate(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_LOCALES", "en")
    admin, mug = await shop.admin(), await shop.item()

    assert (await get(shop, admin, of(mug))).json()["items"] == []
    assert (await get(shop, admin, "/translations/missing")).json() == {"items": [], "next_cursor": None}
    assert (await get(shop, admin, "/translations/summary")).json()["items"] == []
    assert (await put(shop, admin, of(mug, "de"), {"name": "x"})).status_code == 422


def test_the_event_can_be_read_again() -> None:
    assert outbox.DomainEvent.by_name["translations.changed"] is TranslationsChanged
