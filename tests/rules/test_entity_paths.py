"""Paths that software prints around fixed words, or that their form tells."""

import pytest

from rules.engine import classify
from rules.ruleset import RuleSet
from tests.rules.builders import a_failure, a_rule, when
from tests.rules.the_finding import the_finding


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("Error: NotFound. FileSystem: 'raw'. Path: 'sales/day.parquet'.", "sales/day.parquet"),
        ("DataSetError: no data (filepath=data/walrus.xlsx, args={})", "data/walrus.xlsx"),
        ("PathError: raw/history/day.zst is not a valid hdfs path", "raw/history/day.zst"),
        ("ReadException: Error while reading file file:/tmp/a/p.parquet.", "file:/tmp/a/p.parquet"),
        ("Error: folder 'input/2024' does not exist", "input/2024"),
        ("Error: cannot open file 'conf/job.yml'", "conf/job.yml"),
        ("Error: conf/job.yml was not found", "conf/job.yml"),
        ("Error: file:/tmp/a/b.json does not exist", "file:/tmp/a/b.json"),
        ("Error: nothing was read from adl://lake.acme/raw/x", "adl://lake.acme/raw/x"),
        ("Error: nothing was read from /Workspace/Shared/etl/conf", "/Workspace/Shared/etl/conf"),
        ("Error: failed handling POST to /api/2.0/jobs/create.", "/api/2.0/jobs/create"),
        ("Error: dial unix /var/run/docker.sock: connect", "/var/run/docker.sock"),
        ("URIError: Illegal character in path at index 4: dist/{x}.whl", "dist/{x}.whl"),
        ("URIError: Relative path in absolute URI: file:fuse:/a/b.sh", "file:fuse:/a/b.sh"),
        ("Error: nothing was read from C:\\etl\\conf.ini", "C:\\etl\\conf.ini"),
        (r'{"id": 7, "said": "Error: no conf at C:\\new\\conf.ini"}', r"C:\new\conf.ini"),
        (r'"said": "Error: no conf at C:\\new\\conf.ini",', r"C:\new\conf.ini"),
        (
            r'400 {"errorCode": "X_Y", "message": "no conf at C:\\new\\t.ini"}: Error',
            r"C:\new\t.ini",
        ),
        ("Error: /etl/dist/*.whl: no matching files", "/etl/dist/*.whl"),
        (
            "Error: Retrying after connection broken by 'OSError(1)': /api/2.0/a/list",
            "/api/2.0/a/list",
        ),
        (
            "Error: Max retries exceeded with url: /api/2.0/mlflow/a/b (Caused",
            "/api/2.0/mlflow/a/b",
        ),
        ('Error: unable to start container process: exec: "/usr/x.sh"', "/usr/x.sh"),
        ('Error: could not extend file "base/5/180" with FileFallocate()', "base/5/180"),
        ("Error: Message=Upload file failed at path out/West/a.csv.,", "out/West/a.csv"),
        ("Error: Failed to upload ./day.parquet to GCS: late", "./day.parquet"),
        ("Error: Failed to run user code from /model/model.py. No", "/model/model.py"),
        (
            "Error: no balancer - /subscriptions/7a/resourceGroups/rg-x/y",
            "/subscriptions/7a/resourceGroups/rg-x/y",
        ),
        ("Error: it wants a volume, but the URI is '/etl/lib'", "/etl/lib"),
        ("PermissionError: Opening HDFS file '/etl/a.txt' failed", "/etl/a.txt"),
        ("Error: could not download artifacts from s3://b: {'m/model.pkl': 'x'}", "m/model.pkl"),
        (
            "Error: no id '/local_disk0/run/2024-04-14T15:45:50' is",
            "/local_disk0/run/2024-04-14T15:45:50",
        ),
        ("Error: open dist/tides.pex: no such file or directory", "dist/tides.pex"),
        ("FileNotFoundError: features/joined.parquet", "features/joined.parquet"),
        ("OSError: [Errno 28] No space left on device: '/etl/out.txt'", "/etl/out.txt"),
        ("Exception: File `'..shared/globals.py'` not found.", "..shared/globals.py"),
        ("MlflowException: got unsupported URI './mlruns' for it", "./mlruns"),
        ('ScannerError: no mapping here\n  in "conf/job.yml", line 3', "conf/job.yml"),
        ('rsyncError: mkdir "/inbound" failed: Permission denied (13)', "/inbound"),
        ("CommandException: No URLs matched: out/part-*.csv", "out/part-*.csv"),
        ("CatBoostError: Model file doesn't exist: /models/v3.cbm", "/models/v3.cbm"),
        ('IOError: Could not write file "tmp/spill.db": full', "tmp/spill.db"),
        ("Error: files that were deleted (for example day/p.parquet in it)", "day/p.parquet"),
        ("Exception: a directory does not exist: C:\\hadoop-3.2\\bin -see", "C:\\hadoop-3.2\\bin"),
        ("LeaseError: Lease mismatch on /user/app/a.xml owned by", "/user/app/a.xml"),
        ("InternalError: The service at /api/2.1/jobs/get?x=1 is away", "/api/2.1/jobs/get"),
    ],
)
def test_a_path_is_found(text: str, path: str) -> None:
    assert dict(the_finding(text).entities).get("path") == path


@pytest.mark.parametrize(
    "text",
    [
        'Error: in File "/Workspace/etl/load.py", line 4',
        "Error: cannot import it from /opt/env/lib/python3.11/site-packages/acme/core.so",
        "Error: /home/x/src/main/scala/Load.scala is wrong",
        "Error: Access Denied in write at /opt/quill/lib/outputs/s3.rb:158",
    ],
)
def test_the_place_of_code_is_no_path_at_fault(text: str) -> None:
    assert "path" not in dict(the_finding(text).entities)


def test_a_path_keeps_the_scheme_that_the_text_gives_it() -> None:
    rule = a_rule("PY900", when("message", regex=r"read dbfs:(?P<path>/\S+)"))

    finding = classify(a_failure("OSError: read dbfs:/libs/a.whl"), RuleSet([rule])).finding

    assert finding is not None
    assert dict(finding.entities)["path"] == "dbfs:/libs/a.whl"
