"""The views of the support page: one question each, chosen in the URL, and only the chosen one is worked out."""

from pages.components.capacity_parts import draw_capacity
from pages.components.directory_parts import draw_directory, draw_interests, draw_supply
from pages.components.impact_parts import draw_impact, draw_outcomes
from pages.components.leader_forms import draw_leader_forms
from pages.components.matching_parts import draw_match, draw_match_for
from pages.components.need_parts import draw_gaps, draw_matrix
from pages.components.network_parts import draw_networks
from pages.components.one_support_parts import draw_allocations
from pages.components.session import ask
from pages.components.support_forms import draw_add, draw_import
from pages.components.tab_views import Views, draw_tabs, offered
from risk_model.domain.viewer import Right, Viewer
from risk_model.services.copy import Copy
from risk_model.services.needs import need_page
from risk_model.services.scope import Scope
from risk_model.services.support import support_page


def _gaps(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    urn = draw_gaps(ask(need_page, viewer, copy, scope))
    if urn is not None:
        draw_match_for(viewer, copy, urn)


def _matrix(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    draw_matrix(viewer, copy, scope, ask(need_page, viewer, copy, scope))


def _allocations(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    draw_allocations(viewer, copy, ask(support_page, viewer, copy, scope))


def _leaders(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    draw_directory(viewer, copy, scope)
    draw_leader_forms(viewer, copy, scope)
    draw_supply(viewer, copy, scope)


def _impact(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    draw_impact(viewer, copy, scope)
    draw_outcomes(viewer, copy, scope)


# the word in a link, the title on screen, and what draws it
VIEWS: Views = {
    "gaps": ("Gaps", _gaps),
    "matrix": ("Need and help", _matrix),
    "support": ("Allocations", _allocations),
    "match": ("Who could help", draw_match),
    "add": ("Add support", draw_add),
    "leaders": ("System leaders", _leaders),
    "interests": ("Interests", draw_interests),
    "capacity": ("Capacity", draw_capacity),
    "impact": ("Did it help?", _impact),
    "networks": ("Networks", draw_networks),
    "file": ("From a file", draw_import),
}


def views_for(viewer: Viewer) -> Views:
    """The views that are for a viewer."""
    return offered(VIEWS, {"add": Right.SUPPORT, "file": Right.SUPPORT}, viewer)


def draw_view(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """The tabs, and under the open one the view that the session's `view` names."""
    draw_tabs(views_for(viewer), "support_tab", viewer, copy, scope)
