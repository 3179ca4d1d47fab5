"""Direct quotations with who says them.

In: a story's passages and its language. Out: `Quote`s of the kind "direct" in page order; `text` is the words between
the marks, `start` and `end` their place in the page.

Words in quotation marks are a quotation only where the text says that somebody spoke them: by a verb or phrase before
them in the same sentence, behind them, or before a colon that ends the paragraph above. Whole sentences are one also
where the sentence in front reports speech, and where they go on behind one that was quoted, in the paragraph or at the
end of the one above. A quoted name, title or single word is none, nor is one of up to three words in the middle of a
sentence.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pydantic import TypeAdapter

from schemas.story import Quote
from worker.enrich.attribution import Attribution, find_after, find_before
from worker.enrich.marks import Quoted, Style, find_quoted, find_styles
from worker.enrich.passage import Passage
from worker.enrich.speaker import Cast
from worker.enrich.voice import Voice, voice
from worker.enrich.words import OBJECT

SHORT = 3
"""Words up to which a quoted stretch is a name, title or scare quote unless it ends the clause that reports it."""

MOST_QUOTED = 200
"""Quoted stretches of one paragraph that are judged: a paragraph of news has a handful, a hostile one a million."""

REACH = 400
"""Characters before a quotation in which its verb is looked for; sentences of news are shorter."""

_QUOTES = TypeAdapter(tuple[Quote, ...])
_FULL_STOPS = ".!?؟。…"
_SENTENCE_END = re.compile(rf"[{_FULL_STOPS}](?:(?<=\w\w\w.)|(?<=[)\d\ufffc].))(?<!Mrs.)(?<!Gov.)(?<!Sen.)(?<!Gen.)\s")
"""A full stop behind fewer letters, or behind these, ends an abbreviation."""

_STOP = re.compile(r"[.!?؟。\ufffc]")
_CLAUSE_END = re.compile(r"\s*(?:[.,،؛;!?؟)]|$)")


class _Place(NamedTuple):
    """A quoted stretch in its passage. In `masked` all quotations are U+FFFC, so that none of their words is a verb."""

    passage: Passage
    quoted: Quoted
    masked: str
    follows: str
    """The end of the passage above, where that ends with a colon."""

    def before(self) -> str:
        """Return the sentence up to the opening mark; for one that opens the passage, the end of the passage above."""
        if self.quoted.opens <= 1 and not self.masked[: self.quoted.opens].strip():
            return self.follows
        text = self._text_before()
        return text[_sentence_start(text) :]

    def sentence_before(self) -> str:
        """Return the sentence in front of the one that the quotation stands in."""
        text = self._text_before()
        above = text[: max(0, _sentence_start(text) - 1)]
        return text[_sentence_start(above) : len(above) + 1] if above else ""

    def after(self) -> str:
        """Return the words behind the closing mark up to the sentence's end or the next quotation."""
        text = self.masked[self.quoted.closes : self.quoted.closes + REACH]
        end = _STOP.search(text, 1)
        inside = self.passage.text[self.quoted.end - 1]
        rest = text[: end.start()] if end else text
        return f"{inside} {rest}" if inside in ",،!?" else rest

    def has_words(self, count: int) -> bool:
        """Tell whether so many words or more stand between the marks."""
        return len(self.passage.text[self.quoted.start : self.quoted.end].split(None, count - 1)) >= count

    def _text_before(self) -> str:
        return self.masked[max(0, self.quoted.opens - REACH) : self.quoted.opens]


def _sentence_start(text: str) -> int:
    """Return where the last sentence of a text begins."""
    # From the end, where the last full stop mostly is one: a fifth of the time that finding all sentences takes.
    last = max(map(text.rfind, _FULL_STOPS))
    if last < 0:
        return 0
    found = _SENTENCE_END.match(text, last)
    ends = [found] if found else [*_SENTENCE_END.finditer(text, 0, last)]
    return ends[-1].end() if ends else 0


def find_quotes(passages: tuple[Passage, ...], language: str) -> tuple[Quote, ...]:
    """Return the direct quotations of the passages; offsets are code points of the page's text."""
    lexicon = voice(language)
    if lexicon is None:
        return ()
    # Validated in one call, which takes half as long as a call for each.
    return _QUOTES.validate_python(tuple(_quotes(passages, lexicon, Cast(passages, lexicon))))


def _quotes(passages: tuple[Passage, ...], lexicon: Voice, cast: Cast) -> Iterator[dict[str, object]]:
    styles = find_styles("".join([passage.text for passage in passages]))
    follows, was_speech = "", False
    for passage in passages if styles else ():
        # What was quoted at the end of the paragraph above goes on in one that is all quotation.
        speaking, is_speech = cast.last, was_speech
        was_speech = False
        for place in _places(passage, styles, follows):
            attribution = _attribute(place, lexicon)
            if attribution and _is_speech(place, attribution, lexicon):
                speaking, is_speech = cast.name(attribution.subject), True
                yield _quote(place, speaking, attribution.verb)
            elif is_speech and _is_sentence(place):
                yield _quote(place, speaking, None)
            else:
                is_speech = False
            was_speech = is_speech
        follows = passage.text[-REACH:] if passage.text.endswith(":") else ""


def _places(passage: Passage, styles: tuple[Style, ...], follows: str) -> list[_Place]:
    found = find_quoted(passage.text, styles)[:MOST_QUOTED]
    masked = _masked(passage.text, found) if found else ""
    return [_Place(passage, quoted, masked, follows) for quoted in found]


def _masked(text: str, found: tuple[Quoted, ...]) -> str:
    pieces: list[str] = []
    end = 0
    for _, _, opens, closes in found:
        pieces += (text[end:opens], OBJECT * (closes - opens))
        end = closes
    return "".join([*pieces, text[end:]])


def _attribute(place: _Place, lexicon: Voice) -> Attribution | None:
    clause = place.before()
    before = find_before(clause, lexicon)
    if before and before.opens_speech:
        return before
    found = find_after(place.after(), clause, lexicon) or before
    if found is None and _is_sentence(place):
        # "..., said Name. “A sentence.”": who spoke in the sentence before speaks on.
        return find_before(place.sentence_before(), lexicon)
    return found


def _is_speech(place: _Place, attribution: Attribution, lexicon: Voice) -> bool:
    if attribution.last_key in lexicon.called:
        return False
    if place.has_words(SHORT + 1):
        return True
    ends_clause = _CLAUSE_END.match(place.masked, place.quoted.closes) is not None
    return attribution.opens_speech and ends_clause and place.has_words(2)


def _is_sentence(place: _Place) -> bool:
    """Tell whether the quotation is a whole sentence that stands by itself."""
    ends_sentence = place.passage.text[place.quoted.end - 1] in ".!?؟。"
    return ends_sentence and place.has_words(2) and not place.before().strip()


def _quote(place: _Place, speaker: str | None, verb: str | None) -> dict[str, object]:
    text, offset, _ = place.passage
    start, end, _, _ = place.quoted
    return {
        "text": text[start:end],
        "speaker": speaker,
        "verb": verb,
        "kind": "direct",
        "start": offset + start,
        "end": offset + end,
    }
