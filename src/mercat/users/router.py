"""One's own profile and address book over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from mercat.addresses import AddressRefused
from mercat.auth import REFUSED, SignedIn
from mercat.auth.management import UsernameTaken
from mercat.kit.database import PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, complete
from mercat.kit.problems import Invalid
from mercat.users import queries, service
from mercat.users.exceptions import AddressBookFull, AddressNotFound
from mercat.users.schemas import AddressWrite, KeptAddressRead, PersonRead, PersonUpdate

router = APIRouter(prefix="/users/me", tags=["own account"])


@router.get("", responses=refusals(*REFUSED))
async def read_me(actor: SignedIn, session: PrimarySession) -> PersonRead:
    """Return one's own account, profile and preferences."""
    return await queries.me(session, actor)


@router.patch("", responses=refusals(*REFUSED, UsernameTaken, Invalid))
async def change_me(changes: PersonUpdate, actor: SignedIn, session: Session) -> PersonRead:
    """Change one's own names, language, phone number and preferences. What is left out stays, null empties a field.

    E-mail address, password and roles are not changed here: the first two have routes of their own.
    """
    return await service.update_me(session, actor, changes)


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
async def read_address(address_id: UUID, actor: SignedIn, session: PrimarySession) -> KeptAddressRead:
    """Return one of one's own addresses."""
    return await queries.address(session, actor, address_id)


@router.put("/addresses/{address_id}", responses=refusals(*REFUSED, AddressNotFound, AddressRefused, Invalid))
async def replace_address(
    address_id: UUID, changed: AddressWrite, actor: SignedIn, session: Session
) -> KeptAddressRead:
    """Write one of one's own addresses anew. Orders keep the address they were placed with."""
    return await service.replace_address(session, actor, address_id, changed)


@router.delete("/addresses/{address_id}", status_code=204, responses=refusals(*REFUSED, AddressNotFound, Invalid))
async def remove_address(address_id: UUID, actor: SignedIn, session: Session) -> None:
    """Remove one of one's own addresses. If it was a default, there is none until another is made it."""
    await service.remove_address(session, actor, address_id)
