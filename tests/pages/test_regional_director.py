"""The regional director's page: four steps to a file, and what was raised."""

import pytest

from risk_model.casework import NewReferral, add_referral, exports, referrals
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.rules.reader import FOLDER
from risk_model.services.copy import opened
from risk_model.services.director_content import Choice, list_content
from risk_model.services.director_export import FILE_KINDS, export_list
from risk_model.services.director_fields import CHOICES, DEFAULT_FIELDS
from risk_model.services.regional_director import academies_at_risk
from risk_model.services.scope import Scope
from tests.pages.conftest import Visit, said, shows_no_markup, well
from tests.registers import HOSTILE

WHO = local_viewer()
PAGE = "regional_director"
STUCK, RAISED, MAINTAINED = "900034", "900201", "900027"
VIEWS = ("choose", "fields", "preview", "export", "raised")


def test_the_walk_from_the_choice_to_the_files(own_data: DataDir, visit: Visit) -> None:
    app = visit(PAGE)
    with opened(own_data) as copy:
        listed = academies_at_risk(WHO, copy, Scope("999"))
        wanted = [urn for urn in listed.table["urn"] if urn != RAISED]
        assert set(app.session_state["academy"]) == set(wanted)
    text = said(app)
    assert "**22** academies of **11** trusts; **17** not raised yet; **1** in a programme of DfE already" in text
    on_list = app.multiselect(key="on_list_Three Becks Education Trust")
    assert STUCK in on_list.value
    well(on_list.unselect(STUCK).run())
    assert STUCK not in app.session_state["academy"]
    assert STUCK not in app.query_params["academy"]
    app.query_params["view"] = "fields"
    well(app.run())
    well(app.multiselect(key="fields_LA").select("intelligence").run())
    assert "Sensitive and on the list: Intelligence it shares" in said(app)
    assert app.query_params["field"] == [code for code in CHOICES if code in {*DEFAULT_FIELDS, "intelligence"}]
    app.query_params["view"] = "preview"
    well(app.run())
    well(app.selectbox(key="banner").select("official").run())
    with opened(own_data) as copy:
        rest = tuple(urn for urn in wanted if urn != STUCK)
        content = list_content(WHO, copy, Choice("999", rest, (*DEFAULT_FIELDS, "intelligence"), "official"))
    shown = app.dataframe[0].value
    assert list(shown.columns) == list(content.shown.columns)
    assert shown.to_numpy().tolist() == content.shown.to_numpy().tolist()
    assert content.content_hash in said(app)
    app.query_params["view"] = "export"
    well(app.run())
    assert [one.key for one in app.download_button] == [f"director_{ending}" for ending in FILE_KINDS]
    assert content.content_hash in said(app)
    assert "Nothing has left yet." in said(app)
    with opened(own_data) as copy:
        assert exports(copy.records) == []


def test_the_log_shows_what_left(own_data: DataDir, visit: Visit) -> None:
    with opened(own_data) as copy:
        made = export_list(WHO, copy, Choice("999", (STUCK,)), "csv")
    app = visit(PAGE, view="export")
    log = app.dataframe[0].value
    assert list(log["File"]) == [made.name]
    assert list(log["SHA-256 of the content"]) == [made.content_hash]


def test_each_academys_page_is_shown_as_it_leaves(demo_data: DataDir, visit: Visit) -> None:
    app = visit(PAGE, view="preview", academy=STUCK)
    assert app.selectbox(key="director_page").options == [f"Netherquill Academy (URN {STUCK})"]
    assert [one.value for one in app.header] == [
        "What published data says",
        "What the rules make of the evidence",
        "What the local authority says: not published data",
    ]
    assert len(app.table) == 3


@pytest.mark.parametrize(
    "query",
    [
        {"academy": MAINTAINED},
        {"academy": "' or 1=1"},
        {"field": "restricted_note"},
        {"banner": "public"},
        {"place": "<b>priority</b>"},
        {"view": "<script>"},
    ],
)
def test_a_forged_link_falls_back_to_what_is_safe(query: dict[str, str], demo_data: DataDir, visit: Visit) -> None:
    app = visit(PAGE, **query)
    assert MAINTAINED not in app.session_state["academy"]
    assert "restricted_note" not in app.session_state["field"]
    assert app.session_state["banner"] == "sensitive"
    assert app.session_state["view"] == "choose"
    assert shows_no_markup(app)


@pytest.mark.parametrize("view", VIEWS)
def test_hostile_names_are_text_in_every_view(view: str, own_small_data: DataDir, visit: Visit) -> None:
    with opened(own_small_data) as copy:
        new = NewReferral("850", "100003", HOSTILE, ask=HOSTILE, tried=HOSTILE, intelligence=HOSTILE)
        add_referral(copy.records, "tester", new)
    app = visit(PAGE, view=view, academy="100003")
    assert shows_no_markup(app)


@pytest.mark.parametrize("view", VIEWS)
def test_a_scope_without_academies_says_so(view: str, own_small_data: DataDir, visit: Visit) -> None:
    app = visit(PAGE, view=view, phase="primary")
    text = said(app)
    told = {
        "choose": "No academy in this scope stands at these places.",
        "raised": "Nothing has been raised.",
        "fields": "What is told of each academy",
    }
    assert told.get(view, "academ") in text


