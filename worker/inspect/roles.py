"""What the roles of blocks mean, and how they look."""

from dataclasses import dataclass

from schemas.page import Role


@dataclass(frozen=True, slots=True)
class Look:
    """A role's meaning; its style on the terminal (of rich); ink and paper in HTML, at least 4.5:1 in contrast."""

    meaning: str
    style: str
    ink: str
    paper: str


LOOKS: dict[Role, Look] = {
    "headline": Look("a story's headline", "bold green", "#0b3d91", "#cfe2ff"),
    "subhead": Look("a heading below or within it", "green", "#27498c", "#e2ecff"),
    "paragraph": Look("the story's own text", "default", "#1e5b2a", "#edf7ed"),
    "caption": Look("what a picture shows", "cyan", "#0f5a4c", "#d6f0ea"),
    "source_line": Look("whose page it is", "blue", "#734600", "#fdebc8"),
    "timestamp": Look("when it came out or was crawled", "bright_blue", "#665000", "#fff3b5"),
    "dateline": Look("where and by whom it was filed", "bold blue", "#8a3b00", "#ffe3cf"),
    "byline": Look("who wrote it", "bold cyan", "#8c1d1d", "#fbdcdc"),
    "credit": Look("whom it is credited to", "bright_cyan", "#63401f", "#f1e0cf"),
    "marker": Look("announces an article or a list", "bold yellow", "#561c90", "#e5d3f7"),
    "related_item": Look("a headline of a list", "yellow", "#663a9a", "#f4ebfd"),
    "promo": Look("advertises an app, a newsletter", "magenta", "#8f145c", "#fbd9ec"),
    "tags": Look("topics", "bright_magenta", "#0b566f", "#dcf0f8"),
    "navigation": Look("ways around the site", "bright_black", "#414852", "#e3e6ea"),
    "other": Look("nothing of these", "italic red", "#4d4d4d", "#f2f2f2"),
}
