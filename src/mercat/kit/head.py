"""HEAD is answered like GET, without the body (RFC 9110, section 9.3.2)."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Head:
    """Pure ASGI: asks everything inside for a GET, so that the headers are those of the GET, and drops the content."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            if message["type"] in {"http.response.body", "http.response.pathsend"}:
                message = {"type": "http.response.body", "body": b"", "more_body": message.get("more_body", False)}
            await send(message)

        # a copy: the server looks into its own scope to know that no content will come
        await self.app({**scope, "method": "GET"}, receive, send_head)
