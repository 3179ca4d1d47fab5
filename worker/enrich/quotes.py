"""Quotations with who says them: direct ones, and what is reported in other words.

In: a story's passages and its language. Out: `Quote`s in page order; `text` is the words between the marks, or the
reported clause, `start` and `end` their place in the page.

Words in quotation marks are a quotation only where the text says that somebody spoke them: by a verb or phrase before
them in the same sentence, behind them, or before a colon that ends the paragraph above. Whole sentences are one also
where the sentence in front reports speech, and where they go on behind one that was quoted, in the paragraph or at the
end of the one above. A quoted name, title or single word is none, nor is one of up to three words in the middle of a
sentence.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from pydantic import TypeAdapter

from schemas.story import Quote
from worker.enrich.attribution import NEAR, Attribution, find_after, find_before
from worker.enrich.cues import cue_at
from worker.enrich.marks import Quoted, Style, find_quoted, find_styles
from worker.enrich.passage import Passage
from worker.enrich.reported import Mention, Report, find_reports
from worker.enrich.speaker import Cast
from worker.enrich.voice import Voice, voice
from worker.enrich.words import OBJECT, key_of, words_of

SHORT = 3
"""Words up to which a quoted stretch is a name, title or scare quote unless it ends the clause that reports it."""

MOST_QUOTED = 200
"""Quoted stretches of one paragraph that are judged, and clauses: news has a handful, a hostile one a million."""

REACH = 400
"""Characters before a quotation in which its verb is looked for; sentences of news are shorter."""

_Fields = dict[str, object]
_QUOTES = TypeAdapter(tuple[Quote, ...])
_FULL_STOPS = ".!?؟。…"
_SENTENCE_END = re.compile(rf"[{_FULL_STOPS}](?:(?<=\w\w\w.)|(?<=[)\d\ufffc].))(?<!Mrs.)(?<!Gov.)(?<!Sen.)(?<!Gen.)\s")
"""A full stop behind fewer letters, or behind these, ends an abbreviation."""

_STOP = re.compile(r"[!?؟。\ufffc]|(?:(?<=\w\w\w)|(?<=[)\d]))(?<!Mrs)(?<!Gov)(?<!Sen)(?<!Gen)\.")
_NEW_SENTENCE = re.compile(r"\s+(?![a-zà-ÿа-яçğışöü])")
_INCISE = re.compile(r"[,!?…]\s+(?:[–—-]\s+)?")
_ASIDE = re.compile(r"\([^()]{1,40}\)(?!\s*[–—-])")
"""Short brackets, but for an agency's at the end of a dateline."""

_DASHED = re.compile(r"[.,]\s+[–—-]\s+")
_CONTINUES = {"»": "«", "”": "“"}
_CLAUSE_END = re.compile(r"\s*(?:[.,،؛;!?؟)]|$)")


class _Place(NamedTuple):
    """A quoted stretch in its passage.

    In `masked` all quotations are U+FFFC, so that none of their words is a verb; one that ends a sentence ends with a
    full stop.
    """

    passage: Passage
    quoted: Quoted
    masked: str
    follows: str
    """The end of the passage above, where that ends with a colon."""
    goes_on: bool
    """Whether the words are those behind an incise, or behind the paragraph above whose quotation is not closed."""

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
        if text[:1] in _FULL_STOPS:
            return ""
        end = _STOP.search(text, 1)
        inside = self.passage.text[self.quoted.end - 1]
        rest = text[: end.start()] if end else text
        return f"{inside} {rest}" if inside in ",،!?" else rest

    def has_words(self, count: int) -> bool:
        """Tell whether so many words or more stand between the marks."""
        return _has_words(self.passage.text[self.quoted.start : self.quoted.end], count)

    def _text_before(self) -> str:
        return self.masked[max(0, self.quoted.opens - REACH) : self.quoted.opens]


def _has_words(text: str, count: int) -> bool:
    return len(text.split(None, count - 1)) >= count


def _sentence_start(text: str) -> int:
    """Return where the last sentence of a text begins."""
    # From the end, where the last full stop mostly is one: a fifth of the time that finding all sentences takes.
    last = max(map(text.rfind, _FULL_STOPS))
    if last < 0:
        return 0
    found = _SENTENCE_END.match(text, last)
    ends = [found] if found else [*_SENTENCE_END.finditer(text, 0, last)]
    return ends[-1].end() if ends else 0


