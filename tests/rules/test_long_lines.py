import json

from jobmon.diagnosis import Category, TaskFailure
from rules.engine import classify
from rules.pattern import MAX_LINE
from rules.ruleset import load

FRAMES = "\n".join(f'  File "/jobs/step_{i}.py", line {i}, in run\n    step()' for i in range(20))
TRACE = (
    f"Traceback (most recent call last):\n{FRAMES}\n"
    "pyspark.sql.utils.AnalysisException: cannot resolve '`zip`' given input columns: [city]"
)


def diagnosed(logs: str) -> Category:
    return classify(TaskFailure(task_key="load", logs=logs), load()).category


def test_a_cause_beyond_the_clip_of_a_json_line_is_asked_what_lines_are_asked() -> None:
    line = json.dumps({"level": "error", "trace": TRACE})
    assert line.index("cannot resolve") > MAX_LINE
    assert diagnosed(line) is Category.UNRESOLVED_COLUMN


def test_the_same_trace_on_lines_of_its_own_says_the_same() -> None:
    assert diagnosed(TRACE) is Category.UNRESOLVED_COLUMN
