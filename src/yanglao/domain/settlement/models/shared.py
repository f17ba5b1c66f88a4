"""What every table of money says: how long it is kept, and whose it is."""

from django.db import models

from yanglao.foundation.privacy import PersonalData

#: 会计档案管理办法: books and vouchers of public money are kept thirty years.
KEPT = "kept thirty years as accounting records (会计档案管理办法), then removed"
MONEY = PersonalData(kinds=("poverty", "place"), retired=KEPT)
STAFF = PersonalData(kinds=("staff",), retired=KEPT)


def person_key() -> models.ForeignKey:
    """Return the key to whose money it is; books outlive a file, so nothing hangs on it."""
    return models.ForeignKey(
        "people.Person",
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
