"""The views of the core-group page: one task each."""

from pages.components.action_parts import draw_actions
from pages.components.escalation_parts import draw_escalations
from pages.components.group_parts import draw_groups
from pages.components.letter_parts import draw_letters
from pages.components.members_parts import draw_members
from pages.components.prepare_parts import draw_prepare
from pages.components.room_parts import draw_room
from pages.components.tab_views import Views

VIEWS: Views = {
    "groups": ("Groups", draw_groups),
    "prepare": ("Prepare a meeting", draw_prepare),
    "meeting": ("Meeting", draw_room),
    "actions": ("Actions", draw_actions),
    "letters": ("Letters", draw_letters),
    "escalation": ("Escalation", draw_escalations),
    "seen": ("What members see", draw_members),
}
