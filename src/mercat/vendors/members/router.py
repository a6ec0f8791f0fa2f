"""A shop's people over HTTP. Keys change nothing here: a stolen one must not bring its thief in for good."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from mercat.auth import InPerson
from mercat.auth.entrusting import InvalidLink
from mercat.auth.management import IN_PERSON, InPersonOnly
from mercat.kit.database import PrimarySession, Session
from mercat.kit.limits import Policy
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, complete
from mercat.kit.problems import Invalid
from mercat.kit.throttle import Limits
from mercat.vendors.desk import AT_DESK, AtDesk, Seat
from mercat.vendors.duties import Duty
from mercat.vendors.exceptions import (
    AboveYourRole,
    AlreadyMember,
    InvitationNotFound,
    InvitedTwice,
    LastShopOwner,
    MemberNotFound,
    NotInvited,
)
from mercat.vendors.members import invitations, queries, service
from mercat.vendors.members.schemas import Answer, InvitationCreate, InvitationRead, MemberRead, RoleChange
from mercat.vendors.schemas import MembershipRead

router = APIRouter(prefix="/vendor", tags=["vendors"])
answer_router = APIRouter(prefix="/vendors/invitations", tags=["vendors"])

Head = Annotated[Seat, Depends(AtDesk(Duty.members))]
Anybody = Annotated[Seat, Depends(AtDesk(*Duty))]
INVITING = Policy("vendors.invite", "30/hour")
STAYS = (*AT_DESK, InPersonOnly, MemberNotFound, AboveYourRole, LastShopOwner)


@router.get("/members", responses=refusals(*AT_DESK))
async def list_members(seat: Head, session: PrimarySession) -> Page[MemberRead]:
    """List who works for the shop, and as what."""
    return complete(await queries.members(session, seat.vendor_id))


@router.patch("/members/{user_id}", responses=refusals(*STAYS))
async def change_role(user_id: UUID, change: RoleChange, seat: Head, session: Session) -> MemberRead:
    """Make somebody something else in the shop. Nobody gives more than they have, and one owner stays at least."""
    _in_person(seat)
    return await service.change_role(session, seat, user_id, change.role)


@router.delete("/members/{user_id}", status_code=204, responses=refusals(*STAYS))
async def remove_member(user_id: UUID, seat: Anybody, session: Session) -> None:
    """Let somebody go, or leave by naming oneself. It counts from their next request on; one owner stays at least."""
    _in_person(seat)
    await service.remove(session, seat, user_id)


@router.get("/invitations", responses=refusals(*AT_DESK))
async def list_invitations(seat: Head, session: PrimarySession) -> Page[InvitationRead]:
    """List the invitations that nobody has answered yet, the newest first."""
    return complete(await queries.invitations(session, seat.vendor_id))


@router.post(
    "/invitations",
    status_code=201,
    responses=refusals(*AT_DESK, InPersonOnly, AboveYourRole, AlreadyMember, InvitedTwice),
)
async def invite(new: InvitationCreate, seat: Head, limits: Limits, session: Session) -> InvitationRead:
    """Ask somebody by mail to work for the shop. The link works once, within a week; a new one replaces it.

    The answer is the same whether or not the address has an account.
    """
    _in_person(seat)
    await limits.hit(INVITING, str(seat.vendor_id))
    return await invitations.invite(session, seat, new)


@router.delete("/invitations/{invitation_id}", status_code=204, responses=refusals(*AT_DESK, InvitationNotFound))
async def revoke(invitation_id: UUID, seat: Head, session: Session) -> None:
    """Take an invitation back; its link works no more."""
    await invitations.revoke(session, seat, invitation_id)


@answer_router.post("/accept", responses=refusals(*IN_PERSON, InvalidLink, NotInvited, Invalid))
async def accept(answer: Answer, actor: InPerson, session: Session) -> MembershipRead:
    """Work for a shop that has asked: by the link that was mailed, signed in with the address it went to."""
    return await invitations.accept(session, actor, answer.token)


def _in_person(seat: Seat) -> None:
    if seat.actor.session_id is None:
        raise InPersonOnly
