"""A small application made of nothing but the kit, so that its promises are tested where they are kept."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import httpx2
from fastapi import FastAPI, Form, Query, Request
from pydantic import Field, SecretStr
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mercat.i18n import Translator
from mercat.kit.body_guard import BodyGuard, BodyLimits
from mercat.kit.conditional import Conditional
from mercat.kit.documentation import install_docs
from mercat.kit.edge import Edge
from mercat.kit.errors import BY_STATUS, Errors
from mercat.kit.money import Money
from mercat.kit.pagination import PageParams
from mercat.kit.problems import Conflict, Problem
from mercat.kit.shapes import Shape

MAX_BYTES = 64 * 1024
MAX_DEPTH = 32
LIMITS = BodyLimits(max_bytes=MAX_BYTES, max_large_bytes=2 * MAX_BYTES, max_depth=MAX_DEPTH, max_values=2_000)


class Account(Shape):
    """What somebody sends to sign up."""

    email: str
    password: SecretStr = Field(min_length=8)


class Named(Shape):
    name: str


class Cat(Shape):
    kind: Literal["cat"]


class Dog(Shape):
    kind: Literal["dog"]


class Pet(Shape):
    pet: Cat | Dog = Field(discriminator="kind")


class OutOfPaint(Conflict):
    code = "paint.gone"
    detail = "Only {left} tins are left, {price} each."


def routes(app: FastAPI) -> None:
    """Add one route for each way in which a request can go well or badly."""
    failing(app)
    taking(app)


def failing(app: FastAPI) -> None:
    """Add routes that fail."""

    @app.get("/fails/{status}")
    async def fails(status: int) -> None:
        raise BY_STATUS.get(status, Problem)

    @app.get("/http/{status}")
    async def http(status: int) -> None:
        raise HTTPException(status, detail="an inside word", headers={"X-Hint": "kept"})

    @app.get("/crash")
    async def crash() -> None:
        raise RuntimeError("an inside word")

    @app.get("/paint")
    async def paint() -> None:
        raise OutOfPaint(left=3, price=Money(199, "EUR"))


def taking(app: FastAPI) -> None:
    """Add routes that take something and say what they understood."""

    @app.post("/accounts")
    async def accounts(body: Account) -> dict[str, str]:
        return {"email": body.email}

    @app.post("/pets")
    async def pets(body: Pet) -> dict[str, str]:
        return {"kind": body.pet.kind}

    @app.post("/forms")
    async def forms(form: Annotated[Named, Form()]) -> dict[str, str]:
        return {"name": form.name}

    @app.get("/pages")
    async def pages(params: Annotated[PageParams, Query()]) -> dict[str, int]:
        return {"page": params.page, "size": params.size, "offset": params.offset}

    @app.post("/echo")
    async def echo(request: Request) -> JSONResponse:
        return JSONResponse({"got": await request.json()})

    @app.post("/length")
    async def length(request: Request) -> dict[str, int]:
        return {"length": len(await request.body())}


@dataclass
class KitApp:
    """The application and what a test looks at behind it."""

    app: FastAPI


def make(*, https_redirect: bool = False, add: Callable[[FastAPI], None] = routes) -> KitApp:
    """Put the kit's rings around routes, in the order in which they belong."""
    app = FastAPI(title="Kit", openapi_url=None)
    made = KitApp(app)
    errors = Errors(Translator())
    errors.install(app)
    install_docs(app)
    add(app)
    app.add_middleware(BodyGuard, limits=LIMITS, refuse=errors.refuse)
    app.add_middleware(Conditional)
    app.add_middleware(Edge, https_redirect=https_redirect, last_resort=errors.last_resort)
    return made


def client_of(app: ASGIApp, base_url: str = "http://shop.test") -> httpx2.AsyncClient:
    """Return a client of any ASGI application."""
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=base_url)


@dataclass
class Answer:
    """What an application sent, message by message."""

    messages: list[Message] = field(default_factory=list)
    taken: int = 0
    """How many messages of the request it has read."""

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        return list(self.messages[0]["headers"])

    def header(self, name: bytes) -> bytes | None:
        return dict(self.headers).get(name)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.messages[1:])


async def speak(
    app: ASGIApp,
    method: str = "GET",
    path: str = "/",
    *,
    body: Iterable[bytes] = (b"",),
    leaves: bool = False,
    **scope_parts: Any,
) -> Answer:
    """Speak ASGI itself, where a client would tidy the request up; with `leaves`, the body breaks off."""
    answer = Answer()
    chunks = iter(body)
    upcoming: list[bytes | None] = [next(chunks, b"")]

    async def receive() -> Message:
        chunk = upcoming.pop() if upcoming else None
        if chunk is None:
            return {"type": "http.disconnect"}
        answer.taken += 1
        upcoming.append(following := next(chunks, None))
        return {"type": "http.request", "body": chunk, "more_body": leaves or following is not None}

    async def send(message: Message) -> None:
        answer.messages.append(message)

    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [],
        "client": ("127.0.0.1", 40000),
        "server": ("shop.test", 80),
        **scope_parts,
    }
    await app(scope, receive, send)
    return answer


class Streams:
    """An ASGI application that answers in two pieces."""

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/csv")]})
        await send({"type": "http.response.body", "body": b"one\n", "more_body": True})
        await send({"type": "http.response.body", "body": b"two\n", "more_body": False})
