"""Commands that run the product."""

import os
from enum import StrEnum
from typing import Annotated

import typer

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")]


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that serve; one per core is a start.")] = 1,
    *,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Compute every public answer anew.")] = False,
) -> None:
    """Serve the API over HTTP. SIGTERM lets requests that are under way finish."""
    if no_cache:
        os.environ["MERCAT_CACHE"] = "false"  # processes that serve inherit it
    if workers > 1:
        _share_counts()
    import uvicorn  # noqa: PLC0415 - half a second that other commands need not wait

    from mercat import main as _application  # noqa: F401, PLC0415 - makes every domain's settings known to the check
    from mercat.kit.edge import ConnectionSettings, EdgeSettings  # noqa: PLC0415

    _refuse_bad_settings()
    _serve_metrics(of_worker=False)
    proxies = EdgeSettings().proxy_peers()
    uvicorn.run(
        "mercat.main:create_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        access_log=False,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        log_config=None,
        http="mercat.kit.connections:BoundedConnection",
        limit_concurrency=ConnectionSettings().max_connections,
        backlog=4096,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=8,
        ws_max_size=65_536,  # what pages say is short; longer than this, they are cut off
    )


class Carrier(StrEnum):
    """Who runs jobs instead of the worker itself."""

    celery = "celery"


def worker(
    *,
    drain: Annotated[bool, typer.Option(help="Stop when no job is left, instead of waiting for more.")] = False,
    forward: Annotated[Carrier | None, typer.Option(help="Hand jobs to a fleet instead of running them here.")] = None,
) -> None:
    """Run jobs and schedules. Any number may run; jobs of one that dies are taken over by the others."""
    if drain and forward is not None:
        raise typer.BadParameter("--drain runs jobs here, --forward does not; choose one")
    from mercat import worker as working  # noqa: PLC0415 - brings the whole product

    _refuse_bad_settings()
    _serve_metrics(of_worker=True)
    working.main(wait=not drain, forward=forward is not None)


def _share_counts() -> None:
    """Let the processes that serve count into one folder, which goes with this one. Before the library is loaded."""
    import atexit  # noqa: PLC0415
    import shutil  # noqa: PLC0415
    import tempfile  # noqa: PLC0415

    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder = tempfile.mkdtemp(prefix="mercat-metrics-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)


def _serve_metrics(*, of_worker: bool) -> None:
    from mercat import exposition  # noqa: PLC0415 - brings the whole product

    settings = exposition.MetricsSettings.read()
    port = settings.worker_metrics_port if of_worker else settings.metrics_port
    try:
        exposition.serve_apart(port, with_database=not of_worker)
    except OSError as error:
        typer.echo(f"error: no metrics on {settings.metrics_host}:{port}: {error.strerror}", err=True)
        raise typer.Exit(1) from None


def _refuse_bad_settings() -> None:
    from mercat.kit.startup import BadSettingError, PlaceholderSecretError, refuse_invalid, refuse_placeholders  # noqa: PLC0415 - brings pydantic  # noqa: PLC0415

    try:
        refuse_placeholders()
        refuse_invalid()
    except (PlaceholderSecretError, BadSettingError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from None
