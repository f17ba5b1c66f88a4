from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="leadstep",
            name="sealed",
            field=models.BinaryField(
                help_text="what must not be readable at rest, SM4-GCM", null=True
            ),
        ),
        migrations.AlterField(
            model_name="leadstep",
            name="note",
            field=models.CharField(blank=True, help_text="what the program says", max_length=300),
        ),
    ]
