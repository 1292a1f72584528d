"""The rule set of a build, kept in the build: what judged its schools can be read long after the files changed."""

from risk_model.domain.errors import NotFound
from risk_model.rules.reader import RuleSet, parse_rules
from risk_model.rules.writer import fingerprint, write_rules
from risk_model.warehouse.builds import Reader
from risk_model.warehouse.engine import Connection


def hold_rule_set(con: Connection, rule_set: RuleSet) -> None:
    """Write `rule_set_text`: one row with the rule set as TOML, whole, and its fingerprint."""
    con.execute(
        "create or replace table rule_set_text as "
        "select cast($rule_set as varchar) as rule_set, cast($mark as varchar) as fingerprint, "
        "cast($toml as varchar) as toml",
        {"rule_set": rule_set.rule_set, "mark": fingerprint(rule_set), "toml": write_rules(rule_set)},
    )


def held_rule_set(reader: Reader) -> RuleSet:
    """The rule set by which a build judged, with everything that is not in force, too.

    Raises:
        NotFound: the build was made before builds kept their rules.
        RulesRefused: it asks for something that this version of the product does not know.
    """
    if not reader.rows("select 1 from information_schema.tables where table_name = 'rule_set_text'"):
        raise NotFound(
            f"The build {reader.build.number} does not hold its rules: an earlier version of the product made it.",
            ["Build again: what was imported is judged anew, and nothing is lost."],
        )
    return parse_rules(reader.rows("select toml from rule_set_text")[0]["toml"], "The rule set of the build")
