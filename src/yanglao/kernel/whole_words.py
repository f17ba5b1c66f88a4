"""Free words are kept whole or refused, never cut off in silence: the end may hold the reason."""


def whole(text: str, longest: int, refusal: type[Exception]) -> str:
    """Return the text without blanks at its ends.

    Args:
        longest: How many characters can be kept.
        refusal: What is raised, with a sentence for the officer, when there are more.
    """
    kept = text.strip()
    if len(kept) > longest:
        raise refusal(f"文字太长：最多 {longest} 个字，现有 {len(kept)} 个字，请写短一些。")
    return kept
