"""Secrets are taken out of text, and what only speaks of them stays."""

import pytest

from jobmon.redact import redact
from jobmon.secret_shapes import REDACTED

HEX = "0123456789abcdef0123456789abcdef"
ALNUM = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0"
AWS4 = f"Credential=AKIAIOSFODNN7EXAMPLE/x/s3, SignedHeaders=host;range, Signature={HEX}{HEX}"
DIGEST = f'username="etl", nonce="{HEX}", uri="/a b", response="{HEX}"'

SECRETS = {
    "databricks token": (f"with dapi{HEX} in it", f"dapi{HEX}"),
    "databricks token with suffix": (f"dapi{HEX}-2", f"dapi{HEX}-2"),
    "databricks oauth secret": (f"got dose{HEX}", f"dose{HEX}"),
    "databricks embed token": (f"got dkea{HEX}", f"dkea{HEX}"),
    "github classic": (f"git: ghp_{ALNUM[:36]}", f"ghp_{ALNUM[:36]}"),
    "github oauth": (f"git: gho_{ALNUM[:36]}", f"gho_{ALNUM[:36]}"),
    "github fine-grained": (f"git: github_pat_{ALNUM}", f"github_pat_{ALNUM}"),
    "gitlab": (f"glpat-{ALNUM[:20]}", f"glpat-{ALNUM[:20]}"),
    "slack bot": ("xoxb-123456789012-abcDEF", "xoxb-123456789012-abcDEF"),
    "slack browser": (f"token xoxc-1234-{ALNUM}", f"xoxc-1234-{ALNUM}"),
    "slack hook of a workflow": (f"https://hooks.slack.com/triggers/{ALNUM}", ALNUM),
    "slack hook of a government": (f"https://hooks.slack-gov.com/services/{ALNUM}", ALNUM),
    "azure client secret": (f"key 'k7~8Q~{ALNUM[:34]}'", f"k7~8Q~{ALNUM[:34]}"),
    "slack app": ("xapp-1-A0123-456-abcdef", "xapp-1-A0123-456-abcdef"),
    "aws key id": ("key AKIAIOSFODNN7EXAMPLE used", "AKIAIOSFODNN7EXAMPLE"),
    "aws session key id": ("key ASIAIOSFODNN7EXAMPLE used", "ASIAIOSFODNN7EXAMPLE"),
    "aws secret": ("aws_secret_access_key=wJalrXUtnFEMI/K7MDENG", "wJalrXUtnFEMI/K7MDENG"),
    "s3a secret": ("spark.hadoop.fs.s3a.secret.key=wJal/x", "wJal/x"),
    "openai": (f"sk-{ALNUM}", f"sk-{ALNUM}"),
    "anthropic": (f"sk-ant-api03-{ALNUM}", f"sk-ant-api03-{ALNUM}"),
    "google api key": ("AIza" + ALNUM[:35], "AIza" + ALNUM[:35]),
    "google access token": (f"ya29.{ALNUM}", f"ya29.{ALNUM}"),
    "jwt": (f"eyJhbGciOiJI.{ALNUM}.{ALNUM}", f"eyJhbGciOiJI.{ALNUM}.{ALNUM}"),
    "npm": (f"npm_{ALNUM[:36]}", f"npm_{ALNUM[:36]}"),
    "hugging face": (f"hf_{ALNUM[:34]}", f"hf_{ALNUM[:34]}"),
    "azure storage": ("AccountName=a;AccountKey=aB3+/x==;Endpoint=z", "aB3+/x=="),
    "azure account key conf": ("fs.azure.account.key.a.dfs.core.windows.net=aB3x==", "aB3x=="),
    "service bus": ("Endpoint=sb://a/;SharedAccessKey=aB3x=", "aB3x="),
    "sas": ("https://a.blob/c?sv=2024&sig=aB3%2Fx%3D&se=1", "aB3%2Fx%3D"),
    "pre-signed": ("https://s3/x?X-Amz-Signature=abc123def&x=1", "abc123def"),
    "pre-signed credential": ("https://s3/x?X-Amz-Credential=AKx%2F2026&x=1", "AKx%2F2026"),
    "url password": ("postgresql://etl:pa55w0rd@db:5432/crm", "pa55w0rd"),
    "url password with at": ("mongodb+srv://u:p@ss@host/db", "p@ss"),
    "jdbc semicolon": ("jdbc:sqlserver://h:1433;user=u;password=hunter2;x=1", "hunter2"),
    "jdbc pwd": ("jdbc:databricks://h:443;UID=token;PWD=hunter2", "hunter2"),
    "jdbc query": ("jdbc:postgresql://h/db?user=u&password=hunter2", "hunter2"),
    "bearer": ("Authorization: Bearer abcdef0123456789", "abcdef0123456789"),
    "basic": ("'Authorization': 'Basic dXNlcjpwYXNz'", "dXNlcjpwYXNz"),
    "bare bearer": ("-H bearer abcdef0123456789ab", "abcdef0123456789ab"),
    "environment": ("DB_PASSWORD=hunter2 python x.py", "hunter2"),
    "python keyword": ('connect(host="h", password="hunter2")', "hunter2"),
    "json": ('{"client_secret": "ab cd", "x": 1}', "ab cd"),
    "json in json": (r"{\"password\": \"hunter2\"}", "hunter2"),
    "dict repr": ("{'api_key': 'k1', 'x': 2}", "k1"),
    "after a row of partitions": ("/token=2026/password=hunter2", "hunter2"),
    "after a word with no value": ("verify: no\npassword: hunter2", "hunter2"),
    "after a parser's name": ("unexpected token: password: hunter2", "hunter2"),
    "in what a parser quotes": ("unexpected token: 'a password=b", "a password=b"),
    "of a vault": ("client_secret: prod/db1 not found", "prod/db1"),
    "jdbc password with slash": ("jdbc:x://h; UID=u; PWD=/hunter/2", "/hunter/2"),
    "code of a sign-in": ("https://a/cb?code=SplxlOBeZQQYbYS6WxSbIA&x=1", "SplxlOBeZQQYbYS6WxSbIA"),
    "yaml": ("password: hunter2", "hunter2"),
    "flag": ("mysql --password hunter2 -h db", "hunter2"),
    "assignment in code": ('token = "abc"', "abc"),
    "slack hook": (f"https://hooks.slack.com/services/T0/B0/{ALNUM}", f"T0/B0/{ALNUM}"),
    "header api key": ("{'Authorization': 'ApiKey 7f3kQ9xZ2mL8pR4t'}", "7f3kQ9xZ2mL8pR4t"),
    "header negotiate": ("Authorization: Negotiate YIIJvwYGKwYBBQU", "YIIJvwYGKwYBBQU"),
    "header splunk": ("-H 'Authorization: Splunk 7f3k-Q9xZ-2mL8'", "7f3k-Q9xZ-2mL8"),
    "header of no scheme": ("Authorization: 7f3kQ9xZ2mL8pR4t", "7f3kQ9xZ2mL8pR4t"),
    "header of an own scheme": ("Authorization: Quay-7 9xZ2mL8pR4t", "Quay-7 9xZ2mL8pR4t"),
    "header in a list": ("(b'authorization', b'Bearer 7f3kQ9')", "7f3kQ9"),
    "header after an escape": (r"'POST /\nAuthorization: Bearer 7f3kQ9\n'", "7f3kQ9"),
    "bearer after an escape": (r"'\tBearer 7f3kQ9xZ2mL8pR4t'", "7f3kQ9xZ2mL8pR4t"),
    "header aws": (f"Authorization: AWS4-HMAC-SHA256 {AWS4}", AWS4),
    "header digest": (f"Authorization: Digest {DIGEST}", DIGEST),
    "signature": (f"SignedHeaders=host, Signature={HEX}{HEX}", HEX + HEX),
    "after an escaped line end": (rf"stdout='\ndapi{HEX}\n'", f"dapi{HEX}"),
    "key id after an escape": (r"b'\nAKIAIOSFODNN7EXAMPLE\n'", "AKIAIOSFODNN7EXAMPLE"),
    "jwt after an escape": (rf"'\teyJhbGciOiJI.{ALNUM}.{ALNUM}'", f"eyJhbGciOiJI.{ALNUM}.{ALNUM}"),
    "openai after an escape": (rf"'\x1b[0m\u00e4sk-{ALNUM}'", f"sk-{ALNUM}"),
    "in colours": ("\x1b[31mAKIAIOSFODNN7EXAMPLE\x1b[0m", "AKIAIOSFODNN7EXAMPLE"),
    "after an underscore": (f"token_dapi{HEX}", f"dapi{HEX}"),
    "in a query, escaped": (f"q=a%20dapi{HEX}&x=1", f"dapi{HEX}"),
    "cut in quotes": ('connect: password="Tr0ub4dor3xyz', "Tr0ub4dor3xyz"),
    "cut in a dict": ("{'password': 'Tr0ub4dor3xyz and then", "Tr0ub4dor3xyz and then"),
    "cut in json in json": (r"{\"password\": \"Tr0ub4 dor3", "Tr0ub4 dor3"),
    "words in json in json": (r"{\"password\": \"ab cd\", \"x\": 1}", "ab cd"),
    "quote in json in json": (r"{\"password\": \"ab\\\"cd\", \"x\": 1}", r"ab\\\"cd"),
    "bytes": ("{'password': b'Tr0ub4dor3'}", "Tr0ub4dor3"),
    "backslash": (r"password=Tr0ub\4dor3", r"Tr0ub\4dor3"),
    "pass": ("DB_PASS=Tr0ub4dor3xyz", "Tr0ub4dor3xyz"),
    "pass in a dict": ("{'DB_PASS': 'Tr0ub4dor3xyz'}", "Tr0ub4dor3xyz"),
    "names in a row": ("token: password: Tr0ub4dor3xyz", "Tr0ub4dor3xyz"),
    "pass in yaml": ("db_pass: Tr0ub4dor3xyz", "Tr0ub4dor3xyz"),
    "environment of a server": ("HTTP_AUTHORIZATION=Bearer 7f3kQ9", "7f3kQ9"),
    "pass in a query": ("?user=u&pass=Tr0ub4dor3xyz", "Tr0ub4dor3xyz"),
    "oracle jdbc": ("jdbc:oracle:thin:etl_user/Tr0ub4dor3@//ora:1521/x", "Tr0ub4dor3"),
    "oracle jdbc with slash": ("jdbc:oracle:thin:etl/Tr0ub/4@(DESCRIPTION=(x))", "Tr0ub/4"),
    "argv": ("['mysql', '--password', 'Tr0ub4dor3xyz']", "Tr0ub4dor3xyz"),
    "argv in json": (r"{\"args\": [\"--api-key\", \"Tr0ub 4dor3\"]}", "Tr0ub 4dor3"),
    "spark option": ('.option("user", "etl").option("password", "Tr0ub4dor3")', "Tr0ub4dor3"),
    "spark option of a vendor": (".option('sfPassword', 'Tr0ub4dor3')", "Tr0ub4dor3"),
    "spark option escaped": (r'"x.option(\"password\", \"Tr0ub4dor3\")"', "Tr0ub4dor3"),
    "spark conf": (
        'spark.conf.set("fs.azure.account.key.a.dfs.core.windows.net", "aB3+/x==")',
        "aB3+/x==",
    ),
    "spark conf oauth": (
        "spark.conf.set('fs.azure.account.oauth2.client.secret.a.dfs.core.windows.net', 'x8Q~y')",
        "x8Q~y",
    ),
    "spark conf s3": ("spark.conf.set('fs.s3a.secret.key', 'wJal/x')", "wJal/x"),
    "flag with quotes": ("mysql --password 'Tr0ub 4dor3' -h db", "Tr0ub 4dor3"),
    "url password with slash": ("redis://default:Tr0ub4dor3/xyz@h:6379/0", "Tr0ub4dor3/xyz"),
    "url number with slash": ("redis://default:12345678/9@h:6379/0", "12345678/9"),
    "sql with password": ("CREATE USER etl WITH PASSWORD 'it''s me' VALID", "it''s me"),
    "sql password of a role": ("alter role etl password 'Tr0ub4dor3'", "Tr0ub4dor3"),
    "sql identified by": ("GRANT ALL ON *.* TO 'u'@'%' IDENTIFIED BY 'Tr0ub4dor3'", "Tr0ub4dor3"),
    "sql identified with": (
        "create user u identified with mysql_native_password by 'Tr0ub4dor3'",
        "Tr0ub4dor3",
    ),
    "sql bare": ("ALTER USER etl IDENTIFIED BY Tr0ub4dor3;", "Tr0ub4dor3"),
    "sql escaped": (r"execute('ALTER USER etl WITH PASSWORD \'Tr0ub4\'')", "Tr0ub4"),
}

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
    "PWD=/databricks/driver OLDPWD=/root HOME=/root",
    "pwd: /Workspace/Users/etl@example.com/load",
    "https://api.example.com/error?code=404&x=1",
    "https://api.example.com/error?code=ERR_12",
    "api_key=${API_KEY}",
    "url: https://example.com:8080/a?email=a@example.com",
    "Bearer authentication failed",
    "File /Workspace/ml/token/secret.py, line 3",
    "com.databricks.SecretKey: not found",
    "/Volumes/prod/landing/passwords/file.csv",
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


