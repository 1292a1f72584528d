"""Schools in and out, on the quality page; and what a profile says of the schools before it."""

from risk_model.domain.viewer import local_viewer
from risk_model.services.copy import Copy
from risk_model.services.identity import evidence_accounts, school_accounts, school_history
from tests.pages.conftest import Visit, said, well


def test_the_quality_page_accounts_for_every_school(demo_copy: Copy, visit: Visit) -> None:
    accounts = school_accounts(local_viewer(), demo_copy)
    app = visit("quality")
    assert accounts.sentence in said(app)
    assert not app.dataframe
    well(app.toggle(key="accounts").set_value(True).run())
    tables = [frame.value for frame in app.dataframe]
    assert any("In use" in table and table["Rows"].sum() == sum(r.rows for r in accounts.registers) for table in tables)
    evidence = next(table for table in tables if "Standing" in table)
    assert evidence["Schools"].sum() == sum(one.schools for one in evidence_accounts(local_viewer(), demo_copy))


def test_a_profile_says_which_school_it_replaced(demo_copy: Copy, visit: Visit) -> None:
    (first,) = demo_copy.reader.rows("select urn from successions where how = 'replaced' order by urn limit 1")
    told = school_history(local_viewer(), demo_copy, first["urn"])
    assert told
    assert told[0] in said(visit("school", urn=first["urn"]))
