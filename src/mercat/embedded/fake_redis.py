"""A Redis written in Python, for machines on which no redis-server can be had: `python -m ... PORT PASSWORD_FILE`.

It knows the password but does not insist on it, so it listens on the loopback address only; its data ends with it.
"""

import sys
from pathlib import Path

from fakeredis import TcpFakeServer

from mercat.embedded.processes import LOOPBACK


def main(port: str, password_file: str) -> None:
    """Serve until a signal ends the process."""
    with TcpFakeServer((LOOPBACK, int(port)), server_version=(6, 2)) as server:
        server.fake_server.config[b"requirepass"] = Path(password_file).read_bytes().strip()
        server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
