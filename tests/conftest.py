"""Real servers for every test: an embedded PostgreSQL with the real migrations, and a database of its own each."""

import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
import psycopg
import pytest
from fastapi import FastAPI
from psycopg.sql import SQL, Literal
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

os.environ |= {
    "MERCAT_ENVIRONMENT": "test",
    "MERCAT_SECRET_KEY": secrets.token_hex(32),
    "MERCAT_BCRYPT_ROUNDS": "4",
    "MERCAT_DATABASE_POOL_SIZE": "20",
    "MERCAT_DATABASE_POOL_TIMEOUT": "60",
    "MERCAT_REQUEST_TIMEOUT": "120",  # a slow machine that measures coverage too is no outage
    "MERCAT_LOG_LEVEL": "WARNING",
    "MERCAT_TEST_PAYMENTS": "true",
    "MERCAT_VENDOR_DETAILS_REQUIRED": "",  # most vendors of tests are made by name alone
    "MERCAT_PAYOUT_SCHEDULE": "manual",  # at whatever hour a test runs jobs
    "MERCAT_REDIS_URL": "redis://127.0.0.1:1/0",
    "MERCAT_REDIS_TIMEOUT": "30",
    "MERCAT_UNPAID_UNITS_PER_BUYER": "0",  # most buyers of tests are one
    "MERCAT_RATE_LIMIT_READ": "",
    "MERCAT_RATE_LIMIT_WRITE": "",
    "MERCAT_RATE_LIMIT_ACCOUNT": "",
    "MERCAT_RATE_LIMIT_MAIL": "",
}

if "COVERAGE_PROBES" in os.environ:  # they come before pytest, which takes storefront/test_payment_page.py for a test
    sys.meta_path.sort(key=lambda finder: type(finder).__module__ != "sitecustomize")

import contract
from letters import Mailbox
from mercat.embedded import Postgres, Redis
from mercat.kit import migrations
from mercat.kit.database import Database, DatabaseSettings
from mercat.kit.settings_memory import read_anew
from mercat.main import create_app
from shopping import Shop

if TYPE_CHECKING:
    from stripe_server import StripeServer

