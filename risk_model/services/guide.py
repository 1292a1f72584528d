"""The guide: the README's walks with their pictures, how an LA brings its own data in, what the product is not for."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from risk_model.domain.paths import LOOKUPS, PROJECT
from risk_model.domain.viewer import Viewer, require_role

README = PROJECT / "README.md"
HELP, CHANGELOG = LOOKUPS / "help.toml", LOOKUPS / "changelog.toml"
# for whom a walk is the first hour; the heading under which the README tells it
FOR_WHOM = {
    "officer": ("An officer", "An officer's first hour"),
    "lead": ("An improvement lead", "A first day with support"),
    "chair": ("A core group's chair", "A core group's meeting"),
    "director": ("Who speaks with the regional director", "The regional director's list"),
    "data": ("A data officer", "A data officer's first hour"),
}
_STEP = re.compile(
    r"^(?P<number>\d)\. \*\*(?P<title>[^*]+?)\.?\*\* (?P<text>.*?)\n\n   !\[(?P<shown>[^\]]+)\]\((?P<picture>[^)]+)\)",
    flags=re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class GuideStep:
    """One step of a walk.

    Attributes:
        key: the name of its picture, by which pages know where it is done.
        shown: what the picture shows, in words.
    """

    number: int
    title: str
    text: str
    key: str
    picture: Path
    shown: str


@dataclass(frozen=True)
class GuideWalk:
    """One main task, step by step, on the invented LA.

    Attributes:
        whose: for whom it is the first hour.
        begins: what it is about.
    """

    key: str
    whose: str
    heading: str
    begins: str
    steps: tuple[GuideStep, ...]


@dataclass(frozen=True)
class OwnDataStep:
    """One step on the way of an LA's own data.

    Attributes:
        page: where it is done, as the address has it; view: the part of that page, or "".
        sources: the files of the download catalogue that it takes.
    """

    title: str
    text: str
    page: str
    view: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Fault:
    """A known fault: what it is, what to do instead, and what causes it."""

    what: str
    instead: str
    cause: str


@dataclass(frozen=True)
class AccessibilityStatement:
    """What was tested and how, what was not, and the faults that are known."""

    stated_on: date
    aim: str
    tested: tuple[str, ...]
    not_tested: tuple[str, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Change:
    """What a day brought, in words for users."""

    on: date
    title: str
    lines: tuple[str, ...]


def guide_walks(viewer: Viewer) -> dict[str, GuideWalk]:
    """The five walks as the README tells them: {key: walk}.

    Raises:
        NotAllowed: the viewer has no role.
    """
    require_role(viewer)
    text = README.read_text("utf-8")
    return {key: _walk(text, key, whose, heading) for key, (whose, heading) in FOR_WHOM.items()}


def _walk(readme: str, key: str, whose: str, heading: str) -> GuideWalk:
    part = readme.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    begins = _one_line(part.partition("\n1. ")[0])
    return GuideWalk(key, whose, heading, begins, tuple(_step(found) for found in _STEP.finditer(part)))


def _step(found: re.Match[str]) -> GuideStep:
    picture = PROJECT / found["picture"]
    title, text = _one_line(found["title"]), _one_line(found["text"])
    return GuideStep(int(found["number"]), title, text, picture.stem, picture, found["shown"])


def _one_line(text: str) -> str:
    return " ".join(text.split())


def own_data_steps(viewer: Viewer) -> list[OwnDataStep]:
    """How an LA brings its own data in, step by step.

    Raises:
        NotAllowed: the viewer has no role.
    """
    require_role(viewer)
    return [
        OwnDataStep(one["title"], one["text"], one["page"], one.get("view", ""), tuple(one.get("sources", ())))
        for one in _read(HELP)["step"]
    ]


def not_for(viewer: Viewer) -> list[str]:
    """What the product must not be used for, a sentence or two each.

    Raises:
        NotAllowed: the viewer has no role.
    """
    require_role(viewer)
    return list(_read(HELP)["not_for"])


def accessibility(viewer: Viewer) -> AccessibilityStatement:
    """The accessibility statement.

    Raises:
        NotAllowed: the viewer has no role.
    """
    require_role(viewer)
    said = _read(HELP)["accessibility"]
    return AccessibilityStatement(
        stated_on=said["stated_on"],
        aim=said["aim"],
        tested=tuple(said["tested"]),
        not_tested=tuple(said["not_tested"]),
        faults=tuple(Fault(one["what"], one["instead"], one["cause"]) for one in said["fault"]),
    )


def changes(viewer: Viewer) -> list[Change]:
    """What is new, the newest first.

    Raises:
        NotAllowed: the viewer has no role.
    """
    require_role(viewer)
    return [Change(one["on"], one["title"], tuple(one["lines"])) for one in _read(CHANGELOG)["entry"]]


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))
