"""Every operation of the API is tried by people whom it does not concern: nothing leaks, nothing changes.

The operations, their parameters and their bodies come from the OpenAPI document. A new operation is tried from its
first day on; one whose path names something that this test does not know fails it, until somebody says whose it is.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

import contract
from invoices.commission_documents import billed_long_ago
from mercat import invoices
from mercat.auth import Actor, Permission, Requires, Role
from mercat.auth.access import Access, KnownOr, OptionalOr
from mercat.kit.ids import new_id
from mercat.orders.events import OrderPaid
from payouts import stories
from pictures import drawn
from shopping import ADDRESS, PASSWORD, Item, Person, Shop

MARK = "Zyxmarker"
"""A word that only the victim's data holds; whoever finds it in an answer has seen what is none of their business."""
SHARED = {"brand_id", "category_id", "image_id", "product_id", "variant_id", "id_or_slug"}
"""What everybody may see and buy; to change it takes a right, which strangers do not have."""
PROMOTION = {"name": MARK, "code": "WELCOME10", "kind": "percent", "percent": "10"}
ZONE = {"name": MARK, "areas": [{"country": "AT"}]}
METHOD = {"code": "express", "name": MARK, "price": "9.90"}
RATE = {"name": MARK, "country": "DE", "rate": "0.19", "valid_from": "2020-01-01T00:00:00Z"}
NAMED = {
    "attribute", "currency_code", "locale", "menu_name", "page_slug", "page_version", "passkey_id", "provider",
    "share_token",
}  # fmt: skip
"""Things that are named, not owned."""
EACH_THEIR_OWN = {Permission.posts_write, Permission.products_sell}
"""Permissions to do something with what is one's own, and with nothing else."""
PORTAL = "/api/v1/vendor/"
NAMING = "another shop's staff who name the victim's"
"""Only in vendor portals, where people of several shops say for which one they act."""
PARAMETER = re.compile(r"{(\w+)}")


@dataclass
class Victim:
    """Somebody with something of everything, and a shop that sold it."""

    person: Person
    ids: dict[str, str] = field(default_factory=dict)


async def told_to_search(shop: Shop) -> dict[str, str]:
    operator = (await shop.admin()).headers
    synonym = await shop.client.post("/search-synonyms", json={"terms": [MARK, "sofa"]}, headers=operator)
    leads = {"query": MARK, "redirect": {"kind": "path", "to": "/help"}}
    rule = await shop.client.post("/search-rules", json=leads, headers=operator)
    return {"synonym_id": synonym.json()["id"], "rule_id": rule.json()["id"]}


