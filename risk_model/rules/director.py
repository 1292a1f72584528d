"""Read what an LA may settle about the regional director's list: classifications, cover note, wording of an ask."""

import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from string import Formatter
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from risk_model.domain.errors import RulesRefused
from risk_model.rules.reader import FOLDER

DIRECTOR_FILE = "director.toml"
COVER_WORDS = frozenset({"la", "academies", "trusts", "as_at"})
ASK_WORDS = frozenset({"academy", "trust"})
_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)


class Banner(BaseModel):
    """A classification that may stand on every page."""

    model_config = _STRICT

    code: str = Field(pattern="^[a-z_]+$", max_length=40)
    text: str = Field(min_length=3, max_length=200, pattern=r"^[^\r\n]+$")


class Cover(BaseModel):
    """The cover note, a paragraph each."""

    model_config = _STRICT

    lines: tuple[str, ...] = Field(strict=False, min_length=1)


class AskWording(BaseModel):
    """How a kind of ask is worded at first; whoever raises the school may change it."""

    model_config = _STRICT

    kind: str = Field(min_length=1)
    text: str = Field(min_length=1, max_length=2000)


class DirectorSettings(BaseModel):
    """All of director.toml; the first classification is the one that is chosen for the user.

    Attributes:
        is_own: it is the LA's own file.
    """

    model_config = ConfigDict(**_STRICT, populate_by_name=True)

    banners: tuple[Banner, ...] = Field(alias="banner", strict=False, min_length=1)
    cover: Cover
    asks: tuple[AskWording, ...] = Field(alias="ask", strict=False, min_length=1)
    is_own: bool = False

    @model_validator(mode="after")
    def _check(self) -> "DirectorSettings":
        for what, given in (("banner", [one.code for one in self.banners]), ("ask", [one.kind for one in self.asks])):
            twice = sorted(name for name, count in Counter(given).items() if count > 1)
            if twice:
                raise ValueError(f"{what} {twice[0]} is there twice")
        for line in self.cover.lines:
            _check_words(line, COVER_WORDS)
        for ask in self.asks:
            _check_words(ask.text, ASK_WORDS)
        return self

    @property
    def banner_texts(self) -> dict[str, str]:
        """The classifications: {code: text}, the usual one first."""
        return {one.code: one.text for one in self.banners}

    def cover_lines(self, words: Mapping[str, str]) -> tuple[str, ...]:
        """The cover note, with `COVER_WORDS` put in."""
        return tuple(merged(line, words) for line in self.cover.lines)

    def ask_text(self, kind: str, words: Mapping[str, str]) -> str:
        """How an ask is worded, with `ASK_WORDS` put in; "" for a kind that has no wording."""
        return next((merged(one.text, words) for one in self.asks if one.kind == kind), "")


def merged(text: str, words: Mapping[str, str]) -> str:
    """A text with its words in braces put in; what is put in is text, and is not looked at again."""
    parts = []
    for literal, name, _, _ in Formatter().parse(text):
        parts.append(literal + (words[name] if name is not None else ""))
    return "".join(parts)


def _check_words(text: str, known: frozenset[str]) -> None:
    """Raises ValueError where a word in braces is not known, or tries to be more than a word."""
    for _, name, form, conversion in Formatter().parse(text):
        if name is not None and (name not in known or form or conversion):
            raise ValueError(f"{{{name}}} is not one of: {', '.join(sorted(known))}")


def read_director_settings(data_folder: Path | None = None) -> DirectorSettings:
    """The LA's own settings where its data directory has them, else the product's.

    Raises:
        RulesRefused: the file is not valid; says what and where.
    """
    own = None if data_folder is None else data_folder / DIRECTOR_FILE
    is_own = own is not None and own.is_file()
    path = own if own is not None and is_own else FOLDER / DIRECTOR_FILE
    try:
        given: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        return DirectorSettings(**given, is_own=is_own)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RulesRefused(f"{DIRECTOR_FILE} cannot be read: {error}.", [_WHAT_TO_DO]) from error
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, one['loc'])) or 'file'}: {one['msg']}." for one in error.errors()]
        raise RulesRefused(f"{DIRECTOR_FILE} is not valid.", [*problems, _WHAT_TO_DO]) from error


_WHAT_TO_DO = f"Correct {DIRECTOR_FILE} in the data directory, or take it away to use the product's own."
