"""Letters to schools: which there may be, a first draft, those that there are, and one as a document."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

import pandas as pd

from risk_model.casework import Letter, LetterStatus, letters
from risk_model.domain.documents import Document, Points, Section
from risk_model.domain.errors import NotFound, RecordRefused
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer, require, require_la
from risk_model.rules.letters import TO_SAY, LetterSettings, LetterTemplate, filled_in, read_letter_settings
from risk_model.services.copy import Copy
from risk_model.services.letter_facts import letter_facts
from risk_model.services.letter_school import LetterSchool, has_powers, letter_school
from risk_model.services.scope import IN_SCOPE, Scope

_SCHOOLS_SQL = f"select s.urn, s.name from schools as s where {IN_SCOPE}"
NOT_SENT = "Draft. Not sent."
_HEADING, _POINT = "# ", "- "


@dataclass(frozen=True)
class LetterDraft:
    """A first draft, for its writer to read and change.

    Attributes:
        answer_by: by when an answer is asked for, as the text says it too.
        to_say: how many places its writer has yet to fill in.
    """

    urn: str
    template_id: str
    meeting_id: int | None
    addressed_to: str
    subject: str
    body: str
    answer_by: date | None

    @property
    def to_say(self) -> int:
        """How many places the writer has yet to fill in."""
        return self.body.count(TO_SAY)


@dataclass(frozen=True)
class LetterLine:
    """A letter on a list.

    Attributes:
        title: of its template, or the template's id where there is no such template any more.
        is_overdue: it was sent, and no answer has come by the day that it names.
    """

    letter: Letter
    school: str
    title: str
    is_overdue: bool

    @property
    def standing(self) -> str:
        """Where it stands, in words."""
        one = self.letter
        if one.status == LetterStatus.DRAFTED:
            return "drafted"
        if one.status == LetterStatus.WITHDRAWN:
            return f"withdrawn: {one.withdrawn_reason}"
        if one.status == LetterStatus.ANSWERED:
            return f"answered: {one.reply_kind}"
        return "sent, answer overdue" if self.is_overdue else "sent, answer awaited"


def letter_templates(viewer: Viewer, copy: Copy, urn: str) -> dict[str, str]:
    """The letters that a school can be sent, by its route: {template: title}; none for a school of neither route.

    Raises:
        NotAllowed: the viewer may not read.
        NotFound: no school of this build has the URN.
        RulesRefused: the LA's own templates are not valid.
    """
    require(viewer, Right.PEOPLE)
    settings = read_letter_settings(copy.data.root)
    school = letter_school(viewer, copy, urn)
    powers = has_powers(viewer, copy, school)
    return {one.id: one.title for one in settings.templates if not _misfit(settings, one, school, has_powers=powers)}


def draft_letter(
    viewer: Viewer, copy: Copy, urn: str, template_id: str, written_on: date, meeting_id: int | None = None
) -> LetterDraft:
    """A first draft from a template, filled in with what a letter to this school may say. Nothing is recorded.

    Args:
        written_on: the day from which the days to answer are counted.
        meeting_id: the core group's meeting after which it is written.
    Raises:
        NotAllowed: the viewer may not read.
        NotFound: there is no such school or meeting.
        RecordRefused: the template is not for such a school.
        RulesRefused: the LA's own templates are not valid.
    """
    require(viewer, Right.PEOPLE)
    settings = read_letter_settings(copy.data.root)
    template = fitting_template(viewer, copy, settings, template_id, letter_school(viewer, copy, urn))
    facts = letter_facts(viewer, copy, urn, meeting_id)
    answer_by = written_on + timedelta(days=template.answer_days)
    values = {**facts, "answer_by": in_words(answer_by), "signed_by": settings.signed_by}
    return LetterDraft(
        urn,
        template_id,
        meeting_id,
        filled_in(template.addressed_to, values),
        filled_in(template.subject, values),
        filled_in(template.body, values),
        answer_by,
    )


def letter_list(
    viewer: Viewer, copy: Copy, scope: Scope, *, standing: str | None = None, urn: str | None = None
) -> list[LetterLine]:
    """The letters to the schools in scope, those that wait longest for an answer first, then the newest.

    Args:
        standing: "drafted", "sent", "answered", "withdrawn" or "overdue"; None is all.
        urn: of one school; None is all.
    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.PEOPLE)
    names = {row["urn"]: row["name"] for row in copy.reader.rows(_SCHOOLS_SQL, scope.params)}
    titles = {one.id: one.title for one in read_letter_settings(copy.data.root).templates}
    day = copy.build.as_at
    found = [
        LetterLine(one, names[one.urn], titles.get(one.template, one.template), one.is_overdue_on(day))
        for one in letters(copy.records, la_code=scope.la_code, urn=urn)
        if one.urn in names
    ]
    found.sort(key=lambda one: (not one.is_overdue, one.letter.answer_by or day if one.is_overdue else day))
    if standing == "overdue":
        return [one for one in found if one.is_overdue]
    return [one for one in found if standing is None or one.letter.status == standing]


