"""Settings of live updates."""

from pydantic import Field

from mercat.kit.config import Settings


class RealtimeSettings(Settings):
    """Live updates over WebSocket."""

    realtime_connections: int = Field(
        1000, ge=0, description="Open WebSockets per process, at most; 0: no live updates."
    )
    realtime_connections_per_address: int = Field(
        50, ge=1, description="Open WebSockets per process from one address (IPv6: one /64), at most."
    )
    realtime_heartbeat_seconds: float = Field(
        25.0,
        gt=0,
        description="How often a WebSocket is told that it lives, and its rights are looked up anew.",
    )
