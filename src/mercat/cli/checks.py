"""What `mercat doctor` looks at."""

import asyncio
import os
import platform
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg

from mercat import exchange, files, search
from mercat.kit import migrations, redis
from mercat.kit.config import ProcessSettings
from mercat.kit.startup import PlaceholderSecretError, refuse_placeholders
from mercat.notifications import MailSettings

OLDEST_POSTGRESQL = 150_000
PATIENCE = 3.0


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at."""

    name: str
    ok: bool
    says: str
    needed: bool = True
    """Whether the product cannot do without."""


async def run(database_url: str) -> list[Check]:
    """Look at everything; a failing check does not keep the others from being made."""
    return [
        Check("python", ok=True, says=platform.python_version()),
        *await asyncio.to_thread(_database, database_url),
        await _redis(),
        await _mail(),
        _folder(),
        await _files(),
        await _search(database_url),
        await _rates(database_url),
        _secrets(),
    ]


def _database(url: str) -> list[Check]:
    try:
        with psycopg.connect(url, connect_timeout=5, autocommit=True) as connection:
            version = connection.info.server_version
            parked = connection.execute(
                "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('failed', 'aborted')"
                if connection.execute("SELECT to_regclass('procrastinate_jobs')").fetchone() != (None,)
                else "SELECT 0"
            ).fetchone()
    except psycopg.Error as error:
        return [Check("database", ok=False, says=f"MERCAT_DATABASE_URL: {str(error).splitlines()[0]}")]
    at, head = migrations.current(url), migrations.head()
    failed = parked[0] if parked else 0
    return [
        Check("database", ok=version >= OLDEST_POSTGRESQL, says=f"PostgreSQL {version // 10_000}.{version % 10_000}"),
        Check("migrations", ok=at == head, says=f"at {at}" if at == head else f"at {at}, run `mercat migrate`"),
        Check(
            "jobs",
            ok=failed == 0,
            says=f"{failed} parked{', see `mercat jobs list --status parked`' if failed else ''}",
        ),
    ]


async def _redis() -> Check:
    client = redis.connect(redis.RedisSettings())
    try:
        there = await redis.answers(client)
    finally:
        await client.aclose()
    says = "answers" if there else "MERCAT_REDIS_URL: no answer; the marketplace goes on without"
    return Check("redis", ok=there, says=says, needed=False)


async def _mail() -> Check:
    url = urlsplit(MailSettings().mail_url)
    if url.scheme == "maildir":
        return Check("mail", ok=True, says=f"is written to {unquote(url.path)}")
    if url.scheme == "sendgrid":
        url = urlsplit(MailSettings().sendgrid_url)
    port = url.port or {"https": 443, "http": 80, "smtps": 465}.get(url.scheme, 25)
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(url.hostname, port), PATIENCE)
    except (OSError, TimeoutError) as error:
        says = f"MERCAT_MAIL_URL: {url.hostname}:{port} does not answer ({type(error).__name__})"
        return Check("mail", ok=False, says=says)
    writer.close()
    return Check("mail", ok=True, says=f"{url.hostname}:{port} answers")


def _folder() -> Check:
    folder = Path(ProcessSettings().data_dir)
    there = folder if folder.exists() else folder.resolve().parent
    writable = os.access(there, os.W_OK)
    return Check("data folder", ok=writable, says=f"{folder} {'is writable' if writable else 'cannot be written'}")


async def _files() -> Check:
    where, there = await files.whereabouts()
    says = f"lie in {where}" if there else f"{where} does not answer; uploads wait, the rest of the marketplace goes on"
    return Check("files", ok=there, says=says, needed=False)


async def _search(database_url: str) -> Check:
    there = await search.state(database_url)
    await search.close()
    return Check("search", ok=there.ok, says=there.says, needed=False)


async def _rates(database_url: str) -> Check:
    there = await exchange.state(database_url)
    return Check("rates", ok=there.ok, says=there.says, needed=False)


def _secrets() -> Check:
    try:
        refuse_placeholders()
    except PlaceholderSecretError as error:
        return Check("secrets", ok=False, says=str(error))
    return Check("secrets", ok=True, says=f"environment {ProcessSettings().environment}")
