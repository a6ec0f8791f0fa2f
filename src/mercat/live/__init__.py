"""What happens, told at once to whoever is connected: a help for pages that are open, never the only way to know.

Owns: nothing in the database; the connections of this process, and messages to topics after a commit.
Calls: auth.
Publishes: nothing.
Listens: nothing.
"""

from mercat.live.hub import Guard, Hub, anybody
from mercat.live.messages import Message
from mercat.live.router import router
from mercat.live.speaking import Speaker, changed, speaking, tell

__all__ = ["Guard", "Hub", "Message", "Speaker", "anybody", "changed", "router", "speaking", "tell"]
