"""The record of acts becomes a chain that nobody can change unseen, guarded by triggers."""

from typing import Any

from django.db import migrations, models

from yanglao.foundation.audit.guards import guard_statements, lift_statements


def _guard(apps: Any, schema_editor: Any) -> None:
    for statement in guard_statements(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def _lift(apps: Any, schema_editor: Any) -> None:
    for statement in lift_statements(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Entries from before the chain are dropped: nobody could vouch for them."""

    dependencies = [("foundation", "0002_outboxevent")]

    operations = [
        migrations.DeleteModel("AuditEntry"),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True)),
                ("user_id", models.BigIntegerField(db_index=True, null=True)),
                ("user_name", models.CharField(max_length=80)),
                ("action", models.CharField(max_length=60)),
                ("subject", models.CharField(blank=True, max_length=60)),
                ("subject_id", models.CharField(blank=True, max_length=60)),
                ("place_code", models.CharField(blank=True, max_length=12)),
                (
                    "reason",
                    models.CharField(
                        blank=True, help_text="purpose, in the user's words", max_length=200
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("read", "查看"), ("write", "办理")], default="write", max_length=5
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[("done", "完成"), ("refused", "被拒绝")],
                        default="done",
                        max_length=8,
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=45)),
                ("device", models.CharField(blank=True, max_length=120)),
                ("detail", models.JSONField(default=dict)),
                (
                    "mark",
                    models.CharField(
                        help_text="random: no entry stands twice", max_length=32, unique=True
                    ),
                ),
                (
                    "key_version",
                    models.SmallIntegerField(help_text="of the key that made mac"),
                ),
                ("mac", models.CharField(help_text="HMAC-SM3 of all the above", max_length=64)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        fields=["subject", "subject_id"], name="foundation__subject_d03f8c_idx"
                    ),
                    models.Index(fields=["action", "id"], name="audit_action_id"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditLink",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("entry_id", models.BigIntegerField(unique=True)),
                ("digest", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("key_version", models.SmallIntegerField()),
                ("mac", models.CharField(max_length=64)),
            ],
        ),
        migrations.RunPython(_guard, _lift),
    ]
