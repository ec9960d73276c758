"""The table of Django's database cache, which holds the counts of the log-in's rate limits.

In PostgreSQL and not in Redis: log-in must work while Redis is away.
"""

from django.db import migrations

CREATE = """
CREATE TABLE rate_limits (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX rate_limits_expires ON rate_limits (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_initial")]
    operations = [migrations.RunSQL(CREATE, "DROP TABLE rate_limits")]
