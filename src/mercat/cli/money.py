"""Commands that look after money."""

import asyncio
import json
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from mercat.cli.target import AsJson, DataDir, connected, target

if TYPE_CHECKING:
    from mercat import payments, payouts, settlement

Days = Annotated[int, typer.Option("--days", min=1, max=3650, help="How far to look back.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only look; repair nothing.")]


def reconcile(data_dir: DataDir = None, *, days: Days = 30, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Compare payments and payouts with their providers, and the ledger with both; repair what has one safe answer.

    Ends with 1 if a difference is left that a person must look at, or a provider did not answer.
    """
    from mercat import payouts, settlement  # noqa: PLC0415 - only commands that need the product pay for it
    from mercat.kit import clock  # noqa: PLC0415

    async def run(url: str) -> "tuple[settlement.Report, payouts.Report]":
        since = clock.now() - timedelta(days=days)
        async with connected(url) as database:
            came = await settlement.reconcile(database, since=since, repair=not dry_run)
            return came, await payouts.reconcile(database, since=since, repair=not dry_run)

    with target(data_dir, make=False) as url:
        came, went = asyncio.run(run(url))
    report = {**asdict(came), "payouts": asdict(went)}
    typer.echo(json.dumps(report) if as_json else "\n".join(_lines(came, went)))
    raise typer.Exit(1 if came.open or came.away or went.open or went.away else 0)


def _lines(came: "settlement.Report", went: "payouts.Report") -> list[str]:
    looked = (
        f"looked at {came.charges:,} charges, {came.payments:,} payments, {came.refunds:,} waiting refunds, "
        f"{went.payouts:,} payouts, {went.transfers:,} transfers"
    )
    found = [_line(one) for one in came.differences] + [_line(one) for one in went.differences]
    silent = [f"OPEN      {name} does not answer" for name in sorted({*came.away, *went.away})]
    nothing = [] if found or silent else ["everything agrees"]
    return [looked, *found, *silent, *nothing]


def _line(one: "payments.Difference") -> str:
    state = "repaired" if one.repaired else "OPEN    "
    return f"{state}  {one.kind:22} {one.about}: here {one.ours}, there {one.theirs}"
