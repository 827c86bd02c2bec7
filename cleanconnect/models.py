"""The one table of the mechanisms that all rooms stand on."""

from .jobs import Job

__all__ = ["Job"]
