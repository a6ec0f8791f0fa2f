"""Every way into the room over HTTP."""

from mercat.auth import own_router, passkeys, providers, router, second_factors, second_step_router

routers = (
    router.router,
    own_router.router,
    second_step_router.router,
    passkeys.router,
    passkeys.own_router,
    second_factors.router,
    providers.router,
)
