"""Wishlists over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request

from mercat import cart
from mercat.auth import REFUSED, Public, SignedIn
from mercat.cart import CartRead
from mercat.catalog import ProductNotFound, VariantNotFound
from mercat.catalog.listing import NO_PRICES
from mercat.i18n import AnswerLocale
from mercat.inventory import InsufficientStock
from mercat.kit.database import PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, complete
from mercat.kit.problems import Invalid
from mercat.saved_items import queries, wishlists
from mercat.saved_items.choice import ReaderChoice
from mercat.saved_items.exceptions import (
    AlreadyWished,
    TooManyWishlists,
    WishlistFull,
    WishlistItemNotFound,
    WishlistNotFound,
)
from mercat.saved_items.schemas import (
    ListId,
    SharedWishlist,
    ShareRead,
    WishlistCreate,
    WishlistItemCreate,
    WishlistItemUpdate,
    WishlistRead,
    WishlistSummary,
    WishlistUpdate,
)

router = APIRouter(tags=["saved items"])
OwnList = Annotated[ListId, Path(description="Id of the list, or `default`.")]
Token = Annotated[str, Path(max_length=100, examples=["4mYx0PqvYkKdX3nT5cQm1pJw"])]
MINE = "/users/me/wishlists"
ONE = refusals(*REFUSED, WishlistNotFound, Invalid)
PRICED = refusals(*REFUSED, WishlistNotFound, *NO_PRICES, Invalid)
ITEM = refusals(*REFUSED, WishlistNotFound, WishlistItemNotFound, Invalid)


@router.get(MINE, responses=refusals(*REFUSED))
async def list_wishlists(actor: SignedIn, session: PrimarySession) -> Page[WishlistSummary]:
    """List one's own wishlists, the default one first."""
    return complete(await queries.of_person(session, actor.user_id))


@router.post(MINE, status_code=201, responses=refusals(*REFUSED, TooManyWishlists, *NO_PRICES, Invalid))
async def begin_wishlist(new: WishlistCreate, actor: SignedIn, choice: ReaderChoice, session: Session) -> WishlistRead:
    """Begin a wishlist. The first one is the default."""
    return await queries.read(session, actor.user_id, await wishlists.begin(session, actor, new.name), choice)


@router.get(f"{MINE}/{{wishlist_id}}", responses=PRICED)
async def read_wishlist(
    wishlist_id: OwnList, actor: SignedIn, choice: ReaderChoice, session: PrimarySession
) -> WishlistRead:
    """Return one's own wishlist with current prices and stock, as its reader chose; the latest item is first."""
    return await queries.read(session, actor.user_id, wishlist_id, choice)


@router.patch(f"{MINE}/{{wishlist_id}}", responses=PRICED)
async def change_wishlist(
    wishlist_id: OwnList, changes: WishlistUpdate, actor: SignedIn, choice: ReaderChoice, session: Session
) -> WishlistRead:
    """Rename one's own wishlist, or make it the default."""
    changed = await wishlists.change(session, actor, wishlist_id, changes)
    return await queries.read(session, actor.user_id, changed, choice)


@router.delete(f"{MINE}/{{wishlist_id}}", status_code=204, responses=ONE)
async def delete_wishlist(wishlist_id: OwnList, actor: SignedIn, session: Session) -> None:
    """Delete one's own wishlist with all that is on it."""
    await wishlists.drop(session, actor, wishlist_id)


@router.post(
    f"{MINE}/{{wishlist_id}}/items",
    status_code=201,
    responses=refusals(
        *REFUSED,
        WishlistNotFound,
        ProductNotFound,
        VariantNotFound,
        AlreadyWished,
        WishlistFull,
        *NO_PRICES,
        Invalid,
    ),
)
async def put_on_wishlist(
    wishlist_id: OwnList, new: WishlistItemCreate, actor: SignedIn, choice: ReaderChoice, session: Session
) -> WishlistRead:
    """Put a product, or one variant of it, on a wishlist. `default` begins one if there is none."""
    filled = await wishlists.item(session, actor, wishlist_id, new)
    return await queries.read(session, actor.user_id, filled, choice)


@router.patch(
    f"{MINE}/{{wishlist_id}}/items/{{wishlist_item_id}}",
    responses=refusals(*REFUSED, WishlistNotFound, WishlistItemNotFound, *NO_PRICES, Invalid),
)
async def note_on_wishlist(
    wishlist_id: OwnList,
    wishlist_item_id: UUID,
    changes: WishlistItemUpdate,
    actor: SignedIn,
    choice: ReaderChoice,
    session: Session,
) -> WishlistRead:
    """Write another note to something on one's own wishlist."""
    noted = await wishlists.note(session, actor, wishlist_id, wishlist_item_id, changes.note)
    return await queries.read(session, actor.user_id, noted, choice)


@router.delete(f"{MINE}/{{wishlist_id}}/items/{{wishlist_item_id}}", status_code=204, responses=ITEM)
async def take_off_wishlist(wishlist_id: OwnList, wishlist_item_id: UUID, actor: SignedIn, session: Session) -> None:
    """Remove an item from one's own wishlist."""
    await wishlists.unwish(session, actor, wishlist_id, wishlist_item_id)


@router.post(
    f"{MINE}/{{wishlist_id}}/items/{{wishlist_item_id}}/move-to-cart",
    responses={**ITEM, **refusals(WishlistItemNotFound, WishlistNotFound, cart.NotForSale, InsufficientStock)},
)
async def move_to_cart(
    wishlist_id: OwnList, wishlist_item_id: UUID, actor: SignedIn, session: Session, locale: AnswerLocale
) -> CartRead:
    """Put one unit into the cart and remove it from the wishlist. A product of several variants needs one chosen."""
    return await wishlists.to_cart(session, actor, wishlist_id, wishlist_item_id, locale=locale)


@router.post(f"{MINE}/{{wishlist_id}}/share", responses=ONE)
async def share_wishlist(wishlist_id: OwnList, actor: SignedIn, session: Session, request: Request) -> ShareRead:
    """Share a wishlist by a link. The link is shown once; sharing again makes another, and the former ends.

    The list is shown without its owner's name, address and notes.
    """
    token = await wishlists.share(session, actor, wishlist_id)
    return ShareRead(token=token, path=request.app.url_path_for("read_shared_wishlist", share_token=token))


@router.delete(f"{MINE}/{{wishlist_id}}/share", status_code=204, responses=ONE)
async def unshare_wishlist(wishlist_id: OwnList, actor: SignedIn, session: Session) -> None:
    """Stop sharing a wishlist; its link is invalid from now on."""
    await wishlists.unshare(session, actor, wishlist_id)


@router.get(
    "/wishlists/shared/{share_token}",
    dependencies=[Public],
    responses=refusals(WishlistNotFound, *NO_PRICES, Invalid),
)
async def read_shared_wishlist(share_token: Token, choice: ReaderChoice, session: PrimarySession) -> SharedWishlist:
    """Return the wishlist that a link leads to, as long as it is shared."""
    return await queries.shared(session, wishlists.hash_of(share_token), choice)
