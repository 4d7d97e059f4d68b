"""Names that other software prints around fixed words, and where around a cause they are found."""

import pytest

from jobmon.diagnosis import Category, Finding
from rules.engine import classify
from rules.ruleset import RuleSet
from tests.rules.builders import a_failure, a_rule, when
from tests.rules.the_finding import the_finding


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("Error: Version error for package acme/dbt_tools: none fits", "library", "acme/dbt_tools"),
        ("Error: Failed to download: acme-core==1.2", "library", "acme-core"),
        ("Error: Could not find package acme-core", "library", "acme-core"),
        ("Error: failed with error code 1 in /tmp/pip-install-2x8b/acme", "library", "acme"),
        ("Error: in /tmp/pip-install-2x8b/acme_9b0e4c77aa6b4d0c/setup.py", "library", "acme"),
        (
            "Error: Process List(pip, install, --upgrade, /etl/a/b.whl) said",
            "library",
            "/etl/a/b.whl",
        ),
        ('Error: due to user error for jar: "dbfs:/a/b.jar"', "library", "dbfs:/a/b.jar"),
        ("Error: E: Unable to locate package libacme-dev", "library", "libacme-dev"),
        ("Error: installation of package 'acmer' had non-zero exit status", "library", "acmer"),
        ("Error: Because acme==1.7 has no wheels with a matching tag", "library", "acme"),
        ("Error: Because acme was not found in the registry", "library", "acme"),
        ("Error: Because there is no version of acme and you need it", "library", "acme"),
        ("Error: Failed to build 'acme' when getting requirements", "library", "acme"),
        ("Error: library_maven[com.acme:core:1.0] failed", "library", "com.acme:core:1.0"),
        ("Error in library(acmer) : there is no package called 'acmer'", "module", "acmer"),
        ("Error: Access Denied: Table prj-1:sales.orders: no", "table", "prj-1:sales.orders"),
        ("Error processing table main.sales.orders: no", "table", "main.sales.orders"),
        ("Error: Table STG_ORDERS is not bound", "table", "STG_ORDERS"),
        ("Error: In Table: `orders` Column: `total` . Contract", "table", "orders"),
        ("Error: In Table: `orders` Column: `total` . Contract", "column", "total"),
        ("Exception: Table does not support reads: sales.orders", "table", "sales.orders"),
        ("CatalogError: Table with name orders does not exist!", "table", "orders"),
        ("ProgrammingError: Invalid object name 'dbo.orders'.", "table", "dbo.orders"),
        ("Error: Object '\"S.ORDERS\"' does not exist or not authorized", "table", "S.ORDERS"),
        ("Error: Latest schema has additional field(s): cause", "column", "cause"),
        ("Exception: Cannot execute: ['x', '-m']. Error code is: 1.", "exit_code", "1"),
        ("Error: Object 'SALES.ORDERS' does not exist or not authorized", "table", "SALES.ORDERS"),
        ("ProgrammingError: Table 'shop.orders' doesn't exist", "table", "shop.orders"),
        ("NotDeltaError: `main`.`orders` is not a Delta table.", "table", "`main`.`orders`"),
        ("Error: endpoint 'churn-v2' does not exist", "model", "churn-v2"),
        ("OSError: acme/bert-7b is not a local folder", "model", "acme/bert-7b"),
        ("NotFoundError: The model `acme-4` does not exist", "model", "acme-4"),
        ("Error: Task is missing the start_date parameter", "parameter", "start_date"),
        ("Error: environment variable ACME_TOKEN is not set", "parameter", "ACME_TOKEN"),
        ("Error: no region in environment variable (ACME_REGION)", "parameter", "ACME_REGION"),
        ("Error: it is not available in location 'northeurope' zones ''", "region", "northeurope"),
        ("QuotaError: Location: eastus2, Current Limit", "region", "eastus2"),
        ("Error: no quota is left. Current usage/limit: 3/10. Needed: 8", "limit", "10"),
        ("Error: no capacity in region us-east-1", "region", "us-east-1"),
        ("Error: Missing required field 'node_type_id'", "field", "node_type_id"),
        (
            'Error: User "system:serviceaccount:a:b" cannot',
            "principal",
            "system:serviceaccount:a:b",
        ),
        ("Error: clusters with node type m4.xlarge need one", "instance_type", "m4.xlarge"),
        ("QuotaError: Maximum allowed: 350, in use: 350", "limit", "350"),
        ("QuotaError: the current limit is 1,000", "limit", "1,000"),
        ("QuotaError: Cannot create more than 10 public addresses for it", "limit", "10"),
        ("Error: Database 'shop' on server 'x' is not available", "database", "shop"),
        ("Error: the pod's process exited and its exit code is 137", "exit_code", "137"),
        ("Error: the command returned exit code: -9", "exit_code", "-9"),
        ("Error: step returned a non-zero code: 127", "exit_code", "127"),
        ("Error: the step finished with exit code 3221225477", "exit_code", "3221225477"),
        ("SystemExitError: SystemExit: 2", "exit_code", "2"),
        ("Error: sh: exit 137", "exit_code", "137"),
        ("Error: User: arn:aws:iam::1:role/etl is not", "principal", "arn:aws:iam::1:role/etl"),
        ("Error: Principal 'etl-sp' does not have USE SCHEMA on it", "principal", "etl-sp"),
        ("Error: ada@acme.example does not have x", "principal", "ada@acme.example"),
        ("Error: not authorized to perform: s3:PutObject on it", "permission", "s3:PutObject"),
        ("Error: 403 x does not have storage.get access to it", "permission", "storage.get"),
        ("Error: User does not have CREATE TABLE on Schema x", "permission", "CREATE TABLE"),
        ("ImportError: Please install rankers to use it", "module", "rankers"),
        ("NoSuchMethodError: com.acme.Book.seal(I)V", "module", "com.acme.Book"),
        ("NoSuchMethodError: 'int com.acme.Book$.seal()'", "module", "com.acme.Book$"),
        ("TypeError: f() got an unexpected keyword argument 'kind'", "parameter", "kind"),
        ("Error: No input widget named 'load_date'", "parameter", "load_date"),
        ("PySparkTypeError: Argument `col` should be a str", "parameter", "col"),
        ("Error: spark.driver.maxResultSize is 1 GB", "parameter", "spark.driver.maxResultSize"),
        ("Error: Exceeded rate limit for acme-chat-8b.", "model", "acme-chat-8b"),
        ("Error: Source IP address: 203.0.113.7 is blocked", "host", "203.0.113.7"),
        ("ChildFailedError: exitcode  : 1 (pid: 4)", "exit_code", "1"),
        ('FATAL Error: authentication failed for user "ada"', "user", "ada"),
        ("ImportError: acmelib v2.0 only supports OpenSSL 1.1.1+", "library", "acmelib"),
        ("ImportError: no engine; tried using: 'pyarrow', 'x'.", "module", "pyarrow"),
        ("ImportError: the 'acmesocks' package is not installed", "module", "acmesocks"),
        ("InvalidClassError: a.b.Form; local class incompatible: 2", "module", "a.b.Form"),
        ("LinkError: Native method not found: a.b.Mat.n_Mat:()J", "module", "a.b.Mat"),
        ("UnsatisfiedLinkError: 'boolean a.b.Io.access0(int)'", "module", "a.b.Io"),
        ("Error: Rate limit reached for model `acme-8b` in it", "model", "acme-8b"),
        ("InstallError: ╰─> acmeclient", "library", "acmeclient"),
        ("CondaError: while installing package 'forge::acme-0.7'", "library", "acme-0.7"),
        ("TypeError: f() missing 1 required positional argument: 'x'", "parameter", "x"),
        ("ParamError: Invalid type for parameter JobName, value: 4", "parameter", "JobName"),
        ("ConfigError: 'page_ids' is a required property", "parameter", "page_ids"),
        ("Error: Either new_one or old_one must be specified.", "parameter", "old_one"),
        ("Error: maxBins (= 32) should be at least 40", "parameter", "maxBins"),
        (
            "ClassError: com/acme/Writer has been compiled by a more recent",
            "module",
            "com/acme/Writer",
        ),
    ],
)
def test_other_names_are_found(text: str, name: str, value: str) -> None:
    assert dict(the_finding(text).entities).get(name) == value


