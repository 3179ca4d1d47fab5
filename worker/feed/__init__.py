"""Deduplication of a feed of headlines from a file: lines in, a verdict for each out, without a broker."""

from worker.feed.run import Summary, dedupe_file

__all__ = ["Summary", "dedupe_file"]
