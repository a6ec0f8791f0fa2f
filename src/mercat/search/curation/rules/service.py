"""Verbs of operators on rules. All of them hold the version, so that one goes on after the other."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, catalog, vendors
from mercat.auth import Actor
from mercat.kit.conditional import require_match, version_etag
from mercat.kit.ids import new_id
from mercat.kit.problems import FieldError
from mercat.search.curation import version
from mercat.search.curation.models import SearchRule
from mercat.search.curation.rules import queries
from mercat.search.curation.rules.effects import key_of
from mercat.search.curation.rules.exceptions import TooManyRules, UnknownTarget
from mercat.search.curation.rules.schemas import RuleRead, RuleWrite
from mercat.search.text import analyzer

MOST = 1_000
"""Rules there can be: every process holds all of them."""
PLAIN = ("locale", "query", "match", "pinned", "buried", "starts_at", "ends_at", "is_active")
IN_THE_LOG = (*PLAIN, "redirect_kind", "redirect_to")


async def create(session: AsyncSession, actor: Actor, new: RuleWrite) -> RuleRead:
    """Make a rule. Another one about the same query in the same time is a conflict.

    Raises:
        TooManyRules: as many as there can be.
        UnknownTarget: it names what does not exist.
    """
    await version.hold(session)
    if await queries.count(session) >= MOST:
        raise TooManyRules(limit=MOST)
    await _require_targets(session, new)
    row = SearchRule(id=new_id(), version=0)
    _write(row, new)
    session.add(row)
    return await _saved(session, actor, row, {})


async def replace(
    session: AsyncSession, actor: Actor, rule_id: UUID, new: RuleWrite, *, if_match: str | None
) -> RuleRead:
    """Replace a rule by `new`.

    Raises:
        RuleNotFound, PreconditionFailed, UnknownTarget: what the names say.
    """
    await version.hold(session)
    row = await queries.find(session, rule_id, for_update=True)
    require_match(if_match, version_etag(row.version))
    await _require_targets(session, new)
    before = _state(row)
    _write(row, new)
    return await _saved(session, actor, row, before)


async def delete(session: AsyncSession, actor: Actor, rule_id: UUID, *, if_match: str | None) -> None:
    """Delete a rule."""
    await version.hold(session)
    row = await queries.find(session, rule_id, for_update=True)
    require_match(if_match, version_etag(row.version))
    before = _state(row)
    await session.delete(row)
    await session.flush()
    await version.raise_version(session)
    await audit.record(session, actor, "search_rule.deleted", rule_id, changes=audit.difference(before, {}))


def _write(row: SearchRule, new: RuleWrite) -> None:
    for name in PLAIN:
        setattr(row, name, getattr(new, name))
    row.key = key_of(new.query, analyzer(new.locale))
    row.redirect_kind = new.redirect.kind if new.redirect else None
    row.redirect_to = new.redirect.to if new.redirect else None
    row.version += 1


async def _saved(session: AsyncSession, actor: Actor, row: SearchRule, before: dict[str, object]) -> RuleRead:
    await session.flush()
    await version.raise_version(session)
    await session.refresh(row)
    changes = audit.difference(before, _state(row))
    if before:
        await audit.record(session, actor, "search_rule.updated", row.id, changes=changes)
    else:
        await audit.record(session, actor, "search_rule.created", row.id, changes=changes)
    return queries.shown(row)


def _state(row: SearchRule) -> dict[str, object]:
    return {name: getattr(row, name) for name in IN_THE_LOG}


async def _require_targets(session: AsyncSession, new: RuleWrite) -> None:
    """Refuse products and targets that there are not; those that are not on sale yet may be named."""
    named = [*new.pinned, *new.buried]
    redirect = new.redirect if new.redirect and new.redirect.kind != "path" else None
    target = UUID(redirect.to) if redirect else None
    if redirect and redirect.kind == "product" and target:
        named.append(target)
    known = set(await catalog.known_products(session, named)) if named else set()
    fields = [name for name in ("pinned", "buried") if set(getattr(new, name)) - known]
    if redirect and target:
        there = known
        if redirect.kind == "category":
            there = set(await catalog.known_categories(session, [target]))
        elif redirect.kind == "vendor":
            there = set(await vendors.references(session, [target]))
        if target not in there:
            fields.append("redirect")
    if fields:
        raise UnknownTarget(errors=tuple(FieldError(name, "some of them do not exist", "unknown") for name in fields))
