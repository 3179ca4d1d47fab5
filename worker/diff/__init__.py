"""What changed between two output folders: `newsworker diff OLD NEW`, and what `replay --verify` asks.

In: two folders as `process` writes them. Out: a table on the terminal, JSON, and one HTML page.
"""

from worker.diff.forms import Report, report

__all__ = ["Report", "report"]
