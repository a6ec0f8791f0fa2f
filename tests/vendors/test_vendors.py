"""The shops of the marketplace over HTTP."""

from uuid import uuid4

from mercat import vendors
from mercat.auth import Actor
from shopping import Shop


async def make(shop: Shop, *slugs: str) -> list[str]:
    async with shop.database.transaction() as session:
        return [
            str(await vendors.ensure(session, Actor.system(), slug, slug.title(), tagline=f"We are {slug}"))
            for slug in slugs
        ]


async def test_a_shop_is_read_by_id_and_by_slug(shop: Shop) -> None:
    [vendor_id] = await make(shop, "north-kiln")

    answers = [await shop.client.get(f"/vendors/{name}") for name in (vendor_id, vendor_id.upper(), "north-kiln")]

    assert {answer.status_code for answer in answers} == {200}
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert answers[0].json() == {
        "id": vendor_id,
        "slug": "north-kiln",
        "name": "North-Kiln",
        "tagline": "We are north-kiln",
        "description": "",
        "logo": None,
        "banner": None,
        "contact_email": "",
        "website": None,
        "policies": {"returns": "", "shipping": "", "privacy": "", "imprint": ""},
        "product_count": 0,
    }


async def test_what_is_no_shop_is_a_404(shop: Shop) -> None:
    await make(shop, "north-kiln")

    for name in ("south-mill", str(uuid4()), "NORTH-KILN", "0", "%F0%9F%98%80", "x" * 255):
        answer = await shop.client.get(f"/vendors/{name}")
        assert (answer.status_code, answer.json()["code"]) == (404, "request.not_found"), name


async def test_shops_are_listed_by_name_and_paged(shop: Shop) -> None:
    await make(shop, "delta", "alpha", "charlie", "bravo", "echo")
    await shop.rows("UPDATE vendors SET name = 'echo' WHERE slug = 'echo' RETURNING id")
    # equal names must not make a page repeat or lose one
    await shop.rows("UPDATE vendors SET name = 'Same' WHERE slug IN ('alpha', 'bravo', 'charlie') RETURNING id")

    pages = [(await shop.client.get(f"/vendors?page={page}&size=2")).json() for page in (1, 2, 3, 4)]

    names = [item["name"] for page in pages for item in page["items"]]
    assert names == ["Delta", "echo", "Same", "Same", "Same"]
    assert len({item["id"] for page in pages for item in page["items"]}) == 5
    assert [len(page["items"]) for page in pages] == [2, 2, 1, 0]
    assert {(page["total"], page["pages"], page["size"]) for page in pages} == {(5, 3, 2)}


async def test_what_the_list_cannot_be_asked_is_refused(shop: Shop) -> None:
    for query in ("page=0", "size=0", "size=101", "page=1000000000", "page=x", "page=1.0", "q=kiln", "page=1_0"):
        assert (await shop.client.get(f"/vendors?{query}")).status_code == 422, query


async def test_a_suspended_shop_is_hidden(shop: Shop) -> None:
    vendor_id, other = await make(shop, "north-kiln", "south-mill")
    await shop.rows("UPDATE vendors SET status = 'suspended' WHERE slug = 'north-kiln' RETURNING id")

    listed = (await shop.client.get("/vendors")).json()

    assert ([item["id"] for item in listed["items"]], listed["total"]) == ([other], 1)
    for name in (vendor_id, "north-kiln"):
        assert (await shop.client.get(f"/vendors/{name}")).status_code == 404


async def test_a_suspended_shop_sells_nothing_new(shop: Shop) -> None:
    seller, _ = await shop.seller("north-kiln")
    await shop.rows("UPDATE vendors SET status = 'suspended' RETURNING id")

    made = await shop.client.post("/products", json={"name": "Mug", "price": "1"}, headers=seller.headers)

    assert (made.status_code, made.json()["code"]) == (409, "vendors.suspended")
    assert (await shop.client.get("/products")).json()["total"] == 0
    assert (await shop.client.get("/products/mug")).status_code == 404


async def test_making_a_shop_again_changes_nothing(shop: Shop) -> None:
    first = await make(shop, "north-kiln")
    async with shop.database.transaction() as session:
        again = await vendors.ensure(session, Actor.system(), "north-kiln", "Another name", tagline="Another")
        person = (await shop.buyer()).id
        for role in ("owner", "staff"):
            await vendors.add_member(session, Actor.system(), again, person, role)

    assert [str(again)] == first
    assert (await shop.client.get("/vendors/north-kiln")).json()["name"] == "North-Kiln"
    assert await shop.rows("SELECT role FROM vendor_members") == [("owner",)]


async def test_cards_leave_out_what_is_unknown(shop: Shop) -> None:
    [vendor_id] = await make(shop, "north-kiln")

    async with shop.database.primary_session() as session:
        found = await vendors.references(session, [uuid4(), uuid4()])
        assert found == {}
        known = await vendors.store_of(session, vendor_id)
    assert known.slug == "north-kiln"


async def test_the_log_tells_when_a_shop_was_made_and_who_joined_it_once_each(shop: Shop) -> None:
    person, _ = await shop.seller("north-kiln")
    async with shop.database.transaction() as session:
        vendor_id = await vendors.ensure(session, Actor.system(), "north-kiln", "Again")
        await vendors.add_member(session, Actor.system(), vendor_id, person.id, "owner")

    told = await shop.rows(
        "SELECT action, target_id, actor, changes FROM audit_log WHERE target_id = %s ORDER BY at", vendor_id
    )
    assert [row[:3] for row in told] == [
        ("vendor.created", vendor_id, "system"),
        ("vendor.member_added", vendor_id, "system"),
    ]
    assert {name: change["after"] for name, change in told[0][3].items()} == {
        "slug": "north-kiln",
        "name": "North-Kiln",
    }
    assert {name: change["after"] for name, change in told[1][3].items()} == {
        "user_id": str(person.id),
        "role": "owner",
    }


async def test_the_marketplace_itself_is_no_shop_among_others(shop: Shop) -> None:
    await shop.seller("north-kiln")
    admin = (await shop.admin()).headers
    own = await shop.client.post("/products", json={"name": "Gift box", "price": "5.00"}, headers=admin)

    listed = (await shop.client.get("/vendors")).json()
    everything = (await shop.client.get("/vendors?status=all", headers=admin)).json()

    assert own.json()["vendor"]["slug"] == "marketplace"
    assert ([one["slug"] for one in listed["items"]], listed["total"]) == (["north-kiln"], 1)
    assert {one["slug"] for one in everything["items"]} == {"north-kiln", "marketplace"}
    assert (await shop.client.get("/vendors/marketplace")).status_code == 200
