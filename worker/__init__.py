"""newsworker: raw article pages on Kafka in, structured story records out.

ARCHITECTURE.md tells the way of a message through these rooms.
"""

from importlib.metadata import version

__version__ = version("newsworker")
