"""Commands that look after money."""

import asyncio
import json
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from mercat.cli.target import AsJson, DataDir, connected, target

if TYPE_CHECKING:
    from mercat.settlement import Report

Days = Annotated[int, typer.Option("--days", min=1, max=3650, help="How far to look back.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only look; repair nothing.")]


def reconcile(data_dir: DataDir = None, *, days: Days = 30, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Compare payments with their providers and the ledger with the payments; repair what has one safe answer.

    Ends with 1 if a difference is left that a person must look at, or a provider did not answer.
    """
    from mercat.kit import clock  # noqa: PLC0415 - only commands that need the product pay for it
    from mercat.settlement import reconcile as compare  # noqa: PLC0415

    async def run(url: str) -> "Report":
        async with connected(url) as database:
            return await compare(database, since=clock.now() - timedelta(days=days), repair=not dry_run)

    with target(data_dir, make=False) as url:
        report = asyncio.run(run(url))
    typer.echo(json.dumps(asdict(report)) if as_json else "\n".join(_lines(report)))
    raise typer.Exit(1 if report.open or report.away else 0)


def _lines(report: "Report") -> list[str]:
    looked = f"looked at {report.charges:,} charges, {report.payments:,} payments, {report.refunds:,} waiting refunds"
    found = [
        f"{'repaired' if one.repaired else 'OPEN    '}  {one.kind:22} {one.about}: here {one.ours}, there {one.theirs}"
        for one in report.differences
    ]
    silent = [f"OPEN      {name} does not answer" for name in report.away]
    nothing = [] if found or silent else ["everything agrees"]
    return [looked, *found, *silent, *nothing]
