"""Filling an empty shop with the demo marketplace, through the domains' front doors, in one transaction."""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, auth, catalog, orders, vendors
from mercat.demo import content
from mercat.demo.past import Selling, load_past
from mercat.demo.stock import load_stock
from mercat.demo.terms import load_terms
from mercat.demo.voices import load_voices
from mercat.kit import clock
from mercat.kit.database import Database

ROLES = {"admin": auth.Role.admin, "vendor": auth.Role.vendor, "buyer": auth.Role.buyer}
OPERATOR = auth.Actor.system()
PICTURES = "demo"


async def fill(database: Database, media: Path, *, seed: bool, say: Callable[[str], None]) -> dict[str, dict[str, str]]:
    """Make accounts and content unless they are there; see `mercat.demo.load`."""
    logins = {name: {"email": a.email, "password": a.password} for name, a in content.ACCOUNTS.items()}
    async with database.transaction() as session:
        if await auth.user_id_for(session, logins["admin"]["email"]) is not None:
            return logins
        people = {name: await _account(session, one, ROLES[name]) for name, one in content.ACCOUNTS.items()}
        if seed and not await catalog.anything_for_sale(session):
            started = time.perf_counter()
            say("loading the demo marketplace")
            _draw(media / PICTURES)
            await _fill(session, people, say)
            say(f"demo marketplace loaded in {time.perf_counter() - started:.1f} s")
    return logins


async def _account(session: AsyncSession, account: content.Account, role: auth.Role) -> UUID:
    new = auth.UserCreate(
        email=account.email,
        password=SecretStr(account.password),
        first_name=account.first_name,
        last_name=account.last_name,
    )
    return (await auth.create_user(session, new, roles=[role], verified=True)).id


def _draw(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for shop in content.SHOPS:
        (folder / f"{shop.slug}.svg").write_text(content.logo(shop), encoding="utf-8")
    for product in content.products():
        (folder / f"{product.handle}.svg").write_text(content.draw(product.picture), encoding="utf-8")
        for variant in product.variants:
            if variant.picture is not None:
                (folder / f"{_name(variant)}.svg").write_text(content.draw(variant.picture), encoding="utf-8")


def _name(variant: content.VariantContent) -> str:
    return variant.sku.lower()


async def _fill(session: AsyncSession, people: dict[str, UUID], say: Callable[[str], None]) -> None:
    shops = {shop.slug: await _shop(session, shop) for shop in content.SHOPS}
    for name, account in content.ACCOUNTS.items():
        if account.shop is not None:
            await vendors.add_member(session, OPERATOR, shops[account.shop], people[name], "owner")
    await _people_of_shops(session, shops)
    categories: dict[str, UUID] = {}
    for root in content.CATEGORIES:
        await _branch(session, root, None, categories)
    say(f"{len(shops)} shops, {len(categories)} categories")
    today = clock.now()
    products = content.products()
    made = [(p, today - timedelta(days=p.created_days_ago)) for p in products]
    new = [(_product(p, shops[p.shop], categories[p.category]), created_at) for p, created_at in made]
    ids = await catalog.create_many(session, OPERATOR, new)
    say(f"{len(products)} products with {sum(len(p.variants) for p in products)} variants")
    await load_stock(session, shops)
    await load_terms(session)
    past = content.past_orders(today)
    paid = await load_past(session, past, Selling(people["buyer"], shops, today))
    await orders.count_sold(session)
    by_handle = {product.handle: product_id for product, product_id in zip(products, ids, strict=True)}
    said = await load_voices(session, by_handle, people["buyer"], today)
    # what happened elsewhere has no entries of its own: their orders say what and when
    loaded = audit.difference({}, {"past_orders": len(past)})
    await audit.record(session, OPERATOR, "demo.loaded", None, changes=loaded)
    say(f"{len(past)} past orders, {said} reviews, {paid} payouts to shops")


async def _people_of_shops(session: AsyncSession, shops: dict[str, UUID]) -> None:
    """Let somebody help in the vendor login's shop, and somebody else ask for a shop of their own."""
    clerk = await _account(session, content.CLERK, auth.Role.buyer)
    await vendors.add_member(session, OPERATOR, shops[content.CLERK.shop or ""], clerk, vendors.MemberRole.staff)
    applicant = await _account(session, content.APPLICANT, auth.Role.buyer)
    await vendors.onboarding.apply(session, auth.Actor(applicant, content.APPLICANT.first_name), content.application())


async def _shop(session: AsyncSession, shop: content.Shop) -> UUID:
    known = shop.legal
    address = vendors.onboarding.BusinessAddress(
        line1=known.street, city=known.city, postal_code=known.postal_code, country="DE"
    )
    return await vendors.ensure(
        session,
        OPERATOR,
        shop.slug,
        shop.name,
        tagline=shop.tagline,
        description=shop.description,
        logo_url=f"/media/{PICTURES}/{shop.slug}.svg",
        legal=vendors.onboarding.LegalDetailsWrite(legal_name=known.name, address=address, tax_id=known.tax_id),
    )


async def _branch(
    session: AsyncSession, node: content.CategoryNode, parent: UUID | None, known: dict[str, UUID]
) -> None:
    new = catalog.CategoryCreate(name=node.name, slug=node.slug, parent_id=parent, position=len(known))
    known[node.slug] = (await catalog.create_category(session, OPERATOR, new)).id
    for child in node.children:
        await _branch(session, child, known[node.slug], known)


def _product(product: content.ProductContent, shop: UUID, category: UUID) -> catalog.ProductCreate:
    return catalog.ProductCreate(
        name=product.name,
        slug=product.handle,
        vendor_id=shop,
        category_id=category,
        description=product.description_html,
        brand=product.brand,
        tags=list(product.tags),
        attributes=product.attributes,
        images=[catalog.ImageWrite(url=f"/media/{PICTURES}/{product.handle}.svg", alt=product.name)],
        options=[catalog.OptionWrite(name=name) for name in product.option_names],
        variants=[
            catalog.VariantWrite(
                sku=variant.sku,
                options=dict(zip(product.option_names, variant.options, strict=True)),
                price=variant.price,
                compare_at_price=variant.compare_at,
                weight_grams=variant.grams,
                barcode=variant.barcode,
                image_url=f"/media/{PICTURES}/{_name(variant)}.svg" if variant.picture else None,
                stock_quantity=variant.stock,
            )
            for variant in product.variants
        ],
    )
