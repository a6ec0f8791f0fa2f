"""Commands that look after money."""

import asyncio
import json
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from mercat.cli.target import AsJson, DataDir, connected, target

if TYPE_CHECKING:
    from mercat import payment_processing, payments, payouts
    from mercat.invoices import commissions

Days = Annotated[int, typer.Option("--days", min=1, max=3650, help="How far to look back.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only look; repair nothing.")]


def reconcile(data_dir: DataDir = None, *, days: Days = 30, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Compare payments and payouts with their providers, and the ledger with both; repair what has one safe answer.

    Commission of a month before the last one that no invoice says is told as well.

    Ends with 1 if a difference is left that a person must look at, or a provider did not answer or is not set up here.
    """
    from mercat import payment_processing, payouts  # noqa: PLC0415 - only commands that need the product pay for it
    from mercat.invoices import commissions  # noqa: PLC0415
    from mercat.kit import clock  # noqa: PLC0415

    async def run(url: str) -> "tuple[payment_processing.Report, payouts.Report, payments.Findings]":
        since = clock.now() - timedelta(days=days)
        last = commissions.Month.of(clock.now()).before()  # which may be waiting for its schedule
        async with connected(url) as database:
            paid = await payment_processing.reconcile(database, since=since, repair=not dry_run)
            paid_out = await payouts.reconcile(database, since=since, repair=not dry_run)
            return paid, paid_out, await commissions.compare(database, before=last)

    with target(data_dir, make=False) as url:
        paid, paid_out, billed = asyncio.run(run(url))
    report = {**asdict(paid), "payouts": asdict(paid_out), "commission_invoices": asdict(billed)}
    typer.echo(json.dumps(report) if as_json else "\n".join(_lines(paid, paid_out, billed)))
    silent = paid.away or paid.not_set_up or paid_out.away
    raise typer.Exit(1 if paid.open or paid_out.open or billed.open or silent else 0)


def bill(
    month: Annotated[str, typer.Argument(help="A month that is over, such as 2030-01.")],
    vendor: Annotated[str | None, typer.Option(help="Only this vendor, by slug or id.")] = None,
    data_dir: DataDir = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Issue the invoices over the commission of a month; what has its document already gets no other."""
    from mercat import vendors  # noqa: PLC0415
    from mercat.invoices import commissions  # noqa: PLC0415
    from mercat.kit.problems import Problem  # noqa: PLC0415

    try:
        wanted = commissions.Month.parse(month)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="MONTH") from None

    async def run(url: str) -> "list[commissions.CommissionInvoiceRead]":
        async with connected(url) as database:
            async with database.transaction() as session:
                vendor_id = await vendors.find(session, vendor) if vendor else None
            issued = await commissions.bill(database, wanted, vendor_id=vendor_id)
            async with database.transaction() as session:
                return await commissions.of_ids(session, issued)

    try:
        with target(data_dir) as url:
            documents = asyncio.run(run(url))
    except (Problem, commissions.SomeVendorsWithoutDocument) as problem:
        says = problem.detail if isinstance(problem, Problem) else f"without a document, see the log: {problem}"
        typer.echo(f"error: {says}", err=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps([document.model_dump(mode="json") for document in documents]))
        return
    for document in documents:
        typer.echo(f"{document.number:28} {document.kind:12} {document.total}")
    typer.echo(f"{len(documents)} documents for {month}", err=True)


def _lines(paid: "payment_processing.Report", paid_out: "payouts.Report", billed: "payments.Findings") -> list[str]:
    looked = (
        f"looked at {paid.charges:,} charges, {paid.payments:,} payments, {paid.refunds:,} waiting refunds, "
        f"{paid_out.payouts:,} payouts, {paid_out.transfers:,} transfers"
    )
    found = [_line(one) for one in paid.differences] + [_line(one) for one in paid_out.differences]
    found += [_line(one) for one in billed.differences]
    silent = [f"OPEN      {name} does not answer" for name in sorted({*paid.away, *paid_out.away})]
    silent += [f"OPEN      {name} has payments and cannot be asked: it is not set up here" for name in paid.not_set_up]
    nothing = [] if found or silent else ["everything agrees"]
    return [looked, *found, *silent, *nothing]


def _line(one: "payments.Difference") -> str:
    state = "repaired" if one.repaired else "OPEN    "
    return f"{state}  {one.kind:22} {one.about}: here {one.ours}, there {one.theirs}"
