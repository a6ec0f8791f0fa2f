"""ETags in, 304 and 412 out."""

import pytest
from fastapi import FastAPI
from starlette.responses import PlainTextResponse, Response

from kit.application import Answer, KitApp, Streams, make, speak
from mercat.kit.conditional import PRIVATE, PUBLIC, Conditional, digest, require_match
from mercat.kit.problems import PreconditionFailed


class Shelf:
    """Things to read, and how often they were really read."""

    def __init__(self) -> None:
        self.text = "one"
        self.reads = 0
        self.headers: dict[str, str] = {}
        self.status = 200

    async def read(self) -> Response:
        self.reads += 1
        return PlainTextResponse(self.text, status_code=self.status, headers=self.headers)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def app(shelf: Shelf) -> KitApp:
    def add(app: FastAPI) -> None:
        app.add_api_route("/thing", shelf.read, methods=["GET", "HEAD", "POST"])

    return make(add=add)


async def ask(app: KitApp, etag: bytes | None = None, method: str = "GET", query: bytes = b"") -> Answer:
    headers = [] if etag is None else [(b"if-none-match", etag)]
    return await speak(app.app, method, "/thing", headers=headers, query_string=query)


def etag_of(answer: Answer) -> bytes:
    found = answer.header(b"etag")
    assert found is not None
    return found


async def test_a_read_has_an_etag_made_of_its_body(app: KitApp, shelf: Shelf) -> None:
    first = await ask(app)
    assert etag_of(first) == digest(b"one").encode() == etag_of(await ask(app))

    shelf.text = "two"
    assert etag_of(await ask(app)) != etag_of(first)


async def test_a_resources_own_etag_is_kept(app: KitApp, shelf: Shelf) -> None:
    shelf.headers = {"ETag": '"7.3"'}

    answer = await ask(app)

    assert [value for name, value in answer.headers if name == b"etag"] == [b'"7.3"']


@pytest.mark.parametrize("wrap", ['"7"', 'W/"7"', '"1", "7"', '"1" , W/"7","x"', "*"])
async def test_what_the_client_has_is_not_sent_again(app: KitApp, shelf: Shelf, wrap: str) -> None:
    shelf.headers = {"ETag": '"7"', "Content-Location": "/things/7", "Vary": "Accept-Language"}

    answer = await ask(app, wrap.encode())

    assert answer.status == 304
    assert answer.body == b""
    assert answer.header(b"etag") in {b'"7"', b'W/"7"'}  # as the client knows it
    assert answer.header(b"cache-control") == PRIVATE
    assert answer.header(b"vary") == b"Accept-Language"
    assert answer.header(b"content-location") == b"/things/7"
    assert answer.header(b"content-length") is None
    assert answer.header(b"content-type") is None
    # the headers of a 304 replace those that were kept: the kept answer's own policy holds
    assert answer.header(b"x-content-type-options") is None
    assert answer.header(b"content-security-policy") is None


async def test_a_weak_etag_matches_its_strong_twin(app: KitApp, shelf: Shelf) -> None:
    shelf.headers = {"ETag": 'W/"7"'}

    assert (await ask(app, b'"7"')).status == 304
    assert (await ask(app, b'W/"7"')).status == 304


@pytest.mark.parametrize("asked", [b'"8"', b"7", b'"7', b"", b'"77"', b'W/"8"', b'"*"'])
async def test_what_the_client_does_not_have_is_sent(app: KitApp, shelf: Shelf, asked: bytes) -> None:
    shelf.headers = {"ETag": '"7"'}

    answer = await ask(app, asked)

    assert (answer.status, answer.body) == (200, b"one")


async def test_head_is_answered_like_get(app: KitApp) -> None:
    known = etag_of(await ask(app))

    assert etag_of(await ask(app, method="HEAD")) == known
    assert (await ask(app, known, method="HEAD")).status == 304


@pytest.mark.parametrize("status", [201, 203, 404, 409, 500])
async def test_only_success_has_an_etag(app: KitApp, shelf: Shelf, status: int) -> None:
    shelf.status = status

    answer = await ask(app, b"*")

    assert answer.status == status
    assert answer.header(b"etag") is None


async def test_a_write_is_not_conditional_on_what_was_read(app: KitApp, shelf: Shelf) -> None:
    answer = await ask(app, b"*", method="POST")

    assert (answer.status, shelf.reads) == (200, 1)
    assert answer.header(b"etag") is None


async def test_a_stream_passes_untouched() -> None:
    answer = await speak(Conditional(Streams()), headers=[(b"if-none-match", b"*")])

    assert answer.status == 200
    assert answer.headers == [(b"content-type", b"text/csv"), (b"cache-control", PRIVATE)]
    assert [(m["body"], m["more_body"]) for m in answer.messages[1:]] == [(b"one\n", True), (b"two\n", False)]


@pytest.mark.parametrize(
    ("method", "status"), [("GET", 200), ("GET", 404), ("POST", 200), ("POST", 201), ("POST", 409)]
)
async def test_an_answer_is_kept_by_nobody_unless_it_says_otherwise(
    app: KitApp, shelf: Shelf, method: str, status: int
) -> None:
    shelf.status = status
    assert (await ask(app, method=method)).header(b"cache-control") == PRIVATE == b"private, no-store"

    shelf.headers = {"Cache-Control": "public, max-age=60"}
    assert (await ask(app, method=method)).header(b"cache-control") == b"public, max-age=60"


@pytest.mark.parametrize("policy", [PRIVATE, PUBLIC])
async def test_what_was_kept_gzipped_is_confirmed_by_its_own_etag(app: KitApp, shelf: Shelf, policy: bytes) -> None:
    shelf.headers = {"ETag": '"7"', "Cache-Control": policy.decode()}

    answer = await ask(app, b'"6", W/"7"')

    assert (answer.status, answer.header(b"etag")) == (304, b'W/"7"')


async def test_an_answer_that_is_served_twice_does_not_gather_headers() -> None:
    kept = PlainTextResponse("the same")
    ring = Conditional(kept)

    await speak(ring)
    again = await speak(ring)

    assert [name for name, _ in again.headers].count(b"etag") == 1
    assert b"etag" not in dict(kept.raw_headers)


@pytest.mark.parametrize("if_match", [None, "*", " * ", '"7"', 'W/"7"', '"1", "7"', '"7.9"'])
def test_an_update_of_what_was_read_may_go_on(if_match: str | None) -> None:
    require_match(if_match, '"7.3"')


@pytest.mark.parametrize("if_match", ["", '"8"', '"6"', '"77"', '"8.3"', '"3"', '"1", "2"', "nonsense"])
def test_an_update_of_another_version_is_refused(if_match: str) -> None:
    with pytest.raises(PreconditionFailed):
        require_match(if_match, '"7.3"')


async def test_a_lost_race_is_a_412() -> None:
    written: list[str] = []

    def add(app: FastAPI) -> None:
        @app.put("/thing")
        async def put() -> None:
            require_match('"6"', '"7"')
            written.append("lost")

    answer = await speak(make(add=add).app, "PUT", "/thing")

    assert answer.status == 412
    assert b'"request.precondition_failed"' in answer.body
    assert written == []
