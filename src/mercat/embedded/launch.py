"""Become a server: tie this process to its parent's life, leave root behind, then exec the real program.

Run as a script: `launch.py PARENT_PID SIGNAL FOLDER PROGRAM [ARGUMENT...]`. It is a process of its own, and not a
`preexec_fn`, because code between fork and exec is unsafe as soon as the parent has threads.
"""

import contextlib
import ctypes
import os
import pwd
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000


def main(arguments: list[str]) -> None:
    """Drop root for FOLDER's sake (an empty FOLDER keeps the user), arm the death signal and exec."""
    parent, signal_number, folder, *command = arguments
    if folder and os.geteuid() == 0:
        _leave_root(Path(folder))
    _die_with(int(parent), int(signal_number))
    os.execv(command[0], command)  # noqa: S606 - replacing this process by the server is its purpose


def _die_with(parent: int, signal_number: int) -> None:
    """Have the kernel signal us when the parent's thread ends; changing users clears it, so it comes after that."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the process that asked for this server has already ended")


def _leave_root(folder: Path) -> None:
    """PostgreSQL refuses root: run as the folder's owner, else as a mapped user, else as `nobody`.

    A user namespace needs no account and no chown and works below a 0700 home, but containers often forbid it.
    """
    owner = folder.stat()
    if owner.st_uid == 0:
        uid = _any_account()
        if _can_map(uid, folder):
            _map_user(uid)
            return
        nobody = pwd.getpwnam("nobody")
        _give(folder, nobody.pw_uid, nobody.pw_gid)
        owner = folder.stat()
    os.setgroups([])
    os.setgid(owner.st_gid)
    os.setuid(owner.st_uid)


def _any_account() -> int:
    """Return an unprivileged user id that has a name, which initdb wants to look up."""
    with contextlib.suppress(KeyError):
        return pwd.getpwuid(1000).pw_uid
    return next((account.pw_uid for account in pwd.getpwall() if 0 < account.pw_uid < 65534), 1000)


def _can_map(uid: int, folder: Path) -> bool:
    """Try the mapping in a child first: a namespace half entered cannot be left again."""
    child = os.fork()
    if child == 0:
        try:
            _map_user(uid)
            os._exit(0 if os.access(folder, os.R_OK | os.W_OK | os.X_OK) else 1)
        except OSError:
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0


def _map_user(uid: int) -> None:
    """Enter a user namespace in which the real root is seen as `uid`."""
    if sys.platform != "linux":
        raise OSError("user namespaces exist on Linux only")
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny", "ascii")
    Path("/proc/self/uid_map").write_text(f"{uid} 0 1", "ascii")
    Path("/proc/self/gid_map").write_text(f"{uid} 0 1", "ascii")


def _give(folder: Path, uid: int, gid: int) -> None:
    """Hand a folder over; folders of ours above it (they hold a lock) become passable, others stay as they are."""
    for parent in folder.parents:
        if (parent / "lock").exists():
            parent.chmod(parent.stat().st_mode | 0o011)
    os.chown(folder, uid, gid)
    for root, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(root, name), uid, gid, follow_symlinks=False)


if __name__ == "__main__":
    main(sys.argv[1:])
