"""The outermost ring: ids, headers, slashes, HTTPS, and what nobody caught."""

import re

import httpx2
import pytest
from fastapi import FastAPI
from pydantic import ValidationError
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from kit.application import KitApp, client_of, make, speak
from mercat.kit.edge import Edge, EdgeSettings
from mercat.kit.ids import parse_id
from mercat.kit.logs import request_id_var

SECURITY = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
}
EVERY_KIND_OF_ANSWER = [
    ("GET", "/pages", 200),
    ("GET", "/fails/409", 409),
    ("GET", "/crash", 500),
    ("GET", "/nowhere", 404),
    ("DELETE", "/pages", 405),
    ("GET", "/pages?page=x", 422),
    ("GET", "/pages?page=%00", 422),
    ("GET", "/docs", 200),
]


@pytest.mark.parametrize("given", ["mine", "a-b_c.d:e", "X" * 64, "0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c55"])
async def test_a_request_keeps_the_id_it_came_with(http: httpx2.AsyncClient, given: str) -> None:
    assert (await http.get("/pages", headers={"X-Request-Id": given})).headers["x-request-id"] == given


@pytest.mark.parametrize(
    "given", [b"", b"X" * 65, b"a b", b"a\tb", b"a\nb", b"a\n", b"<script>", b"a;b", b"{}", b"\xe9", b'"', b"a,b"]
)
async def test_a_request_with_a_bad_id_or_none_gets_a_new_one(kit: KitApp, given: bytes) -> None:
    answer = await speak(kit.app, path="/fails/404", headers=[(b"x-request-id", given)])

    made = (answer.header(b"x-request-id") or b"").decode()
    assert parse_id(made) is not None
    assert f'"request_id":"{made}"' in answer.body.decode()


async def test_each_request_has_an_id_of_its_own_and_none_stays(http: httpx2.AsyncClient) -> None:
    ids = [(await http.get("/pages")).headers["x-request-id"] for _ in range(3)]

    assert len(set(ids)) == 3
    assert request_id_var.get() == ""


@pytest.mark.parametrize(("method", "path", "status"), EVERY_KIND_OF_ANSWER)
async def test_every_answer_has_the_headers(http: httpx2.AsyncClient, method: str, path: str, status: int) -> None:
    answer = await http.request(method, path)

    assert answer.status_code == status
    assert {name: answer.headers[name] for name in SECURITY} == SECURITY
    assert len(answer.headers.get_list("content-security-policy")) == 1
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert re.fullmatch(r"app;dur=\d+\.\d", answer.headers["server-timing"])
    assert len(answer.headers.get_list("x-request-id")) == 1
    assert "strict-transport-security" not in answer.headers


async def test_a_page_may_bring_its_own_policy(http: httpx2.AsyncClient) -> None:
    assert "'unsafe-inline'" in (await http.get("/docs")).headers["content-security-policy"]
    assert "'unsafe-inline'" not in (await http.get("/pages")).headers["content-security-policy"]


async def test_a_page_that_a_browser_has_kept_keeps_its_policy(http: httpx2.AsyncClient) -> None:
    known = (await http.get("/docs")).headers["etag"]

    again = await http.get("/docs", headers={"If-None-Match": known})

    assert again.status_code == 304
    assert "content-security-policy" not in again.headers, "it would replace the one of the page"
    assert again.headers["x-request-id"]


async def test_an_answer_that_is_served_twice_does_not_gather_headers() -> None:
    kept = PlainTextResponse("the same")

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        await kept(scope, receive, send)

    edge = Edge(inner, https_redirect=False, last_resort=lambda *_: Response())
    first, second = await speak(edge), await speak(edge)

    assert [name for name, _ in second.headers].count(b"x-request-id") == 1
    assert first.header(b"x-request-id") != second.header(b"x-request-id")


@pytest.mark.parametrize("path", ["/pages/", "/pages//", "/pages/?page=2", "/pages?page=2"])
async def test_a_trailing_slash_means_the_same(http: httpx2.AsyncClient, path: str) -> None:
    answer = await http.get(path)

    assert answer.status_code == 200
    assert answer.json()["page"] == (2 if "page=2" in path else 1)


async def test_a_body_arrives_at_a_path_with_a_slash_without_a_redirect(http: httpx2.AsyncClient) -> None:
    assert (await http.post("/forms/", data={"name": "Ada"})).json() == {"name": "Ada"}


@pytest.mark.parametrize("path", ["/", "//", "///"])
async def test_the_root_stays_the_root(kit: KitApp, path: str) -> None:
    @kit.app.get("/")
    async def root() -> str:
        return "root"

    assert (await speak(kit.app, path=path)).body == b'"root"'


