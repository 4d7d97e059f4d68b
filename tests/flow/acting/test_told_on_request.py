"""What a command tells is the story that the channel has: the cause, who failed, which line."""

from tests.flow.acting.conftest import Desk
from tests.flow.jobs import METASTORE, MODULE, a_failed_run, let_fail

UNKNOWN = "crm.api.QuotaGone: contact list 77 takes no more"
RUN_1 = "1000000"


def test_a_diagnosis_quotes_the_error_and_names_the_tasks(desk: Desk) -> None:
    let_fail(desk.world, a_failed_run(1, 0, METASTORE, METASTORE, MODULE))
    desk.types(f"diagnose {RUN_1}")

    told = desk.told()[-1]
    assert f"```\n{METASTORE}\n```" in told
    assert "*2 tasks:*" in told
    assert {"load_0 and load_1", "load_1 and load_0"} & set(told.replace(" · ", "\n").split("\n"))
    assert f"```\n{MODULE}\n```" in told
    assert "Next: " in told


def test_a_diagnosis_quotes_what_no_rule_knows(desk: Desk) -> None:
    let_fail(desk.world, a_failed_run(1, 0, UNKNOWN))
    desk.types(f"diagnose {RUN_1}")

    assert f"*load_0:* not recognised; the error says:\n```\n{UNKNOWN}" in (desk.told()[-1])


def test_a_quoted_error_cannot_end_its_quoting(desk: Desk) -> None:
    let_fail(desk.world, a_failed_run(1, 0, "odd ``` *bold* <!channel> error of nobody"))
    desk.types(f"diagnose {RUN_1}")

    told = desk.told()[-1]
    assert "```\nodd ''' *bold* &lt;!channel&gt; error of nobody\n```" in told


def test_lists_of_incidents_say_what_broke(desk: Desk) -> None:
    let_fail(desk.world, a_failed_run(1, 0, MODULE), a_failed_run(2, 0, UNKNOWN, UNKNOWN, MODULE))
    desk.types("incidents")
    second, first = desk.told()[-1].splitlines()

    assert "holidays" in first
    assert f": {UNKNOWN}, and 1 more cause" in second
    desk.types("status job_1")
    assert "holidays" in desk.told()[-1].splitlines()[0]


def test_a_number_that_nothing_has_is_said_to_be_no_run(desk: Desk) -> None:
    desk.types("diagnose 999")

    assert "run 999 is unknown" in desk.told()[-1]
    assert "60 days" in desk.told()[-1]
