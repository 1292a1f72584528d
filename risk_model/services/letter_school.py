"""What decides which letters and which steps a school may have: its route, its diocese, its names."""

from dataclasses import dataclass

from risk_model.domain.errors import NotFound
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.domain.words import Route
from risk_model.rules.escalation import read_escalation_settings
from risk_model.services.copy import Copy

_SQL = "select urn, name, la_code, la_name, type, route, diocese, trust_name from schools where urn = $urn"


@dataclass(frozen=True)
class LetterSchool:
    """A school as the law sees it; its names are on one line, without characters that nobody sees.

    Attributes:
        diocese, trust_name: "" where it has none.
    """

    urn: str
    name: str
    la_code: str
    la_name: str
    type: str
    route: str
    diocese: str
    trust_name: str

    @property
    def is_academy(self) -> bool:
        """Whether the regional director, and not the LA, holds what powers there are."""
        return self.route == Route.REGIONAL_DIRECTOR

    @property
    def what_it_is(self) -> str:
        """What it is, in words, as a refusal names it."""
        if self.is_academy:
            return "an academy"
        return "a maintained school" if self.route == Route.LA_SUPPORT else "neither a maintained school nor an academy"

    @property
    def names(self) -> tuple[str, ...]:
        """Its own names, which are no words of a letter's writer."""
        return tuple(one for one in (self.name, self.trust_name, self.diocese) if one)


def letter_school(viewer: Viewer, copy: Copy, urn: str) -> LetterSchool:
    """One school of the build.

    Raises:
        NotAllowed: the viewer may not read.
        NotFound: no school of this build has the URN.
    """
    require(viewer, Right.PEOPLE)
    found = copy.reader.rows(_SQL, {"urn": urn})
    if not found:
        raise NotFound(f"No open state-funded school with the URN {urn[:20]} is loaded.", ["Check the number."])
    return LetterSchool(**{name: one_line(value or "") for name, value in found[0].items()})


def has_powers(viewer: Viewer, copy: Copy, school: LetterSchool) -> bool:
    """Whether the law on maintained schools in difficulty is about a school of this type by itself.

    Raises:
        NotAllowed: the viewer may not read.
        RulesRefused: the LA's own ladders are not valid.
    """
    require(viewer, Right.PEOPLE)
    ladder = read_escalation_settings(copy.data.root).ladder_for(school.route)
    return school.route == Route.LA_SUPPORT and ladder is not None and school.type not in ladder.not_for


def one_line(text: str) -> str:
    """A name from a file as a letter holds it: on one line, without characters that nobody sees."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
