"""Every POST that moves money or stock happens once per `Idempotency-Key`, and says whether it needs one."""

from typing import Any
from uuid import uuid4

import httpx2
import pytest

from architecture.test_audit import STORIES
from gift_cards.cards import money_adds_up
from mercat.auth import keyring
from mercat.kit.openapi import operations
from mercat.main import create_app
from mercat.routes import PREFIX
from shopping import Shop

KEY = "Idempotency-Key"
MOVES_NEITHER = {
    # people, their proofs and what they may do
    "/auth/register", "/auth/token", "/auth/login", "/auth/session", "/auth/refresh", "/auth/logout",
    "/auth/forgot-password", "/auth/reset-password", "/auth/verify-email", "/auth/confirm-email",
    "/auth/second-factor", "/auth/second-factor/options", "/auth/session/second-factor", "/auth/passkey",
    "/auth/passkey/options", "/auth/session/passkey", "/auth/oauth/{provider}", "/auth/oauth/{provider}/callback",
    "/users/me/password", "/users/me/email", "/users/me/verification", "/users/me/api-keys", "/users/me/passkeys",
    "/users/me/passkeys/options", "/users/me/authenticator", "/users/me/authenticator/confirm",
    "/users/me/recovery-codes", "/users/me/identities/{provider}", "/users/me/addresses", "/users/me/erase",
    "/users/{user_id}/restore", "/users/{user_id}/deactivate", "/users/{user_id}/erase",
    # what somebody puts into a cart or on a list is a wish: nothing is promised
    "/cart/add", "/orders/{order_id}/reorder", "/products/{product_id}/views", "/products/{product_id}/alerts",
    "/users/me/wishlists", "/users/me/wishlists/{wishlist_id}/items", "/users/me/wishlists/{wishlist_id}/share",
    "/users/me/wishlists/{wishlist_id}/items/{wishlist_item_id}/move-to-cart",
    # what is said about products
    "/products/{product_id}/reviews", "/reviews/{review_id}/helpful", "/reviews/{review_id}/reports",
    "/reviews/{review_id}/photos", "/reviews/{review_id}/approve", "/reviews/{review_id}/reject",
    "/reviews/{review_id}/hide", "/reviews/{review_id}/photos/{photo_id}/remove",
    # what is said about posts, and their pictures
    "/posts/{post_id}/comments", "/posts/{post_id}/image", "/comments/{comment_id}/reports",
    "/comments/{comment_id}/approve", "/comments/{comment_id}/reject", "/comments/{comment_id}/hide",
    # pages, of which every version stays, and redirects, one a path
    "/pages", "/pages/{page_slug}/versions", "/pages/{page_slug}/versions/{page_version}/publish", "/redirects",
    # the catalogue without its stock
    "/products/categories", "/products/categories/{category_id}/restore", "/products/{product_id}/restore",
    "/products/{product_id}/images",
    # terms, by which money is counted later
    "/promotions", "/shipping/zones", "/shipping/zones/{zone_id}/methods", "/taxes/rates", "/commission-terms",
    "/vendors/{vendor_id}/terms", "/currencies/rates", "/currencies/refresh",
    # what operators tell search
    "/search-synonyms", "/search-rules",
    # vendors, their people and places
    "/vendors/apply", "/vendors/{vendor_id}/approve", "/vendors/{vendor_id}/reject", "/vendors/{vendor_id}/suspend",
    "/vendors/{vendor_id}/reinstate", "/vendor/invitations", "/vendors/invitations/accept", "/vendor/locations",
    "/vendor/payout-account/stripe",
    # cards that are kept and not charged
    "/payments/methods", "/payments/methods/setup",
    # own texts of mail: looked at, and tried on oneself
    "/mail-templates/{mail_kind}/preview", "/mail-templates/{mail_kind}/test",
    # questions, and looking at what a provider has done
    "/gift-cards/balance", "/payments/{payment_id}/refresh", "/jobs/{job_id}/retry",
}  # fmt: skip
ONCE_BY_ITSELF = {
    "/payments/webhooks/{provider}",  # kept once by the id that its provider gave it
    "/search-synonyms/import",  # as the last of these
    "/translations/import",  # too
    "/vendor/imports",  # a file says what there is, not what is added: the same again changes nothing
}
CHANGES_BY_LOOKING = {"sessions", "procrastinate_jobs", "procrastinate_events", "procrastinate_workers"}
TABLES = """
SELECT format('SELECT %L, count(*), md5(string_agg(t::text, '','' ORDER BY t::text)) FROM %I t', tablename, tablename)
FROM pg_tables WHERE schemaname = 'public' AND NOT tablename = ANY(%s)
"""
POSTS = {
    path.removeprefix(PREFIX): {
        parameter["name"]: parameter["required"]
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "header"
    }
    for method, path, operation in operations(create_app().openapi())
    if method == "POST"
}
KEYED = {path: headers[KEY] for path, headers in POSTS.items() if KEY in headers}


