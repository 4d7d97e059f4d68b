"""Frames of Python, notebook and Java stacks, and which of them are the user's own."""

from collections.abc import Sequence
from typing import NamedTuple

import re2

from jobmon.diagnosis import Frame
from rules.causes.draft import MAX_FRAMES

_FILE = re2.compile(r"^File [\"']?([^\"'\n]{1,400}?)[\"']?, line (\d+)(?:, in (.{1,200}))?")
_FILE_COLON = re2.compile(r"^File ([^\s:]{1,400}):(\d+)(?:, in (.{1,200}))?")
_CELL = re2.compile(
    r"^(?:File )?(<(?:command|ipython-input)-[^>]{1,80}>|(?:Cell )?In ?\[\d+\])"
    r"(?:,? line (\d+)|:(\d+))?(?:,? in (.{1,200}))?"
)
_OLD_STYLE = re2.compile(r"^\[?([~/.\w][^\s\]]{0,300}\.py[x]?)\]?(?:\([^)]*\))? in (.{1,200})")
_NUMBERED = re2.compile(r"^(-{1,6}> ?)?(\d{1,6})(?:\s(.*))?$")
_DRAWN = re2.compile(r"^[→❱>]?\s{0,4}\d{1,6} ?│")
_BARE_JAVA = re2.compile(r"^[\w.$/]{3,400}\([\w$]{1,200}\.(?:java|scala|kt):\d{1,7}\)$")
_PLACE = re2.compile(r"^[\w./\\-]+\.py:\d+: [A-Z]\w+$")
MAX_DIGITS = 7
_FIRST_FRAMES = 3
_ON_BEHALF = ("__getattr__", "__getattribute__", "java.", "jdk.", "scala.", "kotlin.")
_LIBRARY = (
    "site-packages", "dist-packages", "/databricks/", "/usr/lib", "/usr/local/lib", "<frozen",
    "pyspark", "py4j", "/lib/python", "\\Lib\\", "importlib", "<string>", "<__array_function__",
    "<decorator", "/opt/conda/lib", "ipykernel_launcher", ".pyx", ".pxi",
    "/local_disk0/.ephemeral_nfs/envs/",
)  # fmt: skip
_LIBRARY_JAVA = (
    "org.apache.", "org.eclipse.", "org.junit.", "org.scalatest.", "org.sparkproject.",
    "org.spark_project.", "org.postgresql.", "org.mariadb.", "org.mongodb.", "org.elasticsearch.",
    "org.codehaus.", "org.json4s.", "org.slf4j.", "org.springframework.", "org.hibernate.",
    "java.", "javax.", "jdk.", "sun.", "scala.", "kotlin.", "groovy.", "akka.", "py4j.", "breeze.",
    "io.delta.", "io.netty.", "io.grpc.", "io.confluent.", "net.snowflake.", "net.razorvine.",
    "oracle.", "okhttp3.", "reactor.", "shaded.", "kafkashaded.", "grpc_shaded.", "ml.dmlc.",
    "com.sun.", "com.databricks.", "com.google.", "com.amazon.", "com.amazonaws.", "com.mysql.",
    "com.fasterxml.", "com.microsoft.", "com.azure.", "com.esotericsoftware.", "com.simba.",
    "com.typesafe.", "com.zaxxer.", "com.datastax.", "com.mongodb.", "com.crealytics.",
    "com.intellij.", "software.amazon.", "com.nvidia.", "com.johnsnowlabs.", "com.clickhouse.",
    "com.couchbase.", "com.aerospike.", "com.singlestore.", "com.redislabs.", "com.vertica.",
    "com.ibm.", "com.sap.", "com.teradata.", "com.exasol.", "com.oracle.", "com.intel.",
    "com.linkedin.", "com.uber.", "com.github.", "com.twitter.", "com.salesforce.",
    "com.lucidworks.", "za.co.absa.", "ai.h2o.", "ml.combust.", "org.mlflow.", "org.locationtech.",
    "org.geotools.", "org.neo4j.", "io.openlineage.", "io.unitycatalog.",
    "io.airbyte.", "io.debezium.", "io.fabric8.", "io.kubernetes.", "io.lettuce.",
    "io.opentelemetry.", "io.prestosql.", "io.quarkus.", "io.vertx.", "com.cloudera.",
    "com.facebook.", "com.nimbusds.", "com.squareup.", "com.starburstdata.", "dev.failsafe.",
    "net.jpountz.", "org.antlr.", "org.bouncycastle.", "org.jooq.", "org.xerial.", "redis.clients.",
    "io.trino.", "io.circe.", "cats.", "shapeless.", "zio.", "edu.stanford.nlp.",
)  # fmt: skip
SERIALIZATION_STACK = (
    *("- object not serializable (class", "- object (class ", "- field (class ", "- array (class "),
    *("- element of array (", "- writeObject data (", "- writeReplace data ("),
)
"""How the lines begin in which Java tells where in an object it met what it cannot write."""
_CELLS = ("<command-", "<ipython-input", "Cell In", "In [", "[<ipython", "File <", "File Cell")
"""How a line begins that names a frame in a notebook's cell."""
_CELL_NAMES = ("<command-", "<ipython-input", "command-", "Cell In", "In ", "In[")
"""How the name of a cell begins where a file's would stand."""


