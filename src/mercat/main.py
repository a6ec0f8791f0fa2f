"""The HTTP application, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware

from mercat import __version__, auth, health, i18n, realtime, routes, search
from mercat.kit import cache, redis
from mercat.kit.bodies import kinds_of
from mercat.kit.body_guard import BodyGuard
from mercat.kit.conditional import Conditional
from mercat.kit.config import ProcessSettings
from mercat.kit.database import Database, DatabaseSettings
from mercat.kit.deadline import Deadline
from mercat.kit.drain import Drain
from mercat.kit.edge import Edge, EdgeSettings
from mercat.kit.errors import Errors
from mercat.kit.head import Head
from mercat.kit.limits import Limiter, LimitSettings
from mercat.kit.logs import configure
from mercat.kit.memory import bound_arenas, keep_imported
from mercat.kit.metered import Metered
from mercat.kit.openapi import describe
from mercat.kit.samples import sampled
from mercat.kit.startup import refuse_placeholders
from mercat.kit.throttle import HEADERS, Throttle

WEBHOOKS = f"{routes.PREFIX}/payments/webhooks/"
"""What a provider sends is signed: nobody looks into it before the signature was checked."""
ABOUT = """
API of a multi-vendor marketplace. Collection paths answer with and without a trailing slash. Errors are RFC 9457
problems with a stable `code`. Money is exact: `{"amount": "19.99", "currency": "EUR"}`. Requests that move money or
stock need an `Idempotency-Key`. Sign in with `POST /api/v1/auth/token`.
"""


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Tell open pages what happens, and close at the end what the process opened on its way."""
    async with (
        sampled(app.state.database),
        app.state.search_log.kept(app.state.database),
        realtime.publishing(app.state.database, app.state.redis, app.state.realtime),
    ):
        yield
    await app.state.cache.close()
    await search.close()
    await app.state.redis.aclose()
    await app.state.database.close()


def create_app() -> FastAPI:
    """Put the application together from the settings in the environment."""
    bound_arenas()
    process, edge, redis_settings = ProcessSettings(), EdgeSettings(), redis.RedisSettings()
    refuse_placeholders()
    configure(process.log_level)
    app = FastAPI(
        title="Mercat",
        version=__version__,
        description=ABOUT.strip(),
        openapi_url=None,  # routes of our own write it, and show it
        lifespan=lifespan,
        redirect_slashes=False,
        openapi_tags=routes.TAGS,
        generate_unique_id_function=lambda route: route.name,  # client generators make methods of them
        telemetry={"tracing": False, "metrics": False},  # no provider is set up yet, and looking for one costs
    )
    app.state.database = Database(DatabaseSettings())
    app.state.redis = redis.connect(redis_settings)
    reach = redis.Reach(app.state.redis, "limits", patience=redis_settings.redis_timeout)
    app.state.limiter = Limiter(reach, LimitSettings())
    app.state.providers = auth.Providers(auth.ProviderSettings())
    cache_settings = cache.CacheSettings()
    kept = redis.Reach(app.state.redis, "cache", patience=cache_settings.cache_timeout)
    app.state.cache = cache.Cache(kept, cache_settings)
    app.state.realtime = realtime.Hub(routes.TOPICS, routes.TOPICS_FOR_ALL)
    app.state.search_log = search.SearchLog()
    errors = Errors(i18n.Translator())
    errors.install(app)
    routes.mount(app, Path(process.data_dir) / "media")
    _wrap(app, edge, errors)
    describe(app, auth.document_ways)
    return app


def _wrap(app: FastAPI, edge: EdgeSettings, errors: Errors) -> None:
    """Put the rings around the application; the last one added is the outermost."""
    app.add_middleware(Deadline, seconds=edge.request_timeout, refuse=errors.refuse)
    app.add_middleware(
        BodyGuard,
        limits=edge.body_limits(),
        refuse=errors.refuse,
        kinds=kinds_of(app, signed=(WEBHOOKS,)),
    )
    app.add_middleware(Conditional)
    if edge.compress_min_bytes:
        app.add_middleware(GZipMiddleware, minimum_size=edge.compress_min_bytes, compresslevel=4)
    # a browser must be able to read a refusal
    # a provider sends everything from a few addresses, and whoever watches us asks for health from one
    apart = {"/health/": app.state.limiter.health, WEBHOOKS: app.state.limiter.webhooks}
    app.add_middleware(Throttle, limiter=app.state.limiter, apart=apart, refuse=errors.refuse)
    if edge.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=edge.cors_origins,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=[
                "Authorization",
                "Content-Type",
                "Idempotency-Key",
                "If-Match",
                "If-None-Match",
                "X-Cart-Token",
            ],
            expose_headers=["ETag", "X-Request-ID", "X-Cart-Token", "Idempotent-Replayed", "Retry-After", *HEADERS],
            max_age=600,
        )
    app.add_middleware(health.Alive)
    app.add_middleware(Metered)
    app.add_middleware(Head)
    app.add_middleware(Drain)
    app.add_middleware(
        Edge,
        https_redirect=edge.https_redirect,
        compresses=edge.compress_min_bytes > 0,
        allowed_hosts=edge.allowed_hosts,
        last_resort=errors.last_resort,
    )
    # what is in memory costs less than counting it
    language = i18n.front_language if len(i18n.content_locales()) > 1 else None
    app.add_middleware(cache.Front, cache=app.state.cache, under=routes.PUBLIC_PATHS, language=language)
    app.add_middleware(search.Searches, log=app.state.search_log, paths=routes.SEARCHES)


keep_imported()
