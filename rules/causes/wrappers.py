"""Which causes only wrap another one, and in which order a chain's sections lie."""

from rules.causes import phrases
from rules.causes.draft import Chain, Draft

_CARRIERS = frozenset(
    "Py4JJavaError Py4JNetworkError ExecutionException UncheckedExecutionException "
    "UndeclaredThrowableException InvocationTargetException CompletionException "
    "ExceptionInInitializerError StreamingQueryException PythonException TreeNodeException "
    "DbtRuntimeError CalledProcessError RetryError MaxRetryError PapermillExecutionError "
    "AirflowException AirflowFailException WorkflowException NotebookExecutionException "
    "NotebookException ChainedException WrappedException PrivilegedActionException "
    "ExceptionGroup BaseExceptionGroup SparkUserAppException CommandExecutionException "
    "RemoteTraceback _RemoteTraceback RayTaskError ManagedLibraryInstallFailed "
    "ForeachBatchUserFuncException ForeachUserFuncException UncheckedIOException "
    "SparkConnectGrpcException _InactiveRpcError _MultiThreadedRendezvous NestedServletException "
    "ChildProcessError ChildFailedError ProcessRaisedException ServletException "
    "SystemExit CommandError".split()
)
"""Types that carry another error and say nothing themselves."""
_BLAND = frozenset(
    "RuntimeException RuntimeError Exception SparkException IOException Error Throwable "
    "SparkRuntimeException ValueError OSError FSError HiveException MetaException AnalysisException "
    "SparkOutOfMemoryError ConnectionError DatabricksError".split()
)
"""Types that may only repeat what their cause says."""
_MUTE = frozenset(
    "EOFException TimeoutException InterruptedException ClosedChannelException "
    "CancellationException IOException RuntimeException Exception Throwable "
    "ClosedByInterruptException InterruptedIOException SQLException".split()
)
"""Types that say nothing without a message."""
_FLOW = frozenset(
    "KeyError AttributeError StopIteration IndexError ImportError ModuleNotFoundError "
    "LookupError Empty queue.Empty NameError".split()
)
"""Types that programs catch on purpose, to do something else instead."""
NAMES_NO_CAUSE = "names no cause of its own"
CARRIES = "carries the error below it"
REPEATS = "repeats another error of the chain"
FOLLOWS = "follows from an earlier failure"
ECHOES = "is the JVM's side of the error above it"
SUPPRESSED = "suppressed beside the main error"
_NOT_BELOW = frozenset({FOLLOWS, NAMES_NO_CAUSE, SUPPRESSED, ECHOES})
MUTE = "says nothing more than the error above it"


def outermost_first(chain: Chain) -> list[Draft]:
    """Put a chain's sections in order: what an exception was raised from is deeper than it."""
    ordered: list[Draft] = []
    for link, drafts in chain.sections:
        if link == "handling" and _was_handled(ordered, drafts):
            ordered = ordered + drafts
        else:
            ordered = drafts + ordered
    return ordered


def _was_handled(before: list[Draft], after: list[Draft]) -> bool:
    """An expected lookup failed and the way around it failed too: the later error counts."""
    if not before or not after:
        return False
    first, last = before[-1], after[-1]
    return (
        first.short_type in _FLOW
        and last.short_type not in _FLOW
        and last.short_type not in _BLAND
        and last.short_type not in _CARRIERS
        and first.text not in last.text
    )


def mark_wrappers(drafts: list[Draft]) -> None:
    """Say of each cause of a chain whether it is only a wrapper, and why."""
    deeper: list[Draft] = []
    for draft in reversed(drafts):
        draft.wrapper = _reason(draft, deeper)
        if draft.wrapper not in _NOT_BELOW:
            deeper.insert(0, draft)
    if len(drafts) > 1 and not drafts[-1].wrapper and _is_mute(drafts):
        drafts[-1].wrapper = MUTE


def _reason(draft: Draft, deeper: list[Draft]) -> str:
    text = draft.text
    head = text[:600]
    if draft.suppressed:
        return SUPPRESSED
    if draft.echo:
        return ECHOES
    if phrases.CASCADE.search(head) is not None and draft.kind != "line":
        return FOLLOWS
    own = _own_words(draft, deeper)
    if not own and not draft.type and deeper:
        return CARRIES
    if phrases.NO_CAUSE.search(own[:600]) is not None and (deeper or not draft.condition):
        return NAMES_NO_CAUSE
    if draft.short_type in _CARRIERS:
        return CARRIES if deeper else (NAMES_NO_CAUSE if not own else "")
    if deeper and _is_job_abort(draft, head):
        return CARRIES
    if deeper and not draft.type and draft.condition in ("", "STREAM_FAILED"):
        return CARRIES
    if deeper and draft.short_type in _BLAND and _repeats(draft, deeper):
        return REPEATS
    return ""


def _is_job_abort(draft: Draft, head: str) -> bool:
    return draft.short_type in {"SparkException", ""} and (
        head.startswith(
            ("Job aborted", "[TASK_WRITE_FAILED]", "Task failed while", "Writing job aborted")
        )
        or draft.condition in {"STREAM_FAILED", "TASK_WRITE_FAILED", "FAILED_EXECUTE_UDF"}
    )


def _own_words(draft: Draft, deeper: list[Draft]) -> str:
    """The message without what is named inside it."""
    text = draft.text
    for other in deeper:
        if other.inline and other.line == draft.line:
            name = other.type or other.condition
            at = text.find(name)
            if at >= 0:
                return text[:at].rstrip(" :[(\"'")
    return text


def _repeats(draft: Draft, deeper: list[Draft]) -> bool:
    text = draft.text
    for other in deeper:
        said = other.text
        if not said and other.type and other.type in text:
            return True
        if said and (said in text or text in said):
            return True
    return not text


def _is_mute(drafts: list[Draft]) -> bool:
    last = drafts[-1]
    return (
        not last.text
        and last.short_type in _MUTE
        and any(not draft.wrapper and draft.text for draft in drafts[:-1])
    )
