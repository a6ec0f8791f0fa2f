"""The operator's commands.

Exit codes: 0 done, 1 failed or found something wrong, 2 called wrongly. What scripts read goes to standard output,
what people read while waiting goes to standard error. Each command imports what it needs: `mercat --help` is instant.
"""

import typer

from mercat.cli import (
    catalogue,
    demo,
    jobs,
    mail,
    maintenance,
    money,
    people,
    recommendations,
    servers,
    translations,
    vendors,
)
from mercat.cli.sentences import Commands

app = typer.Typer(
    name="mercat",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Mercat, a marketplace.",
)
for command in (demo.demo, servers.serve, servers.worker, maintenance.migrate, maintenance.doctor, maintenance.openapi):
    app.command()(command)
app.command("import")(catalogue.import_)
app.command()(catalogue.export)
app.command()(maintenance.reindex)
app.command()(money.reconcile)
app.command(hidden=True)(demo.prepare)
app.add_typer(mail.app, name="mail")
app.add_typer(people.app, name="user")
vendors.app.command()(money.bill)
app.add_typer(vendors.app, name="vendor")
app.add_typer(jobs.app, name="jobs")
app.add_typer(recommendations.app, name="recommendations")
app.add_typer(translations.app, name="translations")


def main() -> None:
    """Run the command line."""
    app(prog_name="mercat")
