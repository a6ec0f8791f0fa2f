"""Filling an empty marketplace with the demo's content through front doors: pictures first, the rest in one go."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, auth, catalog, orders, recommendations, search, vendors
from mercat.demo.backlog import load_backlog
from mercat.demo.blog import accept_post_pictures, load_pages, load_posts
from mercat.demo.catalogue import load_catalogue, load_vendors
from mercat.demo.content import PICTURES, Account, Content, content
from mercat.demo.currencies import load_currencies, show_prices
from mercat.demo.past import Past, Selling, load_past
from mercat.demo.stock import load_stock
from mercat.demo.terms import load_terms
from mercat.demo.uploads import accept_uploads, show_uploads
from mercat.demo.voices import load_voices
from mercat.invoices import commissions
from mercat.kit import clock
from mercat.kit.database import Database

OPERATOR = auth.Actor.system()


async def fill(database: Database, media: Path, *, seed: bool, say: Callable[[str], None]) -> dict[str, dict[str, str]]:
    """Make accounts and content unless they are there; see `mercat.demo.load`."""
    all_of_it = content()
    logins = {name: {"email": a.email, "password": a.password} for name, a in all_of_it.accounts.items()}
    past = Past()
    async with database.transaction() as session:
        if await auth.user_id_for(session, logins["admin"]["email"]) is not None:
            return logins
        wanted = seed and not await catalog.anything_for_sale(session)
    started = time.perf_counter()
    uploads = await accept_uploads(database) if wanted else {}
    of_posts = await accept_post_pictures(database, all_of_it) if wanted else {}
    async with database.transaction() as session:
        people = {name: await _account(session, one, auth.Role(name)) for name, one in all_of_it.accounts.items()}
        if wanted:
            say("loading the demo marketplace")
            _unpack(media)
            await load_pages(session, all_of_it)
            past, products = await _fill(session, all_of_it, people, uploads, say)
            await load_posts(session, all_of_it, people, products, of_posts, clock.now())
            say(f"demo marketplace loaded in {time.perf_counter() - started:.1f} s")
    for month in past.months:
        # a job was queued for it as well, which does what this does not reach
        with suppress(commissions.MonthNotOver):
            await commissions.bill(database, month)
    return logins


def _unpack(media: Path) -> None:
    with ZipFile(PICTURES) as pictures:
        pictures.extractall(media)


async def _account(session: AsyncSession, account: Account, role: auth.Role) -> UUID:
    new = auth.UserCreate(
        email=account.email,
        password=SecretStr(account.password),
        first_name=account.first_name,
        last_name=account.last_name,
    )
    return (await auth.create_user(session, new, roles=[role], verified=True)).id


async def _fill(
    session: AsyncSession,
    all_of_it: Content,
    people: dict[str, UUID],
    uploads: dict[str, UUID],
    say: Callable[[str], None],
) -> tuple[Past, dict[str, UUID]]:
    vendor_ids = await load_vendors(session, all_of_it.vendors)
    for name, account in all_of_it.accounts.items():
        if account.vendor is not None:
            await vendors.add_member(
                session, OPERATOR, vendor_ids[account.vendor], people[name], vendors.MemberRole.owner
            )
    await _people_of_vendors(session, all_of_it, vendor_ids)
    today = clock.now()
    conversions = await load_currencies(session)
    products = await load_catalogue(session, all_of_it, vendor_ids, today)
    await show_uploads(session, products, uploads)
    say(f"{len(vendor_ids)} vendors, {len(products)} products")
    await load_stock(session, all_of_it, vendor_ids)
    await load_terms(session, all_of_it)
    past = await load_past(session, all_of_it, Selling(people["buyer"], vendor_ids, today, conversions))
    await orders.count_sold(session)
    await load_voices(session, all_of_it, products, people["buyer"], today)
    await load_backlog(session, all_of_it, past, people["buyer"])
    await show_prices(session)
    await search.index_all(session)  # found from the first request on, not when the worker has come so far
    await recommendations.count_past(session)
    # what happened elsewhere has no entries of its own: their orders say what and when
    loaded = audit.difference({}, {"past_orders": len(all_of_it.orders)})
    await audit.record(session, OPERATOR, "demo.loaded", None, changes=loaded)
    say(f"{len(all_of_it.orders)} past orders, {len(all_of_it.reviews)} reviews, {past.payouts} payouts to vendors")
    return past, dict(products)


async def _people_of_vendors(session: AsyncSession, all_of_it: Content, vendor_ids: dict[str, UUID]) -> None:
    """Let people help vendors, and others ask to become one."""
    for helper in all_of_it.helpers:
        person = await _account(session, helper, auth.Role.buyer)
        await vendors.add_member(session, OPERATOR, vendor_ids[helper.vendor or ""], person, vendors.MemberRole.staff)
    for application in all_of_it.applications:
        applicant = await _account(session, application.by, auth.Role.buyer)
        actor = auth.Actor(applicant, application.by.first_name)
        await vendors.onboarding.apply(session, actor, application.form)
