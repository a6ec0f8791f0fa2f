"""What the supervisor says: progress on standard error, the one answer on standard output."""

import json
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

SCHEME = "maildir://"
Accounts = Mapping[str, Mapping[str, str]]


def say(message: str) -> None:
    """Tell people what is going on."""
    sys.stderr.write(f"mercat: {message}\n")
    sys.stderr.flush()


def announce(url: str, accounts: Accounts, folder: Path, mail_url: str, *, as_json: bool) -> None:
    """Say that the marketplace is open: one JSON line for scripts, a page for people."""
    mail = mail_url.removeprefix(SCHEME)
    if as_json:
        answer = json.dumps({"event": "ready", "url": url, "accounts": accounts, "mail": mail})
    else:
        answer = _page(url, accounts, folder, mail, ours=mail_url.startswith(SCHEME))
    sys.stdout.write(f"{answer}\n")
    sys.stdout.flush()


def _page(url: str, accounts: Accounts, folder: Path, mail: str, *, ours: bool) -> str:
    logins = [
        f"    {role:<8} {account.get('email', '')}  password {account.get('password', '')}"
        for role, account in accounts.items()
    ]
    return "\n".join(
        [
            "",
            "  Mercat is ready.",
            "",
            f"    Site     {url}",
            f"    API      {url}/docs",
            "",
            *(["  Log in as", "", *logins, ""] if logins else []),
            f"    Mail     {'kept as files in ' if ours else 'sent by '}{mail}",
            f"    Data     {folder}",
            f"    Logs     {folder / 'logs'}",
            "",
            f"  Bring your own catalogue: ./mercat import FILE.csv --data-dir {shlex.quote(str(folder))}",
            "  Stop with Ctrl-C; the data stays.",
            "",
        ]
    )
