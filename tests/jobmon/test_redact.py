"""Secrets are taken out of text, and what only speaks of them stays."""

import pytest

from jobmon.redact import redact
from jobmon.secret_shapes import REDACTED
from tests.jobmon.secrets_in_text import HEX, PRIVATE_KEYS, SECRETS

ORDINARY = (
    "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
    "task sk-learn-training-pipeline-nightly failed",
    "run 884213907455120 of job 620417733102851",
    "123e4567-e89b-12d3-a456-426614174000",
    "fingerprint 5f4dcc3b5aa765d61d8327deb882cf99",
    "org.apache.spark.sql.catalyst.parser.ParseException",
    "unexpected token 'FROM'",
    "Unexpected token: FROM",
    "SyntaxError: Unexpected token < in JSON at position 0",
    "unexpected token: ')' at line 3",
    "Unexpected token: ident123 at 3",
    "if token == '(':",
    "mismatched input 'SELCT' expecting {'(', 'SELECT'}",
    "tokenizer=bert-base-uncased, max_tokens=4096",
    "[UNRESOLVED_COLUMN] A column with name `password_hash` cannot be resolved",
    "SELECT password, secret FROM users WHERE a.token = b.token",
    "struct<password:string,token:string>",
    "secret scope prod-ml does not exist",
    "Secret does not exist with scope: prod-ml and key: salesforce-api",
    'key = dbutils.secrets.get(scope="prod-ml", key="salesforce-api")',
    "password = dbutils.secrets.get(scope, name)",
    "connect(user=user, password=password)",
    "connect(token=self._token)",
    "password=os.environ['DB_PASSWORD']",
    "KeyError: 'token'",
    '"invalid password": AuthenticationError,',
    'headers = {"Authorization": "Bearer {}".format(token)}',
    "> * Authorization: REDACTED",
    "password=None, token=null",
    "f'jdbc:sqlserver://{host};user={user};password={password}'",
    "password={cfg['pw']} token={} secret={0}",
    "password {{secrets/prod-ml/crm}}",
    "abfss://bronze-2026-prod-eu1@account.dfs.core.windows.net/x",
    "https://etl@example.com/x",
    "WHERE x IN ('password', 'email')",
    "('token', 'string')",
    "KeyError: ('token', 'col_2026_x')",
    "spark.x.secret.key is missing",
    "No value for spark.ssl.keyPassword found",
    "neither fs.s3a.access.key nor fs.s3a.secret.key provided",
    "Unset: fs.azure.account.key.x.dfs.core.windows.net",
    "spark.hadoop.fs.s3a.secret.key {{secrets/aws/key}}",
    "No credentials: neither fs.s3a.access.key and fs.s3a.secret.key nor a role",
    "mysql --user <user> --password <password> and then",
    "struct<token:string></token>",
    '[{"name": "password", "type": "string"}]',
    "file_pat=*.csv date_pat='%Y-%m-%d' routing_key=orders.created master_key=4711",
    "routing_key=orders-created-v2-2026-eu-west",
    "master_key=customer_master_2026_v2",
    "partition_pat=year2026_month11_day27",
    "file_pat=part-0000-abcdef-2026.csv",
    "docker login -u x --password-stdin; mkdir -p /tmp/x",
    "docker login host && docker run -p 8080:80 image",
    "docker login -u x -p $TOKEN",
    "docker login -u x example-p 1",
    "['docker', 'login', '-u', 'x'] ['docker', 'run', '-p', '8080:80']",
    "['docker', 'login', '-u', 'x', '--password-stdin']",
    "['docker', 'login', '-p', '$TOKEN']",
    "['mysql', '-p', 'db']",
    "['curl', '-u', 'admin', 'https://x']",
    "redis-cli -h db -p 6380 --no-auth-warning ping",
    "redis-cli -h db-a ping",
    '<row><field name="token"/>1</row>',
    '<field name="token" type="text"></field>',
    "docker run -u 1000:1000 image",
    "sqoop import --connect jdbc:mysql://h/db -P -parallel 4",
    "cookies: disabled; cookie = None",
    "gsk_clinical_trials_2026_11_27_nightly",
    "xai-explain-orders-nightly-2026-11-27",
    "Access denied for user 'etl'@'10.0.0.4' (using password: YES)",
    "Token is required (`token=True`), but no token found",
    "no token: AADSTS65001: The user has not consented",
    "ORA login with password: ORA-01017: invalid username",
    "Secret: prod-ml/crm-db not found",
    "can't find the specified secret: prod/db1",
    "secret: 'db-pass1' was not found in this key vault",
    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:ETL_KEY-a1 is scheduled for deletion",
    "s3://lake/orders/token=2026-11/part-0.parquet",
    "dbfs:/mnt/x/secret=1/token=2/",
    "abfss://x@y.example.com/token=2026/day=3/_SUCCESS",
    "PWD=/databricks/driver OLDPWD=/root HOME=/root",
    "export PWD='/local_disk0/x-1'",
    "pwd: /Workspace/Users/etl@example.com/load",
    "https://api.example.com/error?code=404&x=1",
    "https://api.example.com/error?code=ERR_12",
    "api_key=${API_KEY}",
    "url: https://example.com:8080/a?email=a@example.com",
    "Bearer authentication failed",
    "File /Workspace/ml/token/secret.py, line 3",
    "com.databricks.SecretKey: not found",
    "/Volumes/prod/landing/passwords/file.csv",
    "Passwort: falsch",
    "Passwort: nicht gesetzt",
    "Kennwort: ist abgelaufen.",
    "Passwort: ungültig",
    "PASSWORT: UNGÜLTIG",
    "Passwort: fehlt",
    'FATAL: password authentication failed for user "etl"',
    "KeyError: 'password'",
    "Error: Missing option '--password'.",
    "missing option password",
    "error: argument --password: expected one argument",
    "mysql: option '--password' requires an argument",
    "['SELECT', 'password', 'token']",
    'df.select("user", "password", "email").withColumnRenamed("token", "token_hash")',
    'row.get("token", "none given")',
    'spark.conf.set("fs.s3a.secret.key", key)',
    '.option("password", "${PASSWORD}").option("header", "true")',
    "('spark.hadoop.db.password', '')",
    "the password is required; the access token is expired",
    "Password is SHA256 hashed, the api key is base64-encoded",
    "the password is short_words_2026, of 1a2b",
    "password is at least 8 characters; password was 12",
    "permission denied for user:jane7@example.com",
    "owner:jane@example.com:cannot read",
    "python:3.11-slim@sha256:9f86d081884c7d65",
    "user:$PASS@db7:5432 user:<password>@db7:5432 etl:{pw}@db7:5432",
    "spark://CoarseGrainedScheduler@10.0.0.4:38215",
    "at load:12@10.0.0.4:38215",
    "CREATE USER etl PASSWORD ''",
    "user=etl&password=''",
    "<password>none</password>",
    "https://nightly-orders-reader@example.com/x",
    "Authorization: Retry ab3defg",
    "Authorization: Retry 12345678901",
    "Authorization: Retry without-a-digit",
    "Authorization: Retry " + "abcdefghijklmnopqrstuvw",
    "Authorization: Retry abcdef1",
    "spark.x.secret.key ab3defg below, spark.x.secret.key without-digit below",
    "('password', 'abcdef1') ('password', 'abcdefgh')",
    "the password is abc12",
    "['cmd', '--password', '--verbose']",
    'url = base + "?token=" + token',
    'raise ValueError("no password: ")',
    "42 pass, 3 fail; pass: 42 fail: 3; first_pass=2",
    "bypass=on compass=north",
    "Pass: the next level; forward_pass: done",
    "rows identified by 'id' and by key_2",
    "cannot log in with password",
    "https://example.com:8080/orders/a@example.com",
    "mongodb://h1:27017,h2:27017/db?owner=a@example.com",
    "https://{host}:{port}/orders/a@example.com",
    "s3a://landing/2026/a@b/file.csv",
    "jdbc:oracle:thin:@//ora-1.example.com:1521/CRM",
    "Authorization: REDACTED 2026-11-27T06:48:45",
    "model signature: inputs: ['a': double]",
    "weighsk-learn disk-usage-report-nightly-2026",
    r"C:\\new\\task\\report.csv",
)


