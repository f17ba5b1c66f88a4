"""Count the changes of what facts follow from: a run on the same day over data that nobody has
touched since the last one takes the facts that one saw.
"""

from django.db import migrations

from yanglao.foundation.versions import unwatch, watch

TABLES = (
    "people_assessmententry",
    "people_assistanceentry",
    "people_coverage",
    "people_deathsentry",
    "people_disabilityentry",
    "people_healthentry",
    "people_householdentry",
    "people_ltcientry",
    "people_mention",
    "people_pensionentry",
    "people_person",
    "people_reliefentry",
    "people_surveyentry",
    "people_veteransentry",
)


def begin(apps, schema_editor) -> None:
    watch(schema_editor, TABLES)


def end(apps, schema_editor) -> None:
    unwatch(schema_editor, TABLES)


class Migration(migrations.Migration):
    dependencies = [("entitlements", "0002_finding_view"), ("people", "0001_initial")]

    operations = [migrations.RunPython(begin, end)]
