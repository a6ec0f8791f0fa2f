"""Every way into the API and its pages, in the order in which they are looked at."""

from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles

from mercat import (
    admin,
    auth,
    cart,
    catalog,
    checkout,
    health,
    invoices,
    ledger,
    orders,
    payments,
    payouts,
    pricing,
    privacy,
    settlement,
    storefront,
    users,
    vendors,
)
from mercat.kit.openapi import install_docs
from mercat.orders import returns
from mercat.payments import gift_cards, methods

PREFIX = "/api/v1"
# routing is linear: what visitors ask for most is looked at first
ROUTERS = (
    catalog.router,
    catalog.stock_router,
    catalog.recovery_router,
    cart.router,
    checkout.router,
    orders.router,
    returns.router,
    settlement.router,
    settlement.staff_router,
    methods.router,  # before what is below /payments/{id}
    invoices.orders_router,
    invoices.router,
    payments.router,
    gift_cards.router,
    *pricing.routers,
    *payouts.routers,
    vendors.router,
    *auth.routers,
    users.router,  # before what is below /users/{id}
    users.people_router,
    orders.people_router,
    privacy.router,
    admin.router,
    ledger.router,
    admin.jobs_router,
)


class Media(StaticFiles):
    """Pictures: public, so that a CDN and browsers may keep them."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:  # noqa: ANN401 - passed through as they come
        """Return a file with the policy of public files."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=3600"
        return response


async def front_page() -> RedirectResponse:
    """Lead whoever opens the bare address to the documentation."""
    return RedirectResponse("/docs")


def mount(app: FastAPI, media: Path) -> None:
    """Give the application its routes; `media` is the folder of public pictures."""
    for router in ROUTERS:
        app.include_router(router, prefix=PREFIX)
    app.include_router(health.router)
    app.include_router(storefront.account_pages)
    app.include_router(storefront.second_factor_page)
    storefront.mount_static(app)
    install_docs(app)
    # served inert: the edge's content security policy lets nothing in these files run or load
    app.mount("/media", Media(directory=media, check_dir=False), name="media")
    app.add_api_route("/", front_page, include_in_schema=False, dependencies=[auth.Public])
