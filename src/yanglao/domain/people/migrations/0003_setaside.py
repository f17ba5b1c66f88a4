import django.db.models.deletion
from django.db import migrations, models

from yanglao.foundation.versions import unwatch, watch

TABLES = ("people_setaside",)


def begin(apps, schema_editor) -> None:
    watch(schema_editor, TABLES)


def end(apps, schema_editor) -> None:
    unwatch(schema_editor, TABLES)


class Migration(migrations.Migration):
    """Statements that do not count; facts follow from them, so their changes are counted too."""

    dependencies = [("people", "0002_linkage")]

    operations = [
        migrations.CreateModel(
            name="SetAside",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sealed",
                    models.BinaryField(
                        help_text="what must not be readable at rest, SM4-GCM", null=True
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                (
                    "entry_id",
                    models.BigIntegerField(help_text="the statement, in the table of its kind"),
                ),
                ("value", models.CharField(blank=True, max_length=40)),
                (
                    "conflict_id",
                    models.BigIntegerField(db_index=True, help_text="linkage.Conflict"),
                ),
                ("by_rule", models.BooleanField(help_text="until a person has decided")),
                ("decided_by", models.CharField(blank=True, max_length=80)),
                ("decided_on", models.DateField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("conflict_id", "kind", "entry_id", "value"), name="set_aside_once"
                    )
                ],
            },
        ),
        migrations.RunPython(begin, end),
    ]
