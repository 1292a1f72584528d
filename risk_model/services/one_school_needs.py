"""One school's needs beside the help it has: what the list of schools says of the school that is chosen."""

from dataclasses import dataclass

from risk_model.domain.viewer import Right, Viewer, require
from risk_model.rules.support import read_support_settings
from risk_model.services.copy import Copy
from risk_model.services.need_words import AreaNeed, area_needs
from risk_model.services.needs import NEED, STALE, Cell, cell_of
from risk_model.services.profile import SchoolProfile


@dataclass(frozen=True)
class SchoolNeeds:
    """The areas in which a school has a need or help, those with the most raised rules first."""

    cells: tuple[tuple[AreaNeed, Cell], ...]

    @property
    def gaps(self) -> tuple[AreaNeed, ...]:
        """The needs that nobody answers, or not any more."""
        return tuple(need for need, cell in self.cells if cell.state in (NEED, STALE))

    @property
    def words(self) -> str:
        """How many needs have no help, and which, in a sentence."""
        needs = [need for need, _ in self.cells if need.rules]
        if not self.gaps:
            return "Every need that the rules show has help." if needs else "The rules show no need."
        named = "; ".join(need.words for need in self.gaps)
        return f"Needs without help, or with help that is stale: {len(self.gaps)}. {named}."


def one_school_needs(viewer: Viewer, copy: Copy, profile: SchoolProfile) -> SchoolNeeds:
    """One school's needs beside its active support, by the same test as the matrix of need and help.

    Raises:
        NotAllowed: the viewer may not read.
        RulesRefused: the LA's own support.toml is not valid.
    """
    require(viewer, Right.PEOPLE)
    settings, as_at = read_support_settings(copy.data.root), copy.build.as_at
    raised = [(rule.rule_id, f"{rule.title}. {rule.sentence}") for card in profile.cards for rule in card.raised]
    active = [one for one in profile.support if one.is_active_on(as_at)]
    found = [
        (need, cell_of(need.area, need.rules, active, as_at, settings.stale_after_days))
        for need in area_needs(settings.areas, sorted(raised))
    ]
    return SchoolNeeds(tuple((need, cell) for need, cell in found if cell.state))