@pytest.mark.parametrize(
    "text",
    [
        "org.apache.spark.sql.AnalysisError: it is wrong",
        "Error: in pyspark.sql.functions",
        "Error: Please install the latest version",
    ],
)
def test_the_name_of_a_class_is_no_setting_and_a_word_no_module(text: str) -> None:
    assert not {"parameter", "module"} & set(dict(the_finding(text).entities))


def test_an_http_status_is_no_exit_code() -> None:
    assert "exit_code" not in dict(the_finding("ApiError: Error code: 429 - slow down").entities)


@pytest.mark.parametrize(
    "text",
    [
        "Error: Could not find a version that satisfies the requirement for the library",
        "Error: pip install --upgrade pip did not complete",
    ],
)
def test_a_word_of_the_sentence_and_the_installer_itself_are_no_library(text: str) -> None:
    assert "library" not in dict(the_finding(text).entities)


POOL = """\
ConnectionResetError: [Errno 104] Connection reset by peer

During handling of the above exception, another exception occurred:

requests.exceptions.ConnectionError: HTTPSConnectionPool(host='pypi.acme.example', port=443)
"""


def test_the_wheel_in_a_path_is_the_library_of_an_installation() -> None:
    text = "Error: Installing dbfs:/tmp/x/acme-1.0-py3-none-any.whl failed"

    assert "library" not in dict(the_finding(text).entities)
    found = dict(the_finding(text, Category.LIBRARY_INSTALL).entities)
    assert found["library"] == "acme-1.0-py3-none-any.whl"


