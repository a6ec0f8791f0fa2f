"""Who hears of a shop's money: those who look after it, each in their language, once."""

import pytest

from mercat import auth, vendors
from mercat.auth import Actor
from mercat.payouts.lifecycle import Status
from mercat.payouts.outcomes import move
from payment_processing.conftest import Work
from payouts.stories import cleared, run, sold
from payouts.test_vendor_portal import ACCOUNT
from shopping import Shop

MAILS = "SELECT kind, recipient, subject FROM mails WHERE kind LIKE 'payout%%' ORDER BY kind, recipient"


@pytest.mark.usefixtures("mailbox")
async def test_those_who_look_after_the_money_hear_of_it(shop: Shop, work: Work) -> None:
    owner, vendor_id = await shop.seller("north-kiln")
    manager, staff = await shop.person(auth.Role.vendor), await shop.person(auth.Role.vendor)
    async with shop.database.transaction() as session:
        for person, role in ((manager, "manager"), (staff, "staff")):
            await vendors.add_member(session, Actor.system(), vendor_id, person.id, role)
    await shop.rows("UPDATE users SET locale = 'de' WHERE id = %s RETURNING id", manager.id)
    await shop.client.put("/vendor/payout-account", json=ACCOUNT, headers=owner.headers)
    await work()
    assert [row[:2] for row in await shop.rows(MAILS)] == [("payout_account_changed", owner.email)]

    await shop.rows("UPDATE payout_accounts SET held_until = NULL RETURNING ready")
    await sold(shop, vendor_id, "100.00", rate="0")
    await cleared(shop)
    for target in (Status.failed, Status.paid):
        await run(shop)
        ((payout_id,),) = await shop.rows("SELECT id FROM payouts WHERE status = 'requested'")
        async with shop.database.transaction() as session:
            await move(session, Actor.system(), payout_id, target, reason="Closed" if target is Status.failed else "")
        await work()

    told = await shop.rows(MAILS)
    assert sorted(row[:2] for row in told if row[0] != "payout_account_changed") == sorted(
        (kind, person.email) for kind in ("payout_failed", "payout_paid") for person in (owner, manager)
    )
    assert ("payout_paid", manager.email, "Eine Auszahlung für North-Kiln") in told
    bodies = await shop.rows("SELECT body_text FROM mails WHERE kind IN ('payout_paid', 'payout_failed')")
    assert all("100" in body for (body,) in bodies)
    assert not any("DE89370400440532013000" in body for (body,) in bodies)
