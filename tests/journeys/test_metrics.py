"""Metrics of real processes: several that serve together, a worker, and ports that are taken."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from journeys.conftest import Product, until
from mercat.embedded import free_port

DETAIL = "/api/v1/products/{id_or_slug}"


def told(port: int) -> dict[tuple[str, str], float]:
    """Return what a port says: by name, and by route, event or nothing."""
    answer = httpx2.get(f"http://127.0.0.1:{port}/metrics", timeout=30)
    return {
        (sample.name, sample.labels.get("route") or sample.labels.get("event") or ""): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def children(pid: int) -> list[int]:
    """Return the processes that serve, without those that only look after them."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return [one for one in map(int, found) if "spawn_main" in Path(f"/proc/{one}/cmdline").read_text("utf-8")]


@pytest.mark.long
def test_processes_that_serve_together_count_together(product: Product) -> None:
    port = free_port()
    product.environment["MERCAT_METRICS_PORT"] = str(port)
    serving = product.run("serve", "--port", str(product.port), "--workers", "2")
    until(product.answers, "the server listens")
    until(lambda: len(children(serving.pid)) == 2, "both processes are there")

    def asked() -> float:
        return told(port).get(("mercat_http_requests_total", DETAIL), 0)

    for n in range(40):  # each on a connection of its own, so that both processes get some
        assert httpx2.get(f"{product.url}/api/v1/products/none-{n}").status_code == 404
    until(lambda: asked() == 40, "all of them are counted")
    os.kill(children(serving.pid)[0], signal.SIGKILL)
    assert asked() == 40, "what a process has counted stays when it is gone"
    until(lambda: len(children(serving.pid)) == 2, "another process takes its place")
    assert told(port)["mercat_http_requests_under_way", ""] == 0
    assert told(port)["mercat_database_up", ""] == 1
    serving.terminate()  # it takes those that serve along; killed, it could not
    assert serving.wait(60) == 0


@pytest.mark.long
def test_a_worker_tells_what_it_did(product: Product) -> None:
    port = free_port()
    product.environment["MERCAT_WORKER_METRICS_PORT"] = str(port)
    product.serve()
    with product.client() as http:
        new = {
            "email": "buyer@example.com",
            "password": "a long password of words",
            "first_name": "B",
            "last_name": "A",
        }
        assert http.post("/auth/register", json=new).status_code == 201
    product.run("worker")

    def asked() -> dict[tuple[str, str], float]:
        try:
            return told(port)
        except httpx2.HTTPError:
            return {}

    until(lambda: asked().get(("mercat_mails_total", ""), 0) >= 1, "a mail has left and is counted")
    assert ("mercat_database_up", "") not in asked(), "that is the API's to say"


def test_a_port_that_is_taken_is_said(product: Product) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for command, name in (("serve", "MERCAT_METRICS_PORT"), ("worker", "MERCAT_WORKER_METRICS_PORT")):
            done = subprocess.run(
                [sys.executable, "-m", "mercat", command],
                env={**product.environment, name: str(port)},
                capture_output=True,
                text=True,
                check=False,
                timeout=120,
            )
            assert done.returncode == 1
            assert f"no metrics on 127.0.0.1:{port}" in done.stderr
