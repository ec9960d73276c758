from django.apps import AppConfig

from messaging.purposes import name_purposes


class DeploymentsConfig(AppConfig):
    name = "deployments"
    verbose_name = "Déploiements"

    def ready(self) -> None:
        # Models must be loaded first.
        from deployments.chasing import PURPOSE
        from deployments.neighbours import ANNOUNCED, CANCELLED, compose
        from messaging.composers import register_composer

        name_purposes({ANNOUNCED: "Action annoncée", CANCELLED: "Action annulée"})
        name_purposes({PURPOSE: "Rappel de bilan"})
        register_composer(ANNOUNCED, compose)
        register_composer(CANCELLED, compose)
