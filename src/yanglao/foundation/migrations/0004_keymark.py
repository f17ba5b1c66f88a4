from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("foundation", "0003_audit_chain"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeyMark",
            fields=[
                ("version", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("mark", models.BinaryField()),
            ],
            options={"ordering": ["version"]},
        ),
    ]
