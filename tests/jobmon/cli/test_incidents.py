"""`jobmon incidents` lists what is open, and what broke."""

from click.testing import CliRunner

from jobmon.cli import main
from jobmon.ports.queue import Transaction
from jobmon.store.client import Client
from jobmon.store.redis_store import RedisStore
from tests.support.digests import a_digest


def test_each_incident_is_one_line_with_its_cause(client: Client, redis_url: str) -> None:
    digest = a_digest()
    store = RedisStore(client)

    def body(tx: Transaction) -> None:
        store.save_incident(tx, digest.incident)
        store.save_digest(tx, digest)

    store.transact([], body)
    result = CliRunner().invoke(main, ["incidents"], env={"REDIS_URL": redis_url})

    (line,) = result.output.splitlines()
    assert line.startswith(digest.incident.incident_id)
    finding = digest.diagnosis.groups[0].diagnosis.finding
    assert finding is not None
    assert finding.summary.rstrip(".") in line
