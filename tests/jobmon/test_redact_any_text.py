"""Whatever a text is: its secrets go, once, in a time that grows with its length only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobmon.redact import NEEDED, given_secrets_replaced, redact
from jobmon.secret_shapes import REDACTED

HEX = "0123456789abcdef0123456789abcdef"


@pytest.mark.timeout(20)  # a time that grows with the square of these lengths is hours
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" * 1_000_000, id="letters"),
        pytest.param("a://" * 250_000, id="urls"),
        pytest.param("token" * 200_000, id="keys"),
        pytest.param("-----BEGIN PRIVATE KEY-----" * 30_000, id="key heads"),
        pytest.param("password=" + "a." * 500_000, id="dotted value"),
        pytest.param("{" * 500_000 + '"' * 500_000, id="quotes"),
        pytest.param("password='" * 100_000, id="quotes without an end"),
        pytest.param("password=\\" * 100_000, id="backslashes"),
        pytest.param("a://b:c/" * 125_000, id="passwords with slashes"),
        pytest.param("jdbc:oracle:x:a/" * 60_000, id="oracle"),
        pytest.param("authorization: a " * 60_000, id="headers"),
        pytest.param("Authorization: Digest a=" + "b,a=" * 250_000, id="parameters"),
        pytest.param("user a identified by " * 50_000, id="sql"),
        pytest.param(" --token" * 125_000, id="flags"),
        pytest.param("<token>a" * 125_000, id="elements"),
        pytest.param("password={a" * 100_000, id="braces"),
        pytest.param("spark.token " * 90_000, id="lines of a configuration"),
        pytest.param("auth=(a, " * 125_000, id="pairs"),
        pytest.param("curl -u a " * 100_000, id="programs"),
        pytest.param("curl -u 'a" * 100_000, id="programs with quotes"),
        pytest.param("cookie: a=b; " * 80_000, id="cookies"),
        pytest.param("docker login -u " * 60_000, id="logins"),
        pytest.param("'docker', 'login', '-p', " * 40_000, id="logins in a list"),
        pytest.param("'curl', '-u', 'a" * 60_000, id="programs in a list"),
        pytest.param("password is " * 90_000, id="sentences"),
        pytest.param(" a:b@c" * 160_000, id="addresses without a scheme"),
        pytest.param("redis-cli -" * 90_000, id="programs with an option"),
        pytest.param('<a key="token" ' * 60_000, id="elements with names"),
        pytest.param('<a key="token">a' * 60_000, id="elements without an end"),
        pytest.param("name=token value " * 60_000, id="names and values"),
        pytest.param("/token=1" * 125_000, id="partitions"),
        pytest.param("master_key=" + "ab1-" * 250_000, id="words of a name"),
        pytest.param("/token=1/a" * 100_000, id="folders behind partitions"),
        pytest.param("aB3+AZDO/x" * 100_000, id="base 64"),
    ],
)
def test_hostile_text_takes_no_longer_than_its_length(text: str) -> None:
    assert redact(text)


PLACES = {
    "dict": "{{'password': '{}'}}",
    "json": '{{"api_key": "{}", "x": 1}}',
    "json in json": r"{{\"token\": \"{}\"}}",
    "cut dict": "{{'DB_PASS': '{}",
    "assignment": "password={} and more",
    "environment": r"b'\nDB_PASS={}\n'",
    "argv": "['x', '--password', '{}']",
    "flag": "x --password {} -v",
    "url": "redis://default:{}@host/0",
    "oracle": "jdbc:oracle:thin:etl/{}@//host",
    "sql": "CREATE USER x WITH PASSWORD '{}'",
    "identified": "alter user x identified by '{}'",
    "bearer": "Authorization: Bearer {}",
    "api key": "{{'Authorization': 'ApiKey {}'}}",
    "no scheme": "authorization={}",
    "pair": "auth=('x', '{}')",
    "element": "<password>{}</password>",
    "setting": "spark.x.password {}\\n",
    "name and value": '{{"name": "token", "value": "{}"}}',
}
"""Where a secret stands; `{}` is the secret."""

PIECES = (
    *(
        "password",
        "'",
        '"',
        "\\",
        "=",
        ": ",
        " ",
        "\n",
        r"\n",
        "[redacted]",
        "--token ",
        "://u:",
        "@",
    ),
    *("/", "Authorization: ", "Basic ", "abcdef12", "with password ", f"dapi{HEX}", "1", "x", ", "),
    *("AKIAIOSFODNN7EXAMPLE", "_", "-----BEGIN PRIVATE KEY-----"),
)


@pytest.mark.parametrize("place", PLACES.values(), ids=list(PLACES))
@given(
    head=st.text(alphabet="abcXYZ", min_size=6, max_size=9),
    tail=st.text(alphabet="abcXYZ0189/+_-.!*~^#", min_size=3, max_size=40),
)
def test_whatever_stands_in_the_place_of_a_secret_is_gone(place: str, head: str, tail: str) -> None:
    secret = f"{head}7{tail}9"

    assert redact(place.format(secret)) == place.format(REDACTED)


@pytest.mark.parametrize(
    "before", ["", "x", "_", r"\n", r"\\n", r"\x0a", "%0A", "\x1b[1m", "é", "="]
)
def test_a_databricks_token_is_gone_whatever_stands_around_it(before: str) -> None:
    assert redact(f"{before}dapi{HEX}{before}") == f"{before}{REDACTED}{before}"


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_redacting_any_text_twice_changes_nothing_more(text: str) -> None:
    once = redact(text)

    assert redact(once) == once


@given(st.text(alphabet="abBdeikorsxyAKI0159-_. []\n\t'\"\u017f\u212a", max_size=80))
def test_what_is_looked_for_only_after_its_mark_is_nowhere_without_one(text: str) -> None:
    if not NEEDED.search(text):
        assert given_secrets_replaced(text) == text
