"""Small stand-ins for `mercat prepare`, `serve` and `worker`, and the supervisor over them: `standin.py ROLE [...]`."""

import faulthandler
import http.server
import json
import os
import signal
import sys
import time
from pathlib import Path

TOLD = ("DATABASE_URL", "REDIS_URL", "DATA_DIR", "PUBLIC_URL", "SECRET_KEY", "MAIL_URL", "ENVIRONMENT")


class Answer(http.server.BaseHTTPRequestHandler):
    """Answers the readiness check with 200 and everything else with 404."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/health/ready" else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()


def prepare(arguments: list[str]) -> None:
    if (Path(os.environ["MERCAT_DATA_DIR"]) / "broken").exists():
        sys.exit("the migration failed")
    if (Path(os.environ["MERCAT_DATA_DIR"]) / "slow").exists():
        sys.stderr.write("migrating\n")
        sys.stderr.flush()
        time.sleep(600)
    told = {name: os.environ[f"MERCAT_{name}"] for name in TOLD}
    told["SEED"] = "no" if "--no-seed" in arguments else "yes"
    account = {"email": "admin@example.com", "password": "demo"}
    sys.stdout.write(json.dumps({"accounts": {"admin": account, "told": told}}))


def serve(arguments: list[str]) -> None:
    host, port = arguments[arguments.index("--host") + 1], int(arguments[arguments.index("--port") + 1])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    sys.stderr.write("the shop listens\n")
    http.server.ThreadingHTTPServer((host, port), Answer).serve_forever()


def worker(_arguments: list[str]) -> None:
    """Leave a mark when stopped gracefully, while the database still runs."""
    data = Path(os.environ["MERCAT_DATA_DIR"])

    def finish(*_: object) -> None:
        (data / "finished").write_text(str((data / "postgres/data/postmaster.pid").exists()))
        sys.exit(0)

    signal.signal(signal.SIGTERM, finish)
    (data / "working").touch()
    while True:
        time.sleep(0.05)


def demo(arguments: list[str]) -> None:
    from mercat.demo.stack import Commands, run_demo  # noqa: PLC0415 - the stand-ins need none of it

    faulthandler.register(signal.SIGUSR1)  # a test that waits in vain asks where we are
    folder, port, *flags = arguments
    part = (sys.executable, __file__)
    commands = Commands(prepare=(*part, "prepare"), serve=(*part, "serve"), worker=(*part, "worker"))
    seed, as_json = "--no-seed" not in flags, "--json" in flags
    sys.exit(
        run_demo(host="127.0.0.1", port=int(port), data_dir=Path(folder), seed=seed, as_json=as_json, commands=commands)
    )


if __name__ == "__main__":
    {"prepare": prepare, "serve": serve, "worker": worker, "demo": demo}[sys.argv[1]](sys.argv[2:])
