"""The double of Stripe is as strict as it says: what it lets pass is worth something only if it lets little pass."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
import stripe

from mercat.payments.providers.interface import Provider
from payments.providers.conftest import charge_request
from stripe_double.checking import Misfit, checked
from stripe_double.forms import decode
from stripe_server import KEY, StripeServer

PAID = {"amount": "1000", "currency": "eur", "payment_method": "pm_card_visa", "confirm": "true", "return_url": "x:/"}
KINDS: dict[str, Any] = {
    "payment_intent": stripe.PaymentIntent,
    "charge": stripe.Charge,
    "refund": stripe.Refund,
    "dispute": stripe.Dispute,
    "customer": stripe.Customer,
    "payment_method": stripe.PaymentMethod,
    "setup_intent": stripe.SetupIntent,
    "balance_transaction": stripe.BalanceTransaction,
    "event": stripe.Event,
}


@pytest.fixture
async def http(stripe_server: StripeServer) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody who speaks to the server without the SDK, and makes mistakes."""
    headers = {"Authorization": f"Bearer {KEY}"}
    async with httpx2.AsyncClient(base_url=f"{stripe_server.url}/v1", headers=headers) as client:
        yield client


async def post(http: httpx2.AsyncClient, path: str, key: str = "", **form: str) -> tuple[int, dict[str, Any]]:
    answer = await http.post(path, data=form, headers={"Idempotency-Key": key} if key else {})
    return answer.status_code, answer.json()


async def paid(http: httpx2.AsyncClient) -> str:
    _, intent = await post(http, "/payment_intents", **PAID)
    return str(intent["id"])


@pytest.mark.parametrize(
    ("form", "param"),
    [
        ({"colour": "red"}, "colour"),
        ({"automatic_payment_methods[enabled]": "true", "automatic_payment_methods[always]": "1"},
         "automatic_payment_methods[always]"),
        ({"automatic_payment_methods[allow_redirects]": "never"}, "automatic_payment_methods[enabled]"),
        ({"automatic_payment_methods": "true"}, "automatic_payment_methods"),
        ({"amount": "10.50"}, "amount"),
        ({"amount": "ten"}, "amount"),
        ({"confirm": "True"}, "confirm"),
        ({"confirm": "yes"}, "confirm"),
        ({"capture_method": "later"}, "capture_method"),
        ({"setup_future_usage": "always"}, "setup_future_usage"),
        ({"expand": "latest_charge"}, "expand"),
        ({"metadata[a][b]": "c"}, "metadata[a]"),
        ({"api_key": "sk"}, "api_key"),
        ({"idempotency_key": "k"}, "idempotency_key"),
    ],
)  # fmt: skip
async def test_a_parameter_that_stripe_does_not_know(
    http: httpx2.AsyncClient, stripe_server: StripeServer, form: dict[str, str], param: str
) -> None:
    status, body = await post(http, "/payment_intents", **{**PAID, **form})
    assert (status, body["error"]["param"]) == (400, param)
    assert stripe_server.books["payment_intent"] == {}
    [misuse] = stripe_server.misuses
    assert param in misuse
    stripe_server.misuses.clear()


async def test_a_parameter_that_is_missing(http: httpx2.AsyncClient, stripe_server: StripeServer) -> None:
    status, body = await post(http, "/payment_intents", currency="eur")
    assert (status, body["error"]["param"], body["error"]["code"]) == (400, "amount", "parameter_missing")
    stripe_server.misuses.clear()


async def test_an_operation_that_stripe_does_not_know(http: httpx2.AsyncClient, stripe_server: StripeServer) -> None:
    assert (await http.post("/payment_intents/pi_1/undo")).status_code == 404
    assert (await http.delete("/payment_intents/pi_1")).status_code == 404
    assert len(stripe_server.misuses) == 2
    stripe_server.misuses.clear()


def test_forms_are_read_as_they_are_written() -> None:
    assert decode("a=1&b[c]=2&b[d][e]=3&f[0]=x&f[1]=y&g[]=p&g[]=q&h=") == {
        "a": "1", "b": {"c": "2", "d": {"e": "3"}}, "f": ["x", "y"], "g": ["p", "q"], "h": "",
    }  # fmt: skip