@pytest.mark.parametrize(("text", "secret"), SECRETS.values(), ids=list(SECRETS))
def test_a_secret_is_replaced_and_nothing_else(text: str, secret: str) -> None:
    assert redact(text) == text.replace(secret, REDACTED)


@pytest.mark.parametrize("text", PRIVATE_KEYS.values(), ids=list(PRIVATE_KEYS))
def test_a_private_key_is_replaced(text: str) -> None:
    assert HEX not in redact(text)
    assert "-----[redacted]" in redact(text)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize("text", [*PRIVATE_KEYS.values(), *(text for text, _ in SECRETS.values())])
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    once = redact(text)

    assert redact(once) == once


def test_only_the_password_of_a_jdbc_url_is_replaced() -> None:
    url = "jdbc:sqlserver://db:1433;user=etl;password=hunter2;encrypt=true"

    assert redact(url) == "jdbc:sqlserver://db:1433;user=etl;password=[redacted];encrypt=true"


def test_what_is_redacted_in_a_header_hides_nothing_around_it() -> None:
    text = "authorization: url https://etl:hunter2@db7.example.com/x refused"

    assert redact(text) == text.replace("hunter2", REDACTED)


def test_the_name_of_a_secret_may_begin_where_another_secret_ends() -> None:
    assert redact(f"dapi{HEX}pass=hunter2") == f"{REDACTED}pass={REDACTED}"


def test_half_a_character_hides_no_secret() -> None:
    assert redact("\ud83d password=hunter2") == f"? password={REDACTED}"


def test_text_around_a_private_key_stays() -> None:
    text = "read\n-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\nthen failed"

    assert redact(text).startswith("read\n")
    assert redact(text).endswith("\nthen failed")
