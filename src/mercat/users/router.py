"""One's own profile and address book over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Response

from mercat.addresses import AddressRefused
from mercat.auth import REFUSED, SignedIn
from mercat.auth.management import UsernameTaken
from mercat.kit.conditional import IfMatch, tagged
from mercat.kit.database import PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, complete
from mercat.kit.problems import Invalid, PreconditionFailed
from mercat.users import queries, service
from mercat.users.exceptions import AddressBookFull, AddressNotFound
from mercat.users.schemas import AddressWrite, KeptAddressRead, PersonRead, PersonUpdate

router = APIRouter(prefix="/users/me", tags=["own account"])


@router.get("", responses=refusals(*REFUSED))
async def read_me(actor: SignedIn, session: PrimarySession, response: Response) -> PersonRead:
    """Return one's own account, profile and preferences, with an ETag to base a change on."""
    return tagged(response, await queries.me(session, actor), queries.EDITED)


@router.patch("", responses=refusals(*REFUSED, UsernameTaken, PreconditionFailed, Invalid))
async def change_me(
    changes: PersonUpdate, actor: SignedIn, session: Session, response: Response, if_match: IfMatch = None
) -> PersonRead:
    """Change one's own names, language, phone number and preferences. What is left out stays, null empties a field.

    E-mail address, password and roles are not changed here: the first two have routes of their own.
    """
    changed = await service.update_me(session, actor, changes, if_match=if_match)
    return tagged(response, changed, queries.EDITED)


@router.get("/addresses", responses=refusals(*REFUSED))
async def list_addresses(actor: SignedIn, session: PrimarySession) -> Page[KeptAddressRead]:
    """List one's own addresses in the order they were added."""
    return complete(await queries.address_book(session, actor.user_id))


@router.post("/addresses", status_code=201, responses=refusals(*REFUSED, AddressRefused, AddressBookFull, Invalid))
async def add_address(new: AddressWrite, actor: SignedIn, session: Session) -> KeptAddressRead:
    """Keep an address. It must be complete for its country; a 422 names the fields that are not.

    The first one becomes the default for shipping and for billing, unless it says otherwise.
    """
    return await service.add_address(session, actor, new)


@router.get("/addresses/{address_id}", responses=refusals(*REFUSED, AddressNotFound, Invalid))
async def read_address(
    address_id: UUID, actor: SignedIn, session: PrimarySession, response: Response
) -> KeptAddressRead:
    """Return one of one's own addresses, with an ETag to base a change on."""
    return tagged(response, await queries.address(session, actor, address_id))


@router.put(
    "/addresses/{address_id}",
    responses=refusals(*REFUSED, AddressNotFound, AddressRefused, PreconditionFailed, Invalid),
)
async def replace_address(
    address_id: UUID,
    changed: AddressWrite,
    actor: SignedIn,
    session: Session,
    response: Response,
    if_match: IfMatch = None,
) -> KeptAddressRead:
    """Write one of one's own addresses anew. Orders keep the address they were placed with."""
    replaced = await service.replace_address(session, actor, address_id, changed, if_match=if_match)
    return tagged(response, replaced)


@router.delete("/addresses/{address_id}", status_code=204, responses=refusals(*REFUSED, AddressNotFound, Invalid))
async def remove_address(address_id: UUID, actor: SignedIn, session: Session) -> None:
    """Remove one of one's own addresses. If it was a default, there is none until another is made it."""
    await service.remove_address(session, actor, address_id)