class Source(NamedTuple):
    """A line of source that a stack quotes; an arrow marks the one that failed."""

    arrow: bool
    number: int
    source: str


def is_user_file(file: str) -> bool:
    """Tell a user's own file or cell from an installed one."""
    if file.startswith(_CELL_NAMES):
        return True
    if file.startswith("<"):
        return file == "<stdin>"
    if file.startswith(("/databricks/driver/", "/Workspace/")):
        return "site-packages" not in file
    return not any(mark in file for mark in _LIBRARY)


def runs(source: str, file: str) -> bool:
    """Tell whether a frame's file is the one that the task runs, wherever it was copied to."""
    name = source[source.rfind("/") + 1 :]
    return "." in name.strip(".") and file.endswith(f"/{name}")


def raising_frame(stack: Sequence[Frame], *, jvm: bool) -> Frame | None:
    """Find where in the stack an error was raised; None without frames.

    Python's stacks have the innermost frame last, a JVM's first. An object that is asked for an
    attribute raises for the one who asked, and a language's own library for the one who called.
    """
    inwards = stack if jvm else reversed(stack)
    asking = (frame for frame in inwards if not frame.function.startswith(_ON_BEHALF))
    return next(asking, None)


def python_frame(line: str) -> Frame | None:
    """Read the line that names a Python frame, in any of the ways Python and IPython print it."""
    if line.startswith(_CELLS):
        match = _CELL.match(line.lstrip("["))
        if match is not None:
            return _frame(match.group(1), match.group(2) or match.group(3), match.group(4))
    if line.startswith('File "'):
        return _file_frame(line)
    if line.startswith("File "):
        match = _FILE.match(line) or _FILE_COLON.match(line)
        return _frame(match.group(1), match.group(2), match.group(3)) if match else None
    if ".py" in line and " in " in line and line[0] in "/~[.<":
        match = _OLD_STYLE.match(line)
        return _frame(match.group(1), None, match.group(2)) if match else None
    return None


def _file_frame(line: str) -> Frame | None:
    """Read `File "x.py", line 3, in f` as Python itself prints it."""
    file, _, rest = line[len('File "') :].partition('", line ')
    number, _, function = rest.partition(", in ")
    number = number.rstrip(",")
    if not number.isdecimal() or len(number) > MAX_DIGITS:
        return None
    return _frame(file, number, function)


def _frame(file: str, number: str | None, function: str | None) -> Frame:
    name = file[file.rfind("/") + 1 :]
    return Frame(
        file=file,
        line=int(number) if number and len(number) <= MAX_DIGITS else None,
        function=(function or "").strip(" \\"),
        cell=name if name.startswith(_CELL_NAMES) else "",
        user_code=is_user_file(file),
    )


def is_drawn_source(line: str) -> bool:
    """Tell a line of source as Poetry and rich draw it: `→ 516│ raise …`; or pytest's place."""
    if "│" in line[:12]:
        return _DRAWN.match(line) is not None
    return ".py:" in line and _PLACE.match(line) is not None


def numbered_code(line: str) -> Source | None:
    """Read a line of quoted source: whether an arrow marks it, its number, its code."""
    if line[0] != "-" and not line[0].isdigit():
        return None
    match = _NUMBERED.match(line)
    if match is None:
        return None
    return Source(match.group(1) is not None, int(match.group(2)), match.group(3) or "")


def is_java_frame(line: str) -> bool:
    """Tell `at a.b.C.d(E.java:1)` from a sentence: `at least one column is needed`."""
    place = line[len("at ") :].partition("(")[0].strip(".")
    return "." in place.partition(" ")[0] or ("(" in line and " " not in place.strip())


def with_at(line: str) -> str:
    """Write `a.b.C.d(E.java:1)`, as Spark lists frames inside a message, as stacks do."""
    return f"at {line}" if line[-1] == ")" and _BARE_JAVA.match(line) is not None else line


def java_frame(line: str) -> Frame | None:
    """Read `at package.Class.method(File.java:12)`."""
    function, bracket, rest = line[len("at ") :].partition("(")
    if not bracket or "." not in function:
        return None
    file, _, number = rest.partition(")")[0].partition(":")
    known = number.isdecimal() and len(number) <= MAX_DIGITS
    installed = function.startswith(_LIBRARY_JAVA) or ".shaded." in function or "/java." in function
    return Frame(
        file=file or function,
        line=int(number) if known else None,
        function=function,
        user_code=known and not installed,
    )


def worth_reading(line: str, known: list[Frame]) -> bool:
    """Tell whether a Java frame adds anything: the first few do, then only the user's own."""
    if len(known) >= MAX_FRAMES:
        return False
    return len(known) < _FIRST_FRAMES or not line.startswith(_LIBRARY_JAVA, len("at "))
