"""The demo marketplace in a database: complete, consistent, and loaded once."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from mercat import demo, ledger, notifications, payment_processing
from mercat.auth import Role
from mercat.demo.content import content
from mercat.demo.environment import of_demo
from mercat.invoices import commissions
from mercat.kit import clock
from shopping import Shop


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def everybody_signs_in(shop: Shop, logins: dict[str, dict[str, str]]) -> None:
    assert set(logins) == set(Role)
    for role, login in logins.items():
        signed_in = await shop.client.post(
            "/auth/token", data={"username": login["email"], "password": login["password"]}
        )
        assert signed_in.status_code == 200, login
        me = await shop.client.get("/users/me", headers={"Authorization": f"Bearer {signed_in.json()['access_token']}"})
        assert role in me.json()["roles"]


async def past_orders_were_paid_and_invoiced(shop: Shop) -> None:
    paid = dict(await shop.rows("SELECT provider, count(*)::int FROM payments WHERE status = 'captured' GROUP BY 1"))
    assert paid["test"] > 150
    assert paid["manual"] > 30
    report = await payment_processing.reconcile(shop.database, since=clock.now() - timedelta(days=200), repair=False)
    assert report.charges == paid["test"]
    assert (report.differences, report.not_set_up) == ([], [])
    locales = await shop.rows("SELECT DISTINCT locale FROM invoices ORDER BY 1")
    assert locales == [("de",), ("en",), ("fr",)]
    bruno = """SELECT o.id FROM orders o JOIN users u ON u.id = o.user_id
        WHERE o.paid_at < now() - interval '1 day' AND NOT EXISTS (SELECT FROM invoices WHERE order_id = o.id)"""
    assert await shop.rows(bruno) == []
    unordered = """SELECT 1 FROM (SELECT position, row_number() OVER (PARTITION BY vendor_id, series ORDER BY issued_at)
        AS place FROM invoices) AS numbered WHERE position <> place"""
    assert await shop.rows(unordered) == []
    assert (
        await shop.rows("SELECT 1 FROM invoices i JOIN orders o ON o.id = i.order_id WHERE issued_at <> paid_at") == []
    )


async def much_is_said(shop: Shop) -> None:
    posts = (await shop.client.get("/posts")).json()["items"]
    assert [post["title"] for post in posts] == [post.title for post in content().posts]
    assert all(post["image"] and post["tags"] and post["author"] and post["excerpt"] for post in posts)
    for post in posts:
        assert (await shop.client.get(f"/posts/{post['id']}/products")).json()["total"] >= 2
    assert (await shop.client.get("/posts?q=mug+kiln")).json()["total"] >= 1
    slugs = {page["slug"] for page in (await shop.client.get("/pages")).json()["items"]}
    assert slugs == {"about", "imprint", "terms", "privacy", "withdrawal"}
    for name in ("main", "footer"):
        links = (await shop.client.get(f"/menus/{name}")).json()["items"]
        assert {link["target"] for link in links if link["kind"] == "page"} <= slugs
        for link in [link for one in links for link in (one, *one["children"]) if link["kind"] == "category"]:
            assert (await shop.client.get(f"/products?category={link['target']}")).json()["total"] > 0
    agreed = await shop.rows("SELECT DISTINCT jsonb_array_length(agreed_pages) FROM orders ORDER BY 1")
    assert agreed == [(0,), (3,)]


async def commission_is_billed_before_any_worker_has_run(shop: Shop) -> None:
    closed = clock.now() - ledger.CERTAIN_AFTER  # in its first hour a month cannot have billed the one before
    billed = await commissions.compare(shop.database, before=commissions.Month.of(closed))
    assert billed.differences == []


async def the_books_tell_half_a_year_and_go_forward_only(shop: Shop) -> None:
    days = "SELECT count(DISTINCT posted_at::date) > 90, max(posted_at) <= now() FROM ledger_entries"
    assert await shop.rows(days) == [(True, True)]
    backwards = (
        "SELECT 1 FROM (SELECT posted_at < lag(posted_at) OVER (ORDER BY p.id) AS earlier"
        " FROM ledger_postings p JOIN ledger_entries e ON e.id = p.entry_id) AS every WHERE earlier"
    )
    assert await shop.rows(backwards) == []


async def much_waits_for_somebody(shop: Shop) -> None:
    async def waiting(role: Role, path: str) -> list[dict[str, Any]]:
        account = content().accounts[role]
        login = {"username": account.email, "password": account.password}
        token = (await shop.client.post("/auth/token", data=login)).json()["access_token"]
        answer = await shop.client.get(path, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    assert len(await waiting(Role.vendor, "/vendor/orders?status=paid")) == 1
    assert len(await waiting(Role.vendor, "/vendor/returns?status=requested")) == 1
    assert len(await waiting(Role.vendor, "/vendor/stock?low=true")) >= 3
    assert len(await waiting(Role.support, "/returns?status=requested")) == 2
    assert len(await waiting(Role.moderator, "/reviews?status=pending")) == 3
    assert len(await waiting(Role.moderator, "/vendors?status=applied")) == len(content().applications) == 2
    (parked,) = await waiting(Role.admin, "/jobs?status=parked")
    assert parked["last_failure"]["message"] == content().backlog.job_failure[1]
    async with shop.database.transaction() as session:
        (refused,) = await notifications.outgoing(session, status="refused", limit=10)
    assert refused.reason == content().backlog.mail.reason


async def everything_on_sale(shop: Shop) -> list[dict[str, Any]]:
    pages = [(await shop.client.get("/products", params={"size": 100, "page": n})).json() for n in (1, 2, 3)]
    return [product for page in pages for product in page["items"]]


async def every_picture_is_there(shop: Shop, media: Path) -> None:
    uploads = await shop.rows("SELECT '/' || key FROM files WHERE purpose = 'product_picture' AND state = 'kept'")
    for product in await everything_on_sale(shop):
        shown = product["image"]["url"]
        assert (shown,) in uploads or (media / "demo" / Path(shown).name).exists(), product["slug"]


async def test_forty_products_and_more_have_uploaded_pictures_in_sizes(shop: Shop, tmp_path: Path) -> None:
    await demo.load(shop.database, tmp_path, seed=True, say=print)
    uploaded = [one for one in await everything_on_sale(shop) if one["image"]["url"].startswith("/media/files/")]
    assert len(uploaded) >= 40
    assert {(one["image"]["width"], one["image"]["height"]) for one in uploaded} == {(1200, 1200)}
    assert all(one["image"]["alt"] == one["name"] for one in uploaded)
    jobs = await shop.rows("SELECT id, args->>'file_id' FROM procrastinate_jobs WHERE task_name = 'files.draw'")
    assert len(jobs) == len(uploaded) + len(content().posts)

    # of all that waits, one picture is drawn
    job, file_id = jobs[0]
    await shop.rows("DELETE FROM procrastinate_jobs WHERE id <> %s RETURNING 1", job)
    await shop.handle_events()
    ((product_id,),) = await shop.rows("SELECT product_id FROM product_images WHERE file_id = %s", file_id)
    picture = (await shop.client.get(f"/products/{product_id}")).json()["images"][0]
    assert [(size["width"], size["format"]) for size in picture["sizes"]] == [
        (width, form) for width in (160, 320, 640, 960, 1200) for form in ("avif", "webp")
    ]


async def test_the_marketplace_is_whole_and_loaded_once(shop: Shop, tmp_path: Path) -> None:
    said: list[str] = []
    logins = await demo.load(shop.database, tmp_path, seed=True, say=said.append)
    await commission_is_billed_before_any_worker_has_run(shop)
    again = await demo.load(shop.database, tmp_path, seed=True, say=said.append)

    assert logins == again
    assert len([line for line in said if line.startswith("demo marketplace loaded")]) == 1
    listed = (await shop.client.get("/products", params={"size": 100})).json()
    assert listed["total"] == len(content().products)
    assert (await shop.client.get("/vendors")).json()["total"] == len(content().vendors)
    await every_picture_is_there(shop, tmp_path)
    page = (await shop.client.get(f"/products/{listed['items'][0]['slug']}")).json()
    assert page["description"]
    assert (
        await shop.rows("SELECT id FROM products p WHERE NOT EXISTS (SELECT FROM variants WHERE product_id = p.id)")
        == []
    )

    unnamed = """SELECT slug FROM vendors v WHERE EXISTS (SELECT FROM products WHERE vendor_id = v.id)
        AND (legal_name = '' OR tax_id = '' OR legal_address = '{}')"""
    assert await shop.rows(unnamed) == []

    # the past has neither moved stock nor told anybody, and it adds up
    await shop.stock_is_explained()
    assert await shop.rows("SELECT count(DISTINCT order_id) FROM stock_movements") == [(1,)]
    assert await shop.rows("SELECT count(*) FROM orders") == [(len(content().orders) + 1,)]
    assert await shop.rows("SELECT 1 FROM orders WHERE placed_at > now()") == []
    assert (
        await shop.rows(
            "SELECT o.id FROM orders o WHERE status <> (SELECT to_status FROM order_history WHERE order_id = o.id"
            " ORDER BY id DESC LIMIT 1)"
        )
        == []
    )
    assert await shop.rows("SELECT 1 FROM payouts WHERE status <> 'paid'") == []
    assert (await shop.rows("SELECT count(DISTINCT run_id)::int, count(*) > 2 FROM payouts")) == [(2, True)]
    await the_books_tell_half_a_year_and_go_forward_only(shop)
    owed = (
        "SELECT count(DISTINCT party) > 1 FROM ledger_postings WHERE account = 'payable' HAVING sum(amount_minor) < 0"
    )
    assert await shop.rows(owed) == [(True,)]
    parts = (
        "SELECT sum(total_minor), sum(included_tax_minor), sum(shipping_minor) FROM vendor_orders WHERE order_id = o.id"
    )
    whole = "(o.total_minor, o.included_tax_minor, o.shipping_minor)"
    assert await shop.rows(f"SELECT o.id FROM orders o WHERE {whole} <> ({parts})") == []
    taxed = "SELECT DISTINCT included_tax_minor > 0 FROM orders WHERE shipping_address->>'country' = 'DE'"
    assert await shop.rows(taxed) == [(True,)]
    for table, entered in (
        ("promotions", content().coupons),
        ("shipping_zones", content().zones),
        ("tax_rates", content().tax_rates),
    ):
        assert await shop.rows(f"SELECT count(*) FROM {table}") == [(len(entered),)]
    unequal = """SELECT product_id FROM product_ratings r JOIN product_projections c USING (product_id)
        LEFT JOIN (SELECT product_id, count(*) AS n, sum(rating) AS s FROM reviews WHERE status = 'published'
            GROUP BY 1) v USING (product_id)
        WHERE (r.count, r.stars, c.rating_count) IS DISTINCT FROM (v.n, v.s, v.n)"""
    assert await shop.rows(unequal) == []
    assert await shop.rows("SELECT count(*) FROM reviews WHERE verified") == await shop.rows(
        "SELECT count(*) FROM reviews"
    )
    assert await shop.rows("SELECT 1 FROM reviews WHERE created_at > now() OR replied_at > now()") == []
    # nobody speaks of what they have not got
    mine = "SELECT count(*) FROM reviews r WHERE author_id IS NOT NULL"
    got = """ AND NOT EXISTS (SELECT FROM orders o JOIN order_items i ON i.order_id = o.id
        WHERE o.user_id = r.author_id AND i.product_id = r.product_id AND o.status IN ('delivered', 'completed'))"""
    assert (await shop.rows(mine))[0][0] > 0
    assert await shop.rows(mine + got) == [(0,)]
    assert await shop.rows("SELECT count(*) FROM wishlist_items") == [(len(content().wishlist),)]
    liked = (await shop.client.get("/products?sort=-rating&size=1")).json()["items"][0]
    said = (await shop.client.get(f"/products/{liked['id']}/reviews")).json()
    assert said["ratings"]["count"] == liked["rating"]["count"] > 0
    await everybody_signs_in(shop, logins)
    for look in (much_is_said, past_orders_were_paid_and_invoiced, much_waits_for_somebody):
        await look(shop)
    best = (await shop.client.get("/products", params={"sort": "best_selling", "size": 1})).json()["items"][0]
    sold = await shop.rows("SELECT max(sold_count) FROM product_projections")
    assert sold[0][0] > 5
    assert await shop.rows("SELECT sold_count FROM product_projections WHERE product_id = %s", best["id"]) == sold


async def test_without_seed_there_are_logins_and_nothing_else(shop: Shop, tmp_path: Path) -> None:
    logins = await demo.load(shop.database, tmp_path, seed=False, say=print)

    assert set(logins) == set(Role)
    assert (await shop.client.get("/products")).json()["total"] == 0
    assert files_in(tmp_path) == []


async def test_some_of_the_past_was_bought_in_other_languages(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MERCAT_LOCALES", "en,de")
    await demo.load(shop.database, tmp_path, seed=True, say=print)

    named = (
        "SELECT o.locale, o.text_locale, bool_or(i.translated_name IS NOT NULL) FROM orders o"
        " JOIN order_items i ON i.order_id = o.id GROUP BY 1, 2 ORDER BY 1"
    )
    assert await shop.rows(named) == [("de", "de", True), ("en", None, False), ("fr", None, False)]
    sent = "SELECT DISTINCT locale, translated_shipping_method_name FROM orders ORDER BY 1, 2"
    in_no_zone = ("de", None)  # Switzerland has no methods of its own: nothing of it is translated
    assert await shop.rows(sent) == [("de", "Standardversand"), in_no_zone, ("en", None), ("fr", None)]
    unnamed = (
        "SELECT FROM invoices v CROSS JOIN LATERAL jsonb_array_elements(v.document->'source'->'lines') l"
        " JOIN order_items i ON i.id = (l->>'item_id')::uuid WHERE v.kind = 'invoice'"
        " AND l->>'name' IS DISTINCT FROM coalesce(i.translated_name, i.name)"
    )
    assert await shop.rows(unnamed) == []


async def test_some_of_the_past_was_bought_in_other_currencies(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = of_demo(tmp_path, "http://127.0.0.1:8000", "postgresql://here", "redis://here")
    for name in ("MERCAT_CURRENCIES", "MERCAT_RATES"):
        monkeypatch.setenv(name, made[name])
    await demo.load(shop.database, tmp_path, seed=True, say=print)

    bought = await shop.rows(
        "SELECT currency, count(*)::int, bool_and(exchange_rate_date = placed_at::date AND paid_at IS NOT NULL)"
        " FROM orders WHERE exchange_rate IS NOT NULL GROUP BY 1 ORDER BY 1"
    )
    assert bought == [("JPY", 1, True), ("USD", 2, True)]
    unrounded = (
        "SELECT FROM order_items i JOIN orders o ON o.id = i.order_id WHERE o.currency = 'USD'"
        " AND mod(i.unit_price_minor, 100) <> 99 OR o.currency = 'JPY' AND mod(i.unit_price_minor, 10) <> 0"
    )
    assert await shop.rows(unrounded) == []
    invoiced = "SELECT DISTINCT currency, document #>> '{source,exchange,currency}' FROM invoices ORDER BY 1"
    assert await shop.rows(invoiced) == [("EUR", None), ("JPY", "EUR"), ("USD", "EUR")]
    shown = (await shop.client.get("/currencies")).json()["items"]
    assert {one["code"]: one["rounding"]["step"] for one in shown} == {
        "CHF": "0.05", "EUR": "0.01", "JPY": "10", "KWD": "0.010", "USD": "1.00",
    }  # fmt: skip
    assert {one["status"] for one in shown} == {"fresh"}
    for code in ("CHF", "JPY", "KWD", "USD"):  # before any worker has run
        listed = (await shop.client.get("/products", params={"currency": code, "size": 1})).json()
        assert listed["total"] == len(content().products)
        assert listed["items"][0]["price"]["currency"] == code
    await past_orders_were_paid_and_invoiced(shop)
    await commission_is_billed_before_any_worker_has_run(shop)
    await the_books_tell_half_a_year_and_go_forward_only(shop)
    assert await shop.rows("SELECT DISTINCT currency FROM ledger_postings") == [("EUR",)]
    assert await shop.rows("SELECT DISTINCT currency FROM payouts") == [("EUR",)]
