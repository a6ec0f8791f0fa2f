"""A vendor's money in the vendor portal, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from mercat import vendors
from mercat.auth import CONFIRMED, CountedGuesses, InPerson, confirmed
from mercat.auth.management import InPersonOnly
from mercat.kit.conditional import IfMatch, tagged
from mercat.kit.database import Connections, PrimarySession
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, envelope
from mercat.kit.problems import PreconditionFailed
from mercat.payouts import accounts, queries, stripe_accounts
from mercat.payouts.exceptions import BadIban, MethodNotOffered, NoPayoutAccount, OnboardingUnavailable
from mercat.payouts.listings import PayoutListing
from mercat.payouts.schemas import AccountRead, AccountWrite, Onboarding, OnboardingStart, PayoutRead, VendorBalance
from mercat.vendors import IN_PORTAL, RequiresVendorRole, VendorPermission

router = APIRouter(prefix="/vendor", tags=["payouts"])
Bookkeeper = Annotated[vendors.VendorContext, Depends(RequiresVendorRole(VendorPermission.finances))]
Owner = Annotated[vendors.VendorContext, Depends(RequiresVendorRole(VendorPermission.payouts))]


@router.get("/balance", responses=refusals(*IN_PORTAL))
async def read_balance(context: Bookkeeper, session: PrimarySession) -> VendorBalance:
    """Return what the marketplace owes the vendor: pending, payable, under way, paid out; and when it is paid next."""
    return await queries.balance(session, context.vendor_id)


@router.get("/payouts", responses=refusals(*IN_PORTAL))
async def list_own_payouts(
    listing: Annotated[PayoutListing, Query()], context: Bookkeeper, session: PrimarySession
) -> Page[PayoutRead]:
    """List the vendor's payouts, newest first."""
    found, total = await queries.of_vendor(session, context.vendor_id, listing)
    return envelope(found, listing, total)


@router.get("/payout-account", responses=refusals(*IN_PORTAL, NoPayoutAccount))
async def read_payout_account(context: Bookkeeper, session: PrimarySession, response: Response) -> AccountRead:
    """Return the vendor's payout account, with an ETag to base a change on. Of a number only the ends are shown."""
    return tagged(response, await accounts.read(session, context.vendor_id), accounts.EDITED)


@router.put(
    "/payout-account",
    responses=refusals(*IN_PORTAL, InPersonOnly, *CONFIRMED, BadIban, MethodNotOffered, PreconditionFailed),
)
async def change_payout_account(  # noqa: PLR0913, PLR0917 - FastAPI's injection
    wanted: AccountWrite,
    context: Owner,
    person: InPerson,
    database: Connections,
    guesses: CountedGuesses,
    response: Response,
    if_match: IfMatch = None,
) -> AccountRead:
    """Set the vendor's payout account to a bank account. Only its owners may, in person: no API key can.

    It takes the owner's password, and the second factor if there is one. After a change payouts are held for
    `MERCAT_PAYOUT_ACCOUNT_HOLD_DAYS`, and all owners are told.
    """
    async with confirmed(database, guesses, person, wanted) as (session, _user):
        kept = await accounts.keep(session, context.actor, context.vendor_id, wanted, if_match=if_match)
    return tagged(response, kept, accounts.EDITED)


@router.post(
    "/payout-account/stripe",
    responses=refusals(*IN_PORTAL, InPersonOnly, *CONFIRMED, MethodNotOffered, OnboardingUnavailable),
)
async def begin_onboarding(
    wanted: OnboardingStart, context: Owner, person: InPerson, database: Connections, guesses: CountedGuesses
) -> Onboarding:
    """Be paid by Stripe from now on: returns the page where the vendor identifies itself and names its bank.

    Another request gives another link. Money is sent once Stripe allows it, which the account's `ready` tells.
    Every time it takes the owner's password, and the second factor if there is one.
    """
    async with confirmed(database, guesses, person, wanted):
        pass  # Stripe is called in no transaction of ours
    return Onboarding(url=await stripe_accounts.begin(database, context.actor, context.vendor_id, wanted.return_url))
