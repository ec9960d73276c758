from django.apps import AppConfig

from messaging.purposes import name_purposes


class CallsConfig(AppConfig):
    name = "calls"
    verbose_name = "Appels"

    def ready(self) -> None:
        # Models must be loaded first.
        from calls.creation import follow_captures
        from calls.dealings import called_among
        from calls.export import calls_as_json
        from calls.gates import check_letters, check_meetings
        from calls.history import HEADING, calls_of
        from calls.invitations import INSTEAD, MEETING, forget_letters
        from calls.merging import merge_follow_ups, part_follow_ups
        from contacts.hooks import (
            register_capture_hook,
            register_dealings_hook,
            register_erasure_hook,
            register_export_hook,
            register_history_hook,
            register_merge_hook,
        )
        from messaging.gates import register_gate

        name_purposes({MEETING: "Rendez-vous", INSTEAD: "Appel sans réponse"})
        register_gate(MEETING, check_meetings)
        register_gate(INSTEAD, check_letters)
        register_capture_hook(follow_captures)
        register_erasure_hook(forget_letters)
        register_dealings_hook(called_among)
        register_export_hook(calls_as_json)
        register_history_hook(HEADING, calls_of)
        register_merge_hook("calls", merge_follow_ups, part_follow_ups)
