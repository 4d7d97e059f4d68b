"""Hosts that software prints around fixed words, or that their form tells."""

import pytest

from tests.rules.the_finding import the_finding


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("EsError: Node [10.0.0.4:9200] failed (Connection refused)", "10.0.0.4"),
        ("SparkException: Exception failure in TID 4 on host etl-9: / by zero", "etl-9"),
        ("MySQLError: Host 'etl-7' is blocked because of many connections", "etl-7"),
        ("Error: the connection to the host sqlbox, port 1433 has failed", "sqlbox"),
        ("Error: dial tcp: lookup vault.acme on 10.0.0.2:53: no such host", "vault.acme"),
        ("Error: dial tcp 10.9.8.7:443: connect: connection refused", "10.9.8.7"),
        ('OperationalError: could not translate host name "pg-main" to address', "pg-main"),
        ('OperationalError: connection to server at "pg.acme", port 5432 failed', "pg.acme"),
        ("OperationalError: Can't connect to MySQL server on 'maria' (111)", "maria"),
        ("Error: ssh: Could not resolve hostname 'gitbox': Name unknown", "gitbox"),
        ("Error: curl: (7) Failed to connect to nexus port 8081: refused", "nexus"),
        ("HttpError: Connect to repo.acme:443 [repo.acme/10.0.0.1] failed", "repo.acme"),
        ("KafkaError: Connection to node -1 (kafka-0/10.0.0.9:9092) failed", "kafka-0"),
        ("KafkaError: Bootstrap broker kafka-1:9092 (id: -1) disconnected", "kafka-1"),
        ("KafkaError: FAIL [thrd:kafka-2:9092/bootstrap]: timed out", "kafka-2"),
        ("MongoError: servers: [<ServerDescription ('mongo', 27017) Unknown>]", "mongo"),
        ("AutoReconnectError: AutoReconnect: mongo-1:27017: closed", "mongo-1"),
        ('MongoError: { "serverUsed" : "mongo-2:27017" , "ok" : 0.0 }', "mongo-2"),
        ("ConnectionError: Error 111 connecting to cache:6379. Refused.", "cache"),
        ("OSError: db.acme: Temporary failure in name resolution", "db.acme"),
        ('Error: Connect timeout on endpoint URL: "https://sts.acme/"', "sts.acme"),
        ("Exception: Operation timed out: box.acme/10.0.0.5:49801", "box.acme"),
        ("Exception: bucket.acme:443 failed to respond", "bucket.acme"),
        ("Exception: could not open thrift://metastore:9083", "metastore"),
        ("Exception: bad login at redis://user:secret@cache-1:6379/0", "cache-1"),
        ("Exception: jdbc:oracle:thin:@ora.acme:1521/x refused", "ora.acme"),
        ("MailError: Couldn't connect to host, port: smtp.acme, 587; timeout 15", "smtp.acme"),
        ("SdkException: Unable to execute HTTP request: gw.acme.example", "gw.acme.example"),
        ("SQLException: Could not connect to address=(host=db.acme)(port=3306)", "db.acme"),
        ("OperationalError: could not connect: host=pg.acme port=5432", "pg.acme"),
        ('SqlError: OLE DB provider for linked server "ORDERS7" timed out', "ORDERS7"),
        ("Exception: no answer from 10.4.5.6:8020", "10.4.5.6"),
        ("SSLError: certificate is not valid for 'api.acme.example'.", "api.acme.example"),
        ("SSLError: hostname 'api.acme' doesn't match 'b.acme'", "api.acme"),
        ("slurmError: *** JOB 42210 ON node07 CANCELLED AT 2", "node07"),
        ("Error: cannot pull image from hub.acme.example/etl:1", "hub.acme.example"),
        (
            "Exception: NoHostAvailable: ('None', {'10.1.2.7': ConnectionRefusedError(111)})",
            "10.1.2.7",
        ),
        ("OperationalError: 254007: revoked: hostname=stage.acme.example", "stage.acme.example"),
        ("srun: error: node12: task 8: Exception", "node12"),
        ('FATAL Error: no pg_hba.conf entry for host "10.4.4.9", user "a"', "10.4.4.9"),
        ("RayError: its owner died. Owner Ip address: 10.0.0.8", "10.0.0.8"),
        ("Error: no gateway at sparkly://gate:880", "gate"),
        (
            "AzureException: No credentials for account lake7.blob.core.windows.net in it",
            "lake7.blob.core.windows.net",
        ),
        ('ReadError: Read timeout on endpoint URL: "http://fn.acme:4566/a"', "fn.acme"),
        ("gitError: could not read Username for 'https://git.acme.example'", "git.acme.example"),
        ("Exception: no answer from reports.acme.example:8443", "reports.acme.example"),
    ],
)
def test_a_host_is_found(text: str, host: str) -> None:
    assert dict(the_finding(text).entities).get("host") == host


@pytest.mark.parametrize(
    "text",
    [
        "Error: you have no quota left. Contact https://aws.acme.example/contact-us",
        "Error: it is not listed on 'https://hub.acme.example/models'",
        "Error: see https://sqlalche.me/e/14/e3q8",
        "Error: at etl.jobs.load.py:143",
    ],
)
def test_a_link_or_a_source_file_is_no_host(text: str) -> None:
    assert "host" not in dict(the_finding(text).entities)
