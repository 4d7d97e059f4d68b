"""Fixed words of software that say little: a failure without its cause, or what followed."""

import re2

MOST_MEMORY = 32 << 20
"""Bytes that RE2 may use for one of these; the longest outgrow its own 8 MiB, and get slow."""


def any_of(*patterns: str) -> "re2._Regexp[str]":
    """Match any of these, in any case of their letters."""
    options = re2.Options()
    options.max_mem = MOST_MEMORY
    return re2.compile("(?i)" + "|".join(f"(?:{pattern})" for pattern in patterns), options)


NO_CAUSE = any_of(
    # Databricks and the tools that start its jobs
    r"workload failed, see run output",
    r"^task \S+ failed(?: with message)?[:.]? *(?:this caused all|$)",
    r"this caused all downstream tasks to get skipped\.?$",
    r"^\W*run failed with error message\W*$",
    r"^run result unavailable: job failed with error message\W*$",
    r"databricks execution failed with error state",
    r"see (?:the )?(?:run output|logs?) for (?:more )?(?:details|information)",
    r"\bfailed during \w+\. ?(?:please )?(?:check|view|see) (?:[\w-]+ ){1,4}logs?\b"
    r"(?: for .{1,40})?$",
    r"^failed: ?workflow",
    r"^job run \d+ has failed or has been cancell?ed",
    r"^(?:error: )?failed to reach (?:[A-Z]+(?:,| or)? )+got INTERNAL_ERROR:(?: Task\b|$)",
    r"^(?:notebook )?execution failed\.?$",
    r"\bexecution failed, please follow the given error$",
    # A notebook, while it shows an error
    r"^(?:\w+\.)?structured_traceback\(\) missing 1 required positional argument: 'evalue'",
    # Java, of an error that closing what was written met once more
    r"^self-suppression not permitted$",
    # Waiting for a Python worker that never came
    r"^accept timed out$",
    # Exit codes of one's own making; those of signals say more
    r"(?:command|process|script|subprocess)\b.{0,200}?(?:exited|finished|completed|failed) with "
    r"(?:a )?(?:return |exit |error )?(?:code|status):? (?:\[?exit code )?\d{1,2}[.\])\s]*$",
    r"non-zero exit (?:status|code):? (?:\d{1,2}|1[01]\d|12[0-58])[.\s]*$",
    r"\bstep exited with non-zero status: (?:\d{1,2}|1[01]\d)\b",
    r"^\(gcloud[\w.]*\) build \S+ completed with status",
    r"^(?:error: )?terraform \w+: exit status \d{1,2}$",
    r"^\W*exit (?:code|status):? (?:\d{1,2}|1[01]\d|12[0-7])\b",
    r"^script returned exit code (?:\d{1,2}|1[01]\d|12[0-7])\b",
    # Slurm, of a process that ended and the step that is ended with it
    r"^srun: error: \S+: tasks? [\d,-]+: exited with exit code (?:\d{1,2}|1[01]\d|12[0-7])\b",
    r"^srun: (?:job step aborted: waiting up to|forcing job termination|terminating )",
    # Hive, of a process that ran a part of a statement, and of its metastore's client
    r"^execution failed with exit status: \d+$",
    r"^ended job = \S+ with errors|^error during job, obtaining debugging information",
    r"\bfor direct metastore db connections, we don't support retries at the client level",
    # Databases: an earlier statement failed
    r"^(?:\([\w.]+\) )?current transaction is aborted, commands ignored",
    # Airflow, of a log that it cannot show
    r"^\*+ (?:log file does not exist: |failed to fetch log file from |could not read \w+ logs\b|"
    r"falling back to local log|fetching from: http)",
    r"^could not read (?:served|remote) logs$",
    # Spark
    r"^debug_error_string = ",
    # Kafka Connect, of a task that is ended
    r"^exiting worker(?:sink|source)task due to unrecoverable exception",
    r"^(?:worker(?:sink|source)task\{id=\S+\} )?task threw an uncaught and unrecoverable exception",
    r"^graceful stop of task \S+ failed\b",
    r"^tolerance exceeded in error handler",
    r"^jvm method execution failed: ",
    r"^an error occurred while calling [\w.$]+\.?$",
    r"^job aborted\.?(?: due to stage failure\.?)?$",
    r"\bstage failed because barrier task \w+\(\d+, \d+\) finished unsuccessfully\.?$",
    r"^task failed while writing rows",
    r"^writing job aborted",
    r"^exception thrown in awaitresult:?",
    r"^error while instantiating '",
    r"^an exception was thrown from the python worker",
    r"^aborting (?:task|job)",
    r"^exception in task [\d.]+ in stage",
    r"failed \d+ times; aborting job",
    r"^cannot execute: \S*spark-submit ",
    r"^(?:\[STREAM_FAILED\] )?query (?:\[id.{0,200}?\] )?terminated with (?:error|exception)"
    r"(?:: null)?\W*$",
    r"failed to execute user defined function",
    r"^user class threw exception",
    r"^uncaught exception in (?:main )?thread",
    r"^cannot execute: \W{0,2}spark-submit\b",
    # dbt
    r"^(?:database|runtime|compilation|dependency|parsing|validation|internal|catalog) error"
    r"(?: in .*)?$",
    r"^failure in (?:test|model|snapshot|seed) [^)]*\)?\W*$",
    r"^encountered an error(?: while running operation: [a-z]+ error)?:?$",
    r"^unhandled error while executing",
    r"^completed with \d+ errors?\b",
    # SQLMesh and dltHub
    r"^plan application failed|^pipeline execution failed at (?:`step=|stage )",
    r"^execution failed for node ",
    # pip and Python
    r"^pip's dependency resolver does not currently take",
    r"^(?:error: )?(?:subprocess-exited-with-error|metadata-generation-failed)",
    r"^pip (?:failed|returned an error)$",
    r"^\W*getting requirements to build (?:wheel|editable) did not run successfully\b",
    r"^library installation failed for library due to [\w ]+ for \w+\b.{0,300}$",
    r"^library installation attempted on the driver node of cluster \S+ and failed\b",
    r"^(?:error: )?failed to build '\S+' when getting requirements",
    r"^(?:e: )?sub-process \S+ returned an error code",
    r"this error originates from a subprocess",
    r"^(?:process list\(.*\) exited with code \d+\. +error: )?could not find a version that "
    r"satisfies the requirement",
    r"(?:^|\berror: )command errored out with exit status \d+:\W*$",
    r"numpy\.core\.multiarray failed to import",
    # Resource managers, of the application they started
    r"google cloud dataproc agent reports job failure",
    r"job \[[\w-]+\] failed with error:$",
    r"application_\d+_\d+ finished with failed status",
    r"application_\d+_\d+ failed \d+ times? .{0,60}due to am container for \S+ exited with +"
    r"exitcode: (?:\d{1,2}|1[01]\d|12[0-58]|-1000)\b",
    r"^(?:diagnostics: )?exception from container-launch",
    r"^error details:?$",
    r"^(?:error ?code|failure type|failuretype):? (?:\d+|user (?:error|configuration issue))$",
    r"^error code \d{1,2}$",
    r"^this application failed due to the total number of errors",
    r"job failed during run time with state=\[",
    r"^job failed with status:? ?\d+$",
    r"refer to the documentation on how to address the",
    r"^\W*failing (?:the application|this attempt)\.?(?: ?diagnostics: )?(?:\[[\d :.-]+\])?"
    r"(?:exception from container-launch\.?)?$",
    r"^container exited with a non-zero exit code (?:\d{1,2}|1[01]\d)\. error file: ",
    r"^(?:the )?yarn application has already ended\b",
    r"^for more detailed output, check\b",
    r"^\W*no solution found when resolving dependencies\b",
    r"^error initializing sparkcontext\.?$",
    # R, of the calls that led to the error above; SparkR, of what its JVM failed with
    r"^calls: [\w.<:`$]+.{0,200} -> ",
    r"^error in (?:invokejava|handleerrors)\([^:]*\) ?:$",
    r"^\W*(?:\w+_|final )?(?:state|status)\W{1,4}(?:error|failed|terminated|internal_error)\W*$",
    # Java, below why it did not start
    r"^(?:error: )?could not create the java virtual machine\.?$",
    r"^(?:error: )?a fatal exception has occurred\. program will exit\.?$",
    r"^error occurred during initialization of (?:vm|boot layer)$",
    # Test runners of data
    r"^\d+/\d+ checks (?:failed|warned):?$|^oops! \d+ failures",
    # CloudFormation, of the stack whose resource failed
    r"^the following resource\(s\) failed to (?:create|update|delete|import): \[",
    # Builds
    r"^failed to execute goal .{0,300}: compilation failure\W*$",
    r"^execution failed for task '",
    r"^compilation failed; see the compiler",
    r"^there were failing tests\b|^there are test failures\b",
    r"^build (?:failed|failure)\b",
    # Azure ML, above what the server answered
    r"\bpolling reached non-successful terminal state\b|^error response from server:$",
    # Anybody
    r"^error messages?:?\W*$",
    r"^in user code:$",
    r"^(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten) errors? found$",
    r"\bsee (?:the )?(?:root cause|error|traceback|exception|stack ?trace)s? above\b",
    r"^task failed with exception",
    r"^execution halted\W*$",
    r"^failed to execute job \d+ for task \S+(?: \(cannot execute: |\W*$)",
    r"^root cause \(first observed failure\)",
    r"^failed \(exitcode: (?:\d{1,2}|1[01]\d|12[0-58])\) local_rank: \d",
    r"^\S+\.py failed$",
    r"\berror(?: message)? below:$",
    r"^traceback : to enable traceback see",
    r"returned (?:a )?non[- ]zero (?:return |exit )?(?:code|status)[:.]? *(?:return code = )?"
    r"\d{1,2}\W*$",
    r"^xgboostmodel training failed\W*$",
    r"^error (?:occurred while )?(?:executing|loading|invoking) "
    r"(?:op|step|solid|resource_fn|asset) ",
    r"^error executing (?:resource_fn|config_fn) on \w+ \S+$",
    r"^during multiprocess execution errors occurred in child processes",
    r"^exception encountered at \W?In \[\d+\]\W*$",
    r"^an exception has occurred, use %tb",
    r"sql compilation error:(?: error line \d+ at position \d+)?$",
    r"call getnextexception to see the cause\W*$",
    r"^all (?:the )?\d+ fits failed",
    r"^an? (?:unexpected |unhandled |unknown |internal )?(?:error|exception) "
    r"(?:(?:was|has been|has) )?(?:raised|thrown|occurred|encountered)\b[^:]{0,40}$",
    r"^an unknown error occurred",
    r"^error handling request",
    r"^exception: %s$",
    r"^errors? (?:was|were) encountered while",
    r"^the following (?:error|exception)s?\b",
)
"""A line that only says that something failed."""

