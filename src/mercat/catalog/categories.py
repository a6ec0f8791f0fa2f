"""Verbs that change the category tree."""

from uuid import UUID

from sqlalchemy import Select, or_, select, text
from sqlalchemy import update as update_rows
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, outbox, translations
from mercat.auth import Actor
from mercat.catalog import jobs
from mercat.catalog.exceptions import (
    CategoryInUse,
    CategoryLoop,
    CategoryNotFound,
    CategoryParentDeleted,
    UnknownCategory,
)
from mercat.catalog.models import Category, Product
from mercat.catalog.schemas import CategoryNode, CategoryRead
from mercat.catalog.translated_kinds import CATEGORY
from mercat.catalog.write_schemas import CategoryCreate, CategoryUpdate
from mercat.kit import clock
from mercat.kit.conditional import etag_of, require_match
from mercat.kit.ids import new_id
from mercat.kit.problems import FieldError
from mercat.kit.rows import required
from mercat.kit.slugs import slug_of

MOVE = """
UPDATE categories SET path = CAST(:above AS uuid[]) || path[array_position(path, :id):], updated_at = now()
WHERE path @> ARRAY[CAST(:id AS uuid)]
"""

# the tree is small and rarely changed: one writer at a time keeps every path true
LOCK = "LOCK TABLE categories IN SHARE ROW EXCLUSIVE MODE"


async def create(session: AsyncSession, actor: Actor, new: CategoryCreate) -> CategoryNode:
    """Add a category. A taken slug is a conflict."""
    category_id = new_id()
    above = await _path_of(session, new.parent_id)
    category = Category(
        id=category_id,
        parent_id=new.parent_id,
        slug=new.slug or slug_of(new.name, str(category_id)),
        name=new.name,
        position=new.position,
        filters=new.filters,
        path=[*above, category_id],
    )
    session.add(category)
    await session.flush()
    await audit.record(session, actor, "category.created", category_id, changes=audit.difference({}, _state(category)))
    return _node(category)


async def read(session: AsyncSession, category_id: UUID) -> CategoryRead:
    """Return a category of the tree.

    Raises:
        CategoryNotFound: there is none.
    """
    return _shown(await required(session, _alive(category_id), CategoryNotFound))


async def update(
    session: AsyncSession, actor: Actor, category_id: UUID, changes: CategoryUpdate, *, if_match: str | None = None
) -> CategoryNode:
    """Rename, reorder or move a category; the products below it follow in the background.

    Raises:
        CategoryLoop: it would be below itself.
        PreconditionFailed: it was changed since.
    """
    await session.execute(text(LOCK))
    category = await required(session, _alive(category_id), CategoryNotFound)
    require_match(if_match, etag_of(_shown(category)))
    before = _state(category)
    given = changes.model_fields_set
    for name in given & {"name", "slug", "position", "filters"}:
        if getattr(changes, name) is not None:
            setattr(category, name, getattr(changes, name))
    if "parent_id" in given and changes.parent_id != category.parent_id:
        above = await _path_of(session, changes.parent_id)
        if category_id in above:
            raise CategoryLoop
        category.parent_id = changes.parent_id
        await session.flush()
        await session.execute(text(MOVE), {"above": above, "id": category_id})
    await session.flush()
    changed = audit.difference(before, _state(category))
    await audit.record(session, actor, "category.updated", category_id, changes=changed)
    await outbox.defer(session, jobs.refresh_branch, category_id=str(category_id))
    return _node(category)


async def delete(session: AsyncSession, actor: Actor, category_id: UUID) -> None:
    """Take an empty category out of the tree; its slug is free, and products that were deleted before remember it.

    Raises:
        CategoryInUse: it has products or categories below it.
    """
    at = clock.now()
    # waits for transactions that put a product or a category into it, so that what comes after sees those
    gone = update_rows(Category).where(Category.id == category_id, Category.deleted_at.is_(None)).values(deleted_at=at)
    if await session.scalar(gone.returning(Category.id)) is None:
        raise CategoryNotFound
    used = select(Product.id).where(Product.category_id == category_id, Product.deleted_at.is_(None))
    below = select(Category.id).where(Category.parent_id == category_id, Category.deleted_at.is_(None))
    if await session.scalar(select(used.exists() | below.exists())):
        raise CategoryInUse
    await audit.record(session, actor, "category.deleted", category_id, changes={"deleted_at": audit.Change(None, at)})


async def restore(session: AsyncSession, actor: Actor, category_id: UUID) -> CategoryNode:
    """Put a deleted category back where it was, with a new slug if another one has taken its own.

    Raises:
        CategoryNotFound: it is not deleted.
        CategoryParentDeleted: the one above it is.
    """
    await session.execute(text(LOCK))
    category = await _deleted(session, category_id)
    before = {"slug": category.slug, "deleted_at": category.deleted_at}
    if category.parent_id is not None and await alive(session, category.parent_id) is None:
        raise CategoryParentDeleted
    category.slug = await _free_slug(session, category.slug)
    category.deleted_at = None
    await session.flush()
    changes = audit.difference(before, {"slug": category.slug})
    await audit.record(session, actor, "category.restored", category_id, changes=changes)
    return _node(category)


async def purge(session: AsyncSession, actor: Actor, category_id: UUID) -> None:
    """Remove a deleted category for good; deleted products let go of it.

    Raises:
        CategoryNotFound: it is not deleted.
        CategoryInUse: deleted categories below it could not be restored.
    """
    await session.execute(text(LOCK))
    category = await _deleted(session, category_id)
    was = _state(category)
    await session.execute(update_rows(Product).where(Product.category_id == category_id).values(category_id=None))
    await session.delete(category)
    await session.flush()
    await translations.forget(session, CATEGORY.name, [str(category_id)])
    await audit.record(session, actor, "category.purged", category_id, changes=audit.difference(was, {}))


async def alive(session: AsyncSession, category_id: UUID | None) -> UUID | None:
    """Return a category if it is not deleted, locked against being deleted or renamed.

    A later renaming finds the product that is being put into it, and writes its projection anew.
    """
    if category_id is None:
        return None
    found = await session.scalar(_alive(category_id).with_for_update(read=True))
    return found.id if found is not None else None


def _alive(category_id: UUID) -> Select[Category]:
    return select(Category).where(Category.id == category_id, Category.deleted_at.is_(None))


async def _deleted(session: AsyncSession, category_id: UUID) -> Category:
    category = await session.get(Category, category_id)
    if category is None or category.deleted_at is None:
        raise CategoryNotFound
    return category


async def _free_slug(session: AsyncSession, base: str) -> str:
    """Return a slug that no category of the tree has. The caller has locked the table."""
    taken = set(
        await session.scalars(
            select(Category.slug).where(
                or_(Category.slug == base, Category.slug.like(f"{base}-%")), Category.deleted_at.is_(None)
            )
        )
    )
    candidates = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(slug for slug in candidates if slug not in taken)


async def _path_of(session: AsyncSession, category_id: UUID | None) -> list[UUID]:
    if category_id is None:
        return []
    parent = await session.scalar(_alive(category_id).with_for_update(read=True))
    if parent is None:
        raise UnknownCategory(errors=(FieldError("parent_id", "no such category", "unknown"),))
    return parent.path


def _state(category: Category) -> dict[str, object]:
    return {name: getattr(category, name) for name in ("name", "slug", "parent_id", "position", "filters")}


def _shown(category: Category) -> CategoryRead:
    return CategoryRead.model_validate(category, from_attributes=True)


def _node(category: Category) -> CategoryNode:
    return CategoryNode(id=category.id, slug=category.slug, name=category.name, product_count=0, children=[])
