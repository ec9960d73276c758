"""French as people type it: the endings of words are known, their accents are not asked for."""

from django.db import migrations

CREATE = """
CREATE TEXT SEARCH CONFIGURATION library_french (COPY = french);
ALTER TEXT SEARCH CONFIGURATION library_french
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem;
"""
DROP = "DROP TEXT SEARCH CONFIGURATION library_french;"


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0002_published_text_immutable"),
        ("territory", "0001_initial"),
    ]
    operations = [migrations.RunSQL(CREATE, DROP)]
