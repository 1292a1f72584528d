"""Read the templates of letters, and fill them in: text for text, from a closed list of names."""

import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from risk_model.domain.errors import RulesRefused
from risk_model.domain.words import Route
from risk_model.rules.reader import FOLDER

LETTERS_FILE = "letters.toml"
# What the product knows to fill in, with what each is: what may stand in braces.
PLACEHOLDERS: Mapping[str, str] = {
    "answer_by": "the day by which an answer is asked for",
    "as_at": "the day of the evidence",
    "diocese": "the school's diocese",
    "entitlement": "how many days the school may expect, or that help is by agreement",
    "la_name": "the LA's name",
    "left_out": "what the reasons leave out, and why",
    "levels": "the three statements with their levels, a line each",
    "not_a_prediction": "that this predicts no inspection grade",
    "offer": "the support that is agreed or proposed, a line each",
    "place": "what place the levels give the school",
    "reasons": "the rules that weigh most, a line each",
    "reviewed": "which core group spoke about the school, and when",
    "rule_set": "which rules were used",
    "school_name": "the school's name",
    "signed_by": "who signs, by post",
    "trust_name": "the trust's name",
}
TO_SAY = "[to say:"
_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class LetterTemplate(BaseModel):
    """One kind of letter for one kind of school.

    Attributes:
        step: of the ladder of such schools, whose paper it is; "" for a letter that is no step of one.
        kind: what it is for; there may be one for maintained schools and one for academies.
        route: whom it may be sent to: "LA support" for maintained schools, "regional director" for academies.
        answer_days: days from writing until an answer is asked for.
        for_church_schools: only a school of a diocese gets it.
        to_school: it goes to the school itself, so that its head and chair may look at it; others' post is theirs.
        why: why there is such a letter; reference: what it leans on.
    """

    model_config = _STRICT

    id: str = Field(pattern="^[a-z_]{3,60}$")
    kind: str = Field(min_length=3)
    route: str
    title: str = Field(min_length=3)
    addressed_to: str = Field(min_length=3, max_length=200)
    answer_days: int = Field(ge=1, le=365)
    subject: str = Field(min_length=3, max_length=200)
    body: str = Field(min_length=20, max_length=15_000)
    why: str = Field(min_length=3)
    reference: str = ""
    for_church_schools: bool = False
    to_school: bool = True
    step: str = ""

    @model_validator(mode="after")
    def _check(self) -> "LetterTemplate":
        routes = (Route.LA_SUPPORT.value, Route.REGIONAL_DIRECTOR.value)
        if self.route not in routes:
            raise ValueError(f"route of {self.id} is not one of: {', '.join(routes)}")
        for text in (self.addressed_to, self.subject, self.body):
            unknown = sorted(set(_PLACEHOLDER.findall(text)) - set(PLACEHOLDERS))
            if unknown:
                raise ValueError(f"{{{unknown[0]}}} in {self.id} is not one of: {', '.join(sorted(PLACEHOLDERS))}")
            if set("{}") & set(_PLACEHOLDER.sub("", text)):
                raise ValueError(f"{self.id} has a brace that belongs to no name")
        if "{answer_by}" not in self.body:
            raise ValueError(f"{self.id} does not say by when to answer: {{answer_by}}")
        return self

    @property
    def is_for_academies(self) -> bool:
        """Whether it goes to academies, over which the LA has no powers."""
        return self.route == Route.REGIONAL_DIRECTOR

    @property
    def text_hash(self) -> str:
        """SHA-256 of the template's own text, so that a letter says for ever what it was begun from."""
        return hashlib.sha256("\n\n".join((self.addressed_to, self.subject, self.body)).encode("utf-8")).hexdigest()


class Powers(BaseModel):
    """What only a maintained school may be told of."""

    model_config = _STRICT

    words: tuple[str, ...] = Field(strict=False, min_length=1)
    reference: str = Field(min_length=3)

    def named_in(self, text: str, but_for: Iterable[str] = ()) -> list[str]:
        """The powers that a text names, without capitals and punctuation, in the order of the list.

        Args:
            but_for: names that do not count, such as the school's own.
        """
        plain = _plain(text)
        for name in but_for:
            plain = plain.replace(_plain(name).rstrip(), " …") if _plain(name).strip() else plain
        return [one for one in self.words if _plain(one).rstrip() in plain]


class LetterSettings(BaseModel):
    """All of letters.toml.

    Attributes:
        from_: the day from which it holds.
        is_own: whether it is the LA's own file.
    """

    model_config = ConfigDict(**_STRICT, populate_by_name=True)

    from_: date = Field(alias="from")
    signed_by: str = Field(min_length=3, max_length=100)
    powers: Powers = Field(alias="powers_over_maintained_schools")
    templates: tuple[LetterTemplate, ...] = Field(alias="template", strict=False, min_length=1)
    is_own: bool = False

    @model_validator(mode="after")
    def _check(self) -> "LetterSettings":
        twice = sorted(name for name, count in Counter(one.id for one in self.templates).items() if count > 1)
        if twice:
            raise ValueError(f"template {twice[0]} is there twice")
        for one in self.templates:
            text = " ".join((one.title, one.addressed_to, one.subject, one.body))
            named = self.powers.named_in(text) if one.is_for_academies else []
            if named:
                raise ValueError(f'{one.id} is for academies and names what the LA cannot do there: "{named[0]}"')
        return self

    def template(self, template_id: str) -> LetterTemplate | None:
        """The template of an id; None where there is none, or no longer."""
        return next((one for one in self.templates if one.id == template_id), None)


def read_letter_settings(data_folder: Path | None = None) -> LetterSettings:
    """The templates: the LA's own where its data directory has them, else the product's.

    Raises:
        RulesRefused: the file is not valid; says what and where.
    """
    own = None if data_folder is None else data_folder / LETTERS_FILE
    is_own = own is not None and own.is_file()
    path = own if own is not None and is_own else FOLDER / LETTERS_FILE
    try:
        given: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        return LetterSettings(**given, is_own=is_own)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RulesRefused(f"{LETTERS_FILE} cannot be read: {error}.", [_WHAT_TO_DO]) from error
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, one['loc'])) or 'file'}: {one['msg']}." for one in error.errors()]
        raise RulesRefused(f"{LETTERS_FILE} is not valid.", [*problems, _WHAT_TO_DO]) from error


def filled_in(text: str, values: Mapping[str, str]) -> str:
    """A template's text with its names filled in, in one pass: what is filled in is never looked at again.

    Args:
        values: for every name of PLACEHOLDERS that the text has.
    Raises:
        KeyError: a name has no value.
    """
    return _PLACEHOLDER.sub(lambda found: values[found[1]], text).strip()


def _plain(text: str) -> str:
    """Words alone, one space before each, so that "Warning-notice" is found and "reconditioning" is not."""
    return "".join(f" {part}" for part in re.findall(r"[^\W_]+", text.casefold())) + " "


_WHAT_TO_DO = f"Correct {LETTERS_FILE} in the data directory, or take it away to use the product's own."
