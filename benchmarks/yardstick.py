"""What the product is compared with: a server that does the same work and nothing else.

The same uvicorn with the same settings, one bare FastAPI application with four routes and no middleware, psycopg
itself with a pool of the same size. Each route sends the very statement that the product sends for the same request
(recorded from the product's own code at start-up, so that the two cannot drift apart), puts the objects of the answer
together and writes them with orjson. No validation, no errors, no headers, no request ids, no totals beyond the
statement's. Beside it a bare ASGI application that answers 200 or 304 from memory.
"""

import argparse
import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import orjson
import uvicorn
from fastapi import FastAPI, Response
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool
from starlette.types import Receive, Scope, Send

from benchmarks.requests import FILTERED, LIST
from mercat.catalog import product_pages
from mercat.catalog.listing import listed_products, product_list
from mercat.i18n import DEFAULT_LOCALE
from mercat.kit.database import DatabaseSettings, Reads, by_cores
from mercat.search.asked import Asked
from mercat.search.engine import Filters, Request
from mercat.search.postgresql import PostgresEngine
from mercat.search.text import analyzer, parse

ETAG = b'"0123456789abcdef0123"'
Params = Mapping[str, Any] | Sequence[Any]


class _Recorder(Reads):
    """Stands in the driver's place and notes what the product would have asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Params]] = []

    async def rows(self, sql: str, params: Params = ()) -> list[TupleRow]:
        self.asked.append((sql, params))
        return []


async def _statements() -> dict[str, tuple[str, Params]]:
    recorder = _Recorder()
    for path in (LIST, FILTERED):
        asked = Asked.from_query(path.partition("?")[2].encode()).parameters
        await product_list.read(recorder, asked, "price" if asked.sort == "price" else "newest")
    await product_pages.page(recorder, "some-slug", "en")
    return dict(zip(("list", "filtered", "detail"), recorder.asked, strict=True))


def create_app(settings: DatabaseSettings) -> FastAPI:
    """Put the four routes together."""
    asked = asyncio.run(_statements())
    # the product's own limits on a connection; nothing else is set
    options = f"-c timezone=UTC -c statement_timeout={settings.database_statement_timeout_ms}"
    pool = AsyncConnectionPool(
        settings.database_url,
        kwargs={"autocommit": True, "options": options},
        min_size=settings.database_read_pool_size or by_cores(),
        max_size=settings.database_read_pool_size or by_cores(),
        open=False,
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await pool.open(wait=True)
        yield
        await pool.close()

    app = FastAPI(lifespan=lifespan, openapi_url=None)

    async def rows(statement: str, params: Params) -> list[TupleRow]:
        async with pool.connection() as connection:
            return await (await connection.execute(statement, params)).fetchall()

    @app.get("/ready")
    async def ready() -> Response:
        return Response()

    @app.get("/list")
    async def list_products() -> Response:
        return _json(_page(await rows(*asked["list"])))

    @app.get("/filtered")
    async def list_filtered() -> Response:
        return _json(_page(await rows(*asked["filtered"])))

    @app.get("/search/{word}")
    async def search_products(word: str) -> Response:
        page, facets = await _search_statements(word)
        found = await rows(*page)
        counted = await rows(*facets)
        shown = await rows(listed_products.SUMMARIES, ([row[0] for row in found],)) if found else []
        return _json(_found(found, counted, shown))

    @app.get("/detail/{slug}")
    async def read_product(slug: str) -> Response:
        return _json(_product((await rows(asked["detail"][0], (slug,)))[0]))

    return app


def _page(rows: list[TupleRow]) -> object:
    total = int(rows[0][2])
    items = [{**orjson.loads(summary), "in_stock": stocked} for summary, stocked, _ in rows]
    return {"items": items, "page": 1, "size": 20, "total": total, "pages": -(-total // 20)}


async def _search_statements(word: str) -> list[tuple[str, Params]]:
    """Return what the product's own engine asks for a page of a word, and for its facets."""
    recorder = _Recorder()
    engine = PostgresEngine(recorder)
    request = Request(parse(word, analyzer(DEFAULT_LOCALE)), DEFAULT_LOCALE, Filters())
    await engine.search(request)
    await engine.facets(request)
    return recorder.asked


def _found(found: list[TupleRow], counted: list[TupleRow], shown: list[TupleRow]) -> object:
    items = {row[2]: {**orjson.loads(row[0]), "in_stock": row[1]} for row in shown}
    total = int(found[0][1]) if found else 0
    facets: dict[str, list[object]] = defaultdict(list)
    for number, count, facet, value, label, _key in counted:
        facets[facet or "own"].append({"value": value or number, "label": label, "count": count, "selected": False})
    page = [items[row[0]] for row in found if row[0] in items]
    return {"items": page, "page": 1, "size": 20, "total": total, "pages": -(-total // 20), "facets": facets}


def _product(row: TupleRow) -> object:
    page, vendor_orders, _version, *_, stock = row
    variants = [
        {**orjson.loads(vendor_order), "available": max(count, 0), "in_stock": count >= 0}
        for vendor_order, count in zip(vendor_orders, stock, strict=True)
    ]
    units = sum(count for count in stock if count > 0)
    return {**orjson.loads(page), "variants": variants, "stock_quantity": units, "in_stock": max(stock) >= 0}


def _json(value: object) -> Response:
    return Response(orjson.dumps(value), media_type="application/json")


def beside(app: FastAPI) -> Callable[[Scope, Receive, Send], Any]:
    """Answer `/bare` from memory as directly as ASGI allows, 304 to who has it; everything else is the app's."""
    body = b"x" * 11_000
    head = [(b"etag", ETAG), (b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/bare":
            await app(scope, receive, send)
            return
        asked = next((value for name, value in scope["headers"] if name == b"if-none-match"), None)
        if asked == ETAG:
            await send({"type": "http.response.start", "status": 304, "headers": [(b"etag", ETAG)]})
            await send({"type": "http.response.body", "body": b""})
            return
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": body})

    return serve


def main() -> None:
    """Serve until told to stop."""
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, required=True)
    uvicorn.run(
        beside(create_app(DatabaseSettings())),
        host="127.0.0.1",
        port=options.parse_args().port,
        proxy_headers=False,
        access_log=False,
        server_header=False,
        log_config=None,
        backlog=4096,
        timeout_keep_alive=30,
    )


if __name__ == "__main__":
    main()
