"""A mail that some of its readers cannot get now: they get it later, and nobody gets it twice."""

from collections import Counter

from tests.support.digests import email_destination
from tests.workers.office import Office, letters, state

NEW, ONCALL = "new@example.com", "oncall@example.com"
BOTH = email_destination(f"{NEW},{ONCALL}")
GREYLISTED = "450 4.7.1 greylisted, try again in 5 minutes"


def readers(office: Office) -> Counter[str]:
    """How many mails each of them got."""
    return Counter(name for mail in office.mailbox.messages for name in mail.recipients)


def work_again(office: Office) -> None:
    office.let_time_pass()
    office.work()


def test_who_is_refused_for_now_gets_the_mail_later_and_the_others_get_it_once(
    office: Office,
) -> None:
    office.mailbox.fail_next("rcpt", GREYLISTED)
    office.put(state(1, BOTH))
    office.work()
    assert readers(office) == {ONCALL: 1}
    office.mailbox.fail_next("rcpt", GREYLISTED, times=2)
    for _ in range(5):
        work_again(office)

    assert readers(office) == {ONCALL: 1, NEW: 1}
    first, second = (mail.message for mail in office.mailbox.messages)
    assert first["Subject"] == second["Subject"]
    assert first["To"] == second["To"]
    assert not letters(office)
    assert office.queue.pulse().mailboxes == 0


def test_who_is_refused_for_now_does_not_hold_the_next_mail_up(office: Office) -> None:
    office.mailbox.fail_next("rcpt", GREYLISTED)
    office.put(state(1, BOTH))
    office.work()
    office.mailbox.fail_next("rcpt", GREYLISTED)
    work_again(office)
    office.put(state(2, BOTH))
    office.work()
    assert readers(office) == {ONCALL: 2, NEW: 1}

    work_again(office)

    assert readers(office) == {ONCALL: 2, NEW: 2}


def test_who_is_refused_for_good_in_the_end_is_a_dead_letter_and_nobody_else_is_told(
    office: Office,
) -> None:
    office.mailbox.fail_next("rcpt", GREYLISTED)
    office.put(state(1, BOTH))
    office.work()
    office.mailbox.fail_next("rcpt", "550 5.1.1 nobody")
    work_again(office)
    work_again(office)

    (reason,) = letters(office).values()
    assert f"{NEW} (550 5.1.1)" in reason
    assert readers(office) == {ONCALL: 1}
    assert not office.texts()


def test_who_is_refused_for_good_at_once_is_a_delivery_error(office: Office) -> None:
    office.mailbox.fail_next("rcpt", "550 5.1.1 nobody")
    office.put(state(1, BOTH))
    office.work()
    work_again(office)

    assert f"not taken for {NEW}: 550 5.1.1" in office.services.store.last_words()["delivery_error"]
    assert readers(office) == {ONCALL: 1}
