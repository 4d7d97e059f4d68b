"""Fixed words of software that say what a line is worth when looking for a cause."""

import re2


def _any(*patterns: str) -> "re2._Regexp[str]":
    return re2.compile("(?i)" + "|".join(f"(?:{pattern})" for pattern in patterns))


NO_CAUSE = _any(
    # Databricks and the tools that start its jobs
    r"workload failed, see run output",
    r"^task \S+ failed(?: with message)?[:.]? *(?:this caused all|$)",
    r"this caused all downstream tasks to get skipped\.?$",
    r"^\W*run failed with error message\W*$",
    r"^run result unavailable: job failed with error message\W*$",
    r"databricks execution failed with error state",
    r"see (?:the )?(?:run output|logs?) for (?:more )?(?:details|information)",
    r"^failed: ?workflow",
    r"^job run \d+ has failed or has been cancell?ed",
    r"^(?:error: )?failed to reach (?:[A-Z]+(?:,| or)? )+got INTERNAL_ERROR: Task\b",
    r"^(?:notebook )?execution failed\.?$",
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
    # Spark
    r"^debug_error_string = ",
    r"^jvm method execution failed: ",
    r"^an error occurred while calling [\w.$]+\.?$",
    r"^job aborted\.?(?: due to stage failure\.?)?$",
    r"^task failed while writing rows",
    r"^writing job aborted",
    r"^exception thrown in awaitresult:?",
    r"^error while instantiating '",
    r"^an exception was thrown from the python worker",
    r"^aborting (?:task|job)",
    r"^exception in task [\d.]+ in stage",
    r"failed \d+ times; aborting job",
    r"^cannot execute: \S*spark-submit ",
    r"^query (?:\[id.{0,200}?\] )?terminated with (?:error|exception)\W*$",
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
    r"^(?:error: )?subprocess-exited-with-error",
    r"^pip failed$",
    r"^(?:error: )?failed to build '\S+' when getting requirements",
    r"^(?:e: )?sub-process \S+ returned an error code",
    r"this error originates from a subprocess",
    r"^could not find a version that satisfies the requirement",
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
    r"^\W*(?:\w+_|final )?(?:state|status)\W{1,4}(?:error|failed|terminated|internal_error)\W*$",
    # Test runners of data
    r"^\d+/\d+ checks (?:failed|warned):?$|^oops! \d+ failures",
    # Builds
    r"^failed to execute goal .{0,300}: compilation failure\W*$",
    r"^execution failed for task '",
    r"^compilation failed; see the compiler",
    r"^there were failing tests\b|^there are test failures\b",
    r"^build (?:failed|failure)\b",
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
    r"returned non[- ]zero (?:return |exit )?(?:code|status)[:.]? *(?:return code = )?\d{1,2}\W*$",
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

WEAK = _any(
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
    r"^usage: ",
    r"^(?:error )?code: \S+$",
    # Packages: what the compiler or the build script printed before says why
    r"^\W*(?:error: )?failed (?:building wheel for|to build installable wheels)",
    r"^could not build wheels for|^compilation failed for package",
)
"""A line that says what happened but hardly why."""

CASCADE = _any(
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
    r"ignored failure|ignoring (?:this )?(?:error|exception)|exception ignored in",
    r"retrying|will retry",
)
"""What follows from a failure elsewhere, or is not the last word on it."""

SIGNAL = _any(
    # Disk and memory
    r"no space left on device|disk quota exceeded",
    r"out of memory|outofmemory|oom-?kill|memory limits?|java heap space|gc overhead",
    r"memory pressure|low on memory|cannot allocate memory|low on resource|diskpressure",
    r"\bjvm oom\b|container oom\b",
    r"exceeding (?:physical |virtual )?memory",
    # Rights and credentials
    r"permission denied|access(?: is|_)? ?denied|not authorized to|is not authorized",
    r"unauthorized\b|\b403 http response",
    r"does not have (?:\w+ ){0,6}(?:permission|privilege|access)|permissions are required",
    r"insufficient (?:permission|privilege)|authorizationpermissionmismatch|authorizationfailed",
    r"invalid access token|invalid authentication|token (?:is |has )?expired|expired token",
    r"invalid_client|aadsts\d+|refresh token is invalid",
    r"credentials? (?:not found|could not be|expired)",
    # Signals and native crashes
    r"(?:exit(?:ed)? (?:with )?(?:code|status)|return code|exit status)\W{0,3}(?:code )?"
    r"(?:137|-9)\b",
    r"\bsig(?:segv|kill|abrt|bus|term|ill|fpe)\b|segmentation fault|core dumped",
    r"worker died or was killed",
    r"fatal python error|terminate called|^panic: |^killed$|\d killed\b|^aborted$",
    # Network
    r"connection refused|connection reset|connection timed out|connection closed by remote",
    r"unknownhost|name or service not known|temporary failure in name resolution",
    r"could not resolve host|no route to host|network is unreachable",
    r"certificate verify failed|communication link failure",
    # Capacity, limits, preemption
    r"insufficientinstancecapacity|insufficient capacity|capacity-not-available|stockout",
    r"allocationfailed|skunotavailable|zone_resource_pool_exhausted|overconstrained",
    r"not have sufficient .{0,60}capacity",
    r"not available in (?:the )?(?:current )?(?:region|zone|location)",
    r"insufficient '?\w*'? ?quota|reached (?:its|the|your) .{0,30}(?:quota|limit)\b",
    r"quota ?exceeded|exceed\w* .{0,60}quota|limit ?exceeded|exceeded .{0,40}limit",
    r"number of ip addresses|insufficientfreeaddresses|maxresultsize",
    r"too many requests|rate limit|slow ?down|throttl|request_limit_exceeded",
    r"spot instance|spot (?:vm|node)|spot capacity|was reclaimed|preempt",
    r"instance.terminated|host ec2 terminated",
    # Clusters and drivers
    r"init script .{0,300}failed|bootstrap.{0,30}(?:failure|timed out|timeout)|bootstrap_timeout",
    r"error during startup|unexpected startup failure|timeout while placing nodes",
    r"driver down|failed to reach the driver|driver (?:has )?stopped|driver is restarting",
    r"spark context has stopped|cluster is in unexpected state|could not be started in",
    r"is disconnected\.?$|masters are unresponsive",
    r"heartbeat timed out|no recent heartbeats|executor lost",
    # Libraries
    r"no matching distribution found|which is incompatible|unresolved dependency",
    r"failed (?:to build|building) wheel|conflicting dependencies|resolutionimpossible",
    r"error code: [a-z]+_[a-z_]+",
    # Things that are not there or not right
    r"no such file or directory|does not exist|cannot be found|not found\b",
    r"^because .{1,300}\b(?:depends? on|requires?|we can conclude|no versions? of|has no wheels|"
    r"not found in|does not satisfy|cannot be used|(?:is|are) incompatible)\b",
    r"no module named|cannot import name|^[^,]{1,80} is not installed\b",
    r"invalid value for|no viable alternative at input|mismatched input",
    r"syntax error (?:line|at|near)\b",
)
"""A line that names a cause whatever program printed it."""

ENDED = _any(
    r"(?:exit(?:ed)? (?:with )?(?:code|status)|return code|exit status)\W{0,3}(?:code )?"
    r"(?:12[89]|1[3-5]\d|-\d+)\b",
)
"""A line that says by which signal a process ended: less than a line that says why."""

ERROR_WORD = _any(
    r"\berrors?\b|\w(?:error|exception)s?\b|exception\b",
    r"\bfail(?:ed|ure|s|ing)?\b",
    r"denied|refused|rejected|forbidden|unauthorized",
    r"unable to|cannot|can't|could not|couldn't|not found|missing|does not|doesn't|not supported",
    r"exceed|timed? ?out|terminated|killed|aborted|stopped|crash|panic|fatal",
    r"not (?:fully |yet )?(?:initiali[sz]ed|ready)\b",
    r"invalid|unexpected|illegal|unavailable|not available|evicted|incompatible|unsupported",
    r"\bexit(?:ed)?\b.{0,20}\b(?:code|status)",
    r"unresolved|disabled|restarting|disconnected|no longer (?:supported|allowed|available|valid)",
    r"no solution found",
    r"has to be|must be|required|no space|too many|insufficient",
    r"\b(?:locked|deadlock|conflict(?:s|ing)?|duplicates?|ambiguous|mismatch(?:es|ed)?)\b",
    r"\b(?:overflow|unreachable|undefined|not defined|not running|out of sync|died|dead|lacks)\b",
    r"\bonly supports?\b|unknown (?:table|column|field|option|host|function|type)\b",
    r"(?:larger|bigger|longer) than|too (?:large|high|long|busy)",
)
"""A line that sounds like trouble."""