def test_nothing_chosen_is_said_and_no_file_is_offered(demo_data: DataDir, visit: Visit) -> None:
    app = visit(PAGE, academy=STUCK)
    for one in app.multiselect:
        if one.key and one.key.startswith("on_list_"):
            one.set_value([])
    well(app.run())
    app.query_params["view"] = "export"
    well(app.run())
    assert "No academy is chosen" in said(app)
    assert not app.download_button


def test_an_academy_is_raised_from_the_page(own_data: DataDir, visit: Visit) -> None:
    app = visit(PAGE, view="raised")
    assert "drafted 1" in said(app)
    well(app.selectbox(key="raise_urn").select("900200").run())
    well(app.selectbox(key="raise_kind").select("a meeting").run())
    areas = {one.label: one for one in app.text_area}
    assert areas["What is asked of the regional director"].value.startswith("Please call a meeting of ")
    areas["Concern"].set_value("Progress is falling.")
    well(next(one for one in app.button if one.label == "Keep as a draft").click().run())
    with opened(own_data) as copy:
        (kept,) = [one for one in referrals(copy.records) if one.urn == "900200"]
    assert (kept.status, kept.ask_kind, kept.concern) == ("drafted", "a meeting", "Progress is falling.")
    assert "Birchmoor Academy (900200) is drafted" in "".join(one.value for one in app.success).replace("\\", "")


def test_a_raise_without_a_concern_is_refused_with_what_to_do(own_data: DataDir, visit: Visit) -> None:
    app = visit(PAGE, view="raised")
    well(app.selectbox(key="raise_urn").select("900200").run())
    well(next(one for one in app.button if one.label == "Keep as a draft").click().run())
    assert "concern: nothing was given" in said(app)


def test_a_school_in_a_programme_is_warned_of_before_it_is_raised(demo_data: DataDir, visit: Visit) -> None:
    app = visit(PAGE, view="raised")
    well(app.selectbox(key="raise_urn").select(RAISED).run())
    assert "It is in a programme of DfE already: RISE" in said(app)
    assert "In a programme of DfE already, and raised all the same, because" in [one.label for one in app.text_area]


def test_an_answer_is_recorded_and_the_other_words_stay(own_data: DataDir, visit: Visit) -> None:
    with opened(own_data) as copy:
        before = {one.id: one for one in referrals(copy.records)}[1]
    app = visit(PAGE, view="raised", **{"raise": "1"})
    next(one for one in app.text_area if one.label == "Regional director's answer").set_value("A plan is agreed.")
    next(one for one in app.selectbox if one.label == "Step").set_value("outcome advised")
    well(next(one for one in app.button if one.label == "Save").click().run())
    with opened(own_data) as copy:
        after = {one.id: one for one in referrals(copy.records)}[1]
    assert (after.status, after.reply, after.version) == ("outcome advised", "A plan is agreed.", before.version + 1)
    passed = {"status", "reply", "version"}
    assert {k: v for k, v in vars(after).items() if k not in passed} == {
        k: v for k, v in vars(before).items() if k not in passed
    }


def test_settings_of_the_la_that_are_not_valid_are_said_and_nothing_is_offered(own_data: DataDir, visit: Visit) -> None:
    (own_data.root / "director.toml").write_text("[[banner]]\ncode = 1\n", encoding="utf-8")
    app = visit(PAGE, view="export")
    assert "director.toml is not valid" in said(app)
    assert not app.download_button


def test_the_las_own_classification_is_offered_first(own_data: DataDir, visit: Visit) -> None:
    text = (FOLDER / "director.toml").read_text("utf-8").replace('text = "OFFICIAL-SENSITIVE', 'text = "OUR OWN')
    (own_data.root / "director.toml").write_text(text, encoding="utf-8")
    app = visit(PAGE, view="preview", academy=STUCK)
    assert app.selectbox(key="banner").options[0].startswith("OUR OWN")
    assert app.dataframe[0].value["Classification"].iloc[0].startswith("OUR OWN")


def test_what_is_on_the_list_stays_there_while_other_priorities_are_looked_at(demo_data: DataDir, visit: Visit) -> None:
    app = visit(PAGE)
    before = list(app.session_state["academy"])
    well(app.multiselect(key="place").select("watch").run())
    trust = app.multiselect(key="on_list_Three Becks Education Trust")
    added = next(one for one in trust.options if not any(urn in one for urn in before))[-7:-1]
    well(trust.select(added).run())
    assert set(app.session_state["academy"]) == {*before, added}
    well(app.multiselect(key="place").unselect("watch").run())
    assert set(app.session_state["academy"]) == {*before, added}
    assert "**22** academies, 1 of them not shown here" in said(app)
    well(app.multiselect(key="place").select("watch").run())
    assert added in app.multiselect(key="on_list_Three Becks Education Trust").value
    well(app.multiselect(key="place").set_value(["universal"]).run())
    assert set(app.session_state["academy"]) == {*before, added}