def test_the_host_that_an_outer_cause_names_is_that_of_a_network_failure() -> None:
    assert dict(the_finding(POOL, Category.NETWORK).entities)["host"] == "pypi.acme.example"


def test_the_host_that_an_outer_cause_names_says_nothing_of_a_fault_in_code() -> None:
    assert "host" not in dict(the_finding(POOL, Category.USER_CODE_EXCEPTION).entities)


def test_a_sentence_that_goes_on_below_is_read_to_its_end() -> None:
    text = "AnalysisException: the snapshot of table\nmain.sales.orders does not exist."

    assert dict(the_finding(text).entities)["table"] == "main.sales.orders"


LOST = "JobError: Lost task 0.0 in stage 8.0 (TID 28) (10.1.2.3 executor 0): {}"


def test_where_a_task_ran_is_said_in_the_summary_only_when_the_executor_is_lost() -> None:
    summary = ("The executor on $host is lost.", "The executor is lost.")

    def said(category: Category) -> Finding:
        rule = a_rule("PY900", when("line", regex="lost"), category=category, summary=summary)
        finding = classify(a_failure(LOST.format("it is lost")), RuleSet([rule])).finding
        assert finding is not None
        return finding

    lost, late = said(Category.EXECUTOR_LOST), said(Category.TIMEOUT)

    assert lost.summary == "The executor on 10.1.2.3 is lost."
    assert late.summary == "The executor is lost."
    assert dict(late.entities)["host"] == "10.1.2.3"


def test_a_summary_names_what_its_rule_did_not_capture_but_the_cause_says() -> None:
    summary = ("No connection to $host.", "No connection.")
    rule = a_rule("PY900", when("line", contains="refused"), summary=summary)

    finding = classify(
        a_failure("OSError: Connection refused: box.acme/10.0.0.5:80"), RuleSet([rule])
    ).finding

    assert finding is not None
    assert finding.summary == "No connection to box.acme."


def test_a_failure_that_no_rule_knows_names_what_its_cause_names() -> None:
    diagnosis = classify(a_failure("ERROR: it came loose at 10.1.2.3:9000"), RuleSet([]))

    assert diagnosis.finding is None
    assert diagnosis.entities == {"host": "10.1.2.3"}


def test_the_word_after_pip_install_is_no_package_when_it_says_how_it_went() -> None:
    finding = the_finding("Error: pip install failed with exit code 1")

    assert "library" not in dict(finding.entities)


@pytest.mark.parametrize("text", ["Error: column was not found", "Error: the model is not found"])
def test_a_word_of_the_sentence_is_no_name(text: str) -> None:
    assert dict(the_finding(text).entities) == {}
