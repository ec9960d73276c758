"""Who may open what: one line per address. An address that is not here fails the build."""

from dataclasses import dataclass

EVERYONE = frozenset(
    {
        "nobody", "militant", "ul", "ul_admin", "ud", "ud_admin", "fd", "region", "confederation",
        "confederation_admin", "other_ud", "other_ud_admin",
    }
)  # fmt: skip
CONFEDERATION = frozenset({"confederation", "confederation_admin"})
CONFEDERATION_ADMIN = frozenset({"confederation_admin"})
MEMBERS = EVERYONE - {"nobody"}
STAFF = MEMBERS - {"militant"}
# The contact of Caen, a childminder: its places and its branch.
SEE_CAEN = frozenset({"ul", "ul_admin", "ud", "ud_admin", "fd", "region"}) | CONFEDERATION
# The local union of Caen and what it owns.
ABOVE_CAEN = frozenset({"ul", "ul_admin", "ud", "ud_admin", "region"}) | CONFEDERATION
# How long before an action an authority must know: UDs keep the rules of their département.
UD_OF_CAEN = frozenset({"ud", "ud_admin"}) | CONFEDERATION
KEEP_RULES = UD_OF_CAEN | {"other_ud", "other_ud_admin"}
# Who puts documents into the library.
PUBLISH = KEEP_RULES | {"fd"}
# A list of people from anywhere: only the organisation that sent it.
STAFF_OF_CAEN = frozenset({"ul", "ul_admin"})
ADMINISTER_CAEN = frozenset({"ul_admin", "ud_admin"}) | CONFEDERATION_ADMIN
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Row:
    """One address. `near`: who opens it for an object of Caen; `far`: for one of Lyon.

    `public`: it needs no log-in. Who is in neither set gets 404, as if the object did not exist.
    """

    name: str
    arguments: str = "none"
    near: frozenset[str] = EVERYONE
    far: frozenset[str] | None = None
    public: bool = False
    method: str = "get"
    # A step of the person's own log-in: out of turn it may answer 302, 403 or 404.
    is_step: bool = False


def own(name: str, arguments: str, near: frozenset[str], method: str = "get") -> Row:
    """An address about an object of a place: whoever is far sees nothing."""
    return Row(name, arguments, near, near & CONFEDERATION, method=method)


