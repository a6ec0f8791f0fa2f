"""Every way into the API and its pages, in the order in which they are looked at."""

from collections.abc import Mapping
from pathlib import Path

from fastapi import Depends, FastAPI
from fastapi.responses import RedirectResponse

from mercat import (
    admin,
    auth,
    cart,
    catalog,
    checkout,
    content,
    exchange,
    exposition,
    files,
    health,
    invoices,
    ledger,
    notifications,
    orders,
    payment_processing,
    payments,
    payouts,
    pricing,
    privacy,
    realtime,
    recommendations,
    reviews,
    saved_items,
    search,
    storefront,
    translations,
    users,
    vendors,
)
from mercat.catalog import price_history, stock, vendor_imports, vendor_products
from mercat.inventory import locations
from mercat.invoices import commissions
from mercat.kit.documentation import install_docs
from mercat.kit.repeats import refuse_repeats
from mercat.kit.static_files import PublicFiles
from mercat.orders import returns, vendor_orders
from mercat.payments import gift_cards, methods
from mercat.translations import translator_files

PREFIX = "/api/v1"
PUBLIC_PATHS = (f"{PREFIX}/products", f"{PREFIX}/vendors", f"{PREFIX}/posts", f"{PREFIX}/pages", f"{PREFIX}/menus")
"""Below these, answers to nobody in particular may be served from memory."""
SEARCHES = frozenset({f"{PREFIX}/products", f"{PREFIX}/products/", f"{PREFIX}/products/search"})
"""Where people search: what is typed there is counted."""
# routing is linear: what visitors ask for most is looked at first
ROUTERS = (
    search.router,  # before what is below /products/{id}
    recommendations.router,
    catalog.router,
    catalog.stock_router,
    catalog.pictures_router,
    catalog.recovery_router,
    price_history.router,
    catalog.categories_router,
    cart.router,
    checkout.router,
    orders.router,
    vendor_orders.router,
    vendor_orders.vendor_router,
    returns.router,
    returns.vendor_router,
    payment_processing.router,
    payment_processing.staff_router,
    methods.router,  # before what is below /payments/{id}
    invoices.orders_router,
    invoices.router,
    payments.router,
    gift_cards.router,
    exchange.router,
    *pricing.routers,
    *search.operator_routers,
    *vendors.routers,
    saved_items.views_router,
    reviews.router,
    reviews.vendor_router,
    reviews.photos_router,
    reviews.moderation_router,
    reviews.photo_moderation_router,
    *content.routers,
    saved_items.router,
    saved_items.alerts_router,
    catalog.vendor_page_router,
    vendor_products.router,
    vendor_imports.router,
    stock.router,
    locations.router,
    *payouts.routers,
    *commissions.routers,
    *auth.routers,
    users.router,  # before what is below /users/{id}
    users.people_router,
    orders.people_router,
    privacy.router,
    admin.router,
    ledger.router,
    admin.jobs_router,
    translator_files.router,
    admin.cache_router,
    notifications.mail_templates.router,
    *translations.routers(),
)
ABOUT = {
    "audit": "Who changed what, when and by which request.",
    "auth": "Accounts and tokens: registration, sign-in, second factors, passkeys, providers.",
    "cart": "The cart of a guest or an account.",
    "catalogue": "Products, variants, pictures and categories: everybody reads, vendors and operators edit.",
    "checkout": "Orders from a cart or from lines.",
    "comments": "What readers say about posts.",
    "currencies": "Currencies that prices are shown in, their rates and how they are rounded.",
    "gift cards": "Gift cards that operators issue, and what is left on them.",
    "invoices": "Invoices and credit notes as PDF, and the marketplace's invoices over its commission.",
    "jobs": "Background jobs and schedules, for operators.",
    "ledger": "Every movement of money as a balanced entry, for operators.",
    "mail templates": "Operators' own texts of mail, by kind and language.",
    "moderation": "Reviews and comments that wait for a decision, or were reported.",
    "operations": "Whether the process is alive and ready.",
    "orders": "Orders as buyers and operators see them.",
    "own account": "One's own profile, addresses, sessions, keys and ways of signing in.",
    "pages": "Imprint, terms and the like with their versions; menus and redirects.",
    "payments": "Payments, refunds, saved cards and webhooks of providers.",
    "payouts": "What vendors are owed, and how it reaches them.",
    "people": "Everybody's accounts, for operators.",
    "posts": "The marketplace's blog: everybody reads, vendors and staff write.",
    "pricing": "Promotions, shipping and tax rates, for operators.",
    "privacy": "Export and erasure of what is known about a person.",
    "recommendations": "Products beside a product, or for a visitor, each with the reason.",
    "returns": "Goods that come back: requests, decisions, refunds and exchanges.",
    "reviews": "What buyers say about products.",
    "saved items": "Wishlists, alerts about products and what was viewed lately.",
    "search": "What operators tell search, and what was searched for.",
    "stock": "Stock by variant and location.",
    "translations": "Texts in other languages: what there is, what is missing, files for translators.",
    "vendor portal": "What a vendor's people do: vendor orders, shipments, refunds, returns, replies to reviews.",
    "vendors": "Vendors, their profiles, people, applications and terms.",
}
"""What stands under each tag of the OpenAPI document."""
TAGS = [{"name": name, "description": about} for name, about in ABOUT.items()]
TOPICS: Mapping[str, realtime.Guard] = {"stock": realtime.anybody, "vendor": vendors.keeps_stock}
"""What can be listened to at `/ws`, as `kind:id`, and who may."""
TOPICS_FOR_ALL = (content.posts.TOPIC,)
"""What everybody hears who is connected to `/ws`."""


class Media(PublicFiles):
    """Pictures that nobody uploaded: public, so that a CDN and browsers may keep them."""

    cache_control = "public, max-age=3600"

    async def check_config(self) -> None:
        """Take it that a marketplace without such pictures has no folder for them: they are just not found."""


async def front_page() -> RedirectResponse:
    """Lead whoever opens the bare address to the documentation."""
    return RedirectResponse("/docs")


def mount(app: FastAPI, media: Path) -> None:
    """Give the application its routes; `media` is the folder of public pictures."""
    for router in ROUTERS:
        app.include_router(router, prefix=PREFIX, dependencies=[Depends(refuse_repeats)])
    app.include_router(health.router)
    app.include_router(exposition.router)
    app.include_router(realtime.router)
    app.include_router(storefront.account_pages)
    app.include_router(storefront.second_factor_page)
    app.include_router(storefront.order_page)
    app.include_router(storefront.test_payment_page)
    app.include_router(storefront.unsubscribe_page)
    storefront.mount_static(app)
    install_docs(app)
    app.include_router(files.router)  # before the folder that they lie in
    # served inert: the edge's content security policy lets nothing in these files run or load
    app.mount("/media", Media(directory=media, check_dir=False), name="media")
    app.add_api_route("/", front_page, include_in_schema=False, dependencies=[auth.Public])
