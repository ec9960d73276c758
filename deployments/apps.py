from django.apps import AppConfig

from messaging.purposes import name_purposes


class DeploymentsConfig(AppConfig):
    name = "deployments"
    verbose_name = "Déploiements"

    def ready(self) -> None:
        # Models must be loaded first.
        from deployments import chasing, neighbours, tablet_brief, team_composing, team_messages
        from deployments.material_needs import material_needs
        from field.hooks import register_brief_hooks
        from materials.hooks import register_need_hook
        from messaging.composers import register_composer

        own = {
            neighbours.ANNOUNCED: "Action annoncée",
            neighbours.CANCELLED: "Action annulée",
            neighbours.RESTORED: "Action rétablie",
            chasing.PURPOSE: "Rappel de bilan",
        }
        name_purposes(own | team_messages.LABELS)
        for purpose in (neighbours.ANNOUNCED, neighbours.CANCELLED, neighbours.RESTORED):
            register_composer(purpose, neighbours.compose)
        for purpose in team_messages.COMPOSED:
            register_composer(purpose, team_composing.compose)
        register_brief_hooks(tablet_brief.tablet_brief, tablet_brief.tablet_pilot)
        register_need_hook(material_needs)
