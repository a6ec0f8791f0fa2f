"""Commands about vendors and the people who run them."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from mercat.cli.target import AsJson, DataDir, connected, target

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from mercat import vendors
    from mercat.vendors.members import MemberRead
    from mercat.vendors.onboarding import Decision, VendorRecord

app = typer.Typer(no_args_is_help=True, help="Vendors: list them, show one, approve, suspend, let people work for one.")
STATES = "applied, active, rejected, suspended or all"
ROLES = "owner, manager or staff"
Slug = Annotated[str, typer.Argument(help="Slug or id of the vendor.")]
Reason = Annotated[str, typer.Option(help="Why; the vendor's owners are told.")]
Answer = TypeVar("Answer")


@app.command("list")
def list_(
    status: Annotated[str, typer.Option(help=f"Only vendors that are {STATES}.")] = "all",
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many at most, by name.")] = 100,
    data_dir: DataDir = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List the vendors by name, in whatever state they are."""
    from mercat import vendors  # noqa: PLC0415
    from mercat.kit.pagination import PageParams  # noqa: PLC0415

    if status not in {"all", *vendors.Status}:
        raise typer.BadParameter(f"a vendor is {STATES}", param_hint="--status")
    wanted = None if status == "all" else [vendors.Status(status)]

    async def read(session: "AsyncSession") -> "tuple[list[vendors.VendorListed], int]":
        return await vendors.page(session, PageParams(size=limit), wanted)

    found, total = _run(data_dir, read, make=False)
    if as_json:
        typer.echo(json.dumps({"items": [vendor.model_dump(mode="json") for vendor in found], "total": total}))
        return
    for vendor in found:
        typer.echo(f"{vendor.slug:40} {vendor.status:10} {vendor.name}")
    if total > len(found):
        typer.echo(f"{total - len(found)} more are not shown", err=True)
    elif not total:
        typer.echo("there are no such vendors", err=True)


@app.command()
def show(vendor: Slug, data_dir: DataDir = None, *, as_json: AsJson = False) -> None:
    """Show a vendor with its legal details and its members."""
    from mercat import vendors  # noqa: PLC0415

    async def read(session: "AsyncSession") -> "tuple[VendorRecord, list[MemberRead]]":
        vendor_id = await vendors.find(session, vendor)
        record = await vendors.onboarding.record_of(session, vendor_id)
        return record, await vendors.members.of_vendor(session, vendor_id)

    record, people = _run(data_dir, read, make=False)
    if as_json:
        members = [member.model_dump(mode="json") for member in people]
        typer.echo(json.dumps({**record.model_dump(mode="json"), "members": members}))
        return
    _tell(record)
    for member in people:
        typer.echo(f"  {member.role:8} {member.email}")


@app.command()
def approve(vendor: Slug, data_dir: DataDir = None, *, as_json: AsJson = False) -> None:
    """Approve a vendor that has applied."""
    from mercat.vendors.onboarding import Decision  # noqa: PLC0415

    _decide(data_dir, vendor, Decision.approve, as_json=as_json)


@app.command()
def reject(vendor: Slug, reason: Reason, data_dir: DataDir = None, *, as_json: AsJson = False) -> None:
    """Turn an application down."""
    from mercat.vendors.onboarding import Decision  # noqa: PLC0415

    _decide(data_dir, vendor, Decision.reject, reason, as_json=as_json)


@app.command()
def suspend(vendor: Slug, reason: Reason, data_dir: DataDir = None, *, as_json: AsJson = False) -> None:
    """Suspend a vendor; what was ordered is still shipped."""
    from mercat.vendors.onboarding import Decision  # noqa: PLC0415

    _decide(data_dir, vendor, Decision.suspend, reason, as_json=as_json)


@app.command()
def reinstate(vendor: Slug, data_dir: DataDir = None, *, as_json: AsJson = False) -> None:
    """Reinstate a suspended vendor."""
    from mercat.vendors.onboarding import Decision  # noqa: PLC0415

    _decide(data_dir, vendor, Decision.reinstate, as_json=as_json)


@app.command("add-member")
def add_member(
    vendor: Slug,
    email: Annotated[str, typer.Argument(help="E-mail address of the account.")],
    role: Annotated[str, typer.Option(help=f"{ROLES}.")] = "staff",
    data_dir: DataDir = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Make a person with an account a member of a vendor."""
    from mercat import auth, vendors  # noqa: PLC0415
    from mercat.auth.management import UserNotFound  # noqa: PLC0415

    if role not in list(vendors.MemberRole):
        raise typer.BadParameter(f"people of a vendor are {ROLES}", param_hint="--role")

    async def add(session: "AsyncSession") -> bool:
        vendor_id = await vendors.find(session, vendor)
        user_id = await auth.user_id_for(session, email)
        if user_id is None or await auth.hold(session, user_id) is None:
            raise UserNotFound
        return await vendors.add_member(session, auth.Actor.system(), vendor_id, user_id, role)

    added = _run(data_dir, add)
    if as_json:
        typer.echo(json.dumps({"added": added}))
        return
    typer.echo(f"{email} works for {vendor} ({role})" if added else f"{email} works for {vendor} already")


def _decide(data_dir: Path | None, vendor: str, decision: "Decision", reason: str = "", *, as_json: bool) -> None:
    from mercat import auth, vendors  # noqa: PLC0415

    async def change(session: "AsyncSession") -> "VendorRecord":
        vendor_id = await vendors.find(session, vendor)
        return await vendors.onboarding.decide(session, auth.Actor.system(), vendor_id, decision, reason=reason)

    record = _run(data_dir, change)
    if as_json:
        typer.echo(record.model_dump_json())
        return
    _tell(record)


def _tell(record: "VendorRecord") -> None:
    why = f" ({record.reason})" if record.reason else ""
    typer.echo(f"{record.slug}: {record.name} is {record.status}{why}")


def _run(data_dir: Path | None, work: "Callable[[AsyncSession], Awaitable[Answer]]", *, make: bool = True) -> Answer:
    """Do something in one transaction; what is refused ends the command."""
    from mercat.kit.problems import Problem  # noqa: PLC0415

    async def run(url: str) -> Answer:
        async with connected(url) as database, database.transaction() as session:
            return await work(session)

    try:
        with target(data_dir, make=make) as url:
            return asyncio.run(run(url))
    except Problem as problem:
        typer.echo(f"error: {problem.detail.format_map(problem.extras)}", err=True)
        raise typer.Exit(1) from None