async def a_victim(shop: Shop) -> Victim:
    """Make a buyer who has bought, and the shop that sold to them."""
    client = shop.client
    owner, vendor_id = await shop.seller("victims-shop")
    asked = {"email": f"{MARK.lower()}-asked@example.com", "role": "staff", "password": PASSWORD}
    invitation = await client.post("/vendor/invitations", json=asked, headers=owner.headers)
    item = await shop.item(vendor="victims-shop", stock=10)
    person = await shop.person(email=f"{MARK.lower()}@example.com")
    mine = person.headers
    address = {**ADDRESS, "name": MARK, "line1": f"{MARK} Road 7"}
    order = (await shop.order(item, email=person.email, shipping_address=address, headers=mine)).json()
    jobs = (await client.get("/jobs", headers=(await shop.admin()).headers)).json()["items"]
    cart = (await client.post("/cart/add", json={"variant_id": item.variant_id, "quantity": 1}, headers=mine)).json()
    payments = (await client.get("/payments", headers=mine)).json()["items"]
    new_key = {"name": MARK, "scopes": ["self:read"], "password": PASSWORD}
    key = (await client.post("/users/me/api-keys", json=new_key, headers=mine)).json()
    sessions = (await client.get("/users/me/sessions", headers=mine)).json()["items"]
    category = await client.post("/products/categories", json={"name": "Shelf"}, headers=(await shop.admin()).headers)
    operator = (await shop.admin()).headers
    zone = (await client.post("/shipping/zones", json=ZONE, headers=operator)).json()
    sent = await client.post(f"/shipping/zones/{zone['id']}/methods", json=METHOD, headers=operator)
    coupon = await client.post("/promotions", json=PROMOTION, headers=operator)
    rate = await client.post("/taxes/rates", json=RATE, headers=operator)
    card = await client.post("/payments/methods", json={"payment_method_id": "test_approve"}, headers=mine)
    gift_card = await client.post("/gift-cards", json={"amount": "50.00", "note": MARK}, headers=operator)
    kept = await client.post("/users/me/addresses", json=address, headers=mine)
    async with shop.database.transaction() as session:
        await invoices.invoice_order(session, new_id(), OrderPaid(order_id=UUID(order["id"])))
    pictured = {"images": [{"url": "https://elsewhere.example/thing.jpg"}], "brand": "Kiln"}
    shown = (await client.patch(f"/products/{item.product_id}", json=pictured, headers=operator)).json()
    documents = (await client.get(f"/orders/{order['id']}/invoices", headers=mine)).json()["items"]
    # about a link a moderator decides: nobody else sees the words
    words = {"rating": 5, "title": MARK, "body": f"{MARK} likes https://shop.example"}
    review = await client.post(f"/products/{item.product_id}/reviews", json=words, headers=mine)
    photo = {"file": drawn(size=(20, 20))}
    seen_with_it = await client.post(
        f"/reviews/{review.json()['id']}/photos", files=photo, data={"alt": MARK}, headers=mine
    )
    wished = {"product_id": item.product_id, "note": f"{MARK} wants it"}
    await client.post("/users/me/wishlists", json={"name": MARK}, headers=mine)
    wishlist = (await client.post("/users/me/wishlists/default/items", json=wished, headers=mine)).json()
    watched = {"kind": "price_drop", "below": "1.00"}
    alert = await client.post(f"/products/{item.product_id}/alerts", json=watched, headers=mine)
    shelf = await client.post(
        "/vendor/locations", json={"code": "shelf", "name": MARK, "address": MARK}, headers=owner.headers
    )
    set_there = {"location_id": shelf.json()["id"], "on_hand": 3, "note": MARK}
    await client.put(f"/vendor/stock/{item.variant_id}", json=set_there, headers=owner.headers)
    returned, part, shipment = await a_return(shop, item, person)
    payout_id, run_id = await a_payout(shop, vendor_id)
    await shop.rows("UPDATE vendors SET legal_name = %s WHERE id = %s RETURNING id", f"{MARK} Ltd", vendor_id)
    billed = await billed_long_ago(shop, vendor_id)
    feed = {"file": ("products.csv", f"Handle,Title\n{MARK},{MARK}\n".encode(), "text/csv")}
    brought = await client.post("/vendor/imports", files=feed, headers=owner.headers)
    ids = {
        "translation_import_id": await translated(shop, owner),
        "import_id": brought.json()["id"],
        **await a_draft(shop, owner),
        "alert_id": alert.json()["id"],
        "payout_id": payout_id,
        "run_id": run_id,
        "address_id": kept.json()["id"],
        "brand_id": str((await shop.rows("SELECT id FROM brands"))[0][0]),
        "category_id": category.json()["id"],
        "gift_card_id": gift_card.json()["id"],
        "id_or_slug": item.slug,
        "invitation_id": invitation.json()["id"],
        "image_id": shown["images"][0]["id"],
        "invoice_id": documents[0]["id"],
        "commission_invoice_id": str(billed),
        "return_id": returned,
        "vendor_order_id": part,
        "shipment_id": shipment,
        "review_id": review.json()["id"],
        "photo_id": seen_with_it.json()["photos"][0]["id"],
        "location_id": shelf.json()["id"],
        "item_id": cart["items"][0]["id"],
        "job_id": str(jobs[0]["id"]),
        "key_id": key["id"],
        "method_id": sent.json()["id"],
        "promotion_id": coupon.json()["id"],
        "currency_code": "USD",
        "rate_id": rate.json()["id"],
        **await told_to_search(shop),
        "zone_id": zone["id"],
        "order_id": order["id"],
        "payment_id": payments[0]["id"],
        "payment_method_id": card.json()["id"],
        "product_id": item.product_id,
        "session_id": sessions[0]["id"],
        "user_id": str(person.id),
        "variant_id": item.variant_id,
        "vendor_id": str(vendor_id),
        "wishlist_item_id": wishlist["items"][0]["id"],
        "wishlist_id": wishlist["id"],
        # things that are named, not owned
        "page_slug": "secret-plans",
        "page_version": "1",
        "menu_name": "footer",
        "mail_kind": "order_paid",
        "share_token": "nobody-has-this-link",
        "provider": "google",
        "attribute": "size",
        "locale": "de",
        "passkey_id": str(uuid4()),
    }
    return Victim(person, ids)