OF_AN_END = re2.compile(r"exit|halted|non-zero")
"""Of words that name no cause, those about how a process ended."""
ANNOUNCED = re2.compile(r"(?i)\b(?:run|job) failed with error message\W*$")
"""Of these, those after which Databricks prints what the error says."""
TASK_OF_TENSORFLOW = re2.compile(r"\bFrom /job:\S+/task:\d+:$")
"""On which task of a cluster TensorFlow failed; with what stands below."""

WEAK = any_of(
    r"^failed to read dataset '[^']*'\.?$",
    r"remote server returned an error: \(\d+\)",
    r"remote rpc client disassociated",
    r"not ready within",
    r"^http error \d+$",
    r"lost task [\d.]+ in stage",
    r"^bash command failed",
    r"^container exited with a non-zero exit code \d+\W*$|^killed by external signal$",
    r"^error checking out spec=",
    r"^it looks like a path",
    r"^\W*possible (?:cause|reason)s?\b",  # A guess of who prints it.
    r"\bjava gateway process exited before sending\b|^\[java_gateway_exited\]",
    # sparklyr: what the process printed, below it, says why
    r"\bgateway in .{1,60} did not respond\b|\bsparklyr gateway did not respond\b",
    # Hive's pool of connections, above the exception that the first of them met
    r"\bunable to open a test connection to the given database\b",
    # Hive, of a statement whose task may have printed why
    r"\bfailed: execution error, return code \d+ from [\w.$]+\.?(?: \(state=\w+,code=\d+\))?$",
    r"^usage: ",
    r"^(?:error )?code: \S+$",
    # Packages: what the compiler or the build script printed before says why
    r"^\W*(?:error: )?failed (?:building wheel for|to build installable wheels)",
    r"^could not build wheels for|^compilation failed for package",
)
"""A line that says what happened but hardly why."""