ROWS = [
    # Flyers and posters: activists see those of their union, and note a poster themselves.
    Row("flyers:list"),
    Row("flyers:create", near=STAFF),
    Row("flyers:preview", near=STAFF),
    own("flyers:detail", "run", ABOVE_CAEN | {"militant"}),
    own("flyers:edit", "run", ABOVE_CAEN),
    own("flyers:edit", "run", ABOVE_CAEN, method="post"),
    own("flyers:source", "source", ABOVE_CAEN | {"militant"}),
    own("flyers:file", "flyer_file", ABOVE_CAEN | {"militant"}),
    Row("flyers:text-list", near=CONFEDERATION),
    Row("flyers:text-edit", "flyer_text", near=CONFEDERATION),
    Row("flyers:text-edit", "flyer_text", near=CONFEDERATION, method="post"),
    Row("flyers:batch-create", near=STAFF),
    Row("flyers:batch-detail", "flyer_batch", STAFF_OF_CAEN, NOBODY),
    Row("flyers:batch-cancel", "flyer_batch", STAFF_OF_CAEN, NOBODY, method="post"),
    Row("flyers:batch-archive", "drawn", STAFF_OF_CAEN, NOBODY),
    Row("flyers:poster-list", near=MEMBERS),
    Row("flyers:poster-create", near=MEMBERS),
    own("flyers:poster-edit", "poster", ABOVE_CAEN | {"militant"}),
    own("flyers:poster-edit", "poster", ABOVE_CAEN | {"militant"}, method="post"),
    own("flyers:poster-state", "poster", ABOVE_CAEN | {"militant"}, method="post"),
    own("flyers:poster-photo", "poster", ABOVE_CAEN | {"militant"}),
    Row("dashboards:home"),
    Row("dashboards:own-space", near=MEMBERS),
    own("dashboards:own-source-open", "membership", NOBODY, method="post"),
    # Field actions: reported, so that whoever acts there sees them.
    Row("deployments:list", near=MEMBERS),
    Row("deployments:create", near=STAFF),
    Row("deployments:goals", near=STAFF),
    Row("deployments:experience", near=STAFF),
    Row("deployments:calendar", near=MEMBERS),
    own("deployments:move", "deployment", ABOVE_CAEN),
    own("deployments:move", "deployment", ABOVE_CAEN, method="post"),
    # There is nothing to take back.
    own("deployments:move-undo", "deployment", NOBODY, method="post"),
    own("deployments:ics", "deployment", ABOVE_CAEN | {"militant"}),
    Row("deployments:feed-list", near=MEMBERS),
    Row("deployments:feed-revoke", "feed", near=frozenset({"militant"})),
    Row("deployments:feed-file", "feed_secret", public=True),
    own("deployments:detail", "deployment", ABOVE_CAEN | {"militant"}),
    *[
        own(f"deployments:{name}", "deployment", ABOVE_CAEN)
        for name in (
            "announce",
            "cancel",
            "restore",
            "archive",
            "delete",
            "copy",
            "repeat",
            "series",
            "prepare",
        )
    ],
    own("deployments:series-act", "series_act", ABOVE_CAEN),
    own("deployments:series-act", "series_act", ABOVE_CAEN, method="post"),
    own("deployments:day", "deployment", ABOVE_CAEN | {"militant"}),
    own("deployments:day-open", "deployment", ABOVE_CAEN, method="post"),
    own("deployments:day-qr", "deployment", ABOVE_CAEN),
    own("deployments:day-tally", "deployment", ABOVE_CAEN, method="post"),
    own("deployments:day-take-back", "deployment", ABOVE_CAEN, method="post"),
    own("deployments:day-incident", "deployment", ABOVE_CAEN, method="post"),
    own("deployments:photo-add", "deployment", ABOVE_CAEN, method="post"),
    own("deployments:photo", "photo", ABOVE_CAEN | {"militant"}),
    own("deployments:photo-remove", "photo", ABOVE_CAEN),
    own("deployments:declarations", "deployment", ABOVE_CAEN | {"militant"}),
    own("deployments:declaration-step", "declaration", ABOVE_CAEN),
    own("deployments:declaration-step", "declaration", ABOVE_CAEN, method="post"),
    own("deployments:declaration-letter", "declaration", ABOVE_CAEN),
    own("deployments:declaration-letter", "declaration", ABOVE_CAEN, method="post"),
    own("deployments:declaration-letter-pdf", "declaration", ABOVE_CAEN),
    own("deployments:declaration-receipt", "declaration", ABOVE_CAEN),
    own("deployments:declaration-receipt", "declaration", ABOVE_CAEN, method="post"),
    # Only who has just said so by a receipt.
    own("deployments:declaration-receipt-undo", "declaration", NOBODY, method="post"),
    own("deployments:declaration-receipt-file", "declaration", ABOVE_CAEN),
    own("deployments:tasks", "deployment", ABOVE_CAEN),
    own("deployments:task-add", "deployment", ABOVE_CAEN),
    own("deployments:task-add", "deployment", ABOVE_CAEN, method="post"),
    own("deployments:task-edit", "task", ABOVE_CAEN),
    own("deployments:task-edit", "task", ABOVE_CAEN, method="post"),
    own("deployments:task-tick", "task", ABOVE_CAEN, method="post"),
    own("deployments:task-remove", "task", ABOVE_CAEN, method="post"),
    own("deployments:brief", "deployment", ABOVE_CAEN),
    own("deployments:brief-receipts", "deployment", ABOVE_CAEN),
    Row("deployments:rule-list", near=KEEP_RULES),
    Row("deployments:rule-create", near=KEEP_RULES),
    own("deployments:rule-edit", "rule", UD_OF_CAEN),
    own("deployments:rule-edit", "rule", UD_OF_CAEN, method="post"),
    own("deployments:rule-remove", "rule", UD_OF_CAEN),
    own("deployments:rule-remove", "rule", UD_OF_CAEN, method="post"),
    own("deployments:debrief", "deployment", ABOVE_CAEN | {"militant"}),
    own("deployments:debrief-edit", "deployment", ABOVE_CAEN),
    own("deployments:debrief-reopen", "deployment", ABOVE_CAEN),
    own("deployments:debrief-texts", "deployment", ABOVE_CAEN),
    own("deployments:remark-add", "deployment", ABOVE_CAEN, method="post"),
    own("deployments:remark-remove", "remark", ABOVE_CAEN, method="post"),
    Row("deployments:opinion", "opinion", public=True),
    Row("deployments:opinion-thanks", public=True),
    own("deployments:prepare-step", "preparation", ABOVE_CAEN),
    own("deployments:team", "deployment", ABOVE_CAEN | {"militant"}),
    own("deployments:team-join", "deployment", ABOVE_CAEN | {"militant"}, method="post"),
    own("deployments:team-invite", "deployment", ABOVE_CAEN),
    own("deployments:team-invite-person", "deployment", ABOVE_CAEN),
    own("deployments:team-member", "team_member", ABOVE_CAEN),
    own("deployments:team-answer", "team_member", ABOVE_CAEN, method="post"),
    own("deployments:team-resend", "team_member", ABOVE_CAEN, method="post"),
    own("deployments:team-remove", "team_member", ABOVE_CAEN),
    own("deployments:team-remove", "team_member", ABOVE_CAEN, method="post"),
    own("deployments:team-pairs", "deployment", ABOVE_CAEN, method="post"),
    own("deployments:team-link", "deployment", ABOVE_CAEN, method="post"),
    own("deployments:team-next", "deployment", ABOVE_CAEN, method="post"),
    own("deployments:team-attendance", "deployment", ABOVE_CAEN),
    own("deployments:team-attendance", "deployment", ABOVE_CAEN, method="post"),
    own("deployments:team-arrival", "deployment", ABOVE_CAEN, method="post"),
    Row("deployments:absences", near=MEMBERS),
    own("deployments:absence-remove", "absence", NOBODY, method="post"),
    Row("team:join", "team_code", public=True),
    Row("team:joined", "team_code", public=True),
    Row("team:member", "team_secret", public=True),
    Row("team:erase", "team_secret", public=True),
    Row("team:erased", public=True),
    # Announced: seen by every member, managed by who holds it and those above.
    Row("webinars:detail", "webinar", MEMBERS, MEMBERS),
    own("webinars:screen", "webinar", ABOVE_CAEN),
    own("webinars:screen-list", "webinar", ABOVE_CAEN),
    Row("webinars:manage-list", near=STAFF),
    Row("webinars:manage-create", near=STAFF),
    Row("webinars:manage-participation", near=STAFF),
    Row("webinars:manage-suggestions", near=STAFF),
    Row("webinars:manage-series", near=CONFEDERATION),
    Row("webinars:manage-series-create", near=CONFEDERATION),
    Row("webinars:manage-series-edit", "series", near=CONFEDERATION),
    Row("webinars:manage-series-admit", "series", near=CONFEDERATION, method="post"),
    own("webinars:manage-prepare", "webinar_step", ABOVE_CAEN),
    own("webinars:manage-prepare", "webinar_step", ABOVE_CAEN, method="post"),
    *[
        own(f"webinars:manage-{name}", "webinar", ABOVE_CAEN)
        for name in (
            "detail",
            "room",
            "room-remove",
            "announce",
            "move",
            "cancel",
            "restore",
            "copy",
            "delete",
            "registrants",
            "add",
            "export",
            "questions",
            "question-news",
            "after",
        )
    ],
    *[
        own(f"webinars:manage-{name}", "webinar", ABOVE_CAEN, method="post")
        for name in (
            "room",
            "room-check",
            "room-remove",
            "move",
            "cancel",
            "copy",
            "add",
            "export",
            "after",
        )
    ],
    own("webinars:manage-registrant", "registrant", ABOVE_CAEN),
    own("webinars:manage-registrant-cancel", "registrant", ABOVE_CAEN),
    own("webinars:manage-registrant-cancel", "registrant", ABOVE_CAEN, method="post"),
    *[
        own(f"webinars:manage-registrant-{name}", "registrant", ABOVE_CAEN, method="post")
        for name in ("answer", "link", "attendance")
    ],
    own("webinars:manage-question-sort", "asked", ABOVE_CAEN, method="post"),
    *[
        own(f"webinars:manage-question-{name}", "asked", ABOVE_CAEN, method=method)
        for name in ("answer", "decline", "merge")
        for method in ("get", "post")
    ],
    Row("webinars:agenda", public=True),
    Row("webinars:agenda-feed", public=True),
    Row("webinars:register", public=True),
    Row("webinars:registered", public=True),
    Row("webinars:link-request", public=True),
    Row("webinars:link-sent", public=True),
    Row("webinars:erased", public=True),
    Row("webinars:session", "webinar_code", public=True),
    Row("webinars:card", "webinar_code", public=True),
    Row("webinars:session-file", "webinar_code", public=True),
    Row("webinars:session-qr", "webinar_code", public=True),
    # The militant comes to the session of Caen.
    own("webinars:own-page", "webinar_code", frozenset({"militant"})),
    Row("webinars:personal", "webinar_secret", public=True),
    # Its session goes on: the door is open, and leads to the meeting.
    Row("webinars:personal", "live_secret", public=True),
    Row("webinars:enter", "live_secret", public=True, method="post"),
    Row("webinars:own-state", "webinar_secret", public=True),
    Row("webinars:own-cancel", "webinar_secret", public=True),
    Row("webinars:own-cancel", "webinar_secret", public=True, method="post"),
    Row("webinars:own-cancel-undo", "webinar_secret", public=True, method="post"),
    Row("webinars:own-edit", "webinar_secret", public=True),
    Row("webinars:own-feedback", "webinar_secret", public=True),
    Row("webinars:own-document", "webinar_document", public=True),
    Row("webinars:own-link-renew", "webinar_secret", public=True),
    Row("webinars:own-erase", "webinar_secret", public=True),
    Row("webinars:board", "webinar_secret", public=True),
    Row("webinars:board-list", "webinar_secret", public=True),
    Row("webinars:support", "webinar_secret", public=True, method="post"),
    # Material: the catalogue is every member's; orders and stocks are the teams'.
    Row("materials:item-list", near=MEMBERS),
    Row("materials:item-detail", "item", near=MEMBERS),
    Row("materials:item-preview", "item_version", near=MEMBERS),
    Row("materials:item-file", "item_file", near=MEMBERS),
    Row("materials:item-social", "social_file", near=MEMBERS),
    Row("materials:item-retired", near=CONFEDERATION),
    Row("materials:item-create", near=CONFEDERATION),
    *[
        Row(f"materials:item-{name}", "item", near=CONFEDERATION)
        for name in ("edit", "publish", "history", "retire")
    ],
    Row("materials:item-restore", "item", near=CONFEDERATION, method="post"),
    Row("materials:order-basket", near=STAFF - CONFEDERATION),
    Row("materials:order-basket-set", near=STAFF - CONFEDERATION, method="post"),
    Row("materials:order-list", near=STAFF),
    own("materials:order-detail", "order", ABOVE_CAEN),
    own("materials:order-cancel", "order", ABOVE_CAEN),
    own("materials:order-cancel", "order", ABOVE_CAEN, method="post"),
    own("materials:order-receive", "sent_order", ABOVE_CAEN),
    own("materials:order-receive", "sent_order", ABOVE_CAEN, method="post"),
    own("materials:order-copy", "order", STAFF_OF_CAEN, method="post"),
    own("materials:order-note-pdf", "sent_order", ABOVE_CAEN),
    # Served by the confederation.
    Row("materials:order-queue", near=KEEP_RULES),
    own("materials:order-approve", "order", CONFEDERATION),
    own("materials:order-approve", "order", CONFEDERATION, method="post"),
    own("materials:order-forward", "order", CONFEDERATION, method="post"),
    own("materials:order-pick", "promised_order", CONFEDERATION),
    own("materials:order-pick", "promised_order", CONFEDERATION, method="post"),
    own("materials:order-ship", "promised_order", CONFEDERATION),
    own("materials:order-ship", "promised_order", CONFEDERATION, method="post"),
    own("materials:order-picking-pdf", "promised_order", CONFEDERATION),
    own("materials:order-labels-pdf", "promised_order", CONFEDERATION),
    own("materials:order-parcel", "sent_order", CONFEDERATION),
    own("materials:order-close", "sent_order", CONFEDERATION),
    Row("materials:stock-list", near=STAFF),
    Row("materials:stock-alerts", near=STAFF),
    Row("materials:stock-allotments", near=STAFF),
    *[
        own(f"materials:stock-{name}", "stock", ABOVE_CAEN, method=method)
        for name in ("move", "count", "thresholds")
        for method in ("get", "post")
    ],
    own("materials:stock-detail", "stock", ABOVE_CAEN),
    own("materials:stock-correct", "movement", ABOVE_CAEN),
    own("materials:stock-correct", "movement", ABOVE_CAEN, method="post"),
    Row("dashboards:webmanifest", public=True),
    Row("healthz", public=True),
    Row("readyz", public=True),
    Row("robots", public=True),
    Row("favicon", public=True),
    # Not there on an installation that names nobody.
    Row("security-txt", public=True, near=NOBODY),
    # Workers
    Row("contacts:register", "code", public=True),
    Row("contacts:registered", "code", public=True),
    Row("contacts:personal", "token", public=True),
    Row("contacts:personal-edit", "token", public=True),
    Row("contacts:personal-consents", "token", public=True),
    Row("contacts:personal-download", "token", public=True),
    Row("contacts:personal-erase", "token", public=True),
    Row("contacts:personal-language", "token", public=True, method="post"),
    Row("contacts:personal-resend", "token", public=True, method="post"),
    Row("contacts:confirm", "confirmation", public=True),
    Row("contacts:link-request", public=True),
    Row("contacts:link-sent", public=True),
    Row("contacts:erased", public=True),
    Row("contacts:privacy", public=True),
    # Contacts
    Row("contacts:capture", near=MEMBERS),
    Row("contacts:contact-list"),
    own("contacts:contact-detail", "contact", SEE_CAEN),
    own("contacts:contact-edit", "contact", SEE_CAEN),
    own("contacts:contact-consents", "contact", SEE_CAEN),
    own("contacts:contact-proof", "contact", SEE_CAEN),
    own("contacts:contact-proof-download", "contact", SEE_CAEN),
    own("contacts:contact-erase", "contact", SEE_CAEN),
    own("contacts:contact-erase", "contact", SEE_CAEN, method="post"),
    own("contacts:contact-merge", "pair", SEE_CAEN),
    own("contacts:contact-unmerge", "merged", SEE_CAEN, method="post"),
    own("contacts:duplicate-dismiss", "contact", SEE_CAEN, method="post"),
    # Sources
    Row("contacts:source-list"),
    Row("contacts:source-create", near=STAFF),
    own("contacts:source-detail", "source", ABOVE_CAEN | {"militant"}),
    own("contacts:source-qr", "qr", ABOVE_CAEN | {"militant"}),
    own("contacts:source-poster", "source", ABOVE_CAEN | {"militant"}),
    Row("contacts:paper-find", near=MEMBERS),
    own("contacts:paper-print", "source", ABOVE_CAEN | {"militant"}),
    own("contacts:paper-print", "source", ABOVE_CAEN | {"militant"}, method="post"),
    own("contacts:paper-entry", "source", ABOVE_CAEN),
    own("contacts:source-edit", "source", ABOVE_CAEN),
    own("contacts:source-close", "source", ABOVE_CAEN, method="post"),
    own("contacts:source-reopen", "source", ABOVE_CAEN, method="post"),
    # Lists
    Row("imports:import-list", near=STAFF),
    Row("imports:import-create", near=STAFF),
    Row("imports:import-template", near=STAFF),
    own("imports:import-detail", "list", STAFF_OF_CAEN),
    own("imports:import-columns", "list", STAFF_OF_CAEN),
    own("imports:import-proof", "list", STAFF_OF_CAEN),
    own("imports:import-confirm", "list", STAFF_OF_CAEN, method="post"),
    own("imports:import-cancel", "list", STAFF_OF_CAEN, method="post"),
    own("imports:import-undo", "done_list", STAFF_OF_CAEN),
    own("imports:import-errors", "list", STAFF_OF_CAEN),
    # Field
    Row("field:enrol", "field_secret", public=True),
    Row("field:app", public=True),
    Row("field:worker", public=True),
    Row("field:manifest", public=True),
    Row("field:reference", "reference", public=True),
    Row("field:data", public=True),
    Row("field:brief", public=True),
    Row("field:brief-pilot", public=True),
    Row("field:upload", public=True, method="post"),
    Row("field:open-own", near=MEMBERS, method="post"),
    Row("field:session-list", near=MEMBERS),
    Row("field:session-create", near=STAFF),
    own("field:session-detail", "session", ABOVE_CAEN | {"militant"}),
    own("field:session-qr", "session_qr", ABOVE_CAEN | {"militant"}),
    own("field:session-sheet", "session", ABOVE_CAEN | {"militant"}),
    own("field:session-edit", "session", ABOVE_CAEN),
    own("field:session-close", "session", ABOVE_CAEN, method="post"),
    own("field:session-reopen", "session", ABOVE_CAEN, method="post"),
    own("field:session-renew", "session", ABOVE_CAEN, method="post"),
    own("field:session-approve", "session", ABOVE_CAEN, method="post"),
    own("field:device-revoke", "device", ABOVE_CAEN, method="post"),
    Row("field:record-list", near=STAFF),
    own("field:record-correct", "record", ABOVE_CAEN),
    own("field:record-discard", "record", ABOVE_CAEN),
    own("field:record-discard", "record", ABOVE_CAEN, method="post"),
    Row("field:record-discard-several", near=STAFF),
    own("field:record-retry", "record", ABOVE_CAEN, method="post"),
    Row("field:export-import", near=STAFF),
    # Calls
    Row("calls:follow-up-list"),
    Row("calls:follow-up-next", method="post"),
    Row("calls:follow-up-assign", near=STAFF, method="post"),
    own("calls:follow-up", "follow_up", SEE_CAEN),
    own("calls:follow-up", "follow_up", SEE_CAEN, method="post"),
    own("calls:follow-up-take", "follow_up", SEE_CAEN, method="post"),
    own("calls:follow-up-extend", "follow_up", SEE_CAEN, method="post"),
    own("calls:follow-up-release", "follow_up", SEE_CAEN, method="post"),
    own("calls:call-undo", "call", frozenset({"ul"}), method="post"),
    Row("calls:meeting-list"),
    own("calls:meeting-edit", "meeting", SEE_CAEN),
    own("calls:meeting-edit", "meeting", SEE_CAEN, method="post"),
    own("calls:meeting-cancel", "meeting", SEE_CAEN),
    own("calls:meeting-cancel", "meeting", SEE_CAEN, method="post"),
    own("calls:meeting-file", "meeting", SEE_CAEN),
    Row("calls:funnel"),
    Row("calls:script-list", near=CONFEDERATION),
    Row("calls:script-edit", "phase", near=CONFEDERATION),
    Row("calls:script-restore", "phase", near=CONFEDERATION, method="post"),
    Row("calls:rules", near=CONFEDERATION),
    # Campaign
    Row("campaigns:campaign", near=EVERYONE),
    Row("campaigns:campaign-edit", near=CONFEDERATION),
    # Library
    Row("library:sheet-list", public=True),
    Row("library:sheet", "sheet", public=True),
    Row("library:sheet-pdf", "sheet", public=True),
    Row("library:home"),
    Row("library:document", "document"),
    Row("library:document-file", "document"),
    Row("library:document-preview", "document"),
    Row("library:document-version", "document_version", near=CONFEDERATION),
    Row("library:document", "staff_document", near=STAFF),
    Row("library:document-file", "staff_document", near=STAFF),
    Row("library:public-document", "public_document", public=True),
    Row("library:public-file", "public_document", public=True),
    Row("library:public-preview", "public_document", public=True),
    # What the UD of Caen publishes: read there, kept by the UD.
    own("library:document", "local_document", ABOVE_CAEN | {"militant"}),
    own("library:document-file", "local_document", ABOVE_CAEN | {"militant"}),
    *[
        own(f"library:document-{name}", "local_document", UD_OF_CAEN)
        for name in ("edit", "replace", "retire")
    ],
    *[
        own(f"library:document-{name}", "local_document", UD_OF_CAEN, method="post")
        for name in ("confirm", "publish", "restore")
    ],
    own("library:document-discard", "local_draft", UD_OF_CAEN),
    own("library:batch", "batch", UD_OF_CAEN),
    Row("library:batch-add", near=PUBLISH),
    Row("library:care", near=PUBLISH),
    Row("library:collection", "collection"),
    Row("library:collection-add", near=CONFEDERATION),
    Row("library:collection-edit", "collection", near=CONFEDERATION),
    Row("library:collection-delete", "collection", near=CONFEDERATION),
    Row("library:version", "version", near=CONFEDERATION),
    Row("library:version-pdf", "version", near=CONFEDERATION),
    Row("library:retired", near=PUBLISH),
    Row("library:sheet-verify", near=CONFEDERATION),
    Row("library:sheet-add", near=CONFEDERATION),
    Row("library:sheet-edit", "sheet", near=CONFEDERATION),
    Row("library:draft-preview", "draft", near=CONFEDERATION),
    Row("library:draft-pdf", "draft", near=CONFEDERATION),
    Row("library:sheet-publish", "draft", near=CONFEDERATION),
    Row("library:draft-discard", "draft", near=CONFEDERATION, method="post"),
    Row("library:sheet-retire", "sheet", near=CONFEDERATION),
    Row("library:sheet-restore", "sheet", near=CONFEDERATION, method="post"),
    Row("library:sheet-history", "sheet", near=CONFEDERATION),
    Row("library:document-add", near=PUBLISH),
    Row("library:document-edit", "document", near=CONFEDERATION),
    Row("library:document-replace", "document", near=CONFEDERATION),
    Row("library:document-retire", "document", near=CONFEDERATION),
    Row("library:document-restore", "document", near=CONFEDERATION, method="post"),
    # Log-in
    Row("account_login", public=True),
    Row("account_logout", public=True, method="post"),
    Row("account_inactive", public=True),
    Row("account_request_login_code", public=True),
    Row("account_confirm_login_code", public=True, is_step=True),
    Row("account_reset_password", public=True),
    Row("account_reset_password_done", public=True),
    Row("account_reset_password_from_key_done", public=True),
    Row("account_reauthenticate", is_step=True),
    Row("account_change_password", is_step=True),
    Row("account_set_password", is_step=True),
    Row("mfa_authenticate", public=True, is_step=True),
    Row("mfa_login_webauthn", public=True, is_step=True),
    Row("mfa_index"),
    Row("mfa_reauthenticate", is_step=True),
    Row("mfa_activate_totp"),
    Row("mfa_deactivate_totp", is_step=True),
    Row("mfa_view_recovery_codes", is_step=True),
    Row("mfa_generate_recovery_codes", is_step=True),
    Row("mfa_download_recovery_codes", is_step=True),
    Row("mfa_list_webauthn"),
    Row("mfa_add_webauthn"),
    Row("mfa_reauthenticate_webauthn", is_step=True),
    # Accounts
    Row("accounts:me"),
    Row("accounts:protect"),
    Row("accounts:sessions-end", method="post"),
    Row("accounts:person", "person", near=CONFEDERATION_ADMIN),
    Row("accounts:person-deactivate", "person", near=CONFEDERATION_ADMIN),
    Row("accounts:person-reactivate", "person", near=CONFEDERATION_ADMIN, method="post"),
    Row("accounts:person-reset-second-factor", "person", near=CONFEDERATION_ADMIN, method="post"),
    own("accounts:invitation-list", "organisation", ADMINISTER_CAEN),
    own("accounts:invitation-create", "organisation", ADMINISTER_CAEN),
    own("accounts:invitation-resend", "invitation", ADMINISTER_CAEN, method="post"),
    own("accounts:invitation-revoke", "invitation", ADMINISTER_CAEN, method="post"),
    Row("accounts:invitation-accept", "secret", public=True),
    # Organisations
    Row("organisations:organisation-list"),
    Row(
        "organisations:local-union-create",
        near=frozenset({"ud_admin", "other_ud_admin"}) | CONFEDERATION_ADMIN,
    ),
    Row("organisations:specific-create", near=CONFEDERATION_ADMIN),
    own("organisations:organisation-detail", "organisation", ABOVE_CAEN | {"militant"}),
    own("organisations:organisation-address", "organisation", ADMINISTER_CAEN),
    own("organisations:organisation-edit", "organisation", ADMINISTER_CAEN - {"ul_admin"}),
    own("organisations:organisation-deactivate", "organisation", ADMINISTER_CAEN - {"ul_admin"}),
    own(
        "organisations:organisation-reactivate",
        "organisation",
        ADMINISTER_CAEN - {"ul_admin"},
        method="post",
    ),
    own("organisations:member-list", "organisation", ADMINISTER_CAEN),
    own("organisations:member-edit", "membership", ADMINISTER_CAEN),
    own("organisations:member-remove", "membership", ADMINISTER_CAEN),
    own("organisations:membership-leave", "membership", NOBODY),
    # Confederation
    Row("messaging:message-list", near=CONFEDERATION),
    Row("messaging:message-confirm", "message", near=CONFEDERATION, method="post"),
    Row("messaging:message-send-again", "message", near=CONFEDERATION, method="post"),
    Row("territory:reference", near=CONFEDERATION),
    Row("territory:reference-import", "import", near=CONFEDERATION),
    Row("territory:lookup", public=True),
]
# Addresses that need more than an object: the test that covers each, and the words to find there.
ELSEWHERE = {
    "account_reset_password_from_key": ("tests/accounts/test_login.py", "mot-de-passe/nouveau/"),
    "mfa_edit_webauthn": ("tests/accounts/test_second_factor.py", "mfa_remove_webauthn"),
    "mfa_remove_webauthn": ("tests/accounts/test_second_factor.py", "mfa_remove_webauthn"),
    "messaging:unsubscribe": ("tests/messaging/test_views.py", "unsubscribe_url_for"),
    "territory:reference-confirm": ("tests/territory/test_imports.py", "client.post(confirm)"),
    "territory:reference-cancel": ("tests/territory/test_imports.py", "abandonner/"),
}
