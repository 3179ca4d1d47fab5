"""Alerts with a fault put into them, each of which some unit test has to notice.

In: the rules. Out: what an alert needs of them (its own rules and the records that they name) with one thing changed: a
rule or a guard gone, a threshold halved or doubled, a `for` gone or doubled, a label no longer asked for, a sum that is
a maximum.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import yaml
from ops.alerting import RULES, alerts, names

Rule = dict[str, Any]
Group = dict[str, Any]

COMPARISON = re.compile(r"(==|>)( bool)? (\d[\d.]*(?: [*/] \d[\d.]*)*)(?= *[\n)]| and| or| unless|$)")
MATCHER = re.compile(r'(\w+)=~?"[^"]*"(?:, )?')
AGGREGATION = re.compile(r"(?<!0 \* )\b(sum|max)(?= (?:by|without) )")
GUARD = re.compile(r"^( *)(and|or|unless)\b.*$", re.MULTILINE)


def program(alert: str) -> list[Group]:
    """Return the groups of the rules with nothing in them but what an alert needs."""
    groups: list[Group] = yaml.safe_load(RULES.read_text("utf-8"))["groups"]
    own = expressions(alert)
    for group in groups:
        group["rules"] = [rule for rule in group["rules"] if rule.get("alert") == alert or _is_in(own, rule)]
    return [group for group in groups if group["rules"]]


def users(name: str) -> list[str]:
    """Return the alerts that need a rule: an alert itself, or all that name a record."""
    return [alert for alert in names() if alert == name or name in expressions(alert)]


def expressions(alert: str) -> str:
    """Return what an alert's rules ask for."""
    return "\n".join(rule["expr"] for rule in alerts() if rule["alert"] == alert)


def _is_in(expressions: str, rule: Rule) -> bool:
    return "record" in rule and rule["record"] in expressions


def mutants(name: str, groups: list[Group]) -> Iterator[tuple[str, list[Group]]]:
    """Give what was changed of the rules with a name, and the groups with that change."""
    for at, group in enumerate(groups):
        for number, rule in enumerate(group["rules"]):
            if name == _name(rule):
                yield f"{rule['expr']}: gone", _with(groups, at, number, [])
                for what, changed in _changed(rule):
                    yield f"{rule['expr']}: {what}", _with(groups, at, number, [changed])


def _name(rule: Rule) -> str:
    return str(rule.get("alert") or rule["record"])


def _with(groups: list[Group], at: int, number: int, instead: list[Rule]) -> list[Group]:
    changed = deepcopy(groups)
    changed[at]["rules"][number : number + 1] = instead
    return [group for group in changed if group["rules"]]


def _changed(rule: Rule) -> Iterator[tuple[str, Rule]]:
    if "for" in rule:
        yield "for: 0s", {**rule, "for": "0s"}
        longer = f"{2 * int(rule['for'][:-1])}{rule['for'][-1]}"
        yield f"for: {longer}", {**rule, "for": longer}
    for what, expression in _expressions(rule["expr"]):
        yield what, {**rule, "expr": expression}


def _expressions(expression: str) -> Iterator[tuple[str, str]]:
    for found in COMPARISON.finditer(expression):
        for other in _other_comparisons(*found.groups(default="")):
            yield _put(expression, found, other)
    for found in AGGREGATION.finditer(expression):
        if not _is_compared_with_0(expression[found.end() :]):
            yield _put(expression, found, {"sum": "max", "max": "sum"}[found[1]])
    for found in MATCHER.finditer(expression):
        yield _put(expression, found, "")
    for found in GUARD.finditer(expression):
        yield f"without {found[0].strip()}", _without_guard(expression, found)


def _other_comparisons(sign: str, is_bool: str, number: str) -> list[str]:
    if sign == "==":
        return [f"!={is_bool} {number}"]
    if float(number.split(maxsplit=1)[0]) == 0:
        return [f">={is_bool} 0", f">{is_bool} 1e12"]
    return [f">{is_bool} 2 * {number}", f">{is_bool} 0.5 * {number}"]


def _is_compared_with_0(rest: str) -> bool:
    """Tell whether what an aggregation comes to is only asked to be 0 or not: then a sum is as good as a maximum."""
    depth = 0
    for place, character in enumerate(rest):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == ")" and depth == 0 and not rest[place:].startswith(") ("):
            return rest[place:].startswith((") == 0", ") > bool 0"))
    return False


def _put(expression: str, found: re.Match[str], other: str) -> tuple[str, str]:
    line = expression[: found.start()].count("\n")
    return f"{found[0]} -> {other} (line {line})", expression[: found.start()] + other + expression[found.end() :]


def _without_guard(expression: str, found: re.Match[str]) -> str:
    """Leave out the line of a guard and what goes on below it: deeper lines, and the one that closes its bracket."""
    depth = len(found[1])
    kept = expression[found.end() :].split("\n")[1:]
    still_open = found[0].count("(") - found[0].count(")")
    while kept and (still_open > 0 or len(kept[0]) - len(kept[0].lstrip()) > depth):
        line = kept.pop(0)
        still_open += line.count("(") - line.count(")")
    return expression[: found.start()] + "\n".join(kept)
