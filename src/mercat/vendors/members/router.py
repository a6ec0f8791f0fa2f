"""A vendor's members over HTTP. Neither a stolen API key nor a stolen session gives lasting access."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from mercat.auth import CONFIRMED, CountedGuesses, InPerson, confirmed
from mercat.auth.delegation import InvalidLink
from mercat.auth.management import IN_PERSON, InPersonOnly
from mercat.kit.database import Connections, PrimarySession, Session
from mercat.kit.limits import Policy
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, complete
from mercat.kit.problems import Invalid
from mercat.kit.throttle import count_mail, get_limiter
from mercat.vendors.exceptions import (
    AboveYourRole,
    AlreadyMember,
    InvitationNotFound,
    InvitedTwice,
    LastVendorOwner,
    MemberNotFound,
    NotInvited,
)
from mercat.vendors.members import invitations, queries, service
from mercat.vendors.members.schemas import Answer, InvitationCreate, InvitationRead, MemberRead, RoleChange
from mercat.vendors.permissions import VendorPermission
from mercat.vendors.portal import IN_PORTAL, RequiresVendorRole, VendorContext
from mercat.vendors.schemas import MembershipRead

router = APIRouter(prefix="/vendor", tags=["vendors"])
answer_router = APIRouter(prefix="/vendors/invitations", tags=["vendors"])

Head = Annotated[VendorContext, Depends(RequiresVendorRole(VendorPermission.members))]
Anybody = Annotated[VendorContext, Depends(RequiresVendorRole(*VendorPermission))]
INVITING = Policy("vendors.invite", "30/hour")
STAYS = (*IN_PORTAL, InPersonOnly, MemberNotFound, AboveYourRole, LastVendorOwner)


@router.get("/members", responses=refusals(*IN_PORTAL))
async def list_members(context: Head, session: PrimarySession) -> Page[MemberRead]:
    """List the vendor's members and their roles."""
    return complete(await queries.members(session, context.vendor_id))


@router.patch("/members/{user_id}", responses=refusals(*STAYS, *CONFIRMED))
async def change_role(
    user_id: UUID,
    change: RoleChange,
    context: Head,
    person: InPerson,
    database: Connections,
    guesses: CountedGuesses,
) -> MemberRead:
    """Change a member's role. Members cannot grant a role above their own, and one owner stays at least.

    It takes the password, and the second factor if there is one.
    """
    async with confirmed(database, guesses, person, change, about=user_id) as (session, _user):
        return await service.change_role(session, context, user_id, change.role)


@router.delete("/members/{user_id}", status_code=204, responses=refusals(*STAYS))
async def remove_member(user_id: UUID, context: Anybody, _person: InPerson, session: Session) -> None:
    """Remove a member, or leave by naming oneself. Effective from their next request on; one owner stays at least."""
    await service.remove(session, context, user_id)


@router.get("/invitations", responses=refusals(*IN_PORTAL))
async def list_invitations(context: Head, session: PrimarySession) -> Page[InvitationRead]:
    """List the open invitations, the newest first."""
    return complete(await queries.invitations(session, context.vendor_id))


@router.post(
    "/invitations",
    status_code=201,
    responses=refusals(*IN_PORTAL, InPersonOnly, *CONFIRMED, AboveYourRole, AlreadyMember, InvitedTwice),
)
async def invite(
    new: InvitationCreate,
    context: Head,
    person: InPerson,
    request: Request,
    database: Connections,
    guesses: CountedGuesses,
) -> InvitationRead:
    """Invite a person by mail to work for the vendor. The link works once, within a week; a new one replaces it.

    The answer is the same whether or not the address has an account. It takes the password, and the second factor if
    there is one.
    """
    await count_mail(request)
    await get_limiter(request).hit(INVITING, str(context.vendor_id))
    async with confirmed(database, guesses, person, new) as (session, _user):
        return await invitations.invite(session, context, new)


@router.delete("/invitations/{invitation_id}", status_code=204, responses=refusals(*IN_PORTAL, InvitationNotFound))
async def revoke(invitation_id: UUID, context: Head, session: Session) -> None:
    """Withdraw an invitation; its link stops working."""
    await invitations.revoke(session, context, invitation_id)


@answer_router.post("/accept", responses=refusals(*IN_PERSON, InvalidLink, NotInvited, Invalid))
async def accept(answer: Answer, actor: InPerson, session: Session) -> MembershipRead:
    """Accept an invitation of a vendor: by the mailed link, signed in with the address it went to."""
    return await invitations.accept(session, actor, answer.token)
