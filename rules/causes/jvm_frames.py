"""Frames of the JVM's stacks, and which of them are the user's own."""

import re2

from jobmon.diagnosis import Frame
from rules.causes.draft import MAX_FRAMES
from rules.causes.frames import MAX_DIGITS

_BARE_JAVA = re2.compile(r"^[\w.$/]{3,400}\([\w$]{1,200}\.(?:java|scala|kt):\d{1,7}\)$")
_FIRST_FRAMES = 3
_LIBRARY = (
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
    "io.trino.", "io.circe.", "cats.", "shapeless.", "zio.", "edu.stanford.nlp.", "water.", "hex.",
    "geotrellis.", "io.lakefs.", "io.glutenproject.", "io.projectglow.", "io.milvus.",
    "io.pivotal.", "com.wepay.", "com.hortonworks.", "com.memsql.", "com.hazelcast.",
    "com.pingcap.", "com.alibaba.", "com.aliyun.", "org.graphframes.",
    "org.deeplearning4j.", "org.nd4j.", "org.tensorflow.", "org.jpmml.",
    "org.datasyslab.", "org.yaml.", "org.joda.",
)  # fmt: skip
SERIALIZATION_STACK = (
    *("- object not serializable (class", "- object (class ", "- field (class ", "- array (class "),
    *("- element of array (", "- writeObject data (", "- writeReplace data ("),
)
"""How the lines begin in which Java tells where in an object it met what it cannot write."""


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
    installed = function.startswith(_LIBRARY) or ".shaded." in function or "/java." in function
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
    return len(known) < _FIRST_FRAMES or not line.startswith(_LIBRARY, len("at "))
