"""Documents that are there were published with their first file; three collections to begin with."""

from django.db import migrations

DATES = """
UPDATE library_document SET
    published_at = files.first_at, renewed_at = files.last_at, checked_at = files.last_at
FROM (
    SELECT document_id, min(added_at) AS first_at, max(added_at) AS last_at
    FROM library_documentversion GROUP BY document_id
) AS files
WHERE files.document_id = library_document.id
"""
COLLECTIONS = """
INSERT INTO library_collection (slug, title, summary, position, revision) VALUES
    ('kit-presse', 'Kit presse', 'Pour répondre à une ou un journaliste : dossier, chiffres, visuels.', 1, 1),
    ('reseaux-sociaux', 'Réseaux sociaux', 'Des visuels prêts à publier, avec le message qui va avec.', 2, 1),
    ('prises-de-parole', 'Prises de parole', 'De quoi parler, au marché comme au micro.', 3, 1)
ON CONFLICT (slug) DO NOTHING
"""
NO_COLLECTIONS = """
DELETE FROM library_placement; DELETE FROM library_collection
"""


class Migration(migrations.Migration):
    dependencies = [("library", "0004_resource_site")]
    operations = [
        migrations.RunSQL(DATES, migrations.RunSQL.noop),
        migrations.RunSQL(COLLECTIONS, NO_COLLECTIONS),
    ]