def test_values_get_their_types() -> None:
    form = "amount=5&currency=eur&confirm=false&metadata[n]=1&automatic_payment_methods[enabled]=true&expand[0]=a.b"
    assert checked(stripe.params.PaymentIntentCreateParams, decode(form)) == {
        "amount": 5, "currency": "eur", "confirm": False, "metadata": {"n": "1"},
        "automatic_payment_methods": {"enabled": True}, "expand": ["a.b"],
    }  # fmt: skip
    created = checked(stripe.params.PaymentIntentListParams, decode("created[gte]=7&limit=3"))
    assert created == {"created": {"gte": 7}, "limit": 3}
    with pytest.raises(Misfit):
        checked(stripe.params.PaymentIntentListParams, decode("created[since]=7"))


async def test_a_key_does_its_work_once(http: httpx2.AsyncClient, stripe_server: StripeServer) -> None:
    first = await http.post("/payment_intents", data=PAID, headers={"Idempotency-Key": "k"})
    second = await http.post("/payment_intents", data=PAID, headers={"Idempotency-Key": "k"})
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert first.json() == second.json()
    assert (len(stripe_server.books["payment_intent"]), stripe_server.calls["intents.create"]) == (1, 2)


async def test_a_key_remembers_a_decline_but_no_mistake(http: httpx2.AsyncClient, stripe_server: StripeServer) -> None:
    declined = {**PAID, "payment_method": "pm_card_chargeDeclined"}
    assert [(await post(http, "/payment_intents", "k", **declined))[0] for _ in range(2)] == [402, 402]
    assert len(stripe_server.books["charge"]) == 1
    assert (await post(http, "/payment_intents", "l", **PAID, colour="red"))[0] == 400
    assert (await post(http, "/payment_intents", "l", **PAID))[0] == 200
    stripe_server.misuses.clear()


async def test_a_key_is_for_one_request(http: httpx2.AsyncClient, stripe_server: StripeServer) -> None:
    await post(http, "/payment_intents", "k", **PAID)
    for path, form in [("/payment_intents", {**PAID, "amount": "1001"}), ("/refunds", {"payment_intent": "pi_1"})]:
        status, body = await post(http, path, "k", **form)
        assert (status, body["error"]["type"]) == (400, "idempotency_error")
    assert len(stripe_server.books["payment_intent"]) == 1


async def test_a_key_is_in_use_while_the_work_goes_on(http: httpx2.AsyncClient, stripe_server: StripeServer) -> None:
    stripe_server.hang_next(0.3)
    both = [post(http, "/payment_intents", "k", **PAID) for _ in range(2)]
    answers = await asyncio.gather(*both)
    assert sorted(status for status, _ in answers) == [200, 409]
    assert len(stripe_server.books["payment_intent"]) == 1


async def test_only_our_key_opens(stripe_server: StripeServer) -> None:
    async with httpx2.AsyncClient(base_url=stripe_server.url) as stranger:
        for key in ("", "Bearer", "Bearer sk_test_other", KEY):
            headers = {"Authorization": key} if key else {}
            assert (await stranger.get("/v1/payment_intents", headers=headers)).status_code == 401


async def test_refunds_stay_within_what_was_captured(http: httpx2.AsyncClient, stripe_server: StripeServer) -> None:
    intent = await paid(http)
    assert (await post(http, "/refunds", payment_intent=intent, amount="1001"))[0] == 400
    assert (await post(http, "/refunds", payment_intent=intent, amount="600"))[0] == 200
    assert (await post(http, "/refunds", payment_intent=intent, amount="401"))[0] == 400
    assert (await post(http, "/refunds", payment_intent=intent, amount="0"))[0] == 400
    assert (await post(http, "/refunds", payment_intent=intent))[1]["amount"] == 400
    assert (await post(http, "/refunds", payment_intent=intent))[1]["error"]["code"] == "charge_already_refunded"
    assert len(stripe_server.books["refund"]) == 2


@pytest.mark.parametrize("verb", ["confirm", "capture", "cancel"])
async def test_what_is_paid_is_paid(http: httpx2.AsyncClient, verb: str) -> None:
    intent = await paid(http)
    form = {"return_url": "x:/"} if verb == "confirm" else {}
    status, body = await post(http, f"/payment_intents/{intent}/{verb}", **form)
    assert (status, body["error"]["code"]) == (400, "payment_intent_unexpected_state")
    assert body["error"]["payment_intent"]["status"] == "succeeded"


