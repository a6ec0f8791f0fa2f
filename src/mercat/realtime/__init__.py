"""Realtime topics for connected clients: a help for open pages, never the only way to know.

Owns: nothing in the database; the connections of this process, and messages to topics after a commit.
Calls: auth.
Publishes: nothing.
Listens: nothing.
"""

from mercat.realtime.hub import Guard, Hub, anybody
from mercat.realtime.messages import Body, Message
from mercat.realtime.publisher import Speaker, changed, publishing, tell
from mercat.realtime.router import router

__all__ = ["Body", "Guard", "Hub", "Message", "Speaker", "anybody", "changed", "publishing", "router", "tell"]
