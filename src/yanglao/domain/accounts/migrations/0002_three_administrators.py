"""The one administrator becomes three; accounts may wait for approval."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Roles of up to 16 letters; ``admin`` becomes ``system_admin``."""

    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="account",
            name="awaits_approval",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="account",
            name="opened_by_id",
            field=models.BigIntegerField(
                help_text="who opened it; empty: command line", null=True, blank=True
            ),
        ),
        migrations.AlterField(
            model_name="account",
            name="role",
            field=models.CharField(
                choices=[
                    ("system_admin", "系统管理员"),
                    ("security_admin", "安全管理员"),
                    ("audit_admin", "审计管理员"),
                    ("prefecture", "地区（师市）平台"),
                    ("county", "县市民政"),
                    ("town", "乡镇（街道）中心"),
                    ("village", "村（社区）站点"),
                    ("clerk", "部门经办"),
                ],
                max_length=16,
            ),
        ),
        migrations.RunSQL(
            "UPDATE accounts_account SET role = 'system_admin' WHERE role = 'admin'",
            migrations.RunSQL.noop,
        ),
    ]
