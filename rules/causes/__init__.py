"""Reading a failure's texts before any rule looks at them.

`parse` turns whatever Databricks, Spark, Python, the JVM or a tool printed into a chain of
causes, tells wrappers from causes, and chooses the root by structure.
"""

from rules.causes.clean_text import clean, clean_lines, decoded, plain
from rules.causes.prefixes import is_quiet
from rules.causes.report import parse, parse_text

__all__ = ["clean", "clean_lines", "decoded", "is_quiet", "parse", "parse_text", "plain"]
