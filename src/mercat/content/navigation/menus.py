"""Menus: trees of links that pages show, as data."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, translations
from mercat.auth import Actor
from mercat.content.navigation.exceptions import MenuNotFound
from mercat.content.navigation.models import Menu
from mercat.content.navigation.translated_kind import LONGEST_LABEL, MENU
from mercat.kit.cache import Answer
from mercat.kit.conditional import require_match, version_etag
from mercat.kit.database import Reads
from mercat.kit.ids import new_id
from mercat.kit.shapes import Line, Shape

MOST_ITEMS, DEEPEST = 100, 3
SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
SAFE = r"[^\s\x00-\x1f<>\"'\\]"
URL = rf"(?:https?://{SAFE}+|mailto:{SAFE}+|/(?:[^\s\x00-\x1f<>\"'\\/]{SAFE}*)?)"
Target = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=rf"^(?:{SLUG}|{URL})$")]


class MenuItem(Shape):
    """A link, and what is below it."""

    label: Annotated[Line, StringConstraints(max_length=LONGEST_LABEL)] = Field(examples=["Terms"])
    kind: Literal["page", "category", "product", "post", "url"] = Field(examples=["page"])
    target: Target = Field(examples=["terms"])
    """The slug of what it leads to; with `url` an address (`https://`, `mailto:`) or a path of the storefront."""
    children: list["MenuItem"] = Field(default_factory=list, max_length=MOST_ITEMS)

    @model_validator(mode="after")
    def _target_of_its_kind(self) -> Self:
        leads_out = any(char in self.target for char in "/:")
        if leads_out is not (self.kind == "url"):
            raise PydanticCustomError("menu_target", "a slug is needed, or with the kind url an address")
        return self


class MenuWrite(Shape):
    """A menu as it shall be."""

    items: list[MenuItem] = Field(
        max_length=MOST_ITEMS, examples=[[{"label": "Terms", "kind": "page", "target": "terms"}]]
    )

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        count, level, depth = 0, self.items, 0
        while level:
            count, depth = count + len(level), depth + 1
            if count > MOST_ITEMS or depth > DEEPEST:
                raise PydanticCustomError("menu_too_large", "at most 100 links, three levels deep")
            level = [child for item in level for child in item.children]
        return self


class MenuRead(Shape):
    """A menu."""

    name: str = Field(examples=["footer"])
    items: list[MenuItem]
    version: int = Field(examples=[1])
    """Counts edits: the ETag."""


async def read(reads: Reads, name: str, locale: str | None) -> Answer:
    """Return a menu as JSON with its ETag, or a 404. Its labels are in a language, None for that of the source."""
    row = await reads.row("SELECT name, items, version FROM menus WHERE name = %s", (name,))
    if row is None:
        return Answer(b"", 404)
    menu = MenuRead(name=row[0], items=row[1], version=row[2])
    if locale is None:
        return Answer(menu.model_dump_json().encode(), etag=version_etag(menu.version))
    thing = translations.Key(MENU.name, name)
    labels = (await translations.load_for_readers(reads, [thing], locale)).of(thing, locale)
    shown = menu.model_copy(update={"items": _called(menu.items, labels)})
    return Answer(shown.model_dump_json().encode(), etag=version_etag(menu.version, shown))


def _called(items: list[MenuItem], labels: Mapping[str, str]) -> list[MenuItem]:
    """Return links with their labels in another language; what has none there stays as it was written."""
    return [
        item.model_copy(
            update={
                "label": labels.get(f"labels.{item.label}", item.label),
                "children": _called(item.children, labels),
            }
        )
        for item in items
    ]


async def write(
    session: AsyncSession, actor: Actor, name: str, new: MenuWrite, *, if_match: str | None = None
) -> MenuRead:
    """Make a menu what `new` says; one that was not there is made. Writers of the same menu wait for each other.

    Raises:
        PreconditionFailed: the actor has read another version.
        MenuNotFound: the actor has read a version of a menu that is not there.
    """
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 3))"), {"key": name})
    menu = await session.scalar(select(Menu).where(Menu.name == name).execution_options(populate_existing=True))
    items = [item.model_dump(mode="json") for item in new.items]
    if menu is None:
        if if_match is not None:
            raise MenuNotFound
        menu = Menu(id=new_id(), name=name, items=items, version=1)
        was: object = None
        session.add(menu)
    else:
        require_match(if_match, version_etag(menu.version))
        was, menu.items, menu.version = menu.items, items, menu.version + 1
    version, menu_id = menu.version, menu.id
    await session.flush()
    changes = audit.difference({"name": name, "items": was}, {"name": name, "items": items})
    await audit.record(session, actor, "menu.changed", menu_id, changes=changes)
    return MenuRead(name=name, items=new.items, version=version)
