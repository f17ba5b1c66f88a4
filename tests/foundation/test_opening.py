"""Many envelopes opened at once say what each says by itself."""

import pytest

from yanglao.domain.people.models import Contact, Person
from yanglao.foundation.secrets import SealBroken, opened, opened_many, seal_rows

ROWS = [
    {"id_number": "653222194003050017"},
    {"id_number": "65322219400305001X"},
    {"id_number": '引号"和\\反斜'},
    {"id_number": "a\nb"},
    {"other": "没有号码"},
    {"id_number": "1", "other": '","id_number":"2'},
    {"id_number": "é字"},
]


def test_each_is_what_it_says_by_itself() -> None:
    """Also where the secret stands beside others, or must be written otherwise in JSON."""
    sealed = [one for one in seal_rows(Person, ROWS) if one is not None]
    alone = [opened(Person, one).get("id_number", "") for one in sealed]
    assert opened_many(Person, sealed, "id_number") == alone
    assert alone[:2] == ["653222194003050017", "65322219400305001X"]
    assert opened_many(Person, [], "id_number") == []


@pytest.mark.parametrize("at", [1, 15, 30, -1])
def test_one_that_was_changed_does_not_open(at: int) -> None:
    """Nor do those before it come out."""
    good, bad = seal_rows(Person, ROWS[:2])
    assert good is not None
    assert bad is not None
    changed = bytearray(bad)
    changed[at] ^= 1
    with pytest.raises(SealBroken):
        opened_many(Person, [good, bytes(changed)], "id_number")


def test_one_that_is_cut_short_or_of_another_table_does_not_open() -> None:
    """An envelope is bound to its table."""
    (sealed,) = seal_rows(Contact, [{"id_number": "1"}])
    assert sealed is not None
    for wrong in (sealed, sealed[:20]):
        with pytest.raises(SealBroken):
            opened_many(Person, [wrong], "id_number")
