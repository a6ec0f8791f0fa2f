"""PostgreSQL and Redis without an installation: servers that come as wheels, run as children of this process.

Owns: a folder per engine with its data, password and log.  Calls: nothing of Mercat.  Publishes, listens: nothing.

Only the standard library is imported, so that the demo's supervisor stays small and starts at once.
"""

from mercat.embedded.engines import Engines, attach, keep_settings, own_settings, settings_of
from mercat.embedded.exceptions import EngineError, EngineFolderBusy, EngineMissing, EngineVersionMismatch
from mercat.embedded.postgres import Postgres
from mercat.embedded.processes import (
    FolderLock,
    alive,
    free_port,
    open_log,
    own_folder,
    port_is_free,
    secret_in,
    spawn,
    stop,
    tail,
    write_private,
)
from mercat.embedded.redis import Redis

__all__ = [
    "EngineError",
    "EngineFolderBusy",
    "EngineMissing",
    "EngineVersionMismatch",
    "Engines",
    "FolderLock",
    "Postgres",
    "Redis",
    "alive",
    "attach",
    "free_port",
    "keep_settings",
    "open_log",
    "own_folder",
    "own_settings",
    "port_is_free",
    "secret_in",
    "settings_of",
    "spawn",
    "stop",
    "tail",
    "write_private",
]