@pytest.mark.parametrize(
    "form",
    [
        {"amount": "49"},
        {"amount": "-5"},
        {"amount": "100000000"},
        {"currency": "EUR"},
        {"currency": "kwd", "amount": "5124"},
        {"currency": "isk", "amount": "550"},
        {"customer": "cus_nobody"},
        {"payment_method": "pm_nothing"},
        {"confirm": "false"},
        {"expand[0]": "latest_charge.colour"},
    ],
)
async def test_what_stripe_would_refuse(http: httpx2.AsyncClient, form: dict[str, str]) -> None:
    status, body = await post(http, "/payment_intents", **{**PAID, **form})
    assert status in {400, 404}
    assert body["error"]["type"] == "invalid_request_error"


async def test_a_redirect_needs_a_way_back(http: httpx2.AsyncClient) -> None:
    form = {**PAID, "automatic_payment_methods[enabled]": "true"}
    del form["return_url"]
    assert (await post(http, "/payment_intents", **form))[1]["error"]["param"] == "return_url"
    form["automatic_payment_methods[allow_redirects]"] = "never"
    assert (await post(http, "/payment_intents", **form))[0] == 200


async def test_a_method_is_used_once_by_a_stranger(http: httpx2.AsyncClient, stripe_server: StripeServer) -> None:
    form = {**PAID, "payment_method": stripe_server.new_method("pm_card_visa")}
    assert [(await post(http, "/payment_intents", **form))[0] for _ in range(2)] == [200, 400]


async def test_lists_come_in_pages(http: httpx2.AsyncClient) -> None:
    made = [await paid(http) for _ in range(5)]
    first = (await http.get("/payment_intents?limit=2")).json()
    rest = (await http.get(f"/payment_intents?starting_after={first['data'][-1]['id']}")).json()
    seen = [intent["id"] for page in (first, rest) for intent in page["data"]]
    assert (seen, first["has_more"], rest["has_more"]) == (made[::-1], True, False)
    assert (await http.get("/payment_intents?starting_after=pi_nothing")).status_code == 404
    assert (await http.get("/payment_intents?limit=101")).status_code == 400
    assert (await http.get("/payment_intents?created[gt]=99999999999")).json()["data"] == []


async def test_what_is_answered_are_fields_that_the_sdk_knows(cards: Provider, stripe_server: StripeServer) -> None:
    customer = await cards.new_customer(charge_request().payment_id, "ada@example.com")
    await cards.begin_saving(customer)
    charge = await cards.open(
        charge_request(method_ref="pm_card_createDispute", customer_ref=customer, save_method=True)
    )
    stripe_server.close_dispute(charge.disputes[0].ref, won=True)
    await cards.refund(charge.ref, charge.amount, refund_id=charge_request().payment_id, reason="")
    books = stripe_server.books
    for kind, sdk in KINDS.items():
        assert books[kind]
        for thing in books[kind].values():
            assert books.view(thing).keys() <= _fields(sdk), kind


async def test_events_arrive_by_themselves(cards: Provider, stripe_server: StripeServer) -> None:
    taken: list[str] = []
    done = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        size = next(
            int(line.split(b":")[1]) for line in head.lower().splitlines() if line.startswith(b"content-length")
        )
        body = await reader.readexactly(size)
        signature = next(line for line in head.decode().splitlines() if line.lower().startswith("stripe-signature"))
        webhook = cards.read_webhook(body, {"Stripe-Signature": signature.split(": ", 1)[1]})
        taken.append(webhook.kind)
        status = "500 No" if len(taken) == 1 else "200 OK"
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()
        if len(taken) == 4:
            done.set()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as shop:
        stripe_server.push_to = f"http://127.0.0.1:{shop.sockets[0].getsockname()[1]}"
        await cards.open(charge_request(method_ref="pm_card_visa"))
        await asyncio.wait_for(done.wait(), 30)
        statuses = await stripe_server.deliver(stripe_server.push_to, *stripe_server.events, times=2, out_of_order=True)
    assert sorted({*taken[:4]}) == ["charge.succeeded", "payment_intent.created", "payment_intent.succeeded"]
    assert statuses == [200] * 6
    assert taken[4:] == [kind for kind in reversed([e["type"] for e in stripe_server.events]) for _ in range(2)]


def _fields(sdk: Any) -> set[str]:
    return {name for base in sdk.__mro__ for name in getattr(base, "__annotations__", {})}