def letter_table(lines: Sequence[LetterLine]) -> pd.DataFrame:
    """Letters as the screen shows them, same order.

    Returns:
        Number, School, URN, Letter, Standing, Sent on, Answer by, Answered on.
    """
    columns = ["Number", "School", "URN", "Letter", "Standing", "Sent on", "Answer by", "Answered on"]
    rows = [
        (
            line.letter.id,
            line.school,
            line.letter.urn,
            line.title,
            line.standing,
            line.letter.sent_on,
            line.letter.answer_by,
            line.letter.replied_on,
        )
        for line in lines
    ]
    return pd.DataFrame(rows, columns=columns)


def one_letter(viewer: Viewer, copy: Copy, letter_id: int) -> Letter:
    """One letter as it is recorded now.

    Raises:
        NotAllowed: the viewer may not read.
        NotFound: there is none of that number.
    """
    require(viewer, Right.PEOPLE)
    found = next((one for one in letters(copy.records) if one.id == letter_id), None)
    if found is None:
        raise NotFound(f"There is no letter number {letter_id}.", ["Load the page again."])
    return found


def letter_document(viewer: Viewer, copy: Copy, letter_id: int) -> Document:
    """A letter as a document: its very text, with a line that says of a draft that it is one.

    Raises:
        NotAllowed: the viewer may not read, or only for another LA.
        NotFound: there is none of that number.
    """
    letter = one_letter(viewer, copy, letter_id)
    require_la(viewer, letter.la_code, Right.PEOPLE)
    return document_of(letter)


def letter_slips(letter: Letter) -> list[str]:
    """What the writer of a draft should look at before it is sent, a sentence each."""
    to_say = (letter.subject + letter.body).count(TO_SAY)
    said = []
    if to_say:
        places = "1 place" if to_say == 1 else f"{to_say} places"
        said.append(f'{places} in it have yet to be filled in: look for "{TO_SAY}".')
    if letter.answer_by is not None and in_words(letter.answer_by) not in letter.body:
        said.append(f"It is recorded to ask for an answer by {in_words(letter.answer_by)}; its text does not say so.")
    return said


def document_of(letter: Letter) -> Document:
    """A recorded letter as a document."""
    if letter.status == LetterStatus.WITHDRAWN:
        standing = f"Withdrawn: {letter.withdrawn_reason}"
    elif letter.sent_on is None:
        standing = NOT_SENT
    else:
        standing = in_words(letter.sent_on)
    name = f"letter_{letter.id}_{letter.urn}"
    # enough of the hash to tell two texts apart, on paper too
    reference = f"Our reference: {letter.id}/{letter.content_hash[:8]}"
    return _document(standing, name, letter.addressed_to, letter.subject, letter.body, reference)


def _document(standing: str, name: str, addressed_to: str, subject: str, body: str, reference: str = "") -> Document:
    before, sections = _parts(body)
    top = (standing, reference, addressed_to, *before)
    return Document(subject, name, tuple(one for one in top if one), sections)


def _parts(body: str) -> tuple[tuple[str, ...], tuple[Section, ...]]:
    """Paragraphs before the first heading, and what stands under each; a line break inside a paragraph stays one."""
    before: list[str] = []
    sections: list[tuple[str, list[str | Points]]] = []
    for paragraph in (one.strip("\n") for one in body.replace(f"\n{_HEADING}", f"\n\n{_HEADING}").split("\n\n")):
        if paragraph.startswith(_HEADING):
            heading, _, paragraph = paragraph.removeprefix(_HEADING).partition("\n")
            sections.append((heading.strip() or "…", []))
        if not paragraph.strip():
            continue
        if sections:
            sections[-1][1].extend(_lists(paragraph))
        else:
            before.append(paragraph)
    return tuple(before), tuple(Section(title, text=tuple(text)) for title, text in sections)


def _lists(paragraph: str) -> list[str | Points]:
    """The lines of a paragraph: those that begin with a dash are points of a list, the others stay together."""
    parts: list[str | Points] = []
    for is_point, group in groupby(paragraph.split("\n"), key=lambda one: one.startswith(_POINT)):
        lines = tuple(group)
        parts.append(Points(tuple(one.removeprefix(_POINT) for one in lines)) if is_point else "\n".join(lines))
    return parts


def fitting_template(
    viewer: Viewer, copy: Copy, settings: LetterSettings, template_id: str, school: LetterSchool
) -> LetterTemplate:
    """The template of an id, where such a school may be sent it.

    Raises:
        NotAllowed: the viewer may not read.
        RecordRefused: there is no such template, or it is not for such a school.
    """
    require(viewer, Right.PEOPLE)
    template = settings.template(template_id)
    if template is None:
        raise RecordRefused("There is no such letter.", ["Choose one of the list."])
    misfit = _misfit(settings, template, school, has_powers=has_powers(viewer, copy, school))
    if misfit:
        raise RecordRefused(f'"{template.title}" {misfit}', ["Choose another letter."])
    return template


def _misfit(settings: LetterSettings, template: LetterTemplate, school: LetterSchool, *, has_powers: bool) -> str:
    """Why a school may not be sent a letter, after the letter's title; "" where it may."""
    if template.route != school.route:
        is_for = "academies" if template.is_for_academies else "maintained schools"
        return f"is for {is_for}, and {school.name} is {school.what_it_is}. The LA's powers are not the same over both."
    if template.for_church_schools and not school.diocese:
        return "is for schools of a diocese."
    if not has_powers and settings.powers.named_in(template.body):
        return f"names powers that the law does not give by itself over a {school.type.casefold()}."
    return ""