CASCADE = any_of(
    r"sparkcontext (?:was|has been|is) (?:shut ?down|stopped)",
    r"stopped sparkcontext",
    r"cancelled because sparkcontext",
    r"rpcenv already stopped",
    r"spark ?(?:session|context) (?:has )?(?:already )?(?:been )?(?:stopped|shut down)",
    r"broken pipe",
    r"cancelling stage",
    r"closing signal sigterm|received signal (?:15: )?(?:sig)?term",
    r"shutdown hook",
    r"exception while deleting spark temp",
    r"stream is closed|stream closed",
    r"cancelled as part of cancellation|cancelled part of",
    r"task (?:was )?killed|taskkilled|stage cancelled",
    r"could not find coarsegrainedscheduler",
    r"outboxexception|block rpc",
    r"listenerbus has already stopped",
    r"^the error shown above has prevented terraform from",
    r"ignored failure|ignoring (?:this )?(?:error|exception)|exception ignored in",
    r"retrying|will retry",
    r"[,;] (?:(?:skipping|continuing|ignoring|falling back|starting (?:empty|over|fresh|anew))\b"
    r"|(?:us|try)ing (?:the |an? )?(?:defaults?|next|other|another|replica|backup)\b)"
    r"(?: [\w'.-]{1,40}){0,5}\W*$",
)
"""What follows from a failure elsewhere, or is not the last word on it."""
