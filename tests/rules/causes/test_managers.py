"""What YARN, Kubernetes, Dataproc and clouds print around an application that failed."""

import pytest

from rules.causes import parse_text
from rules.causes.prefixes import Level, peel


def root_line(text: str) -> str:
    return parse_text(text, field="logs").headline


def test_why_a_pod_was_evicted_says_more_than_its_exit_code() -> None:
    why = "The API gave the following message: The node was low on resource: ephemeral-storage."
    text = (
        "24/08/15 07:53:49 ERROR TaskSchedulerImpl: Lost executor 4 on 10.0.0.3:\n"
        "The executor with id 4 exited with exit code 143(unexpected).\n"
        "The API gave the following brief reason: Evicted\n"
        f"{why}\n"
    )

    assert root_line(text) == why


def test_a_cause_in_a_containers_output_goes_before_yarns_report_of_the_application() -> None:
    text = (
        "Application application_1_0004 failed 2 times due to AM Container for "
        "appattempt_1_0004_000002 exited with  exitCode: 1\n"
        "Failing this attempt.Diagnostics: Exception from container-launch.\n"
        "Error: Could not find or load main class com.example.Main\n"
        "Failing the application.\n"
        'Exception in thread "main" org.apache.spark.SparkException: '
        "Application application_1_0004 finished with failed status\n"
    )

    assert root_line(text) == "Error: Could not find or load main class com.example.Main"


@pytest.mark.parametrize(
    "line",
    [
        "Google Cloud Dataproc Agent reports job failure. If logs are available, see:",
        "diagnostics: Exception from container-launch.",
        "state: ERROR",
        "Job Failed with status:3",
    ],
)
def test_what_only_says_that_it_failed_gives_way(line: str) -> None:
    text = f"{line}\nCommand line: no space left on device\n"

    assert root_line(text) == "Command line: no space left on device"


def test_a_bare_code_gives_way_to_the_message_below_it() -> None:
    message = "Message: Operation results in exceeding quota limits of Core."

    assert root_line(f"Error Code: QuotaExceeded\n\n{message}\n") == message


def test_an_announcement_that_names_the_cause_is_no_mere_announcement() -> None:
    text = (
        "ERROR TaskSchedulerImpl: Lost executor 4 on 10.0.0.3:\n"
        "The node was low on resource: memory. Threshold quantity:\n"
    )

    assert root_line(text) == "The node was low on resource: memory. Threshold quantity:"


def test_an_executor_that_was_lost_without_a_word_says_less_than_the_loss_that_is_explained() -> (
    None
):
    text = (
        "WARN TaskSetManager: Lost task 0.0 in stage 3.0 (TID 150): ExecutorLostFailure\n"
        "ERROR TaskSchedulerImpl: Lost executor 1: Container killed for exceeding memory limits\n"
    )

    assert root_line(text).startswith("ERROR TaskSchedulerImpl")


def test_memory_that_runs_out_is_never_a_mere_warning() -> None:
    text = (
        "24/01/01 10:00:01 ERROR YarnScheduler: Lost executor 6 on n1: Executor heartbeat timed out"
        " after 178850 ms\n"
        "24/01/01 10:00:02 WARN TransportChannelHandler: Exception in connection from n2\n"
        "java.lang.OutOfMemoryError: GC overhead limit exceeded\n"
    )

    assert root_line(text) == "java.lang.OutOfMemoryError: GC overhead limit exceeded"


def test_a_log_that_is_pasted_as_code_keeps_its_levels() -> None:
    peeled = peel("`24/01/01 10:00:00 WARN HeartbeatReceiver: Removing executor 6")

    assert peeled.level is Level.WARN


def test_whose_error_data_factory_takes_it_for_is_no_exception() -> None:
    message = '    "message": "Failure to send request to Livy due to exception=[LivyException].",'
    text = (
        f'{{\n    "errorCode": "5000",\n{message}\n    "failureType": "UserError",\n'
        '    "target": "Ingest",\n    "details": []\n}\n'
    )

    assert root_line(text) == message


def test_of_reports_that_know_no_cause_the_one_with_the_exit_code_is_quoted() -> None:
    report = (
        "org.apache.spark.SparkException: Application application_1_0006 failed 2 times due to "
        "AM Container for appattempt_1_0006_000002 exited with  exitCode: 1"
    )
    text = (
        "25/09/08 19:42:53 ERROR YarnClientSchedulerBackend: The YARN application has already "
        "ended! It might have been killed or the Application Master may have failed to start.\n"
        "25/09/08 19:42:53 ERROR SparkContext: Error initializing SparkContext.\n"
        f"{report}\n"
        "For more detailed output, check the application tracking page: http://rm/cluster\n"
        "Failing this attempt.Diagnostics: [2025-09-08 19:42:53.735]Exception from "
        "container-launch.\n"
        "Exit code: 1\n"
    )

    assert root_line(text) == report


