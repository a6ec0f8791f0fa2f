"""Every permission there is, the roles that carry them, and what a key may be limited to."""

from enum import StrEnum


class Permission(StrEnum):
    """`resource:action`, in alphabetical order."""

    audit_read = "audit:read"
    catalog_write = "catalog:write"
    currencies_write = "currencies:write"
    gift_cards_write = "gift_cards:write"
    jobs_manage = "jobs:manage"
    jobs_read = "jobs:read"
    ledger_read = "ledger:read"
    mail_templates_write = "mail_templates:write"
    orders_manage = "orders:manage"
    orders_read = "orders:read"
    orders_refund = "orders:refund"
    pages_write = "pages:write"
    payouts_manage = "payouts:manage"
    posts_moderate = "posts:moderate"
    posts_write = "posts:write"
    products_sell = "products:sell"
    promotions_write = "promotions:write"
    reviews_moderate = "reviews:moderate"
    roles_grant = "roles:grant"
    search_read = "search:read"
    search_write = "search:write"
    shipping_write = "shipping:write"
    stock_write = "stock:write"
    taxes_write = "taxes:write"
    translations_write = "translations:write"
    users_manage = "users:manage"
    users_read = "users:read"
    vendors_manage = "vendors:manage"


class Role(StrEnum):
    """What an account is for."""

    admin = "admin"
    analyst = "analyst"
    buyer = "buyer"
    moderator = "moderator"
    support = "support"
    vendor = "vendor"


GRANTS: dict[Role, frozenset[Permission]] = {
    Role.admin: frozenset(Permission),
    Role.analyst: frozenset({Permission.ledger_read, Permission.orders_read, Permission.search_read}),
    Role.buyer: frozenset(),
    Role.moderator: frozenset(
        {
            Permission.catalog_write,
            Permission.posts_moderate,
            Permission.posts_write,
            Permission.reviews_moderate,
            Permission.search_read,
            Permission.search_write,
            Permission.translations_write,
            Permission.users_manage,
            Permission.users_read,
            Permission.vendors_manage,
        }
    ),
    Role.support: frozenset(
        {Permission.orders_read, Permission.orders_manage, Permission.orders_refund, Permission.users_read}
    ),
    Role.vendor: frozenset({Permission.posts_write, Permission.products_sell}),
}

SELF_READ = "self:read"
SELF_WRITE = "self:write"
SCOPES: tuple[str, ...] = tuple(sorted((*Permission, SELF_READ, SELF_WRITE)))
"""What an API key may be limited to: permissions, and reading or changing what is one's own."""


def granted(roles: frozenset[Role]) -> frozenset[Permission]:
    """Return everything that one of the roles carries."""
    return frozenset(permission for role in roles for permission in GRANTS[role])