def find_quotes(passages: tuple[Passage, ...], language: str, *, finds_reported: bool = True) -> tuple[Quote, ...]:
    """Return the quotations of the passages; offsets are code points of the page's text.

    Without `finds_reported` there are direct ones only, and speakers named in reported speech alone are not known.
    """
    lexicon = voice(language)
    if lexicon is None:
        return ()
    # Validated in one call, which takes half as long as a call for each.
    return _QUOTES.validate_python(
        tuple(_quotes(passages, lexicon, Cast(passages, lexicon), finds_reported=finds_reported))
    )


def _quotes(passages: tuple[Passage, ...], lexicon: Voice, cast: Cast, *, finds_reported: bool) -> Iterator[_Fields]:
    styles = find_styles("".join([passage.text for passage in passages]))
    follows, was_speech, goes_on = "", False, False
    for passage in passages if styles or finds_reported else ():
        places = _places(passage, styles, follows, lexicon, goes_on=goes_on) if styles else []
        reports = _reports(passage, places, lexicon) if finds_reported else []
        follows_this = passage.text[-REACH:] if passage.text.endswith(":") else ""
        if not places and not reports:
            follows, was_speech, goes_on = follows_this, False, False
            continue
        # What was quoted at the end of the paragraph above goes on in one that is all quotation.
        speaking, is_speech = cast.last, was_speech
        for event in sorted((*places, *reports), key=_start) if reports else places:
            if isinstance(event, Mention):
                cast.mentioned = (event.words, event.cue)
                continue
            attribution = event.attribution if isinstance(event, Report) else _attribute(event, lexicon)
            if isinstance(event, Report):
                speaking, is_speech = cast.name(event.attribution), False
                if _has_words(passage.text[event.start : event.end], SHORT):
                    yield _quote(passage, (event.start, event.end), speaking, attribution, "indirect")
            elif reports and _is_inside(event, reports):
                continue  # a name, or a few quoted words of a reported clause
            elif attribution and _is_speech(event, attribution, lexicon):
                speaking, is_speech = cast.name(attribution), True
                yield _quote(passage, event.quoted[:2], speaking, attribution, "direct")
            elif is_speech and (event.goes_on or _is_sentence(event)):
                yield _quote(passage, event.quoted[:2], speaking, None, "direct")
            else:
                is_speech = False
        was_speech = is_speech and bool(places)
        goes_on = bool(places) and places[-1].quoted.end == places[-1].quoted.closes
        follows = follows_this


def _start(event: _Place | Report | Mention) -> int:
    return event.quoted.opens if isinstance(event, _Place) else event.start


def _reports(passage: Passage, places: list[_Place], lexicon: Voice) -> list[Report | Mention]:
    masked = places[0].masked if places else _without_asides(passage.text)
    told = islice(find_reports(masked, lexicon), MOST_QUOTED)
    return [_cut(one, places, lexicon) if isinstance(one, Report) else one for one in told]


def _is_inside(place: _Place, reports: list[Report | Mention]) -> bool:
    return any(isinstance(one, Report) and one.start <= place.quoted.start < one.end for one in reports)


def _cut(report: Report, places: list[_Place], lexicon: Voice) -> Report:
    """Return a reported clause up to the first quotation in it that stands for itself."""
    for place in places:
        opens = place.quoted.opens
        if report.start <= opens < report.end and place.has_words(SHORT + 1) and not _is_called(place, lexicon):
            return report._replace(end=report.start + len(place.masked[report.start : opens].rstrip(" \u00a0:،,–—-")))
    return report


def _is_called(place: _Place, lexicon: Voice) -> bool:
    """Tell whether the word before or behind the marks says that they hold a name: "the film “...”"."""
    opens, closes = place.quoted.opens, place.quoted.closes
    before = place.masked[max(0, opens - NEAR) : opens].rsplit(None, 1)[-1:]
    behind = place.masked[closes : closes + NEAR].split(None, 1)[:1]
    # Where the verb comes first, so does the noun before a name.
    tokens = (*before, *behind) if lexicon.subject_first else before
    return any(key_of(token) in lexicon.called for token in tokens)


