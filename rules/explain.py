"""Why a failure was diagnosed as it was."""
from rules.engine import examine
def explain(failure, ruleset): return ""
