"""HEAD is GET without its content."""

from starlette.types import Receive, Scope, Send

from kit.application import Streams, speak
from mercat.kit.head import Head

seen: list[str] = []


async def sends_a_file(scope: Scope, _receive: Receive, send: Send) -> None:
    """Answer as servers that send files themselves are answered."""
    seen.append(scope["method"])
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"7")]})
    await send({"type": "http.response.pathsend", "path": "/nowhere"})


async def test_the_head_of_a_stream_is_its_headers() -> None:
    answer = await speak(Head(Streams()), "HEAD")

    assert (answer.status, answer.headers) == (200, [(b"content-type", b"text/csv")])
    assert [(m["body"], m["more_body"]) for m in answer.messages[1:]] == [(b"", True), (b"", False)]


async def test_the_head_of_a_file_sends_no_file() -> None:
    seen.clear()

    answer = await speak(Head(sends_a_file), "HEAD")

    assert seen == ["GET"]
    assert answer.headers == [(b"content-length", b"7")]
    assert answer.messages[1:] == [{"type": "http.response.body", "body": b"", "more_body": False}]


async def test_other_methods_pass_as_they_are() -> None:
    seen.clear()

    for method in ("GET", "POST", "OPTIONS"):
        answer = await speak(Head(sends_a_file), method)
        assert answer.messages[1]["type"] == "http.response.pathsend"

    assert seen == ["GET", "POST", "OPTIONS"]
