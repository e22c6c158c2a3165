"""Find what people say in a text: whose words each paragraph holds, and by which words the text tells.

A paragraph belongs to a speaker because it names the speaker with a verb of speech (`Ms Ash said`), because it says so
with other words (`she said`, `the Minister said`), or because it goes on with somebody's quotation. Where two people
could be meant, it belongs to nobody.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

MAX_PASSAGE = 2_000  # characters; some texts have no paragraphs and are one long line
THE_MINISTER = "the minister"  # stands for the only minister whom the release credits, where the text names no speaker

_SAYS = (
    "said|says|say|told|tells|added|adds|commented|comments|stated|states|explained|explains|noted|notes|warned|warns|"
    "stressed|stresses|emphasised|emphasises|reiterated|reiterates|concluded|concludes"
)
_ANNOUNCES = "announced|announces|announce|welcomed|welcomes|welcome|launched|launches|launch"
ANNOUNCING_VERBS = frozenset(_ANNOUNCES.split("|"))
# Verbs that mean speech only beside a quotation: `"...," Ms Ash replied`.
_QUOTES = (
    "continued|continues|remarked|observed|replied|responded|declared|confirmed|confirms|acknowledged|promised|urged|"
    "cautioned"
)
# What may stand between a subject and its verb.
_ADVERBS = r"(?:[ ,]+(?:today|tonight|yesterday|also|has|have|had|later|then|again|further|recently|however))"
# What may stand between a name and its verb: time and place, auxiliary verbs, other names, an office between commas.
_BETWEEN = (
    r"(?:, [^,.\n\"]{3,90},)?(?:[ ,]++(?:today|tonight|yesterday|also|has|have|had|later|then|again|jointly|both|and|"
    r"this|morning|afternoon|evening|week|in|on|at|of|the|for|&|[A-Z][\w'-]*+)(?![\w'-])){0,10}"
)
_VERB_AFTER = re.compile(rf"(?P<between>{_BETWEEN}),? (?P<verb>{_SAYS}|{_ANNOUNCES})\b")
_QUOTING_VERB_AFTER = re.compile(rf"{_ADVERBS}?,? (?P<verb>{_QUOTES})\b")
_VERB_AFTER_CLAUSE = re.compile(rf",? who\b[^.\n\"]{{3,200}}?,{_ADVERBS}? (?P<verb>{_SAYS}|{_ANNOUNCES})\b")
_CLAUSE = re.compile(r", (?!and )[a-z]")  # `, the Minister for the Sea,`
# `, Ash said`: the name after the last comma is the subject, and the name before it belongs to another clause.
_OTHER_SUBJECT = re.compile(r", (?!and\b)[A-Z][\w'-]*(?: [A-Z][\w'-]*)*$")
_LISTED = re.compile(r",?(?P<and> and| &)?(?: (?:of|for|the|and|[A-Z][\w'-]*,?))* ")  # between two names of a list
_VERB_AFTER_SURNAME = re.compile(
    rf"(?: (?:and|&) (?:[A-Z][\w'-]* ?){{1,4}})?{_ADVERBS}{{0,2}},? (?P<verb>{_SAYS}|{_ANNOUNCES})\b"
)
# `"...," says Minister Phil Goff` and `..., says Ron Mark`; in `he said Mr Goff had failed`, another person speaks.
_VERB_BEFORE = re.compile(
    # Each alternative begins with literal text, for which the regular expression engine has a fast search.
    "(?P<verb>" + "|".join(
        rf"{verb}(?<!\w{verb})"
        for verb in "said says say added adds commented explained noted warned concluded".split()  # noqa: SIM905
    ) + r")(?: (?:the|and|of|for|to|in|a|[A-Z][\w,&'.-]*+)(?![\w'-]))*+ $"
)  # fmt: skip
_ANNOUNCED_BY = re.compile(
    r"\b(?P<verb>announced|launched|welcomed)\b(?: (?:today|yesterday|jointly|tonight|this \w+)){0,2} by"
    r"(?: (?:the|and|of|for|[A-Z][\w'&-]*),?)*+ $"
)
# In te reo Māori, `hei tā Ash`, `te kī a Minita Ash`, `e ai ki a Ash` are what `said Ash` is in English.
_MAORI_SAYS = r"(?:hei ta|te ki a|te korero a|(?:i|ka|e) ki(?: ana| mai)? a|e ai ki a|ko ta)"
_MAORI_VERB_BEFORE = re.compile(rf"\b(?P<verb>{_MAORI_SAYS})(?: (?:te|a|nga|o|mo|[A-Z][\w'-]*+),?)*+ $", re.I)
_MAORI_PRONOUN = re.compile(
    r"\b(?P<verb>hei tana|e ai ki a ia|(?:hei ta|te ki a|e ai ki|te korero a) te minita)\b", re.I
)
_MAY_PRECEDE = frozenset(("Minister", "Ministers", "Minita", "Takuta", "Honore", "Hon", "Ta", "Kahurangi"))
_ENDS_SENTENCE = re.compile(r"[.,]?\s*(?:\n|$)|\.\s")
_ENDS_PARAGRAPH = re.compile(r"[.,]?[ *_]*(?:\n|$)")
_PAST = re.compile(
    r"(?:Earlier|Last|In [A-Z]\w+ (?:19|20)\d\d|Two|Three|Previously|A (?:week|month|year) ago)\b[^.\n\"]*$"
)
# `"...," Health Minister Ann Ash announced`: beside a quotation, to announce is to speak.
_QUOTATION_BEFORE = re.compile(r"[~,]\"[ ,]*+(?:(?:the|of|for|and|[A-Z][\w'&-]*+)[ ,]++)*+\Z")
_VERB_DISTANCE = 220  # characters searched for a verb after a name; before a name, half as many

# Words that say that somebody speaks, where no name of the seeds is the subject.
_VERBS = tuple(f" {verb}" for verb in _SAYS.split("|"))
_SUBJECT_BEFORE = re.compile(
    r"(?P<who>\b(?:[Hh]e|[Ss]he|[Tt]hey|(?:[Tt]he )?(?P<office>(?:[A-Z][\w'-]*,? (?:and |of )?){0,4})[Mm]inisters?))"
    rf"{_ADVERBS}{{0,2}},? $"
)
_SUBJECT_AFTER = re.compile(r" (?P<who>he|she|they|the (?P<office>(?:[A-Z][\w'-]* ){0,4})[Mm]inisters?)\b(?! [A-Z])")
_PERSON_BEFORE = re.compile(
    r"\b(?!(?:The|This|That|A|An|In|But|And|However|As|When),? )"
    rf"(?:[A-Z][\w.'-]*,? (?:(?:of|and|for|the|van|der|den|de|te|o) ){{0,2}}){{1,3}}"
    rf"[A-Z][\w.'-]*(?:,? who)?{_ADVERBS}{{0,2}},? $"
)
_PERSON_AFTER = re.compile(r" (?:[\w'-]+ ){0,6}?[A-Z][\w.'-]* [A-Z]")
_OUTSIDER = re.compile(r"(?P<title>Mrs?|Ms|Miss|Dr|Sir|Dame|Professor|Justice|Lord|Judge|Senator)\.? [A-Z]")
_STRANGER = re.compile(
    r"(?!(?:The|This|That|In|On|At|As|For|New|Under|While|With|Both|Last|Next) "
    r"|(?:[A-Z][\w'-]*,? (?:(?:and|of|for) )?){0,6}Ministers?\b)[A-Z][a-z'-]+ (?:[A-Z]\. )?[A-Z][a-z'-]+\b"
)
_GENDERS = {"mr": "male", "sir": "male", "lord": "male", "mrs": "female", "ms": "female", "miss": "female"} | {
    "dame": "female", "he": "male", "she": "female"
}  # fmt: skip

_MAX_BULLET = 8  # characters
_MAX_INTRODUCTION = 100  # characters of a line that introduces a speaker
_MAX_LOOK_BACK = 20  # people, or offices; without a limit, the time would grow with the square of the length
_BULLET = re.compile(r"[\s>*_#\u2022\u00b7~-]*")
_ENDS_LINE_IN_SENTENCE = re.compile(r"[\w,'-] *$")
_MAX_MARKS = 200  # quotation marks of a paragraph that is searched; the most in any release is 114
_SHORTEST_QUOTATION = 5  # words; shorter ones are terms and names
# An attribution at the end of a paragraph whose quotation is never closed: `"It is, Ms Ash said.`
_UNCLOSED = re.compile(
    rf",\s*(?:(?:[A-Z][\w'.-]*\s){{1,7}}(?:(?:{_SAYS}|{_QUOTES})|$)"
    rf"|(?:[\w'-]+\s){{1,9}}[A-Z][\w'-]*\s[A-Z][\w'-]*\s(?:{_SAYS})"
    r"|(?:said|says)\s(?:(?:[A-Z][\w'.-]*|of|for|the|and)\s?){1,10}"
    rf"|(?:[Hh]e|[Ss]he|[Tt]he [Mm]inister) (?:{_SAYS}))\W*$"
)


class Name(NamedTuple):
    """A name in a text. Places are offsets in characters, from 0."""

    place: int
    end: int
    name: str  # lower-case ASCII
    people: frozenset[str]  # ids of the people who have the name
    genders: frozenset[str]  # of these people
    is_surname: bool = False  # True if only the surname is printed


class Passage(NamedTuple):
    """Paragraphs that hold the words of a person.

    `place` and `name` are those of the speaker's name in it. If the passage does not name the speaker, `place` is that
    of the verb or of a quotation mark, and `name` is the name by which the text calls the speaker elsewhere.
    """

    place: int
    name: str
    verb: str | None
    method: str  # name, surname, role, pronoun, continued or only_speaker
    start: int
    length: int
    is_direct: bool


@dataclass(slots=True)
class Speech:
    """What a text tells about who speaks."""

    verbs: dict[int, str]  # verb of each name that says or announces something, by the place of the name
    quoted: set[int]  # places of the names that somebody uses who is quoted
    passages: list[Passage]


@dataclass(slots=True)
class _Cue:
    """Words that say who speaks."""

    place: int
    verb: str | None
    method: str
    names: tuple[Name, ...] = ()  # empty if somebody speaks whom the seeds do not know, or if it is not certain who


@dataclass(slots=True)
class _Paragraph:
    start: int
    stop: int
    is_quoted: bool = False  # True if it begins with a quotation, or a sentence of it does
    has_quotation: bool = False
    quoted_length: int = 0  # characters
    is_open: bool = False  # True if its last quotation is not closed
    begins_quoted: bool = False
    cues: list[_Cue] = field(default_factory=list)

    @property
    def is_mostly_quoted(self) -> bool:
        return self.begins_quoted and self.quoted_length > (self.stop - self.start) // 2


def find_speech(text: str, body: str, names: Sequence[Name]) -> Speech:
    """Return who says what in a text.

    Args:
        text: the cleaned text.
        body: the same text in ASCII, with one character for each of its characters.
        names: the names in it that may be people's, in the order of the text.
    """
    paragraphs = _split(body)
    spans = _find_quotations(text, body, paragraphs)
    plain = _blank(body, spans)
    speech = Speech({}, set(), [])
    claimed = _find_named_speakers(plain, names, spans, speech)
    heard = [one for one in names if one.place in speech.verbs or not one.is_surname]
    starts = [paragraph.start for paragraph in paragraphs]
    for place, cue in claimed.items():
        paragraphs[bisect_right(starts, place) - 1].cues.append(cue)
    _find_other_speakers(plain, paragraphs, starts, {cue.place for cue in claimed.values()})
    mentions = _Mentions(plain, [one for one in heard if one.place not in speech.quoted])
    speech.passages = _make_passages(body, paragraphs, _Text(body, paragraphs, mentions).assign())
    return speech


def _split(body: str) -> list[_Paragraph]:
    """Return the lines that are not blank; lines that break a sentence are one paragraph, long lines are several."""
    paragraphs: list[_Paragraph] = []
    place, previous = 0, ""
    for line in body.split("\n"):
        start, place = place, place + len(line) + 1
        text = line.strip()
        if text:
            stop = start + len(line.rstrip())
            last = paragraphs[-1] if paragraphs else None
            if (
                last
                and text[0].islower()
                and previous
                and _ENDS_LINE_IN_SENTENCE.search(previous[-8:])
                and stop - last.start <= MAX_PASSAGE
            ):
                last.stop = stop
            else:
                while stop - start > MAX_PASSAGE:
                    cut = body.rfind(" ", start + MAX_PASSAGE // 2, start + MAX_PASSAGE) + 1 or start + MAX_PASSAGE
                    paragraphs.append(_Paragraph(start, cut))
                    start = cut
                paragraphs.append(_Paragraph(start, stop))
        previous = text
    return paragraphs


def _find_quotations(text: str, body: str, paragraphs: Iterable[_Paragraph]) -> list[tuple[int, int]]:
    """Return where each quotation begins and ends, without its marks; note in the paragraphs what they quote."""
    spans: list[tuple[int, int]] = []
    for paragraph in paragraphs:
        if body.startswith(">", paragraph.start) and body.find('"', paragraph.start, paragraph.start + 4) < 0:
            continue  # a teaser of another release
        if body.count('"', paragraph.start, paragraph.stop) > _MAX_MARKS:
            continue
        opened, mark = -1, body.find('"', paragraph.start, paragraph.stop)
        while mark >= 0:
            if opened < 0 and (_opens(text, body, mark) or _is_first(body, paragraph.start, mark)):
                opened = mark
            elif opened >= 0 and text[mark] not in "\u201c\u201e\u00ab":
                _note_quotation(body, paragraph, spans, opened, mark)
                opened = -1
            mark = body.find('"', mark + 1, paragraph.stop)
        if opened >= 0:
            tail = max(opened + 1, paragraph.stop - 160)
            ends = _UNCLOSED.search(body[tail : paragraph.stop])
            _note_quotation(body, paragraph, spans, opened, tail + ends.start() if ends else paragraph.stop)
            paragraph.is_open = ends is None
    return spans


def _note_quotation(body: str, paragraph: _Paragraph, spans: list[tuple[int, int]], opened: int, end: int) -> None:
    spans.append((opened + 1, end))
    paragraph.quoted_length += end - opened
    begins = _is_first(body, paragraph.start, opened)
    paragraph.begins_quoted |= begins
    if body.count(" ", opened, end) + 1 >= _SHORTEST_QUOTATION:
        paragraph.has_quotation = True
        paragraph.is_quoted |= begins or body[opened - 3 : opened].rstrip().endswith((".", ":", "!", "?"))


def _is_first(body: str, start: int, place: int) -> bool:
    """Return True if nothing but the sign of a list stands between two places."""
    return place - start <= _MAX_BULLET and not _BULLET.sub("", body[start:place])


def _opens(text: str, body: str, mark: int) -> bool:
    """Return True if the quotation mark at a place opens a quotation: no space after it, and none but one before."""
    if text[mark] in "\u201c\u201e\u00ab":
        return True
    before, after = body[mark - 1 : mark], body[mark + 1 : mark + 2]
    return (
        text[mark] not in "\u201d\u00bb"
        and (not before or before.isspace() or before in "([-~*_>")
        and (bool(after) and not after.isspace())
    )


def _blank(body: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return a text of the same length in which quotations are blotted out."""
    pieces, place = [], 0
    for start, end in spans:
        pieces += [body[place:start], "~" * (end - start)]
        place = end
    return "".join([*pieces, body[place:]])


