"""Every page and every view of it: the one table to which a new page or view is added, to be shown for everyone."""

from pages.components.meeting_views import VIEWS as MEETING_VIEWS
from pages.components.support_views import VIEWS as SUPPORT_VIEWS
from risk_model.services.explore import QUESTIONS

# as the demo has them: a school, a piece of support, and a school without any
SCHOOL, SUPPORT, GAP = "900001", "1", "900027"
# without these a view stays empty
_NEEDED = {"support": f"&number={SUPPORT}", "match": f"&for={GAP}", "add": f"&for={GAP}"}
_DATA = ("Freshness", "Import", "Download", "What+the+LA+holds", "Coverage", "Releases", "Problems", "Builds")
_DIRECTOR = ("choose", "fields", "preview", "export", "raised")

# what is seen: its address
VIEWS: dict[str, str] = {
    "overview": "/",
    "schools at risk": "/schools_at_risk?priority=priority",
    "school": f"/school?urn={SCHOOL}",
    "school, none chosen": "/school",
    **{f"support, {view}": f"/support?view={view}{_NEEDED.get(view, '')}" for view in SUPPORT_VIEWS},
    **{f"explore, {one.key}": f"/explore?question={one.key}" for one in QUESTIONS},
    **{f"core group, {view}": f"/core_group?view={view}" for view in MEETING_VIEWS},
    "my schools": "/my_schools?leader=1",
    **{f"regional director, {view}": f"/regional_director?view={view}" for view in _DIRECTOR},
    "history": "/history",
    "history of a school": f"/history?urn={SCHOOL}",
    "rules, catalogue": "/rules",
    "rules, sandbox": "/rules?view=Sandbox&change=outcomes.uncertain_points:1",
    "rules, compare": "/rules?view=Compare",
    "model, card": "/model",
    "model, errors": "/model?card=For+whom+it+errs",
    "model, base rates": "/model?card=Base+rates",
    "model, record": "/model?card=Transparency+record",
    **{f"data, {part.replace('+', ' ')}": f"/data?part={part}" for part in _DATA},
    "data quality": "/quality",
    **{f"help, {view}": f"/help?view={view}" for view in ("first", "own", "words", "accessibility", "not_for", "new")},
    "access": "/access",
    "a figure that is not there": "/figure",
}