async def a_draft(shop: Shop, author: Person) -> dict[str, str]:
    """Let somebody write a post and a comment that nobody else sees yet, and the operator a page."""
    drafted = {"title": f"{MARK} thinks aloud", "content": MARK, "tags": [MARK]}
    post = await shop.client.post("/posts", json=drafted, headers=author.headers)
    seen = await shop.client.post(
        "/posts", json={"title": "Seen by all", "content": "x", "published": True}, headers=author.headers
    )
    comment = await shop.client.post(
        f"/posts/{seen.json()['id']}/comments", json={"body": f"{MARK} at https://a.example"}, headers=author.headers
    )
    operator = (await shop.admin()).headers
    draft = {"slug": "secret-plans", "title": MARK, "content": MARK, "published": False}
    await shop.client.post("/pages", json=draft, headers=operator)
    menu = {"items": [{"label": "Terms", "kind": "page", "target": "terms"}]}
    await shop.client.put("/menus/footer", json=menu, headers=operator)
    moved = {"from_path": "/former", "to_path": "/today"}
    redirect = await shop.client.post("/redirects", json=moved, headers=operator)
    return {
        "post_id": post.json()["id"], "comment_id": comment.json()["id"], "redirect_id": redirect.json()["id"],
    }  # fmt: skip


async def translated(shop: Shop, owner: Person) -> str:
    texts = {"file": ("texts.csv", f"kind,key,{MARK}".encode(), "text/csv")}
    brought = await shop.client.post("/translations/import", files=texts, headers=owner.headers)
    return str(brought.json()["id"])


async def a_return(shop: Shop, item: Item, person: Person) -> tuple[str, str, str]:
    """Let somebody buy something and ask to send it back; returns the return, its vendor order and its shipment."""
    order = (await shop.order(item, email=person.email, headers=person.headers)).json()
    for step in ("paid", "shipped"):
        order = (await shop.move(order["id"], step)).json()
    pieces = [{"item_id": order["items"][0]["id"], "quantity": 1}]
    body = {"items": pieces, "reason": "other", "note": f"{MARK} wants something else"}
    headers = {**person.headers, "Idempotency-Key": uuid4().hex}
    answer = await shop.client.post(f"/orders/{order['id']}/returns", json=body, headers=headers)
    part = order["vendor_orders"][0]
    return answer.json()["id"], part["id"], part["shipments"][0]["id"]


async def a_payout(shop: Shop, vendor_id: UUID) -> tuple[str, str]:
    """Let money of the shop be on its way; returns the payout and its run."""
    await stories.has_account(shop, vendor_id, holder=f"{MARK} Ltd")
    await stories.sold(shop, vendor_id)
    await stories.cleared(shop)
    run_id = await stories.run(shop)
    ((payout_id,),) = await shop.rows("SELECT id FROM payouts")
    return str(payout_id), str(run_id)


async def a_stranger(shop: Shop, kind: str) -> tuple[dict[str, str], frozenset[Role]]:
    """Return the headers of somebody new whom nothing here concerns, and their roles."""
    if kind == "nobody":
        return {}, frozenset()
    if kind == "another buyer":
        return (await shop.person()).headers, frozenset({Role.buyer})
    if kind in {"another shop's staff", NAMING}:
        person, _ = await shop.seller("other-shop")
        return person.headers, frozenset({Role.vendor})
    return (await shop.person(Role.analyst)).headers, frozenset({Role.analyst})


def declared(app: FastAPI) -> dict[tuple[str, str], list[Access]]:
    """Return what each operation declares about who may call it."""

    def walk(dependant: Dependant) -> Iterator[Access]:
        for dependency in dependant.dependencies:
            if isinstance(dependency.call, Access):
                yield dependency.call
            yield from walk(dependency)

    return {
        (method, context.path or ""): list(walk(context.dependant))
        for context in iter_route_contexts(app.routes)
        if isinstance(context.original_route, APIRoute)
        for method in (context.methods or ())
    }


def entitled(access: list[Access], roles: frozenset[Role]) -> bool:
    """Whether the declaration says that people with these roles see or do more than what is their own."""
    actor = Actor(uuid4(), "", roles)
    wanted: list[Permission] = []
    for one in access:
        if isinstance(one, Requires):
            wanted += one.permissions
        elif isinstance(one, KnownOr | OptionalOr):
            wanted += [permission for permission in one.also if permission not in EACH_THEIR_OWN]
    return any(actor.can(permission) for permission in wanted)


def example(schema: dict[str, Any], schemas: dict[str, Any], ids: dict[str, str], name: str = "") -> Any:
    """Return a value that fits a schema, naming the victim's things wherever a field asks for an id."""
    inner = schema.get("$ref") or next((schema[way] for way in ("anyOf", "oneOf", "allOf") if way in schema), None)
    if name in ids and name not in SHARED:
        found: Any = ids[name]
    elif isinstance(inner, str):
        found = example(schemas[inner.rsplit("/", 1)[1]], schemas, ids, name)
    elif inner is not None:
        found = example(inner[0], schemas, ids, name)
    elif schema.get("type") == "object":
        named = schema.get("properties", {})
        found = {key: example(named[key], schemas, ids, key) for key in schema.get("required", ()) if key in named}
    elif schema.get("type") == "array" and not schema.get("examples"):
        found = [example(schema["items"], schemas, ids)] if schema.get("minItems") else []
    else:
        plain = {"string": "something", "integer": 1, "number": 1, "boolean": True}.get(str(schema.get("type")))
        plain = str(uuid4()) if schema.get("format") == "uuid" else plain
        found = next(iter(schema.get("examples") or schema.get("enum") or [schema.get("const", plain)]))
    return found


