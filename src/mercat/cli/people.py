"""Commands about accounts."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn
from uuid import UUID

import typer

from mercat.cli.target import AsJson, DataDir, connected, target

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from mercat.auth import management
    from mercat.kit.problems import Problem

app = typer.Typer(no_args_is_help=True, help="Accounts: make one, list them, give roles, block and restore.")
ROLES = "admin, moderator, support, analyst, vendor or buyer"
Email = Annotated[str, typer.Argument(help="E-mail address of the account.")]


@app.command()
def create(
    email: Annotated[str, typer.Argument(help="E-mail address, which is also the login.")],
    role: Annotated[list[str] | None, typer.Option(help=f"{ROLES}; may be repeated.")] = None,
    data_dir: DataDir = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Make an account. The password is asked for, or read from standard input when that is not a terminal."""
    from pydantic import SecretStr, ValidationError  # noqa: PLC0415
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415

    from mercat import auth  # noqa: PLC0415
    from mercat.kit.problems import Problem, Unavailable  # noqa: PLC0415

    known = [one.value for one in auth.Role]
    if unknown := [name for name in role or () if name not in known]:
        _fail(f"there is no role {unknown[0]}; there are {', '.join(known)}")
    roles = [auth.Role(name) for name in role or ["buyer"]]
    password = typer.prompt("Password", hide_input=True, confirmation_prompt=True) if sys.stdin.isatty() else _line()

    async def run(url: str) -> auth.UserRead:
        async with connected(url) as database, database.transaction() as session:
            new = auth.UserCreate(email=email, password=SecretStr(password))
            return await auth.create_user(session, new, roles=roles, verified=True)

    try:
        with target(data_dir) as url:
            user = asyncio.run(run(url))
    except (ValidationError, DBAPIError, Problem) as error:
        problem = _problem_of(error)
        if problem is None or isinstance(problem, Unavailable):
            raise
        _fail("; ".join(f"{item.field}: {item.told()}" for item in problem.errors) or problem.detail)
    typer.echo(user.model_dump_json() if as_json else f"{user.email} may sign in now ({', '.join(user.roles)})")


@app.command("list")
def list_(
    data_dir: DataDir = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List the accounts with their roles."""
    from mercat import auth  # noqa: PLC0415

    async def run(url: str) -> list[auth.UserRead]:
        async with connected(url) as database, database.primary_session() as session:
            return await auth.all_users(session)

    with target(data_dir, make=False) as url:
        users = asyncio.run(run(url))
    if as_json:
        typer.echo(json.dumps([json.loads(user.model_dump_json()) for user in users]))
        return
    for user in users:
        typer.echo(f"{user.email:40} {', '.join(user.roles)}{'' if user.is_active else ' (inactive)'}")


@app.command()
def role(
    email: Email,
    roles: Annotated[list[str], typer.Argument(help=f"The roles from now on: {ROLES}.")],
    data_dir: DataDir = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Say which roles an account has from now on; it counts from the person's next request on."""
    from mercat import auth  # noqa: PLC0415
    from mercat.auth import management  # noqa: PLC0415

    unknown = set(roles) - {known.value for known in auth.Role}
    if unknown:
        _fail(f"there is no role {', '.join(sorted(unknown))}: take {ROLES}")
    wanted = [auth.Role(name) for name in roles]

    async def change(session: "AsyncSession", user_id: UUID) -> None:
        await management.set_roles(session, auth.Actor.system(), user_id, wanted)

    _say(_changed(data_dir, email, change), as_json=as_json)


@app.command()
def deactivate(email: Email, data_dir: DataDir = None, *, as_json: AsJson = False) -> None:
    """Block an account: its sessions end, and nobody can sign in to it until it is restored."""
    from mercat import auth  # noqa: PLC0415
    from mercat.auth import management  # noqa: PLC0415

    async def change(session: "AsyncSession", user_id: UUID) -> None:
        await management.deactivate(session, auth.Actor.system(), user_id)

    _say(_changed(data_dir, email, change), as_json=as_json)


@app.command()
def restore(email: Email, data_dir: DataDir = None, *, as_json: AsJson = False) -> None:
    """Bring an account that was deactivated or deleted back into use; its owner signs in anew."""
    from mercat import auth  # noqa: PLC0415
    from mercat.auth import management  # noqa: PLC0415

    async def change(session: "AsyncSession", user_id: UUID) -> None:
        await management.restore(session, auth.Actor.system(), user_id)

    _say(_changed(data_dir, email, change), as_json=as_json)


def _changed(
    data_dir: Path | None, email: str, change: "Callable[[AsyncSession, UUID], Awaitable[None]]"
) -> "management.ManagedUser":
    """Change the account of an address and return what it is then; what is refused ends the command."""
    from mercat import auth  # noqa: PLC0415
    from mercat.auth import management  # noqa: PLC0415
    from mercat.kit.problems import Problem  # noqa: PLC0415

    async def run(url: str) -> management.ManagedUser:
        async with connected(url) as database, database.transaction() as session:
            user_id = await auth.user_id_for(session, email)
            if user_id is None:
                raise management.UserNotFound
            await change(session, user_id)
            return await management.read(session, user_id)

    try:
        with target(data_dir) as url:
            return asyncio.run(run(url))
    except Problem as problem:
        _fail(problem.detail)


def _say(user: "management.ManagedUser", *, as_json: bool) -> None:
    if as_json:
        typer.echo(user.model_dump_json())
        return
    state = "in use" if user.is_active else "blocked"
    typer.echo(f"{user.email} is {state} ({', '.join(user.roles) or 'no role'})")


def _problem_of(error: Exception) -> "Problem | None":
    from pydantic import ValidationError  # noqa: PLC0415

    from mercat.kit.errors import from_validation, translate_database_error  # noqa: PLC0415
    from mercat.kit.problems import Problem  # noqa: PLC0415

    if isinstance(error, Problem):
        return error
    return from_validation(error.errors()) if isinstance(error, ValidationError) else translate_database_error(error)


def _line() -> str:
    return sys.stdin.readline().rstrip("\n")


def _fail(reason: str) -> NoReturn:
    typer.echo(f"error: {reason}", err=True)
    raise typer.Exit(1)