def _places(
    passage: Passage, styles: tuple[Style, ...], follows: str, lexicon: Voice, *, goes_on: bool
) -> list[_Place]:
    text = passage.text
    if goes_on and text[:1] in _CONTINUES:
        # A closing mark that opens a paragraph says that the speech of the one above goes on.
        text = _CONTINUES[text[0]] + text[1:]
    found = list(find_quoted(text, styles)[:MOST_QUOTED])
    if not found:
        return []
    rests = set[Quoted]()
    if lexicon.incise or " — " in text or " – " in text or " - " in text:
        parts = [list(_around_incise(text, quoted, lexicon)) for quoted in found]
        rests.update(part for around in parts for part in around[1:])
        found = [part for around in parts for part in around]
    if goes_on and found[0].opens == 0:
        rests.add(found[0])
    masked = _masked(text, found)
    return [_Place(passage, quoted, masked, follows, quoted in rests) for quoted in found]


def _around_incise(text: str, quoted: Quoted, lexicon: Voice) -> Iterator[Quoted]:
    """Give what is quoted without the words inside the marks that say who speaks ("«..., — said Name, — ...»")."""
    for comma in _INCISE.finditer(text, quoted.start, quoted.end):
        is_dashed = comma[0].strip()[-1] in "–—-"
        near = text[comma.end() : min(quoted.end, comma.end() + NEAR)]
        first = near.split(None, 1)[:1]
        if not (is_dashed or lexicon.incise) or not first or key_of(first[0]) not in lexicon.cues:
            continue
        words = words_of(near)
        if not words.keys or not cue_at(words, 0, lexicon):
            continue
        yield Quoted(quoted.start, comma.start(), quoted.opens, comma.start())
        rest = _behind_incise(text, comma.end(), quoted.end, lexicon, is_dashed=is_dashed)
        if rest < quoted.end:
            yield Quoted(rest, quoted.end, rest, quoted.closes)
        return
    yield quoted


def _behind_incise(text: str, start: int, end: int, lexicon: Voice, *, is_dashed: bool) -> int:
    """Return where the speech goes on: behind the second dash, or at a clause and not an apposition."""
    for comma in (_DASHED if is_dashed else _INCISE).finditer(text, start, end):
        first = words_of(text[comma.end() : comma.end() + NEAR]).keys[:1]
        if is_dashed or (first and (first[0] in lexicon.idle or first[0] in lexicon.pronouns)):
            return comma.end()
    return end


def _masked(text: str, found: Sequence[Quoted]) -> str:
    pieces: list[str] = []
    end = 0
    for _, last, opens, closes in found:
        ends_sentence = last < closes and text[last - 1] in _FULL_STOPS and _NEW_SENTENCE.match(text, closes)
        pieces += (text[end:opens], OBJECT * (closes - opens - 1), "." if ends_sentence else OBJECT)
        end = closes
    return _without_asides("".join([*pieces, text[end:]]))


def _without_asides(text: str) -> str:
    """Return a text with blanks for what stands in short brackets: the age or party of who speaks."""
    return _ASIDE.sub(lambda aside: " " * len(aside[0]), text) if "(" in text else text


def _attribute(place: _Place, lexicon: Voice) -> Attribution | None:
    clause = place.before()
    before = find_before(clause, lexicon)
    if before and before.is_open:
        return before
    found = find_after(words_of(place.after()), clause, lexicon) or before
    if found is None and _is_sentence(place):
        # "..., said Name. “A sentence.”": who spoke in the sentence before speaks on.
        return find_before(place.sentence_before(), lexicon)
    return found


def _is_speech(place: _Place, attribution: Attribution, lexicon: Voice) -> bool:
    if attribution.last_key in lexicon.called or (lexicon.subject_first and _is_called(place, lexicon)):
        return False
    if place.has_words(SHORT + 1):
        return True
    ends_clause = place.passage.text[place.quoted.end - 1] in ",،" or _CLAUSE_END.match(
        place.masked, place.quoted.closes
    )
    is_clause = not lexicon.opens_clause.isdisjoint(attribution.gap)
    return attribution.is_open and bool(ends_clause) and not is_clause and place.has_words(2)


def _is_sentence(place: _Place) -> bool:
    """Tell whether the quotation is a whole sentence that stands by itself."""
    ends_sentence = place.passage.text[place.quoted.end - 1] in ".!?؟。"
    return ends_sentence and place.has_words(2) and not place.before().strip()


def _quote(
    passage: Passage, span: tuple[int, int], speaker: str | None, attribution: Attribution | None, kind: str
) -> _Fields:
    start, end = span
    return {
        "text": passage.text[start:end],
        "speaker": speaker,
        "verb": attribution.cue.verb if attribution else None,
        "kind": kind,
        "start": passage.start + start,
        "end": passage.start + end,
    }
