"""The view behind ``Finding``.

A later migration that alters one of its tables on SQLite must drop the view first and make it
again, because SQLite rebuilds tables by renaming them.
"""

from django.db import migrations

_CREATE = """
CREATE VIEW entitlements_finding AS
SELECT a.person_id * 4096 + s.item_id AS id, a.person_id AS person_id, a.place_code AS place_code,
       s.item_id AS item_id, s.outcome_id AS outcome_id, a.run_from_id AS run_from_id
FROM entitlements_currentanswers a
JOIN entitlements_answersetoutcome s ON s.answer_set_id = a.answer_set_id
"""


class Migration(migrations.Migration):
    dependencies = [("entitlements", "0001_initial")]

    operations = [migrations.RunSQL(_CREATE, "DROP VIEW entitlements_finding")]
