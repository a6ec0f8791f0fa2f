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
    """Tell a page what happens, for the topics that it asks for. Some of them need somebody who is signed in."""
    hub, settings = cast("Hub", socket.app.state.live), RealtimeSettings.read()
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
