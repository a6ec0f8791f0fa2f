"""Every way into the room over HTTP."""

from mercat.auth import finishing_router, own_router, passkeys, providers, router, second_factors

routers = (
    router.router,
    own_router.router,
    finishing_router.router,
    passkeys.router,
    passkeys.own_router,
    second_factors.router,
    providers.router,
)
