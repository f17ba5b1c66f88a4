"""Free words are kept whole or refused, never cut off in silence: the end may hold the reason."""

from collections.abc import Callable

from yanglao.kernel.characters import unseen_at


def whole(text: str, longest: int, refusal: Callable[[str], Exception]) -> str:
    """Return the text without blanks at its ends, with one sign at the end of each line.

    Args:
        text: As a person typed or pasted it.
        longest: How many characters can be kept.
        refusal: Makes what is raised of a sentence for the officer, when there are more, or one
            that nobody can see and no file can hold.
    """
    # A browser counts an end of line as one sign and sends two.
    kept = text.replace("\r\n", "\n").strip()
    if len(kept) > longest:
        raise refusal(f"文字太长：最多 {longest} 个字，现有 {len(kept)} 个字，请写短一些。")
    at = unseen_at(kept)
    if at is not None:
        before = kept[max(0, at - 6) : at].split("\n")[-1]
        where = f"“{before}”后面" if before else "开头"
        raise refusal(f"文字里有看不见的控制字符（第 {at + 1} 个字，{where}），请删去后再保存。")
    return kept


def at_field(name: str, error: Callable[[dict[str, str]], Exception]) -> Callable[[str], Exception]:
    """Return a refusal that stands at a field of a form.

    Args:
        name: Of the field.
        error: Takes sentences by field, as ``ValidationError`` does.
    """
    return lambda says: error({name: says})