async def remembered(shop: Shop, ids: dict[str, str]) -> set[tuple[str, str]]:
    """Return every row in the database that names the victim or something of theirs, as text."""
    tables = await shop.rows(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
    )
    # a job's number is in every other text; what jobs are about is not
    wanted = "|".join(value for name, value in ids.items() if name not in {*NAMED, "job_id"} and value)
    found = set()
    for (table,) in tables:
        rows = await shop.rows(f"SELECT t::text FROM {table} t WHERE t::text ~ %s", wanted)
        found |= {(table, row[0]) for row in rows}
    return found


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("kind", ["nobody", "another buyer", "another shop's staff", NAMING, "an analyst"])
async def test_nothing_leaks_and_nothing_changes(shop: Shop, app: FastAPI, kind: str) -> None:
    victim = await a_victim(shop)
    document = contract.document()
    schemas, rules = document["components"]["schemas"], declared(app)
    before = await remembered(shop, victim.ids)
    assert len(before) > 15
    wrong = []
    tried = 0
    stranger = None

    at_portals = [one for one in contract.described() if one[1].startswith(PORTAL)]
    for method, path, operation in at_portals if kind == NAMING else contract.described():
        unknown = [name for name in PARAMETER.findall(path) if name not in victim.ids]
        assert unknown == [], f"{method} {path}: tell this test whose {unknown} is"
        headers, roles = stranger = stranger or await a_stranger(shop, kind)
        shop.client.cookies.clear()
        url = PARAMETER.sub(lambda found: victim.ids[found[1]], path).removeprefix("/api/v1")
        sent: dict[str, Any] = {"headers": {**headers, "Idempotency-Key": uuid4().hex}}
        if kind == NAMING:
            sent["params"] = {"vendor": "victims-shop"}
        for media, content in operation.get("requestBody", {}).get("content", {}).items():
            body = example(content["schema"], schemas, victim.ids)
            sent["json" if media == "application/json" else "data"] = body
        base = "http://shop.test" if not path.startswith("/api/v1") else ""
        answer = await shop.client.request(method, f"{base}{url}", **sent)
        tried += 1
        if answer.is_success and method not in {"GET", "HEAD"}:
            stranger = None  # whoever changed or ended something of their own is nobody new any more

        name = f"{method} {path}: {answer.status_code} {answer.text[:200]}"
        may_see = entitled(rules.get((method, path), []), roles)
        owned = set(PARAMETER.findall(path)) - SHARED - NAMED
        if answer.status_code >= 500 and answer.status_code != 503:
            wrong.append(f"fails: {name}")
        if MARK.lower() in answer.text.lower() and not may_see:
            wrong.append(f"leaks: {name}")
        if owned and answer.is_success and not may_see and method != "HEAD":
            wrong.append(f"lets in: {name}")
        if kind == NAMING and answer.status_code not in {404, 422}:
            wrong.append(f"seats: {name}")
        if kind == "nobody" and operation.get("security") and answer.status_code not in {401, 422}:
            wrong.append(f"asks nobody who they are: {name}")

    after = await remembered(shop, victim.ids)
    assert wrong == []
    assert tried > (4 if kind == NAMING else 40)
    assert json.dumps(sorted(before - after), indent=1) == "[]"
    signed_in = await shop.client.post("/auth/token", data={"username": victim.person.email, "password": PASSWORD})
    assert signed_in.status_code == 200


def test_the_detector_knows_whose_is_what() -> None:
    named = {"order_id": {"type": "string"}, "note": {"type": "string"}}
    schema = {"type": "object", "required": ["order_id", "note"], "properties": named}

    assert example(schema, {}, {"order_id": "theirs"}) == {"order_id": "theirs", "note": "something"}
    assert entitled([Requires(Permission.orders_read)], frozenset({Role.analyst}))
    assert not entitled([Requires(Permission.orders_manage)], frozenset({Role.analyst}))
    assert not entitled([KnownOr(Permission.products_sell)], frozenset({Role.vendor}))
    assert not entitled([KnownOr(Permission.posts_write)], frozenset({Role.vendor}))
