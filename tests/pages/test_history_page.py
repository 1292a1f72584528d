"""The page of a past day: a link to a school and a day, a day before everything, damage, and records gone past."""

from datetime import date

from sqlalchemy import text

from risk_model.casework.store import writing
from risk_model.domain.paths import DataDir
from risk_model.services.copy import opened
from risk_model.warehouse.flags import kept_flags
from tests.pages.conftest import Visit, said, shows_no_markup, well

SCHOOL = "900190"


def test_a_link_to_a_school_and_a_day_tells_what_was_said_on_what_evidence_and_who_decided(
    demo_data: DataDir, visit: Visit
) -> None:
    app = visit("history", urn=SCHOOL, day="2026-05-15")
    told = said(app)
    assert "Alderwen Croft Primary School on 15 May 2026" in told
    assert "as at 30 April 2026" in told
    assert "against 61% nationally" in told
    assert "Alder Valley core group" in told
    assert "Chair: LA adviser" in told
    assert "Records and audit trail agree" in told
    assert [button.label for button in app.download_button] == [
        "This day as PDF",
        "This day as Word",
        "This day as Excel",
        "This day as CSV",
    ]


def test_another_day_is_chosen_and_stands_in_the_url(demo_data: DataDir, visit: Visit) -> None:
    app = visit("history", urn=SCHOOL, day="2026-05-15")
    well(app.date_input(key="history_day").set_value(date(2024, 1, 1)).run())
    assert app.query_params["day"] in ("2024-01-01", ["2024-01-01"])
    told = said(app)
    assert "no later one tells of that day" in told
    assert "No core group had met about it." in told
    assert "Nothing that is kept." in told


def test_a_forged_link_is_a_day_that_there_is_and_a_school_that_is_not(demo_data: DataDir, visit: Visit) -> None:
    app = visit("history", urn="<b>900001</b>", day="31/31/9999")
    assert "No build that is kept knows a school" in said(app)
    assert app.date_input(key="history_day").value == date.today()
    assert shows_no_markup(app)
    assert visit("history", day="2999-01-01").date_input(key="history_day").value == date.today()


def test_a_hostile_name_is_text_on_the_page(small_data: DataDir, visit: Visit) -> None:
    assert shows_no_markup(visit("history", urn="100001"))
    assert shows_no_markup(visit("history"))


def test_a_damaged_file_of_flags_is_said(own_small_data: DataDir, visit: Visit) -> None:
    kept_flags(own_small_data)[0].path.write_bytes(b"nothing")
    app = visit("history", urn="100002")
    assert "is not as it was written" in " ".join(error.value for error in app.error)


def test_a_record_that_was_changed_past_the_product_is_named(own_data: DataDir, visit: Visit) -> None:
    with opened(own_data) as copy, writing(copy.records) as connection:
        connection.execute(text("update meeting_outcome set outcome = 'step down' where id = 3"))
    app = visit("history")
    assert "One place where records and audit trail do not agree" in " ".join(error.value for error in app.error)
    table = next(one.value for one in app.dataframe if "What is wrong" in one.value)
    assert list(table.iloc[0]) == ["meeting outcome", 3, "outcome: not as the audit trail says."]
