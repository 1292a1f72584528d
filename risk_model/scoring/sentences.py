"""A rule's sentence as SQL: the one place where a figure is rounded, because there text is made."""

from risk_model.rules.reader import PLACEHOLDER
from risk_model.warehouse.engine import literal

_COLUMNS = {
    "value": "value",
    "figure": "figure",
    "benchmark": "benchmark",
    "lower": "lower",
    "upper": "upper",
    "n": "denominator",
}
# 2023-2024 reads 2023-24; any other period reads as it is
_PERIOD = (
    "if(regexp_full_match(period, '[0-9]{4}-[0-9]{4}'), left(period, 5) || right(period, 2), coalesce(period, '?'))"
)
_DATE = "coalesce(strftime(measured_on, '%-d %B %Y'), 'date not known')"


def sentence_sql(template: str) -> str:
    """SQL for a sentence filled with the columns of `rule_outcomes`; a figure that is not known says so."""
    parts: list[str] = []
    position = 0
    for match in PLACEHOLDER.finditer(template):
        if match.start() > position:
            parts.append(literal(template[position : match.start()]))
        parts.append(_filled(match.group(1), match.group(2) or "", int(match.group(3) or 0)))
        position = match.end()
    if position < len(template):
        parts.append(literal(template[position:]))
    return " || ".join(parts) if parts else "''"


def _filled(name: str, sign: str, decimals: int) -> str:
    if name == "period":
        return _PERIOD
    if name == "date":
        return _DATE
    column = _COLUMNS[name]
    if sign == "£":
        text = f"if({column} < 0, '-£', '£') || format('{{:,}}', cast(round(abs({column})) as bigint))"
    else:
        text = f"format('{{:{sign}.{decimals}f}}', {column})"
        # -0.0 would read "-0"
        text = f"if(abs({column}) < {0.5 * 10**-decimals}, format('{{:.{decimals}f}}', 0.0), {text})"
    return f"coalesce({text}, 'not known')"