@pytest.mark.parametrize(
    ("method", "host", "path", "query", "location"),
    [
        ("GET", b"shop.test", "/pages", b"", b"https://shop.test/pages"),
        ("POST", b"shop.test:8000", "/pages/", b"page=2&a=%20", b"https://shop.test/pages/?page=2&a=%20"),
        ("GET", b"[::1]:8000", "/a%20b", b"", b"https://[::1]/a%20b"),
        ("GET", b"[::1]", "/", b"", b"https://[::1]/"),
        ("GET", b"shop.test", "//evil.test", b"", b"https://shop.test//evil.test"),
    ],
)
async def test_plain_http_is_sent_to_https(method: str, host: bytes, path: str, query: bytes, location: bytes) -> None:
    answer = await speak(make(https_redirect=True).app, method, path, query_string=query, headers=[(b"host", host)])

    assert answer.status == 308
    assert answer.header(b"location") == location
    assert answer.header(b"x-frame-options") == b"DENY"


async def test_https_is_served_and_asks_to_be_kept() -> None:
    async with client_of(make(https_redirect=True).app, "https://shop.test") as client:
        for path, status in (("/pages", 200), ("/nowhere", 404), ("/crash", 500)):
            answer = await client.get(path)
            assert answer.status_code == status
            assert answer.headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"


async def test_a_plain_request_does_nothing_where_https_is_wanted() -> None:
    done: list[str] = []

    def add(app: FastAPI) -> None:
        @app.post("/buy")
        async def buy() -> None:
            done.append("bought")

    async with client_of(make(https_redirect=True, add=add).app) as client:
        assert (await client.post("/buy")).status_code == 308
    assert done == []


async def test_an_answer_that_breaks_off_is_not_followed_by_another() -> None:
    async def breaks(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("in the middle")

    resorted: list[Exception] = []

    def last_resort(error: Exception, _request_id: str) -> Response:
        resorted.append(error)
        return Response()

    with pytest.raises(RuntimeError, match="in the middle"):
        await speak(Edge(breaks, https_redirect=False, last_resort=last_resort))
    assert resorted == []
    assert request_id_var.get() == ""


async def test_a_failure_in_a_middleware_is_answered_too() -> None:
    async def breaks(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise RuntimeError("before anything")

    edge = Edge(breaks, https_redirect=False, last_resort=lambda _error, id_: PlainTextResponse(id_, status_code=500))
    answer = await speak(edge, headers=[(b"x-request-id", b"mine")])

    assert (answer.status, answer.body) == (500, b"mine")
    assert answer.header(b"x-request-id") == b"mine"


async def test_other_kinds_of_connection_pass_untouched() -> None:
    seen: list[Scope] = []

    async def inner(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope)

    await speak(Edge(inner, https_redirect=True, last_resort=lambda *_: Response()), path="/ws/", type="websocket")

    assert [(scope["type"], scope["path"]) for scope in seen] == [("websocket", "/ws/")]


@pytest.mark.parametrize("proxies", ["", "10.0.0.7", "10.0.0.7, fd00::7", "10.1.0.0/16,fd00::/64", "127.0.0.1,"])
def test_proxies_are_named_by_address_or_network(proxies: str) -> None:
    assert EdgeSettings(trusted_proxies=proxies).trusted_proxies == proxies


@pytest.mark.parametrize(
    "proxies", ["*", "0.0.0.0/0", "::/0", "proxy.internal", "10.0.0.7/8", "10.0.0.7 10.0.0.8", "10.0.0"]
)
def test_a_list_of_proxies_that_could_believe_anybody_is_refused(proxies: str) -> None:
    with pytest.raises(ValidationError, match="trusted_proxies"):
        EdgeSettings(trusted_proxies=proxies)


@pytest.mark.parametrize(
    ("peer", "believed"),
    [
        ("10.0.0.7", True), ("::ffff:10.0.0.7", True), ("10.0.0.8", False), ("::ffff:10.0.0.8", False),
        ("192.168.3.4", True), ("::ffff:192.168.3.4", True), ("192.169.0.1", False), ("::ffff:192.169.0.1", False),
        ("fd00::7", True), ("fd00:0:0:1::7", False), ("::a00:7", False), ("127.0.0.1", False), ("::1", False),
    ],
)  # fmt: skip
async def test_a_proxy_is_believed_in_whatever_form_its_address_comes(peer: str, believed: bool) -> None:  # noqa: FBT001 - a table's column
    seen: list[str] = []

    async def inner(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["client"][0])

    peers = EdgeSettings(trusted_proxies="10.0.0.7, 192.168.0.0/16,fd00::/64").proxy_peers()
    server = ProxyHeadersMiddleware(inner, peers)  # type: ignore[arg-type]  # uvicorn has its own names for these
    await speak(server, client=(peer, 1), headers=[(b"x-forwarded-for", b"203.0.113.5")])  # type: ignore[arg-type]  # as above
    assert seen == ["203.0.113.5" if believed else peer]
