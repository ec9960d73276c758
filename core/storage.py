"""Static files under hashed names, ES module imports included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ManifestStorage(CompressedManifestStaticFilesStorage):
    """Rewrites `import … from "./x.js"` so that our own modules can be cached for ever."""

    support_js_module_import_aggregation = True