PRIVATE_KEYS = {
    "whole": f"-----BEGIN RSA PRIVATE KEY-----\n{HEX}\nab=\n-----END RSA PRIVATE KEY-----",
    "with headers": (
        f"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: x\n\n{HEX}\n"
        "-----END RSA PRIVATE KEY-----"
    ),
    "cut off": f"-----BEGIN PRIVATE KEY-----\n{HEX}\n{HEX}\n",
    "escaped": rf'"-----BEGIN PRIVATE KEY-----\n{HEX}\nab\n-----END PRIVATE KEY-----\n"',
}


@pytest.mark.parametrize(("text", "secret"), SECRETS.values(), ids=list(SECRETS))
def test_a_secret_is_replaced_and_nothing_else(text: str, secret: str) -> None:
    assert redact(text) == text.replace(secret, REDACTED)


@pytest.mark.parametrize("text", PRIVATE_KEYS.values(), ids=list(PRIVATE_KEYS))
def test_a_private_key_is_replaced(text: str) -> None:
    assert HEX not in redact(text)
    assert "PRIVATE KEY-----[redacted]" in redact(text)


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


def test_text_around_a_private_key_stays() -> None:
    text = "read\n-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\nthen failed"

    assert redact(text).startswith("read\n")
    assert redact(text).endswith("\nthen failed")
