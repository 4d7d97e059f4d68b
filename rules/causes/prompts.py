"""Where something new begins in what was pasted: at a prompt, and at another block of code."""

import re2

# What waits for input: Python, Scala, and what one talks to databases with. Hive's Beeline shows
# `0: jdbc:hive2://…> `.
_PROMPT = re2.compile(
    r"^(?:>>>|scala>|(?:spark-sql|hive)(?: \([\w.]{1,80}\))?>|beeline>|mysql>|sqlite>"
    r"|(?:trino|presto|cqlsh)(?::[\w.]{1,80})?>|MariaDB \[[^\]]{1,80}\]>"
    r"|\d{1,2}: jdbc:[^\s>]{1,200}>)(?: |$)"
)
_PROMPT_WIDTH = 250
_FENCES = ("```", "~~~")


def begins_anew(line: str) -> bool:
    """Tell a line that has nothing to do with the failure above it."""
    at_prompt = ">" in line[:_PROMPT_WIDTH] and _PROMPT.match(line) is not None
    return at_prompt or line.lstrip().startswith(_FENCES)
