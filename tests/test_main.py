"""The application put together under other settings than the tests' own."""

from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI

from mercat.health import Alive
from mercat.kit.head import Head

Make = Callable[..., FastAPI]


def client(app: FastAPI, base: str = "http://shop.test") -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=base)


async def test_only_named_origins_may_call_from_a_browser(make: Make) -> None:
    async with client(make(cors_origins='["https://front.example"]')) as http:
        asked = {"Origin": "https://front.example", "Access-Control-Request-Method": "POST"}
        friend = await http.options("/api/v1/cart/add", headers=asked)
        stranger = await http.options("/api/v1/cart/add", headers=asked | {"Origin": "https://evil.example"})
        read = await http.get("/api/v1/products", headers={"Origin": "https://front.example"})

    assert friend.headers["access-control-allow-origin"] == "https://front.example"
    assert "access-control-allow-credentials" not in friend.headers
    assert "access-control-allow-origin" not in stranger.headers
    assert "ETag" in read.headers["access-control-expose-headers"]


async def test_without_a_list_no_origin_may(make: Make) -> None:
    async with client(make()) as http:
        answer = await http.get("/api/v1/products", headers={"Origin": "https://front.example"})

    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(("host", "served"), [
    ("shop.example", True), ("SHOP.example:8000", True), ("eu.shop.example", True), ("evil.example", False),
    ("shop.example.evil.example", False), ("xshop.example", False),
])  # fmt: skip
async def test_only_named_hosts_are_served(make: Make, host: str, served: bool) -> None:  # noqa: FBT001 - a table's column
    async with client(make(allowed_hosts='["shop.example", "*.shop.example"]')) as http:
        answer = await http.get("/api/v1/vendors", headers={"Host": host})

    assert answer.status_code == (200 if served else 400)
    if not served:
        assert (answer.headers["content-type"], answer.json()["code"]) == (
            "application/problem+json",
            "request.unknown_host",
        )


async def test_large_answers_are_compressed_for_those_who_ask(make: Make) -> None:
    app = make()
    async with client(app) as http:
        packed = await http.get("/openapi.json", headers={"Accept-Encoding": "gzip"})
        plain = await http.get("/openapi.json", headers={"Accept-Encoding": "identity"})
        small = await http.get("/health/live", headers={"Accept-Encoding": "gzip"})

    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert "content-encoding" not in small.headers
    assert packed.json() == plain.json()


async def test_gzipped_and_plain_have_etags_of_their_own_and_caches_are_told_what_varies(make: Make) -> None:
    app = make()
    async with client(app) as http:
        packed = await http.get("/openapi.json", headers={"Accept-Encoding": "gzip"})
        plain = await http.get("/openapi.json", headers={"Accept-Encoding": "identity"})
        confirmed = await http.get(
            "/openapi.json", headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["etag"]}
        )
        listed = await http.get("/api/v1/products")
        remembered = await http.get("/api/v1/products", headers={"If-None-Match": listed.headers["etag"]})

    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["etag"] == f"W/{plain.headers['etag']}"
    assert (confirmed.status_code, confirmed.headers["etag"]) == (304, packed.headers["etag"])
    assert remembered.status_code == 304
    for answer in (packed, plain, confirmed, listed, remembered):
        assert answer.headers.get_list("vary") == ["Accept-Encoding"]


async def test_without_compression_nothing_varies(make: Make) -> None:
    async with client(make(compress_min_bytes="0")) as http:
        answer = await http.get("/openapi.json", headers={"Accept-Encoding": "gzip"})

    assert "vary" not in answer.headers
    assert not answer.headers["etag"].startswith("W/")


async def test_what_lives_says_so_before_anything_is_routed() -> None:
    async def routed(*_: object) -> None:
        raise AssertionError

    async with client(Head(Alive(routed))) as http:
        asked = await http.get("/health/live")
        head = await http.head("/health/live")
        for method, path in (("POST", "/health/live"), ("GET", "/health/ready")):
            with pytest.raises(AssertionError):
                await http.request(method, path)

    assert (asked.status_code, asked.json()) == (200, {"status": "ok", "checks": {}})
    assert (head.status_code, head.content) == (200, b"")
    assert asked.headers["cache-control"] == "no-store"


async def test_what_lives_answers_like_everything_else(make: Make) -> None:
    async with client(make()) as http:
        asked = await http.get("/health/live/")
        wrong = await http.post("/health/live")

    assert asked.json() == {"status": "ok", "checks": {}}
    assert asked.headers["x-content-type-options"] == "nosniff"
    assert "x-request-id" in asked.headers
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET, HEAD")


async def test_https_is_insisted_on_when_configured(make: Make) -> None:
    async with client(make(https_redirect="true")) as http:
        plain = await http.get("/api/v1/products?size=3")
    async with client(make(https_redirect="true"), "https://shop.test") as http:
        secure = await http.get("/api/v1/products")

    assert (plain.status_code, plain.headers["location"]) == (308, "https://shop.test/api/v1/products?size=3")
    assert secure.status_code == 200
    assert "max-age" in secure.headers["strict-transport-security"]


async def test_readiness_names_what_is_missing(make: Make) -> None:
    app = make()
    async with client(app) as http:
        ready = await http.get("/health/ready")
        async with app.state.database.transaction() as session:
            await (await session.connection()).exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
        behind = await http.get("/health/ready")
        live = await http.get("/health/live")

    assert ready.json() == {
        "status": "degraded",
        "checks": {"database": "ok", "migrations": "ok", "jobs": "ok", "redis": "away"},
    }
    assert (behind.status_code, behind.json()["checks"]["migrations"]) == (503, "behind")
    assert live.status_code == 200


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
async def test_the_documentation_needs_no_network(make: Make, path: str) -> None:
    async with client(make()) as http:
        page = await http.get(path)
        own = [part.split('"')[0] for part in page.text.replace('href="', 'src="').split('src="')[1:]]
        files = [(await http.get(link)).status_code for link in own]

    assert page.status_code == 200
    assert own
    assert all(link.startswith("/") for link in own)
    assert set(files) == {200}


async def test_pictures_are_served_inert(make: Make, tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "x.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    async with client(make(data_dir=str(tmp_path))) as http:
        picture = await http.get("/media/x.svg")
        outside = await http.get("/media/..%2f..%2fetc/passwd")

    assert picture.status_code == 200
    assert "default-src 'none'" in picture.headers["content-security-policy"]
    assert picture.headers["x-content-type-options"] == "nosniff"
    assert outside.status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/products", "GET, HEAD, POST"),
        ("GET", "/cart/checkout", "DELETE, POST, PUT"),  # also what a line of that name would take
        ("POST", "/orders/0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c56", "DELETE, GET, HEAD"),
        ("PATCH", "/orders/", "GET, HEAD, POST"),
    ],
)
async def test_a_method_that_a_path_does_not_take_is_told_all_that_it_takes(
    client: httpx2.AsyncClient, method: str, path: str, allowed: str
) -> None:
    answer = await client.request(method, path)

    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
