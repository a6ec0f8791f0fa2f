"""What was searched for, counted by day without who did.

Owns: searches by day, popular searches.
Calls: auth, outbox.
Publishes: nothing.
Listens: nothing.
"""
