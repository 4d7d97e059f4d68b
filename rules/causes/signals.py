"""Fixed words of software that tell: a line with them may be the cause."""

from rules.causes.phrases import any_of

SIGNAL = any_of(
    # Disk and memory
    r"no space left on device|disk quota exceeded",
    r"out of memory|outofmemory|oom-?kill|memory limits?|java heap space|gc overhead",
    r"memory pressure|low on memory|cannot allocate memory|low on resource|diskpressure",
    r"\bjvm oom\b|container oom\b",
    r"exceeding (?:physical |virtual )?memory",
    # Rights and credentials
    r"permission denied|access(?: is|_)? ?denied|not authori[sz]ed to|is not authori[sz]ed",
    r"unauthori[sz]ed\b|\b403 http response",
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
    r"cuda (?:failure|error)\b.{0,20}'|driver version is insufficient",
    r"fatal python error|terminate called|^panic: |^aborted$",
    # Network
    r"connection refused|connection reset|connection timed out|connection closed by remote",
    r"unknownhost|name or service not known|temporary failure in name resolution",
    r"could not resolve host|no route to host|network is unreachable|address already in use",
    r"certificate verify failed|communication link failure",
    # curl, of what it could not fetch
    r"^curl: \(\d+\) ",
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
    # Java, of the options that it was started with
    r"^unrecognized (?:vm )?option:? .{0,2}\S+$|^invalid \w+ heap size: -x",
    r"^\w+ heap size set to a larger value than",
    # Libraries
    r"no matching distribution found|which is incompatible|unresolved dependency",
    r"failed (?:to build|building) wheel|conflicting dependencies|resolutionimpossible",
    r"error code: [a-z]+_[a-z_]+",
    # CloudFormation, of a resource
    r"^resource handler returned message: ",
    # Things that are not there or not right
    r"no such file or directory|does not exist|cannot be found|not found\b",
    r"\bresource_does_not_exist: ",
    r"^because .{1,300}\b(?:depends? on|requires?|we can conclude|no versions? of|has no wheels|"
    r"not found in|does not satisfy|cannot be used|(?:is|are) incompatible)\b",
    r"no module named|cannot import name|^[^,]{1,80} is not installed\b",
    r"invalid value for|no viable alternative at input|mismatched input",
    r"syntax error (?:line|at|near)\b",
)
"""A line that names a cause whatever program printed it."""

ENDED = any_of(
    r"(?:exit(?:ed)? (?:with )?(?:code|status)|return code|exit status)\W{0,3}(?:code )?"
    r"(?:12[89]|1[3-5]\d|-\d+)\b",
    # As shells print it
    r"^killed$|\d killed\b",
)
"""A line that says by which signal a process ended: less than a line that says why."""

ERROR_WORD = any_of(
    r"\berrors?\b|\w(?:error|exception)s?\b|exception\b",
    r"\bfail(?:ed|ure|s|ing)?\b",
    r"denied|refused|rejected|forbidden|unauthori[sz]ed",
    r"unable to|can ?not|can't|could not|couldn't|not found|missing|does not|doesn't|not supported",
    r"exceed|timed? ?out|terminated|killed|aborted|stopped|crash|panic|fatal",
    r"not (?:fully |yet )?(?:initiali[sz]ed|ready)\b",
    r"not (?:a|in) \w+ (?:file|format|archive)\b|not (?:yet )?implemented",
    r"requirements to build \w+ did not run",
    r"invalid|unexpected|illegal|unavailable|not available|evicted|incompatible|unsupported",
    r"\bexit(?:ed)?\b.{0,20}\b(?:code|status)",
    r"unresolved|disabled|restarting|disconnected|no longer (?:supported|allowed|available|valid)",
    r"no solution found",
    r"has to be|must be|required|no space|too many|insufficient",
    r"\b(?:locked|deadlock|conflict(?:s|ing)?|duplicates?|ambiguous|mismatch(?:es|ed)?)\b",
    r"\b(?:overflow|unreachable|undefined|not defined|not running|out of sync|died|dead|lacks)\b",
    r"\bonly (?:supports?|available|supported|allowed|possible)\b",
    r"\bnot (?:enabled|permitted|recogni[sz]ed|registered)\b|\bno files? .{1,80}\bmatch",
    r"\bno such (?:host|table|column|view|database|bucket|object|key|user|service|index)\b",
    r"\bno such (?:image|container|volume|network)\b",
    r"\bvariable \S+ (?:is )?not set\b|\bwas not started because\b",
    r"unknown (?:table|column|field|option|host|function|type)\b",
    r"(?:larger|bigger|longer) than|too (?:large|high|long|busy)",
)
"""A line that sounds like trouble."""
