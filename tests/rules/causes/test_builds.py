"""What builds, deployments and their tools head or list above what is wrong."""

from rules.causes import parse_text


def root_line(text: str) -> str:
    return parse_text(text, field="error").headline


def test_what_is_wrong_stands_in_a_box_of_terraform_below_its_heading() -> None:
    assert root_line(
        "╷\n"
        "│ Error: Missing required argument\n"
        "│ \n"
        '│   on modules/lake/workspace.tf line 12, in module "lake":\n'
        '│   12: module "lake" {\n'
        "│ \n"
        '│ The argument "region" is required, but no definition was found.\n'
        "╵\n"
        "╷\n"
        "│ Error: Unsupported argument\n"
        "│ \n"
        "│   on modules/lake/workspace.tf line 15:\n"
        "│   15:   account = var.account\n"
        "│ \n"
        '│ An argument named "account" is not expected here.\n'
        "╵\n"
    ) == ('│ The argument "region" is required, but no definition was found.')


def test_a_heading_of_terraform_that_says_why_itself_is_the_cause() -> None:
    cause = '│ Error: cannot create cluster: Post "https://x/api/2.0/clusters": no such host'

    assert root_line(f"╷\n{cause}\n│ \n│   with databricks_cluster.etl,\n╵\n") == cause


def test_a_variable_that_a_step_was_given_is_no_error_condition() -> None:
    cause = "Error: the bundle has no target prod"

    assert root_line(f"  env:\n    PKG_CONFIG_PATH: /opt/python/lib/pkgconfig\n{cause}\n") == cause


def test_of_a_bare_heading_of_pip_people_read_which_step_it_was() -> None:
    cause = "  \u00d7 Getting requirements to build wheel did not run successfully."

    assert root_line(f"error: subprocess-exited-with-error\n\n{cause}\n  │ exit code: 1\n") == cause


def test_what_tensorflow_says_of_a_task_stands_below_the_name_of_the_task() -> None:
    cause = "XLA met an instruction for which this is not implemented: %convert.7"

    assert root_line(
        f"Exception for device=xla:2: Unimplemented: From /job:worker/replica:0/task:0:\n{cause}\n"
    ) == (cause)
    assert root_line(
        "tensorflow.python.framework.errors_impl.InternalError: From /job:worker/replica:0/task:0:"
        f"\n{cause}\n"
    ) == (cause)


def test_blanks_that_set_a_table_are_no_words() -> None:
    cause = 'PipelineRun "load" failed to finish within "5m0s" (TaskRun "load-1" failed)'

    assert root_line(f"Timeout:            5m0s\nLabels:\n\n{cause}\n") == cause
