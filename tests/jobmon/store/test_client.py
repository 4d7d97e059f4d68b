"""What a client does when the server behind its address is another one by now."""

import pytest

from jobmon.store.client import Client, Profile, ServerIsReplica, connect


def test_a_connection_to_a_server_that_became_a_replica_is_left(
    client: Client, redis_url: str
) -> None:
    web = connect(redis_url, Profile.WEB)
    before = web.client_id()
    client.replicaof("127.0.0.1", "1")
    try:
        with pytest.raises(ServerIsReplica):
            web.set("a", "b")
        after = web.client_id()
    finally:
        client.replicaof("no", "one")
        web.close()

    assert after != before
