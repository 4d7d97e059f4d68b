"""A plain reader of exception lines, until the real one is merged."""
import re
from jobmon.diagnosis import *
from rules.texts import texts_of

_JAVA = re.compile(r"^(?P<lead>Caused by: |: |Exception in thread \S+ )?(?P<type>(?:[\w$]+\.)*[A-Z][\w$]*(?:Error|Exception|Exit|Interrupt|Warning|Fault|Abort|Throwable|NotFound|Conflict))(?:: (?P<message>.*))?$")
_COND = re.compile(r"\[(?P<c>[A-Z][A-Z0-9_]{4,}(?:\.[A-Z0-9_]+)?)\]")
_STATE = re.compile(r"SQLSTATE: (\w{5})")


def parse(failure):
    causes = []
    for text in texts_of(failure):
        for n, line in enumerate(text.lines):
            m = _JAVA.match(line.strip())
            c = _COND.search(line)
            if not m and not c:
                continue
            rest = []
            for more in text.lines[n + 1:]:
                if not more.strip() or more.startswith(("\t", "    at ", "Caused by")) or _JAVA.match(more):
                    break
                rest.append(more)
            msg = (m["message"] or "") if m else line
            s = _STATE.search("\n".join([line, *rest]))
            causes.append(Cause(kind=CauseKind.JAVA if m else CauseKind.CONDITION, type=m["type"] if m else "",
              message="\n".join([msg, *rest]), line=n, end_line=n + len(rest), text=line, field=text.field,
              condition=c["c"] if c else "", sqlstate=s[1] if s else ""))
    lines = [l for t in texts_of(failure) for l in t.lines if l.strip()]
    root = causes[-1] if causes else None
    return ErrorReport(causes=tuple(causes), root=root, headline=root.text if root else (lines[-1] if lines else ""))
