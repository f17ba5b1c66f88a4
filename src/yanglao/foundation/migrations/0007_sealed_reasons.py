from django.db import migrations, models


class Migration(migrations.Migration):
    """What officers write as their reason is sealed from now on; older entries stay as they are.

    The column is only added (no table is made again), so that the guards stay in place.
    """

    dependencies = [
        ("foundation", "0006_indexchange"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("auditentry", "reason", "reason_open"),
                migrations.AlterField(
                    "auditentry",
                    "reason_open",
                    models.CharField(
                        blank=True,
                        db_column="reason",
                        help_text="of entries older than sealed_reason; empty in all others",
                        max_length=200,
                    ),
                ),
            ]
        ),
        migrations.AddField(
            "auditentry",
            "sealed_reason",
            models.BinaryField(null=True, help_text="purpose, in the user's words, SM4-GCM"),
        ),
    ]
