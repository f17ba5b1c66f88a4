"""Other payers' lists as lists, and approvers who leave money of their household to others."""

from itertools import groupby
from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def _make_lists(apps: Any, schema_editor: Any) -> None:
    """Make a list, in use, of what one officer told of a month and payer in a county."""
    told = apps.get_model("settlement", "PaidElsewhere")
    lists = apps.get_model("settlement", "ElsewhereList")

    def key(one: Any) -> tuple[str, Any, str]:
        return one.place_code[:6], one.month, one.payer

    for (county, month, payer), few in groupby(sorted(told.objects.order_by("id"), key=key), key):
        found = list(few)
        made = lists.objects.create(
            region_code=f"{county}000000",
            month=month,
            payer=payer,
            state="current",
            received=len(found),
            accepted=len(found),
            taken_at=found[-1].told_at,
            taken_by=found[-1].told_by,
        )
        told.objects.filter(pk__in=[one.pk for one in found]).update(of_list=made)
    if schema_editor.connection.vendor != "sqlite":
        # Checks that wait for the end of the transaction would keep the table from being altered.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    """See the text above."""

    dependencies = [
        ("people", "0003_setaside"),
        ("settlement", "0002_books"),
    ]

    operations = [
        migrations.CreateModel(
            name="ElsewhereList",
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
                (
                    "region_code",
                    models.CharField(help_text="area of the officer who took it in", max_length=12),
                ),
                ("month", models.IntegerField(help_text="year * 12 + month - 1")),
                ("payer", models.CharField(max_length=80)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待确认"),
                            ("current", "在用"),
                            ("replaced", "已被新名单替换"),
                            ("undone", "已撤销"),
                            ("dropped", "没有采用"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                (
                    "digest",
                    models.CharField(
                        blank=True, help_text="keyed digest of the file", max_length=64
                    ),
                ),
                ("received", models.IntegerField(default=0)),
                ("accepted", models.IntegerField(default=0)),
                ("taken_at", models.DateTimeField()),
                ("taken_by_id", models.BigIntegerField(null=True)),
                ("taken_by", models.CharField(max_length=80)),
                (
                    "moved_at",
                    models.DateTimeField(help_text="put to use, undone or dropped", null=True),
                ),
                ("moved_by", models.CharField(blank=True, max_length=80)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="elsewherelist",
            name="replaces",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="settlement.elsewherelist",
            ),
        ),
        migrations.AddField(
            model_name="paidelsewhere",
            name="row",
            field=models.IntegerField(default=0, help_text="line of the sheet"),
        ),
        migrations.AddField(
            model_name="paidelsewhere",
            name="of_list",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rows",
                to="settlement.elsewherelist",
            ),
        ),
        migrations.RunPython(_make_lists, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name="paidelsewhere",
            name="paid_elsewhere_once",
        ),
        migrations.RemoveField(
            model_name="paidelsewhere",
            name="month",
        ),
        migrations.RemoveField(
            model_name="paidelsewhere",
            name="payer",
        ),
        migrations.RemoveField(
            model_name="paidelsewhere",
            name="told_at",
        ),
        migrations.RemoveField(
            model_name="paidelsewhere",
            name="told_by",
        ),
        migrations.AlterField(
            model_name="paidelsewhere",
            name="of_list",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rows",
                to="settlement.elsewherelist",
            ),
        ),
        migrations.AddConstraint(
            model_name="paidelsewhere",
            constraint=models.UniqueConstraint(
                fields=("of_list", "person", "benefit"), name="paid_elsewhere_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="elsewherelist",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "current")),
                fields=("region_code", "month", "payer"),
                name="elsewhere_list_one_in_use",
                violation_error_message="同一地区、月份和发放单位只能有一份在用的名单。",
            ),
        ),
        migrations.CreateModel(
            name="Recusal",
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
                (
                    "name",
                    models.CharField(
                        blank=True, help_text="as on the list of that month", max_length=80
                    ),
                ),
                (
                    "fen",
                    models.BigIntegerField(
                        help_text="what the run pays the person, all benefits together"
                    ),
                ),
                (
                    "claimed_fen",
                    models.BigIntegerField(default=0, help_text="what the run claims back"),
                ),
                (
                    "asked_by_id",
                    models.BigIntegerField(help_text="the approver whose household it is"),
                ),
                ("asked_by", models.CharField(max_length=80)),
                ("asked_at", models.DateTimeField()),
                (
                    "agreed",
                    models.BooleanField(help_text="empty: waits for the other approver", null=True),
                ),
                ("decided_by_id", models.BigIntegerField(null=True)),
                ("decided_by", models.CharField(blank=True, max_length=80)),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="recusal",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="people.person",
            ),
        ),
        migrations.AddField(
            model_name="recusal",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="recusals",
                to="settlement.paymentrun",
            ),
        ),
        migrations.AddField(
            model_name="recusal",
            name="submitted",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="settlement.runstep",
            ),
        ),
        migrations.AddConstraint(
            model_name="recusal",
            constraint=models.UniqueConstraint(
                fields=("run", "submitted", "person", "asked_by_id"), name="recusal_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="recusal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by_id__isnull", True),
                    models.Q(("decided_by_id", models.F("asked_by_id")), _negated=True),
                    _connector="OR",
                ),
                name="recusal_by_another",
                violation_error_message="自己家里人的款项不能由自己复核。",
            ),
        ),
    ]
