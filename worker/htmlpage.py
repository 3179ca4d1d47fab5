"""HTML pages that need nothing else: no script, no font, no picture, no network.

In: titles, styles and texts of strangers, from `diff` and `inspect`. Out: the beginning of such a page, texts as HTML
that shows them as they are, and the file.
"""

from html import escape
from pathlib import Path

from worker.errors import writing_into
from worker.printable import escape_controls

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""What a browser may load or run for the page: its own style. It holds even where an escape were forgotten."""

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 80rem; padding: 0 1rem; color: #1b1b1b;
  background: #fff }
h1 { font-size: 1.4rem } h2 { font-size: 1rem; margin: 2rem 0 .3rem }
table { border-collapse: collapse; width: 100%; table-layout: fixed }
th, td { border: 1px solid #d0d0d0; padding: .35rem .6rem; text-align: start; vertical-align: top }
td { white-space: pre-wrap; overflow-wrap: anywhere } th { background: #f4f4f4; font-weight: 600 }
"""
"""What all pages share."""


def begin(title: str, style: str) -> str:
    """Return the page up to and with the tag that opens its body."""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f"<title>{escape_text(title)}</title><style>{STYLE}{style}</style></head>\n<body>"
    )


def escape_text(text: str) -> str:
    """Return a text as HTML that shows it as it is: no markup, and nothing that reorders or hides what is around it."""
    return escape(escape_controls(text, keep="\n\t"))


def save(path: Path, page: str, stage: str) -> None:
    """Write a page into a file.

    Raises:
        Fatal: `bad_output`.
    """
    with writing_into(path, stage):
        path.write_bytes(page.encode())
