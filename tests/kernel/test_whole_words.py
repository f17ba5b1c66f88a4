"""Words are kept whole, or refused with how long they may be."""

import pytest

from yanglao.kernel.whole_words import whole


class Refused(ValueError):
    """What an app raises."""


def test_what_fits_is_kept_whole() -> None:
    assert whole("  核对过了 \n", 4, Refused) == "核对过了"


def test_what_does_not_fit_is_refused_not_cut_off() -> None:
    with pytest.raises(Refused, match="最多 4 个字，现有 5 个字"):
        whole("核对过了。", 4, Refused)