def _find_named_speakers(
    plain: str, names: Sequence[Name], spans: list[tuple[int, int]], speech: Speech
) -> dict[int, _Cue]:
    """Return a cue for each name that says or announces something, by the place of the name.

    The place of a cue is that of its verb, so that `Ms Ash and Mr Birch said` is two cues at one place.
    """
    starts = [start for start, _ in spans]
    claimed: dict[int, _Cue] = {}
    named_in_full = frozenset().union(*(one.people for one in names if not one.is_surname))
    covered = -1  # end of a relative clause, in which names are not the subject of the verb behind it
    for one in names:
        number = bisect_right(starts, one.place) - 1
        if number >= 0 and one.place < spans[number][1]:
            speech.quoted.add(one.place)
            continue
        if plain.startswith(">", plain.rfind("\n", max(0, one.place - MAX_PASSAGE), one.place) + 1):
            continue
        if one.is_surname and (_is_part_of_name(plain, one) or not one.people & named_in_full):
            continue
        verb, place, is_clause = _find_verb(plain, one)
        if place < 0 or place == covered:
            continue
        if is_clause:
            covered = place
        method = "surname" if one.is_surname else "name"
        if verb in ANNOUNCING_VERBS:
            before = plain[max(0, one.place - _VERB_DISTANCE // 2) : one.place]
            if _PAST.search(before):
                continue
            if not _QUOTATION_BEFORE.search(before):
                method = "announcer"
        claimed[one.place] = _Cue(place, verb, method, (one,))
        if verb:
            speech.verbs[one.place] = verb
    _add_listed(plain, names, speech, claimed)
    return claimed


def _add_listed(plain: str, names: Sequence[Name], speech: Speech, claimed: dict[int, _Cue]) -> None:
    """Add the people who are listed before one who speaks: `Minister Ann Ash, Mayor Ben Birch, and Cy Cole said`."""
    cue, is_joined = None, False
    for one, following in zip(reversed(names[:-1]), reversed(names), strict=False):
        cue = claimed.get(following.place, cue)
        if cue and one.place in claimed and claimed[one.place].place == cue.place:
            is_joined = True  # `Ben Birch and Cy Cole said`, before which others may be listed
            continue
        is_near = following.place - one.end < _VERB_DISTANCE
        listed = cue and is_near and one.place not in claimed and _LISTED.fullmatch(plain, one.end, following.place)
        is_joined = bool(listed and (is_joined or listed["and"]))
        if cue and is_joined and not one.is_surname:
            claimed[one.place] = _Cue(cue.place, cue.verb, cue.method, (one,))
            if cue.verb:
                speech.verbs[one.place] = cue.verb
        else:
            cue = None


def _is_part_of_name(plain: str, one: Name) -> bool:
    """Return True if a capitalised word is beside a surname, as in `Jane Ash` and `Prime Minister`."""
    word = plain[max(0, one.place - 30) : one.place].rstrip(" ").rpartition(" ")[2]
    if word[:1].isupper() and word[-1].isalnum() and word not in _MAY_PRECEDE:
        return True
    return plain[one.end : one.end + 1] == " " and plain[one.end + 1 : one.end + 2].isupper()


def _find_verb(plain: str, one: Name) -> tuple[str | None, int, bool]:
    """Return the verb by which a person says or announces something, its place, and if a relative clause is between.

    The place is -1 if the person says nothing. A name that stands alone behind a quotation has a place and no verb.
    """
    limit = one.end + _VERB_DISTANCE
    if one.is_surname:
        match = _VERB_AFTER_SURNAME.match(plain, one.end, limit)
    else:
        match = _VERB_AFTER.match(plain, one.end, limit)
        if match and _OTHER_SUBJECT.search(match["between"]):
            return None, -1, False
    if match:
        is_clause = not one.is_surname and _CLAUSE.match(match["between"]) is not None
        return match["verb"], match.start("verb"), is_clause
    if match := _VERB_AFTER_CLAUSE.match(plain, one.end, limit):
        return match["verb"], match.start("verb"), True
    first = max(0, one.place - _VERB_DISTANCE // 2)
    before = plain[first : one.place]
    match = _VERB_BEFORE.search(before)
    if match and (before[: match.start()].rstrip().endswith(('"', ",")) or _ENDS_SENTENCE.match(plain, one.end)):
        return match["verb"], first + match.start(), False
    if (" a " in before or " ta " in before) and (match := _MAORI_VERB_BEFORE.search(before)):
        return match["verb"], first + match.start(), False
    if " by " in before and (match := _ANNOUNCED_BY.search(plain, max(0, one.place - _VERB_DISTANCE), one.place)):
        return match["verb"], match.start(), False
    if before.rstrip(' "').endswith((",", "~")) and before.rstrip().endswith('"'):
        if match := _QUOTING_VERB_AFTER.match(plain, one.end, limit):
            return match["verb"], match.start("verb"), False
        if _ENDS_PARAGRAPH.match(plain, one.end):
            return None, one.place, False
    return None, -1, False


def _find_other_speakers(plain: str, paragraphs: list[_Paragraph], starts: list[int], claimed: set[int]) -> None:
    """Add cues that name nobody of the seeds: `she said`, `the Minister said`, `Federated Farmers president X said`."""
    for place, verb in _find_verbs(plain):
        if place in claimed:
            continue
        paragraph = paragraphs[bisect_right(starts, place) - 1]
        if plain.startswith(">", paragraph.start):
            continue
        before = plain[max(paragraph.start, place - 80) : place]
        after = plain[place + len(verb) : place + len(verb) + 80]
        subject = _SUBJECT_BEFORE.search(before) or (
            _SUBJECT_AFTER.match(after) if before.rstrip().endswith(('"', ",")) else None
        )
        if subject:
            who = " ".join(subject["who"].lower().split())
            method = "role" if "minister" in who else "pronoun"
            paragraph.cues.append(_Cue(place, verb, f"{method} {who}"))
        elif (
            _PERSON_BEFORE.search(before)
            or before.rstrip().endswith('"')
            or (before.rstrip().endswith(",") and _PERSON_AFTER.match(after))
        ):
            paragraph.cues.append(_Cue(place, verb, "other"))
        elif paragraph.has_quotation and verb in {"said", "says", "told"}:
            paragraph.cues.append(_Cue(place, verb, "thing"))
    for match in _MAORI_PRONOUN.finditer(plain) if "hei ta" in plain or " ki a" in plain or "ai ki" in plain else ():
        who = "role the minister" if "minita" in match["verb"].lower() else "pronoun ia"
        paragraphs[bisect_right(starts, match.start()) - 1].cues.append(_Cue(match.start(), match["verb"], who))
    for paragraph in paragraphs:
        paragraph.cues.sort(key=lambda cue: cue.place)


def _find_verbs(plain: str) -> Iterator[tuple[int, str]]:
    """Yield the place of each verb of speech, with the verb; looking for each verb in turn is faster than a pattern."""
    for verb in _VERBS:
        place = plain.find(verb)
        while place >= 0:
            if not plain[place + len(verb) : place + len(verb) + 1].isalnum():
                yield place + 1, verb[1:]
            place = plain.find(verb, place + len(verb))


class _Mention(NamedTuple):
    place: int
    name: Name | None  # None for a person whom the seeds do not know
    genders: frozenset[str]


class _Mentions:
    """The people whom a text mentions outside quotations, in the order of the text."""

    def __init__(self, plain: str, names: Sequence[Name]) -> None:
        self._plain = plain
        self._names = names

    @cached_property
    def all(self) -> list[_Mention]:
        known = [_Mention(one.place, one, one.genders) for one in self._names]
        places = [one.place for one in self._names]
        for match in _OUTSIDER.finditer(self._plain):
            number = bisect_right(places, match.start()) - 1
            if number < 0 or self._names[number].end <= match.start():
                gender = _GENDERS.get(match["title"].lower())
                known.append(_Mention(match.start(), None, frozenset([gender]) if gender else frozenset()))
        return sorted(known, key=lambda one: one.place)

    @cached_property
    def _places(self) -> list[int]:
        return [one.place for one in self.all]

    def list_first_group(self, paragraphs: Iterable[_Paragraph]) -> tuple[Name, ...]:
        """Return the people of the first paragraph that names several; empty if there is none."""
        for paragraph in paragraphs:
            span = slice(bisect_left(self._places, paragraph.start), bisect_left(self._places, paragraph.stop))
            people = {one.name.people: one.name for one in self.all[span] if one.name}
            if len(people) > 1:
                return tuple(people.values())
        return ()

    def last_of_gender(self, place: int, gender: str) -> _Mention | None:
        """Return the last person of a gender before a place; somebody of unknown gender counts."""
        number = bisect_left(self._places, place)
        before = self.all[max(0, number - _MAX_LOOK_BACK) : number]
        return next((one for one in reversed(before) if _may_be(one.genders, gender)), None)

    def is_known_between(self, start: int, stop: int) -> bool:
        """Return True if somebody whom the seeds know is mentioned between two places."""
        return any(one.name for one in self.all[bisect_left(self._places, start) : bisect_left(self._places, stop)])

    def is_other_between(self, start: int, stop: int, current: Sequence[Name]) -> bool:
        """Return True if somebody else than the current speakers is mentioned between two places."""
        people = frozenset().union(*(one.people for one in current))
        between = range(bisect_left(self._places, start), bisect_left(self._places, stop))
        names = (self.all[number].name for number in between)
        return any(name is None or not name.people & people for name in names)


@dataclass(slots=True)
class _Words:
    """Whose words a paragraph holds."""

    names: tuple[Name, ...]
    method: str
    cue: _Cue | None = None  # the words in the paragraph that say so; None if it goes on with a quotation


class _Text:
    """The paragraphs of a text, from the first to the last; finds whose words each holds."""

    def __init__(self, body: str, paragraphs: list[_Paragraph], mentions: _Mentions) -> None:
        self.body = body
        self.paragraphs = paragraphs
        self.mentions = mentions
        self.words: list[_Words | None] = [None] * len(paragraphs)
        is_plural = any(
            cue.method.endswith((" they", "ministers")) for paragraph in paragraphs for cue in paragraph.cues
        )
        self.joint, self.only = _find_only_speakers(
            paragraphs, mentions.list_first_group(paragraphs) if is_plural else ()
        )
        self._offices: dict[tuple[str, str], bool] = {}
        self.current: tuple[Name, ...] = ()
        self.heard_until = 0  # where the current speaker's words end
        self.is_adjacent = False  # True if the paragraph before holds the current speaker's words
        self.is_lost = False  # True if somebody spoke last who is not known
        self.is_announced = False  # True if the current speaker only announced something
        self.presented = -1  # number of the last paragraph that quotes something else, such as a report
        self.waiting: list[int] = []  # quoted paragraphs whose speaker may be named in a later one

    def assign(self) -> list[_Words | None]:
        """Return whose words each paragraph holds; None if they are nobody's, or if it is not certain whose."""
        ends = _find_ends_of_chains(self.paragraphs)
        for number, paragraph in enumerate(self.paragraphs):
            for cue in paragraph.cues:
                self._resolve(cue, paragraph)
            cues = [cue for cue in paragraph.cues if cue.method != "thing"]
            if cues:
                self._take_cues(number, cues)
            elif paragraph.cues:
                self._leave()
            elif paragraph.is_quoted or (self.is_adjacent and paragraph.is_mostly_quoted):
                is_chained = ends[number] != number and bool(self.paragraphs[ends[number]].cues)
                is_led_up_to = not self.current or (self.is_announced and not self._is_continued(number))
                if is_chained or self.waiting or is_led_up_to:
                    self.waiting.append(number)
                else:
                    self._go_on(number)
            else:
                self._leave()
                if self._introduces_stranger(number):
                    self.current, self.is_lost = (), True
            if self.words[number]:
                self.heard_until = paragraph.stop
        self._leave()
        return self.words

    def _take_cues(self, number: int, cues: list[_Cue]) -> None:
        """Give a paragraph to those who speak in it, and with it the quotations that lead up to it."""
        spoken = [cue for cue in cues if cue.method != "announcer"]
        first = next((cue for cue in spoken if cue.names), None)
        paragraph = self.paragraphs[number]
        if first and (spoken[0].names or first.method in {"name", "surname"}):
            self.words[number] = _Words(_join(cues, first), first.method, first)
        elif not spoken and paragraph.is_quoted and not paragraph.begins_quoted:
            self.words[number] = _Words(_join(cues, cues[-1]), "continued")
        if spoken and spoken[0].names:
            for one in self.waiting:
                self.words[one] = _Words(_join(cues, spoken[0]), "continued")
            self.waiting = []
        self._leave()
        if spoken or self.words[number] or not self.current or self.is_announced:
            last = spoken[-1] if spoken else cues[-1]
            self.current, self.is_announced = _join(cues, last), not spoken
            self.is_lost = not self.current
            self.heard_until = paragraph.stop
        self.is_adjacent = bool(self.words[number])

    def _leave(self) -> None:
        """Give the quotations that wait to whoever spoke before, because nobody is named after them."""
        for one in self.waiting:
            self._go_on(one)
        self.waiting, self.is_adjacent = [], False

    def _go_on(self, number: int) -> None:
        """Give a quotation to whoever spoke before, if that is certain."""
        paragraph, only = self.paragraphs[number], self.only
        if self._quotes_another(number):
            self.presented = number if paragraph.begins_quoted or paragraph.is_open else -1
            self.is_adjacent = False
            return
        is_sure = len(self.current) == 1 or not self.is_announced or self._is_continued(number)
        if (
            self.current
            and is_sure
            and (
                self.is_adjacent or not self.mentions.is_other_between(self.heard_until, paragraph.start, self.current)
            )
        ):
            self.words[number] = _Words(self.current, "only_speaker" if only and not self.is_adjacent else "continued")
        elif only and not self.is_lost:
            self.words[number] = _Words(only, "only_speaker")
        self.is_adjacent = self.words[number] is not None
        if self.is_adjacent:
            self.heard_until = paragraph.stop

    def _quotes_another(self, number: int) -> bool:
        """Return True if words before a colon present a quotation, and do not say that it is the speaker's.

        `The report found:` does so, and `Ms Ash wrote to them:` does not. What is presented can be several paragraphs.
        """
        one, before = self.paragraphs[number], self.paragraphs[number - 1]
        start, stop = one.start, self.body.find('"', one.start, one.stop)
        if one.begins_quoted:
            if number == 0 or self.is_adjacent:
                return False
            if self.presented == number - 1:
                return True
            start, stop = before.start, before.stop
        words = self.body[start:stop].rstrip(" *_")
        if not words.endswith(":"):
            return False
        speakers = self.current or self.only
        is_office = "inister" in words and stop - start <= _MAX_INTRODUCTION
        if not any(one.people for one in speakers):
            return not is_office  # the text does not name the minister whom the release credits
        is_named = is_office or self.mentions.is_known_between(start, stop)
        return not is_named or self.mentions.is_other_between(start, stop, speakers)

    def _is_continued(self, number: int) -> bool:
        """Return True if the paragraph before holds the current speaker's words and leaves the quotation open."""
        return self.is_adjacent and number > 0 and self.paragraphs[number - 1].is_open

    def _resolve(self, cue: _Cue, paragraph: _Paragraph) -> None:
        """Find who `she` or `the Minister` is, and set the names and the method of the cue."""
        method, _, who = cue.method.partition(" ")
        if not who:
            return
        cue.method = method
        speaker = self.current or self.only
        if who == "ia":
            cue.names = next((names for names in (self.current, self.only) if len(names) == 1), ())
        elif who == "they" or who.endswith("ministers"):
            cue.names = next((names for names in (self.current, self.joint) if len(names) > 1), ())
        elif method == "role":
            office = who.removeprefix("the ").removesuffix("minister").strip()
            if len(speaker) == 1 and (not office or self._holds(speaker[0], office)):
                cue.names = speaker
        elif self.is_adjacent and paragraph.begins_quoted and len(self.current) == 1:
            cue.names = self.current if _may_be(self.current[0].genders, _GENDERS[who]) else ()
        else:
            last = self.mentions.last_of_gender(cue.place, _GENDERS[who])
            if self._begins_with_stranger(paragraph, cue.place):
                cue.names = ()
            elif last is None:
                cue.names = self.only if len(self.only) == 1 and _may_be(self.only[0].genders, _GENDERS[who]) else ()
            elif last.name and any(last.name.people & one.people for one in (*self.current, *self.only)):
                cue.names = (last.name,)

    def _introduces_stranger(self, number: int) -> bool:
        """Return True for a line such as `Jane Doe, chief executive:`, which names the speaker of what follows."""
        one, following = self.paragraphs[number], self.paragraphs[number + 1 : number + 2]
        return (
            self.body[one.stop - 1] == ":"
            and one.stop - one.start <= _MAX_INTRODUCTION
            and bool(following and following[0].begins_quoted)
            and "inister" not in self.body[one.start : one.stop]
            and not self.mentions.is_known_between(one.start, one.stop)
        )

    def _holds(self, name: Name, office: str) -> bool:
        """Return True if the text calls a person the minister of an office: `Health Minister Ann Ash`."""
        key = (office, name.name)
        if key not in self._offices and len(self._offices) < _MAX_LOOK_BACK:  # each looks through the whole text
            self._offices[key] = self._is_called(*key)
        return self._offices.get(key, False)

    def _is_called(self, office: str, name: str) -> bool:
        called = rf"\b{re.escape(office)} minister,? (?:[\w'.-]+ ){{0,3}}{re.escape(name.rsplit(maxsplit=1)[-1])}\b"
        return re.search(called, self.body, re.I) is not None

    def _begins_with_stranger(self, paragraph: _Paragraph, place: int) -> bool:
        """Return True if a paragraph begins with a full name that the seeds do not know, before a place."""
        match = _STRANGER.match(self.body, paragraph.start, place)
        return match is not None and not self.mentions.is_known_between(paragraph.start, match.end())


def _join(cues: Sequence[_Cue], first: _Cue) -> tuple[Name, ...]:
    """Return the names of all cues at the place of one: `Ms Ash and Mr Birch said`."""
    return tuple(dict.fromkeys(name for cue in cues if cue.place == first.place for name in cue.names))


def _find_only_speakers(
    paragraphs: Iterable[_Paragraph], together: tuple[Name, ...]
) -> tuple[tuple[Name, ...], tuple[Name, ...]]:
    """Return the first people in a text who speak together, and the only ones who speak in it; empty if there are none.

    If nobody speaks, the only ones are those who announce something, or the minister whom the release credits.

    Args:
        paragraphs: the paragraphs of the text.
        together: those who speak together if the text says that several do, and does not name them there.
    """
    groups: list[tuple[Name, ...]] = []
    announcers: list[tuple[Name, ...]] = []
    is_certain = True
    for paragraph in paragraphs:
        together_at: dict[tuple[int, bool], list[Name]] = {}
        for cue in paragraph.cues:
            is_certain &= cue.method != "other"
            together_at.setdefault((cue.place, cue.method == "announcer"), []).extend(cue.names)
        for (_, is_announced), names in together_at.items():
            if names:
                (announcers if is_announced else groups).append(tuple(dict.fromkeys(names)))
    joint = next((names for names in (*groups, *announcers) if len(names) > 1), together)
    heard = [*groups, *([joint] if together else [])] or announcers
    only: tuple[Name, ...]
    if not heard:
        only = (Name(-1, -1, THE_MINISTER, frozenset(), frozenset()),)
    else:
        only = next((names for names in heard if not any(name.is_surname for name in names)), heard[0])
    is_certain &= all(_same_people(names, only) for names in heard)
    return joint, only if is_certain else ()


def _find_ends_of_chains(paragraphs: list[_Paragraph]) -> list[int]:
    """Return for each paragraph the number of the one in which its quotation ends.

    A quotation that is not closed goes on in the next paragraph if that begins with a quotation mark.
    """
    ends = list(range(len(paragraphs)))
    for number in range(len(paragraphs) - 2, -1, -1):
        one, following = paragraphs[number], paragraphs[number + 1]
        if one.is_open and following.begins_quoted and not one.cues:
            ends[number] = ends[number + 1]
    return ends


def _may_be(genders: frozenset[str], gender: str) -> bool:
    return not genders or gender in genders


def _make_passages(body: str, paragraphs: list[_Paragraph], words: list[_Words | None]) -> list[Passage]:
    """Return the passages: each paragraph that says who speaks, with those before and after that go on without."""
    passages: list[Passage] = []
    group: list[int] = []
    for number, one in enumerate(words):
        if group and not _goes_on(paragraphs, words, group, number):
            passages += _make_passage(body, paragraphs, words, group)
            group = []
        if one:
            group.append(number)
    return [*passages, *(_make_passage(body, paragraphs, words, group) if group else ())]


def _goes_on(paragraphs: list[_Paragraph], words: list[_Words | None], group: list[int], number: int) -> bool:
    one, last, first = words[number], words[group[-1]], words[group[0]]
    if one is None or last is None or first is None or group[-1] != number - 1:
        return False
    if paragraphs[number].stop - paragraphs[group[0]].start > MAX_PASSAGE:
        return False
    same = _same_people(one.names, last.names)
    named = one.cue is not None and one.method in {"name", "surname"}
    return same and not (named and any((words[other] or one).cue for other in group))


def _same_people(names: Sequence[Name], others: Sequence[Name]) -> bool:
    """Return True if two groups of names may be the same people, in any order."""
    return len(names) == len(others) and all(
        any(one.people & other.people or one.name == other.name for other in others) for one in names
    )


def _make_passage(
    body: str, paragraphs: list[_Paragraph], words: list[_Words | None], group: list[int]
) -> Iterator[Passage]:
    """Yield a passage for each of its speakers."""
    start, stop = paragraphs[group[0]].start, paragraphs[group[-1]].stop
    held = [one for one in (words[number] for number in group) if one]
    cues = [cue for number in group for cue in paragraphs[number].cues if cue.method in {"name", "surname"}]
    is_direct = '"' in body[start:stop]
    for cue in cues:
        yield Passage(cue.names[0].place, cue.names[0].name, cue.verb, cue.method, start, stop - start, is_direct)
    if cues:
        return
    leading = next((one for one in held if one.cue), held[0])
    verb = leading.cue.verb if leading.cue else None
    place = leading.cue.place if leading.cue else max(body.find('"', start, stop), start)
    for number, name in enumerate(leading.names):
        yield Passage(place + number, name.name, verb, leading.method, start, stop - start, is_direct)
