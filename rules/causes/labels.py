"""Which service, build step, task or host a line is from, as what runs many of them prints it."""

import re2

from rules.causes.clean_text import decoded

# Docker Compose prints `worker_1  | `.
_SERVICE = re2.compile(r"^[a-z][\w.-]*(?:[-_]\d+)? *\|(?: |$)")
MAX_SERVICE = 60
# `srun --label` and `pdsh` print which task or host a line is from: `6: `, `worker-1: `.
_TASK = re2.compile(
    r"^(?:\d{1,4}|\d{1,3}(?:\.\d{1,3}){3}|[a-z][\w-]{0,40}-\d{1,4}): "
    r'(?: +\S|Traceback \(|File "|[A-Za-z_][\w.]{0,120}(?:Error|Exception|Interrupt|Exit)(?:: |$))'
)
_TASK_WIDTH = 50
# `docker build` prints `#12 3.456 `: the step, and its seconds with four digits; the seconds only
# where it shows again what failed. Google's Cloud Build prints `Step #3: `.
_BUILD_STEP = re2.compile(
    r"^(?:#\d{1,3} \d{1,5}\.\d{1,3}|\d\.\d{3}|\d\d\.\d\d|\d{3,4}\.\d"
    r'|Step #\d{1,3}(?: - "[^"]{1,60}")?:)(?: |$)'
)
_SECONDS_END = 5
# pytest's summary says behind a test's name of what it failed: `FAILED tests/test_x.py::test_y - `.
_TEST = re2.compile(r"^(?:FAILED|ERROR) \S{1,300}\.py(?:::.{1,300}?)? - ")


def without_service(body: str) -> str:
    """Drop the service of a group of containers that a line is from."""
    match = _SERVICE.match(body) if "|" in body[1:MAX_SERVICE] else None
    return body if match is None else body[match.end() :].strip()


def tells_of_test(line: str) -> bool:
    """Tell a line of a summary of tests: what stands in it has nothing to do with the one above."""
    named = ".py" in line and ("FAILED" in line or "ERROR" in line)
    return named and _TEST.match(decoded(line.strip())) is not None


def without_step(body: str) -> str:
    """Drop the step of a build, the test that failed, and the task or host that a line is from."""
    if body.startswith(("FAILED ", "ERROR ")) and "::" in body:
        test = _TEST.match(body)
        return body if test is None else body[test.end() :].strip()
    if (body[:1] in "#S" or "." in body[1:_SECONDS_END]) and (step := _BUILD_STEP.match(body)):
        body = body[step.end() :].strip()
    if ": " in body[:_TASK_WIDTH] and _TASK.match(body) is not None:
        body = body[body.index(": ") + 2 :].strip()
    return body
