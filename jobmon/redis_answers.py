"""What Redis answers, as the types that our clients are set up to get."""


def text_of(answer: object) -> str:
    """A name or a value as text."""
    return answer.decode() if isinstance(answer, bytes) else str(answer)
