from django.db import migrations, models


class Migration(migrations.Migration):
    """What a job was asked, said and stumbled over is sealed; no installation has old jobs."""

    dependencies = [
        ("foundation", "0004_keymark"),
    ]

    operations = [
        migrations.RemoveField("job", "arguments"),
        migrations.RemoveField("job", "outcome"),
        migrations.RemoveField("job", "error"),
        migrations.AddField("job", "arguments", models.BinaryField(null=True)),
        migrations.AddField("job", "outcome", models.BinaryField(null=True)),
        migrations.AddField("job", "error", models.BinaryField(null=True)),
    ]