@pytest.fixture
def keyed(shop: Shop) -> Shop:
    """A shop to which nothing is sent without a key."""

    async def add_key(request: httpx2.Request) -> None:
        request.headers.setdefault(KEY, uuid4().hex)

    shop.client.event_hooks["request"].append(add_key)
    return shop


def anew(shop: Shop, request: httpx2.Request, **headers: str | None) -> httpx2.Request:
    """Return a request once more; headers that are None are left out."""
    shop.client.event_hooks["request"].clear()
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    kept = {name: value for name, value in request.headers.items() if name not in changed}
    kept |= {name: value for name, value in changed.items() if value is not None}
    return shop.client.build_request(request.method, request.url, content=request.content, headers=kept)


async def everything(shop: Shop) -> list[tuple[Any, ...]]:
    """Return a fingerprint of every table."""
    looks = await shop.rows(TABLES.replace("%L", "%%L").replace("%I", "%%I"), list(CHANGES_BY_LOOKING))
    return sorted(await shop.rows(" UNION ALL ".join(f"({look})" for (look,) in looks)))


def test_every_post_moves_nothing_or_takes_a_key() -> None:
    assert len(KEYED) >= 15
    assert KEYED.keys() | MOVES_NEITHER | ONCE_BY_ITSELF == POSTS.keys()
    assert KEYED.keys() & (MOVES_NEITHER | ONCE_BY_ITSELF) == set()


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("path", KEYED)
async def test_the_same_key_twice_has_one_effect(keyed: Shop, path: str) -> None:
    _, tell = STORIES[f"POST {path}"]
    first = await tell(keyed)
    assert first.is_success, first.text
    before = await everything(keyed)

    again = await keyed.client.send(anew(keyed, first.request))

    assert (again.status_code, again.headers["idempotent-replayed"]) == (first.status_code, "true"), again.text
    assert "idempotent-replayed" not in first.headers
    assert again.json().get("id") == first.json().get("id")
    assert await everything(keyed) == before


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("path", KEYED)
async def test_a_key_is_required_exactly_where_the_document_says_so(keyed: Shop, path: str) -> None:
    _, tell = STORIES[f"POST {path}"]
    first = await tell(keyed)
    before = await everything(keyed)

    without = await keyed.client.send(anew(keyed, first.request, idempotency_key=None))
    broken = await keyed.client.send(anew(keyed, first.request, idempotency_key=" "))

    assert (without.status_code == 400) is KEYED[path], without.text
    if KEYED[path]:
        assert without.json()["code"] == "idempotency.key_missing"
        assert await everything(keyed) == before
    assert (broken.status_code, broken.json()["code"]) == (400, "idempotency.key_missing")


async def test_a_lost_gift_card_is_told_again_and_its_code_lies_nowhere(shop: Shop) -> None:
    headers = {**(await shop.admin()).headers, KEY: "card for Ada"}

    answers = [await shop.client.post("/gift-cards", json={"amount": "50.00"}, headers=headers) for _ in range(2)]
    other = await shop.client.post("/gift-cards", json={"amount": "60.00"}, headers=headers)

    assert answers[0].json() == answers[1].json()
    assert await shop.rows("SELECT count(*) FROM gift_cards") == [(1,)]
    assert (other.status_code, other.json()["code"]) == (422, "idempotency.key_reused")
    kept = b"".join(bytes(body) for (body,) in await shop.rows("SELECT body FROM idempotency_keys"))
    assert answers[0].json()["code"].encode() not in kept
    assert answers[0].json()["code"].replace("-", "").encode() not in kept
    await money_adds_up(shop)


async def test_a_code_that_cannot_be_opened_is_not_told(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    headers = {**(await shop.admin()).headers, KEY: "card for Ada"}
    await shop.client.post("/gift-cards", json={"amount": "50.00"}, headers=headers)
    monkeypatch.setattr(keyring, "unseal", lambda *_: None)

    answer = await shop.client.post("/gift-cards", json={"amount": "50.00"}, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (409, "gift_cards.code_not_told")
    assert await shop.rows("SELECT count(*) FROM gift_cards") == [(1,)]
