"""Live updates over a WebSocket."""

from typing import cast

from fastapi import APIRouter
from starlette.websockets import WebSocket

from mercat.kit.caller import client_ip, site_of
from mercat.kit.problems import Problem
from mercat.realtime.config import RealtimeSettings
from mercat.realtime.conversation import POLICY_VIOLATION, TRY_AGAIN_LATER, Conversation, actor_behind
from mercat.realtime.hub import Hub

router = APIRouter()


@router.websocket("/ws")
async def realtime_updates(socket: WebSocket) -> None:
    """Send a page the events of the topics that it subscribes to. Some of them need a signed-in person."""
    hub, settings = cast("Hub", socket.app.state.realtime), RealtimeSettings.read()
    try:
        await actor_behind(socket)
    except Problem as problem:
        await socket.close(POLICY_VIOLATION, problem.code)
        return
    address = site_of(client_ip(socket.scope))
    if hub.size >= settings.realtime_connections or hub.size_of(address) >= settings.realtime_connections_per_address:
        await socket.close(TRY_AGAIN_LATER, "full")
        return
    with hub.joined(address) as listener:
        await socket.accept()
        await Conversation(socket, hub, listener).hold(settings.realtime_heartbeat_seconds)
