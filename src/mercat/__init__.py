"""Mercat: an API-first multi-vendor marketplace platform."""

import gc

# most of what is imported stays: looking through all of it again and again was a fifth of a process's start
gc.set_threshold(20_000, 50, 20)

__version__ = "0.1.0"
