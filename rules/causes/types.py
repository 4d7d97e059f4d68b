"""Exception types that are known by name, and what is known of them."""

CARRIERS = frozenset(
    {
        "AirflowException",
        "AirflowFailException",
        "BaseExceptionGroup",
        "CalledProcessError",
        "ChainedException",
        "ChildFailedError",
        "ChildProcessError",
        "CommandError",
        "CommandExecutionException",
        "CompletionException",
        "DagsterExecutionStepExecutionError",
        "DagsterResourceFunctionError",
        "DagsterSubprocessError",
        "DagsterUserCodeExecutionError",
        "DagsterUserCodeProcessError",
        "DbtRuntimeError",
        "ExceptionGroup",
        "ExceptionInInitializerError",
        "ExecutionException",
        "ForeachBatchUserFuncException",
        "ForeachUserFuncException",
        "InvocationTargetException",
        "ManagedLibraryInstallFailed",
        "MaxRetryError",
        "NestedServletException",
        "NotebookException",
        "NotebookExecutionException",
        "PapermillExecutionError",
        "PrivilegedActionException",
        "ProcessRaisedException",
        "Py4JException",
        "Py4JJavaError",
        "Py4JNetworkError",
        "PythonException",
        "RayTaskError",
        "RemoteTraceback",
        "RetryError",
        "ServletException",
        "SparkConnectGrpcException",
        "SparkUserAppException",
        "StreamingQueryException",
        "SystemExit",
        "TreeNodeException",
        "UncheckedExecutionException",
        "UncheckedIOException",
        "UndeclaredThrowableException",
        "WorkflowException",
        "WrappedException",
        "_InactiveRpcError",
        "_MultiThreadedRendezvous",
        "_RemoteTraceback",
    }
)
"""Types that carry another error and say nothing themselves."""

BLAND = frozenset(
    {
        "AnalysisException",
        "ConnectionError",
        "DatabricksError",
        "Error",
        "Exception",
        "FSError",
        "HiveException",
        "IOException",
        "MetaException",
        "OSError",
        "RuntimeError",
        "RuntimeException",
        "SparkException",
        "SparkRuntimeException",
        "Throwable",
        "ValueError",
    }
)
"""Types that may only repeat what their cause says."""

MUTE = frozenset(
    {
        "CancellationException",
        "CancelledError",
        "ClosedByInterruptException",
        "ClosedChannelException",
        "EOFException",
        "Exception",
        "IOException",
        "InterruptedException",
        "InterruptedIOException",
        "RuntimeException",
        "SQLException",
        "Throwable",
        "TimeoutException",
    }
)
"""Types that say nothing without a message."""

EXPECTED = frozenset(
    {
        "AttributeError",
        "Empty",
        "ImportError",
        "IndexError",
        "KeyError",
        "LookupError",
        "ModuleNotFoundError",
        "NameError",
        "StopIteration",
    }
)
"""Types that programs catch on purpose, to do something else instead."""

BARE_NAMES = frozenset(
    {
        "AlreadyExists",
        "ArrowInvalid",
        "BadGzipFile",
        "AuthenticationFailed",
        "BadRequest",
        "BadZipFile",
        "BaseException",
        "BaseExceptionGroup",
        "BrokenProcessPool",
        "Conflict",
        "DeadlineExceeded",
        "DoesNotExist",
        "Exception",
        "ExceptionGroup",
        "ExecutorLostFailure",
        "Forbidden",
        "GeneratorExit",
        "InvalidParameterValue",
        "InvalidState",
        "KeyboardInterrupt",
        "MissingRequiredParameter",
        "NoBrokersAvailable",
        "NoHostAvailable",
        "NoSuchBucket",
        "NoSuchKey",
        "NotFound",
        "OperationFailed",
        "OperationTimedOut",
        "PermissionDenied",
        "RemoteDisconnected",
        "RequestLimitExceeded",
        "ResourceAlreadyExists",
        "ResourceConflict",
        "ResourceDoesNotExist",
        "ResourceExhausted",
        "ServiceUnavailable",
        "StopAsyncIteration",
        "StopIteration",
        "SystemExit",
        "TemporarilyUnavailable",
        "TimeoutExpired",
        "TooManyRequests",
        "Unauthenticated",
        "Unauthorized",
        "gaierror",
        "herror",
    }
)
"""Exceptions whose names do not say that they are one."""

NOT_TYPES = frozenset({"Error", "Failure", "Fault", "OnError", "Throwable", "Timeout", "onError"})
"""Words that end like an exception's name but head a message."""
