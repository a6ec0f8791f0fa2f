"""One document with everything, and no table that somebody forgot to put into it."""

import json
from typing import Any

from privacy.conftest import APPLICATION, EMAIL, HOME, IP, PHONE, WORK, Ada
from shopping import PASSWORD, Shop

SECTION: dict[str, tuple[str, ...]] = {
    "addresses": ("addresses",),
    "api_keys": ("access", "api_keys"),
    "audit_log": ("log",),
    "audit_personal": ("log",),
    "authenticators": ("access", "authenticators"),
    "carts": ("carts",),
    "comment_reports": ("comments", "reported"),
    "comments": ("comments", "written"),
    "coupon_uses": ("coupons",),
    "files": ("files",),
    "identities": ("access", "identities"),
    "mails": ("mails",),
    "one_time_tokens": ("access", "links"),
    "orders": ("orders",),
    "passkeys": ("access", "passkeys"),
    "payment_customers": ("payment_methods",),
    "payment_methods": ("payment_methods",),
    "payments": ("payments",),
    "posts": ("posts", "written"),
    "product_alerts": ("saved_items", "alerts"),
    "profiles": ("person",),
    "recent_views": ("saved_items", "recently_viewed"),
    "recovery_codes": ("access", "recovery_codes"),
    "review_reports": ("reviews", "reported"),
    "review_votes": ("reviews", "found_helpful"),
    "reviews": ("reviews", "written"),
    "sessions": ("access", "sessions"),
    "user_roles": ("person", "roles"),
    "users": ("person",),
    "vendor_invitations": ("vendor_invitations",),
    "vendor_members": ("memberships",),
    "wishlists": ("saved_items", "wishlists"),
    "vendors": ("vendor_applications",),
}
"""Table that has a column about a person -> where the document says it."""
STAY = {"users", "orders", "payments", "audit_log"}
"""The books: their rows stay after an erasure, with the account's id alone."""
ABOUT_PEOPLE = """
SELECT c.table_name, array_agg(c.column_name::text ORDER BY c.column_name) FROM information_schema.columns c
JOIN information_schema.tables t USING (table_schema, table_name)
WHERE t.table_type = 'BASE TABLE' AND c.table_schema = 'public' AND (
    c.column_name ~ '(^|_)(user|person|owner|author|buyer|customer|member|actor)_id$'
    OR c.column_name ~ '(^|_)(email|recipient|phone|ip|first_name|last_name|username|address)$'
    OR (c.table_name, c.column_name) IN (
        SELECT k.table_name, k.column_name FROM information_schema.key_column_usage k
        JOIN information_schema.referential_constraints r USING (constraint_schema, constraint_name)
        JOIN information_schema.table_constraints u ON u.constraint_name = r.unique_constraint_name
        WHERE u.table_name = 'users'))
GROUP BY 1 ORDER BY 1
"""


