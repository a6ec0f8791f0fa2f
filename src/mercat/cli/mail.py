"""Commands about outgoing mail."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

import typer

from mercat.cli.target import AsJson, DataDir, connected, target

if TYPE_CHECKING:
    from collections.abc import Sequence
    from http.server import ThreadingHTTPServer

    from mercat.notifications import OutgoingMail

app = typer.Typer(no_args_is_help=True, help="Outgoing mail: look at it beforehand, list it, try again.")
LOCAL = "127.0.0.1"


@app.command()
def preview(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on, on this computer only.")] = 0,
    to_folder: Annotated[
        Path | None, typer.Option(file_okay=False, help="Write the pages into this folder instead of serving them.")
    ] = None,
) -> None:
    """Show every kind of mail in every language, with made-up data. Ctrl-C stops it."""
    if to_folder is not None:
        from mercat import notifications  # noqa: PLC0415

        typer.echo(f"{notifications.preview.write_to(to_folder)} files written to {to_folder}")
        return
    with server(port) as listening:
        typer.echo(f"http://{LOCAL}:{listening.server_address[1]}/")
        try:
            listening.serve_forever()
        except KeyboardInterrupt:
            return


def server(port: int) -> "ThreadingHTTPServer":
    """Return a server of the preview that is bound and not yet serving."""
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer  # noqa: PLC0415

    from mercat import notifications  # noqa: PLC0415

    class Preview(BaseHTTPRequestHandler):
        """Pages written when they are asked for."""

        def do_GET(self) -> None:
            """Answer with a page, or say that there is none."""
            found = notifications.preview.page(self.path.lstrip("/") or "index.html")
            body = found.content.encode() if found else b"there is no such page"
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", found.media_type if found else "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing about each request."""

    return ThreadingHTTPServer((LOCAL, port), Preview)


@app.command("list")
def list_(
    status: Annotated[Literal["queued", "refused", "sent"] | None, typer.Option(help="Only these.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, the newest first.")] = 50,
    data_dir: DataDir = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List what was written, the newest first: to whom, and whether it left."""
    from mercat import notifications  # noqa: PLC0415

    async def run(url: str) -> "Sequence[OutgoingMail]":
        async with connected(url) as database, database.primary_session() as session:
            return await notifications.outgoing(session, status=status, limit=limit)

    with target(data_dir, make=False) as url:
        found = asyncio.run(run(url))
    if as_json:
        typer.echo(json.dumps([mail.model_dump(mode="json") for mail in found]))
        return
    for mail in found:
        typer.echo(f"{mail.id}  {mail.status:7}  {mail.kind:18}  {mail.recipient}  {mail.reason}".rstrip())


@app.command()
def retry(
    mail_id: Annotated[UUID, typer.Argument(metavar="ID", help="Id of the message, as `mercat mail list` shows it.")],
    data_dir: DataDir = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Send a message after all that was refused, or that was tried too often."""
    from mercat import notifications  # noqa: PLC0415
    from mercat.auth import Actor  # noqa: PLC0415
    from mercat.kit.problems import Problem  # noqa: PLC0415

    async def run(url: str) -> None:
        async with connected(url) as database, database.transaction() as session:
            await notifications.retry(session, Actor.system(), mail_id)

    try:
        with target(data_dir, make=False) as url:
            asyncio.run(run(url))
    except Problem as problem:
        typer.echo(f"error: {problem.detail}", err=True)
        raise typer.Exit(1) from None
    typer.echo(json.dumps({"id": str(mail_id), "status": "queued"}) if as_json else f"{mail_id} is queued again")