IN_A_HURRY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}
TEMPLATE = "template_mercat"
MEMORY = Path("/dev/shm")  # noqa: S108 - Linux's files in memory
ROOM = 4 << 30
ENGINES = "engine", "_primary_engine", "_replica_engine"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the longest races be asked for."""
    parser.addoption("--full", action="store_true", help="run races and generated requests in their full size")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show how well search finds; and name the engines that it was not tried on, because nobody said where they are."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, told in getattr(report, "user_properties", ()):
            if name == "relevance" and report.when == "call":
                terminalreporter.write_line(str(told))
    if missing := [name for name in ("MERCAT_TEST_SEARCH_URL", "MERCAT_TEST_MONGO_URL") if not os.environ.get(name)]:
        terminalreporter.write_line(f"search was not tried on the servers of {' and '.join(missing)}: not given")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let `long` tests begin first, on all workers but one: they mostly wait for processes while others compute."""
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    begins = max(1, workers - 1)
    long = [item for item in items if item.get_closest_marker("long")]
    others = [item for item in items if not item.get_closest_marker("long")]
    ordered: list[pytest.Item] = []
    for worker in range(workers):  # each begins with an equal part, in this order
        mine = long[worker::begins] if worker < begins else []
        room = max(0, (len(items) - len(ordered)) // (workers - worker) - len(mine))
        ordered += mine + others[:room]
        del others[:room]
    items[:] = ordered + others


@pytest.fixture
def size(pytestconfig: pytest.Config) -> Callable[[int, int], int]:
    """Chooses the small size or, with --full, the full one; the small one meets rare faults less often."""
    return lambda small, full: full if pytestconfig.getoption("--full") else small


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


def named(url: str, database: str) -> str:
    """Return a URL with another database in it."""
    return make_url(url).set(database=database).render_as_string(hide_password=False)


class Environment(pytest.MonkeyPatch):  # type: ignore[misc]  # final, but for types only
    """Settings are read once by a process; in a test they are read anew whenever it changes the environment."""

    def setenv(self, name: str, value: str, prepend: str | None = None) -> None:
        """Set a variable."""
        super().setenv(name, value, prepend)
        read_anew()

    def delenv(self, name: str, raising: bool = True) -> None:  # noqa: FBT001, FBT002 - pytest's signature
        """Remove a variable."""
        super().delenv(name, raising)
        read_anew()

    def undo(self) -> None:
        """Undo all changes."""
        super().undo()
        read_anew()


@pytest.fixture
def monkeypatch() -> Iterator[pytest.MonkeyPatch]:
    """Pytest's own, which also lets settings be read anew."""
    patch = Environment()
    yield patch
    patch.undo()


@pytest.fixture(autouse=True)
def _by_the_settings() -> None:
    """What is remembered of the settings of an earlier test is forgotten."""
    read_anew()


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where this worker's server has its files: in memory where there is room, since every test makes a thousand."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM:
        yield tmp_path_factory.mktemp("postgres")
        return
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="mercat-tests-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def postgres(ground: Path) -> Iterator[str]:
    """The URL of this worker's own server, with the migrated template in it."""
    with Postgres(ground, settings=IN_A_HURRY) as server:
        with psycopg.connect(server.url, autocommit=True) as admin:
            admin.execute("SET scram_iterations = 1")  # tests open many connections; each would hash 4,096 times
            admin.execute(SQL("ALTER ROLE CURRENT_USER PASSWORD {}").format(Literal(make_url(server.url).password)))
            admin.execute(f"CREATE DATABASE {TEMPLATE}")
        migrations.upgrade(named(server.url, TEMPLATE))
        yield server.url


class Engines:
    """SQLAlchemy's engines, lent to one test after the other: what they have compiled need not be compiled again."""

    def __init__(self) -> None:
        self._name: str | None = None
        self._kept: dict[str, dict[str, AsyncEngine]] = {}

    def lend(self, connections: Database) -> None:
        """Let a test's connections, none of which is open yet, be opened by the engines of the first one like it."""
        if connections.has_replica:
            return
        self._name = make_url(connections.settings.database_url).database
        like = connections.settings.model_dump_json(exclude={"database_url"})
        its = vars(connections)
        if like not in self._kept:
            self._kept[like] = {name: its[name] for name in ENGINES}
            for engine in set(self._kept[like].values()):
                event.listen(engine.sync_engine, "do_connect", self._direct)
        reading = self._kept[like]["_primary_engine"]
        its.update(self._kept[like], _opened=[(reading, pool) for _, pool in its["_opened"]])

    def _direct(self, _dialect: object, _record: object, _arguments: object, parameters: dict[str, object]) -> None:
        """Open a connection to the database of the test that runs."""
        parameters["dbname"] = self._name


@contextmanager
def cloned(postgres: str) -> Iterator[str]:
    """Yield the URL of a clean, migrated database, which goes afterwards."""
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(postgres, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
    yield named(postgres, name)
    with psycopg.connect(postgres, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database_url(postgres: str) -> Iterator[str]:
    """The URL of a clean, migrated database that nobody else uses."""
    with cloned(postgres) as url:
        yield url


@pytest.fixture(scope="session")
def engines() -> Engines:
    """What this worker's tests share of SQLAlchemy."""
    return Engines()


@pytest.fixture
async def database(database_url: str, engines: Engines) -> AsyncIterator[Database]:
    """The process's connections to a clean database; what is committed there is really committed."""
    connections = Database(DatabaseSettings(database_url=database_url))
    engines.lend(connections)
    yield connections
    await connections.close()


@pytest.fixture
async def session(database: Database) -> AsyncIterator[AsyncSession]:
    """A transaction that is rolled back at the end."""
    async with AsyncSession(database.engine, expire_on_commit=False) as opened:
        yield opened
        await opened.rollback()


@pytest.fixture(scope="session")
def application() -> FastAPI:
    """The application, put together once a worker; `app` gives it a test's database."""
    return contract.application()


@pytest.fixture
async def app(application: FastAPI, database: Database) -> AsyncIterator[FastAPI]:
    """The whole application on the test's own database; Redis is away, which the shop does without."""
    await application.state.database.close()
    application.state.database = database
    application.state.cache.forget()
    yield application
    application.state.cache.forget()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that psycopg's cursors were given since the test has begun; clear it before what is looked at."""
    found: list[str] = []
    execute = psycopg.AsyncCursor.execute

    async def noting(cursor: Any, query: Any, *arguments: Any, **named: Any) -> Any:
        found.append(str(query))
        return await execute(cursor, query, *arguments, **named)

    monkeypatch.setattr(psycopg.AsyncCursor, "execute", noting)
    return found


@pytest.fixture
async def make(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Callable[..., FastAPI]]:
    """Puts applications together with settings of their own, on the test's database."""
    made = []

    def put_together(**settings: str) -> FastAPI:
        for name, value in settings.items():
            monkeypatch.setenv(f"MERCAT_{name.upper()}", value)
        app = create_app()
        app.state.database = database
        made.append(app)
        return app

    yield put_together
    for app in made:
        await app.state.redis.aclose()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where this test's uploads lie."""
    monkeypatch.setenv("MERCAT_DATA_DIR", str(tmp_path / "data"))
    read_anew()
    yield tmp_path / "data"
    read_anew()


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[Redis]:
    """A real Redis with nothing in it."""
    with Redis(tmp_path / "redis") as running:
        yield running


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """Anonymous, speaking to the application as a server would; keeps no cookies."""
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://shop.test/api/v1") as opened:
        yield opened


@pytest.fixture
def shop(database: Database, client: httpx2.AsyncClient) -> Shop:
    """Makes people and products, and buys."""
    return Shop(database, client)


@pytest.fixture
def mailbox(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    """Where this test's mail goes."""
    monkeypatch.setenv("MERCAT_MAIL_URL", f"maildir://{tmp_path}/mail")
    monkeypatch.setenv("MERCAT_PUBLIC_URL", "http://shop.test")
    return Mailbox(shop, tmp_path / "mail" / "new")


@pytest.fixture
def stripe_server() -> Iterator["StripeServer"]:
    """A strict server that speaks Stripe's API; its `settings` let processes of the product find it."""
    from stripe_server import running  # noqa: PLC0415 - Stripe's SDK takes long to import, for those who need it

    yield from running()
