from django.db import migrations, models


class Migration(migrations.Migration):
    """How far a new index key has come."""

    dependencies = [
        ("foundation", "0005_sealed_jobs"),
    ]

    operations = [
        migrations.CreateModel(
            name="IndexChange",
            fields=[
                (
                    "table",
                    models.CharField(max_length=80, primary_key=True, serialize=False),
                ),
                (
                    "key_number",
                    models.SmallIntegerField(help_text="which index key, from 1, is being added"),
                ),
                (
                    "after",
                    models.BigIntegerField(
                        help_text="primary key of the last row that has it", null=True
                    ),
                ),
                ("done", models.BooleanField(default=False)),
            ],
            options={"ordering": ["table"]},
        ),
    ]