async def export(shop: Shop, ada: Ada) -> dict[str, Any]:
    answer = await shop.client.get("/users/me/export", headers=ada.person.headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "attachment" in answer.headers["content-disposition"]
    document: dict[str, Any] = answer.json()
    return document


async def rows_about(shop: Shop, ada: Ada, table: str, columns: list[str]) -> int:
    """Count the rows of a table that name her by account or address."""
    named = " OR ".join(f'"{column}"::text ~* %s' for column in columns)
    words = f"{ada.person.id}|{EMAIL}|{WORK}|{IP}".replace("+", r"\+").replace(".", r"\.")
    own = f"\"id\"::text = '{ada.person.id}'" if table == "users" else "false"
    found = await shop.rows(f'SELECT count(*) FROM "{table}" WHERE {named} OR {own}', *[words] * len(columns))
    return int(found[0][0])


async def test_every_table_about_people_is_covered(shop: Shop, ada: Ada) -> None:
    await shop.handle_events()
    potter, _ = await shop.seller("clay")
    await shop.client.post("/vendor/invitations", json={"email": EMAIL, "password": PASSWORD}, headers=potter.headers)
    applied = await shop.client.post("/vendors/apply", json=APPLICATION, headers=ada.person.headers)
    assert applied.status_code == 201, applied.text
    await shop.rows(
        "INSERT INTO vendor_members SELECT id, %s, 'staff' FROM vendors WHERE slug = 'clay' RETURNING 1",
        ada.person.id,
    )
    tables = dict(await shop.rows(ABOUT_PEOPLE))
    assert set(tables) == set(SECTION), "a table about people is new or gone: export it, erase it, and say so above"

    document = await export(shop, ada)
    for table, columns in tables.items():
        assert await rows_about(shop, ada, table, columns), f"nothing about her in {table}: let the story touch it"
        said: Any = document
        for name in SECTION[table]:
            said = said[name]
        assert said, table

    erased = await shop.client.post("/users/me/erase", json={"password": PASSWORD}, headers=ada.person.headers)
    assert erased.status_code == 204, erased.text
    left = {table for table, columns in tables.items() if await rows_about(shop, ada, table, columns)}
    assert left == STAY


async def test_the_document_says_what_is_known(shop: Shop, ada: Ada) -> None:
    await shop.handle_events()

    document = await export(shop, ada)

    person = document["person"]
    assert (person["email"], person["first_name"], person["phone"]) == (EMAIL, "Adalbertina", PHONE)
    assert document["addresses"][0].items() >= {**HOME, "line2": "Flat 2"}.items()
    assert {order["id"] for order in document["orders"]} == set(ada.orders.values())
    assert len(document["payments"]) == len(document["orders"])
    assert {invoice["buyer_name"] for invoice in document["invoices"]} == {HOME["name"]}
    assert {cart["status"] for cart in document["carts"]} == {"active", "ordered"}
    assert {key["name"] for key in document["access"]["api_keys"]} == {"Quill's laptop"}
    assert document["access"]["sessions"][0]["ip"] == IP
    assert document["access"]["identities"][0]["provider"] == "google"
    mails = document["mails"]
    assert {mail["kind"] for mail in mails} >= {"order_shipped", "verify_email", "api_key_created"}
    assert {mail["recipient"].lower() for mail in mails} >= {EMAIL.lower(), WORK}
    actions = [entry["action"] for entry in document["log"]]
    assert actions[0] == "user.registered"
    assert actions[-1] == "user.exported"
    added = next(entry for entry in document["log"] if entry["action"] == "user.address_added")
    assert added["changes"]["address"]["after"]["line1"] == HOME["line1"]
    assert (added["by_person"], added["ip"]) == (True, IP)


async def test_it_holds_no_secret_and_nobody_else(shop: Shop, ada: Ada) -> None:
    admin = await shop.admin()
    await shop.client.put(f"/users/{ada.person.id}", json={"last_name": "Quill-King"}, headers=admin.headers)
    stranger = await shop.person(email="stranger@example.com")
    await shop.order(ada.item, headers=stranger.headers)

    document = await export(shop, ada)

    text = json.dumps(document)
    secrets = await shop.rows("SELECT password_hash FROM users UNION SELECT sealed_secret FROM authenticators")
    assert not any(secret in text for (secret,) in secrets)
    assert not any(word in text for word in ("_hash", "sealed", "stranger", str(stranger.id), admin.email, "$2b$"))
    edited = [entry for entry in document["log"] if entry["action"] == "user.updated"]
    assert [(entry["by_person"], entry["ip"]) for entry in edited] == [(False, None)]
    assert edited[0]["changes"]["last_name"] == {"before": "Quill", "after": "Quill-King"}


async def test_somebody_new_gets_a_document_too(shop: Shop) -> None:
    person = await shop.person()

    document = (await shop.client.get("/users/me/export", headers=person.headers)).json()

    assert document["person"]["email"] == person.email
    assert [document[name] for name in ("addresses", "memberships", "carts", "orders", "payments", "mails")] == [[]] * 6
    assert (await shop.client.get("/users/me/export")).status_code == 401
