"""What a finding names, whatever rule it comes from."""

from jobmon.diagnosis import Category, Finding
from rules.engine import classify
from rules.ruleset import RuleSet
from tests.rules.builders import a_failure, a_rule, when


def the_finding(text: str, category: Category = Category.USER_CODE_EXCEPTION) -> Finding:
    ruleset = RuleSet([a_rule("PY900", when("line", regex="Error|Exception"), category=category)])
    finding = classify(a_failure(text), ruleset).finding
    assert finding is not None
    return finding
