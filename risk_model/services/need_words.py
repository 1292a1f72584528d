"""What a school's needs are about, in words that can be compared with specialisms: areas of need and raised rules."""

from collections.abc import Sequence
from dataclasses import dataclass

from risk_model.domain.viewer import Viewer, require_reader
from risk_model.rules.people import PeopleRules, Topic
from risk_model.rules.support import Area, read_support_settings
from risk_model.services.copy import Copy

_RAISED_SQL = """
    select o.urn, o.rule_id, r.title, o.sentence
    from rule_outcomes as o
    inner join rules as r using (rule_id)
    where o.status = 'raised' and list_contains($urns, o.urn)
    order by o.urn, o.rule_id"""


@dataclass(frozen=True)
class AreaNeed:
    """One area of need of one school.

    Attributes:
        rules: the ids of those raised in it; none where no rule shows the need.
        text: the area's title, and what the raised rules say: a need in words.
    """

    area_id: str
    title: str
    rules: tuple[str, ...]
    text: str

    @property
    def words(self) -> str:
        """The need as a form offers it: "Attendance and behaviour (O10 raised)"."""
        return f"{self.title} ({', '.join(self.rules)} raised)" if self.rules else self.title


def school_needs(viewer: Viewer, copy: Copy, urns: Sequence[str]) -> dict[str, list[AreaNeed]]:
    """Every area of need for each of some schools: first those with the most raised rules, then as in support.toml.

    Raises:
        NotAllowed: the viewer may not read.
        RulesRefused: the LA's own support.toml is not valid.
    """
    require_reader(viewer)
    areas = read_support_settings(copy.data.root).areas
    raised: dict[str, list[tuple[str, str, str]]] = {urn: [] for urn in urns}
    for row in copy.reader.rows(_RAISED_SQL, {"urns": list(urns)}):
        raised[row["urn"]].append((row["rule_id"], row["title"], row["sentence"]))
    return {urn: sorted((_need(area, found) for area in areas), key=_most_first) for urn, found in raised.items()}


def _need(area: Area, raised: Sequence[tuple[str, str, str]]) -> AreaNeed:
    own = [one for one in raised if one[0] in area.rules]
    said = [f"{title}. {sentence}" for _, title, sentence in own]
    return AreaNeed(area.id, area.title, tuple(rule_id for rule_id, _, _ in own), " ".join([f"{area.title}.", *said]))


def _most_first(need: AreaNeed) -> int:
    return -len(need.rules)


def area_topics(viewer: Viewer, copy: Copy, rules: PeopleRules) -> dict[str, tuple[Topic, ...]]:
    """What each area of need is about, {title: topics}: by its title and the titles of its rules.

    Raises:
        NotAllowed: the viewer may not read.
        RulesRefused: the LA's own support.toml is not valid.
    """
    require_reader(viewer)
    titles = {row["rule_id"]: row["title"] for row in copy.reader.rows("select rule_id, title from rules")}
    return {
        area.title: rules.topics_in("; ".join([area.title, *(titles[one] for one in area.rules if one in titles)]))
        for area in read_support_settings(copy.data.root).areas
    }
