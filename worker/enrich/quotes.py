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
from dataclasses import dataclass
from itertools import pairwise

from schemas.story import Quote
from worker.enrich.attribution import Attribution, find_after, find_before
from worker.enrich.marks import Quoted, find_quoted
from worker.enrich.passage import Passage
from worker.enrich.speaker import Cast
from worker.enrich.voice import Voice, voice
from worker.enrich.words import OBJECT

SHORT = 3
"""Words up to which a quoted stretch is a name, title or scare quote unless it ends the clause that reports it."""

REACH = 400
"""Characters before a quotation in which its verb is looked for; sentences of news are shorter."""

_SENTENCE_END = re.compile(r"[.!?؟。…](?:(?<=\w\w\w.)|(?<=[)\d\ufffc].))(?<!Mrs.)(?<!Gov.)(?<!Sen.)(?<!Gen.)\s")
"""A full stop behind fewer letters, or behind these, ends an abbreviation."""

_STOP = re.compile(r"[.!?؟。\ufffc]")
_CLAUSE_END = re.compile(r"\s*(?:[.,،؛;!?؟)]|$)")


@dataclass(frozen=True, slots=True)
class _Place:
    """A quoted stretch in its passage. In `masked` all quotations are U+FFFC, so that none of their words is a verb."""

    passage: Passage
    quoted: Quoted
    masked: str
    follows: str
    """The end of the passage above, where that ends with a colon."""

    def before(self) -> str:
        """Return the sentence up to the opening mark; for one that opens the passage, the end of the passage above."""
        sentence = self._sentences()[-1]
        return sentence if sentence.strip() or self.quoted.opens > 1 else self.follows

    def sentence_before(self) -> str:
        """Return the sentence in front of the one that the quotation stands in."""
        sentences = self._sentences()
        return sentences[-2] if len(sentences) > 1 else ""

    def _sentences(self) -> list[str]:
        text = self.masked[max(0, self.quoted.opens - REACH) : self.quoted.opens]
        ends = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
        return [text[start:end] for start, end in pairwise(ends)]

    def after(self) -> str:
        """Return the words behind the closing mark up to the sentence's end or the next quotation."""
        text = self.masked[self.quoted.closes : self.quoted.closes + REACH]
        end = _STOP.search(text, 1)
        inside = self.passage.text[self.quoted.end - 1]
        rest = text[: end.start()] if end else text
        return f"{inside} {rest}" if inside in ",،!?" else rest


def find_quotes(passages: tuple[Passage, ...], language: str) -> tuple[Quote, ...]:
    """Return the direct quotations of the passages; offsets are code points of the page's text."""
    lexicon = voice(language)
    if lexicon is None:
        return ()
    return tuple(_quotes(passages, lexicon, Cast(passages, lexicon)))


def _quotes(passages: tuple[Passage, ...], lexicon: Voice, cast: Cast) -> Iterator[Quote]:
    follows, was_speech = "", False
    for passage in passages:
        # What was quoted at the end of the paragraph above goes on in one that is all quotation.
        speaking, is_speech = cast.last, was_speech
        was_speech = False
        for place in _places(passage, follows):
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


def _places(passage: Passage, follows: str) -> list[_Place]:
    found = find_quoted(passage.text)
    masked = passage.text
    for quoted in found:
        masked = masked[: quoted.opens] + OBJECT * (quoted.closes - quoted.opens) + masked[quoted.closes :]
    return [_Place(passage, quoted, masked, follows) for quoted in found]


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
    words = len(place.passage.text[place.quoted.start : place.quoted.end].split())
    if attribution.last_word and attribution.last_word.key in lexicon.called:
        return False
    if words > SHORT:
        return True
    ends_clause = _CLAUSE_END.match(place.masked, place.quoted.closes) is not None
    return words > 1 and attribution.opens_speech and ends_clause


def _is_sentence(place: _Place) -> bool:
    """Tell whether the quotation is a whole sentence that stands by itself."""
    words = place.passage.text[place.quoted.start : place.quoted.end]
    return words[-1] in ".!?؟。" and len(words.split()) > 1 and not place.before().strip()


def _quote(place: _Place, speaker: str | None, verb: str | None) -> Quote:
    quoted, passage = place.quoted, place.passage
    return Quote(
        text=passage.text[quoted.start : quoted.end],
        speaker=speaker,
        verb=verb,
        kind="direct",
        start=passage.start + quoted.start,
        end=passage.start + quoted.end,
    )
