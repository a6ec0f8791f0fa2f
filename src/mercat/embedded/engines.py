"""PostgreSQL and Redis of a data folder: for the demo, which keeps them running, and for commands that borrow them."""

import contextlib
import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mercat.embedded.exceptions import EngineFolderBusy
from mercat.embedded.postgres import Postgres
from mercat.embedded.processes import FolderLock, own_folder, secret_in, write_private
from mercat.embedded.redis import Redis

SETTINGS = "settings.json"
ATTACH_SECONDS = 10.0
POLL_SECONDS = 0.03


class Engines:
    """PostgreSQL and Redis on a data folder, each left out when the environment names one of the user's own."""

    def __init__(self, data_dir: Path) -> None:
        own = own_settings()
        logs = data_dir / "logs"
        self._database_url = own.get("MERCAT_DATABASE_URL")
        self._redis_url = own.get("MERCAT_REDIS_URL")
        self.postgres = None if self._database_url else Postgres(data_dir / "postgres", log=logs / "postgres.log")
        self.redis = None if self._redis_url else Redis(data_dir / "redis", log=logs / "redis.log")

    def start(self) -> tuple[str, str]:
        """Start both at once and return their URLs."""
        with ThreadPoolExecutor(1) as side:
            waiting = side.submit(self.redis.start) if self.redis is not None else None
            database_url = self.postgres.start() if self.postgres is not None else self._database_url
            redis_url = waiting.result() if waiting is not None else self._redis_url
        return database_url or "", redis_url or ""

    def stop(self) -> None:
        """Stop both at once."""
        with ThreadPoolExecutor(1) as side:
            if self.redis is not None:
                side.submit(self.redis.stop, 2.0)
            if self.postgres is not None:
                self.postgres.stop(3.0)


@contextlib.contextmanager
def attach(data_dir: Path) -> Iterator[tuple[str, str]]:
    """Yield the database's and Redis' URLs of a data folder.

    A running demo lends its servers; without one they are started here and stopped afterwards, and nobody else can
    start on the folder in the meantime. Settings of the user's own win, as everywhere.
    """
    folder = own_folder(data_dir)
    lock, deadline = FolderLock(folder, "Mercat"), time.monotonic() + ATTACH_SECONDS
    while True:
        try:
            lock.acquire()
            break
        except EngineFolderBusy:
            lent = _lent_by(lock.holder(), folder)
            if lent is None and time.monotonic() > deadline:
                raise
        if lent is not None:
            yield lent
            return
        time.sleep(POLL_SECONDS)
    with lock:
        engines = Engines(folder)
        try:
            yield engines.start()
        finally:
            engines.stop()


def _lent_by(holder: str, folder: Path) -> tuple[str, str] | None:
    """Return the URLs that the demo holding the folder has written down; None while it is still starting."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        run = json.loads((folder / "run.json").read_text("utf-8"))
        if str(run["pid"]) == holder:
            return str(run["database_url"]), str(run["redis_url"])
    return None


def keep_settings(folder: Path, settings: dict[str, str]) -> None:
    """Let a data folder keep the settings under which its marketplace runs, but for secrets."""
    write_private(folder / SETTINGS, json.dumps(settings))


def settings_of(folder: Path) -> dict[str, str]:
    """Return the settings that a data folder keeps, none if there never ran a demo.

    With them a command knows the demo's languages and currencies, and reads what it has encrypted.
    """
    if not (folder / SETTINGS).exists():
        return {}
    settings = json.loads((folder / SETTINGS).read_text("utf-8"))
    return {**settings, "MERCAT_SECRET_KEY": secret_in(folder / "secret")}


def own_settings() -> dict[str, str]:
    """Return the `MERCAT_*` settings the user gave, in the environment or in `.env`, as the product reads them."""
    found: dict[str, str] = {}
    if Path(".env").exists():
        from dotenv import dotenv_values  # noqa: PLC0415 - loaded only by those who have such a file

        found.update({name: value for name, value in dotenv_values(".env").items() if value})
    found.update(os.environ)
    return {name: value for name, value in found.items() if name.startswith("MERCAT_") and value}