@pytest.mark.parametrize("mark", ["`", ""])
def test_a_log_whose_every_line_is_pasted_as_code_keeps_its_levels(mark: str) -> None:
    line = f"{mark}[ERROR] Compilation failure{mark}"

    assert peel(line).level is Level.ERROR
    assert peel(line).body == "Compilation failure"


def test_which_container_was_killed_says_more_than_yarns_last_words() -> None:
    killed = (
        "2021-10-08 15:28:15 ERROR YarnScheduler:70 - Lost executor 14 on node-6: Container marked "
        "as failed: container_1_0194_01_000015 on host: node-6. Exit status: 137. Diagnostics: "
        "Container killed on request. Exit code is 137"
    )
    last = "Container exited with a non-zero exit code 137\nKilled by external signal\n"
    warned = killed.replace("ERROR", "WARN")

    assert root_line(f"{warned}\n{last}\n{killed}\n{last}") == killed


def test_an_executor_that_was_lost_says_more_than_the_shuffle_files_that_went_with_it() -> None:
    lost = "18/06/22 23:57:07 ERROR YarnScheduler: Lost executor 6 on node14: remote disassociated"
    text = (
        f"{lost}\n"
        "Killed by external signal\n"
        'Exception in thread "main" org.apache.spark.SparkException: Job aborted: '
        "org.apache.spark.shuffle.MetadataFetchFailedException: Missing an output location for "
        "shuffle 11\n"
        "\tat org.apache.spark.MapOutputTracker.convert(MapOutputTracker.scala:882)\n"
    )

    assert parse_text(text, field="logs").headline == lost


def test_a_step_that_slurm_ends_follows_from_the_process_that_ended() -> None:
    why = "orders.c:41: the table of May is locked by another writer"
    text = (
        f"{why}\n"
        "srun: error: node12: task 1: Exited with exit code 1\n"
        "srun: Job step aborted: Waiting up to 32 seconds for job step to finish.\n"
        "srun: forcing job termination\n"
    )

    assert root_line(text) == why


@pytest.mark.parametrize("end", ["Killed", "run.sh: line 12:   345 Killed     python etl.py"])
def test_why_the_kernel_killed_says_more_than_the_shell(end: str) -> None:
    why = "[Mon Jun  3 02:00:00 2024] Out of memory: Killed process 345 (python)"

    assert root_line(f"{end}\n{why}\n") == why
    assert root_line(f"loading\n{end}\nerror: the run did not end well\n") == end


def test_what_hives_console_says_goes_before_the_code_of_the_statement() -> None:
    code = "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.MoveTask"
    why = "Failed with exception Unable to move source file:/tmp/a to destination /warehouse/a"

    assert root_line(f"{why}\n{code}\n") == why
    assert root_line(f"Stage-1: Map: 2 Reduce: 1 FAIL\n{code}\n") == code


@pytest.mark.parametrize(
    "prompt",
    ["hive> ", "hive (sales)> ", "0: jdbc:hive2://hs2.acme.example:10000/> ", "trino:sales> "],
)
def test_what_is_typed_at_a_prompt_is_no_error(prompt: str) -> None:
    answer = "Query 20240501_1 aborted"

    assert root_line(f"{prompt}show failed_jobs -- error\n{answer}\n") == answer


def test_what_curl_could_not_fetch_goes_before_what_is_missing_then() -> None:
    why = "curl: (22) The requested URL returned error: 503"

    assert root_line(f"{why}\ntar: a.tgz: Cannot open: No such file or directory\n") == why


def test_an_address_that_could_not_be_resolved_is_quoted_where_it_is_named() -> None:
    text = (
        "java.io.IOException: Can't resolve address: broker-1:9092\n"
        "\tat org.apache.kafka.common.network.Selector.doConnect(Selector.java:235)\n"
        "Caused by: java.nio.channels.UnresolvedAddressException\n"
    )

    assert root_line(text).endswith("broker-1:9092")


def test_a_bare_status_of_dotnet_says_less_than_whoever_met_it() -> None:
    why = (
        "Acme.Http.SignInException: AADSTS50012: Client assertion contains an invalid signature. "
        "---> System.Net.WebException: The remote server returned an error: (401) Unauthorized."
    )
    report = parse_text(why, field="error")

    assert report.root is not None
    assert "AADSTS50012" in report.root.message
