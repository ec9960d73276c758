"""What the guide tells, played in a browser: one function per role, one picture per step."""

from __future__ import annotations

from playwright.sync_api import FilePayload, Page

from docs.pictures.camera import DESKTOP, PHONE, Camera
from docs.pictures.site import POSTER_CODE, link_in

NEWCOMER = "camille@exemple.fr"
WORKER = "nadia@exemple.fr"
TRADES_FILE = "slug,label,idcc,federation\ntoiletteur,Toiletteur·se pour animaux,1978,commerce\n"


def worker(camera: Camera) -> None:
    """Registration on one's own telephone, then the personal page."""
    with camera.page(PHONE) as page:
        page.goto(f"/i/{POSTER_CODE}/")
        page.get_by_label("Prénom").fill("Nadia")
        page.get_by_label("Téléphone").fill("06 39 98 00 17")
        page.get_by_label("adresse e-mail").fill(WORKER)
        page.get_by_label("Métier").select_option("boulanger")
        page.get_by_label("Code postal").fill("14000")
        page.get_by_role("checkbox", name="par e-mail").check()
        page.get_by_role("checkbox", name="par SMS").check()
        camera.take(page, "salarie-inscription")
        page.get_by_role("button", name="Recevoir mes fiches").click()
        page.get_by_role("heading", name="C’est noté").wait_for()
        camera.take(page, "salarie-merci")
        mail = camera.show_mail(page, WORKER, "salarie-mail")
        page.goto(link_in(mail, "/moi/"))
        camera.take(page, "salarie-page")
        page.get_by_role("link", name="Tout effacer").click()
        page.get_by_role("heading", name="Effacer").wait_for()
        camera.take(page, "salarie-effacer")
        page.goto("/fiches/")
        page.locator("main a").first.click()
        camera.take(page, "salarie-fiche")


def militant(camera: Camera) -> None:
    """What Samira sees on her telephone."""
    with camera.page(PHONE, "militant") as page:
        camera.take(page, "militant-accueil")
        page.goto("/saisie/")
        page.get_by_label("Prénom").fill("Thierno")
        page.get_by_label("Téléphone").fill("06 39 98 00 21")
        page.get_by_label("Métier").select_option("coiffeur")
        place = page.get_by_role("combobox", name="Code postal ou commune")
        place.press_sequentially("cae", delay=40)
        page.get_by_role("option", name="Caen").first.wait_for()
        camera.take(page, "militant-commune", until="[role=listbox]", keep_focus=True)
        page.get_by_role("option", name="Caen").first.click()
        page.get_by_role("checkbox", name="par SMS").check()
        camera.take(page, "militant-saisie")
        page.get_by_role("button", name="Enregistrer").click()
        page.get_by_text("Thierno : enregistré·e").wait_for()
        camera.take(page, "militant-enregistre", until="form .field")
        page.goto("/contacts/")
        camera.take(page, "militant-contacts")
        page.goto("/sources/")
        page.locator("tr", has_text="Militant·e").get_by_role("link").first.click()
        camera.take(page, "militant-qr", until=".qr")


def local_union(camera: Camera) -> None:
    """Yann finds, corrects, prints and invites."""
    with camera.page(DESKTOP, "ul") as page:
        camera.take(page, "ul-accueil")
        page.goto("/contacts/?q=maell")
        camera.take(page, "ul-contacts")
        page.get_by_role("link", name="Maëlle").first.click()
        camera.take(page, "ul-contact")
        page.get_by_role("link", name="Modifier à sa demande").click()
        camera.take(page, "ul-choix")
        page.go_back()
        page.get_by_role("link", name="Effacer à la demande").click()
        camera.take(page, "ul-effacer")
        page.goto("/contacts/?duplicates=on")
        camera.take(page, "ul-doublons")
        page.get_by_role("link", name="Leïla").first.click()
        camera.take(page, "ul-doublon", until=".notice")
        page.goto("/sources/nouvelle/")
        page.get_by_label("Support").select_option(label="Affiche")
        page.get_by_label("Intitulé").fill("Affiche du marché Saint-Sauveur")
        camera.take(page, "ul-nouveau-qr")
        page.goto("/sources/")
        page.get_by_role("link", name="Affiche du local").click()
        camera.take(page, "ul-qr")
        page.get_by_role("link", name="Imprimer").click()
        camera.take(page, "ul-affiche")
        invite(camera, page)


def invite(camera: Camera, page: Page) -> None:
    page.goto("/compte/")
    page.locator("main").get_by_role("link", name="UL de Caen").click()
    page.get_by_role("link", name="Inviter").click()
    page.get_by_label("Adresses e-mail").fill(f"{NEWCOMER}\nsacha@exemple.fr")
    camera.take(page, "ul-inviter")
    page.get_by_role("button", name="Envoyer").click()
    page.get_by_role("heading", name="Invitations").wait_for()
    camera.take(page, "ul-invitations")
    page.get_by_role("link", name="Membres").click()
    camera.take(page, "ul-membres")


def first_log_in(camera: Camera) -> None:
    """Camille opens the invitation, then logs in again; a colleague protects her account."""
    with camera.page(PHONE) as page:
        mail = camera.show_mail(page, NEWCOMER, "connexion-invitation")
        page.goto(link_in(mail, "/invitation/"))
        page.locator("[name=first_name]").fill("Camille")
        page.locator("[name=last_name]").fill("Petit")
        camera.take(page, "connexion-bienvenue")
        page.get_by_role("button", name="Créer mon compte").click()
        page.get_by_role("heading", level=1, name="Camille").wait_for()
        page.context.clear_cookies()
        page.goto("/compte/connexion/")
        page.get_by_label("Votre adresse e-mail").first.fill(NEWCOMER)
        camera.take(page, "connexion-adresse")
        page.get_by_role("button", name="Recevoir mon code").click()
        page.get_by_role("heading", name="Regardez vos e-mails").wait_for()
        camera.take(page, "connexion-code")
    with camera.page(DESKTOP, "region") as page:
        page.goto("/compte/proteger/")
        camera.take(page, "protection")
        page.goto("/compte/securite/application/ajouter/")
        camera.take(page, "protection-application")
        page.goto("/compte/securite/cles/ajouter/")
        give_passkeys(page)
        page.get_by_label("Nom de cette clé").fill("Mon ordinateur")
        camera.take(page, "protection-cle")
        page.get_by_role("button", name="Créer la clé").click()
        page.get_by_role("heading", name="codes de secours").wait_for()
        camera.take(page, "protection-codes")


def give_passkeys(page: Page) -> None:
    """A device that recognises its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def departmental_union(camera: Camera) -> None:
    """Claire opens a local union and keeps an eye on the département."""
    with camera.page(DESKTOP, "ud") as page:
        page.goto("/contacts/")
        camera.take(page, "ud-contacts")
        page.goto("/organisations/ul/nouvelle/")
        page.get_by_label("Nom de l’organisation").fill("UL de Lisieux")
        page.get_by_label("Communes").fill("Lisieux\nPont-l'Évêque\nOrbec")
        camera.take(page, "ud-nouvelle-ul")


def field_actions(camera: Camera) -> None:
    """Claire prepares, declares and staffs an action, then tells what came of another."""
    with camera.page(DESKTOP, "ud") as page:
        page.goto("/deploiements/agenda/?vue=mois")
        camera.take(page, "action-agenda")
        page.goto("/deploiements/agenda/?vue=carte&periode=campagne&territoire=d14")
        page.locator(".map__pin").first.wait_for()
        camera.take(page, "action-carte")
        page.goto("/deploiements/")
        page.locator("tbody a").first.click()
        camera.take(page, "action-apercu")
        page.get_by_role("link", name="Équipe", exact=True).first.click()
        camera.take(page, "action-equipe")
        page.get_by_role("link", name="Déclarations", exact=True).first.click()
        camera.take(page, "action-declarations")
        page.get_by_role("link", name="Préparation", exact=True).first.click()
        camera.take(page, "action-preparation")
        page.goto("/deploiements/?quand=passes")
        page.locator("tbody a").first.click()
        page.get_by_role("link", name="Bilan", exact=True).first.click()
        camera.take(page, "action-bilan")
    with camera.page(PHONE, "ud") as page:
        page.goto("/deploiements/")
        page.locator("tbody a").first.click()
        page.get_by_role("link", name="Sur place", exact=True).first.click()
        camera.take(page, "action-sur-place")


def federation_and_region(camera: Camera) -> None:
    with camera.page(DESKTOP, "fd") as page:
        page.goto("/contacts/")
        page.get_by_label("Métier").select_option("vendeur-habillement")
        page.wait_for_load_state("networkidle")
        camera.take(page, "fd-contacts")
    with camera.page(DESKTOP, "region") as page:
        page.goto("/organisations/")
        camera.take(page, "region-organisations")


def confederation(camera: Camera) -> None:
    """Paul sees it all, publishes the sheets and keeps the reference data."""
    with camera.page(DESKTOP, "confederation") as page:
        camera.take(page, "confederation-accueil")
        page.goto("/campagne/")
        camera.take(page, "confederation-campagne")
        page.goto("/messages/")
        camera.take(page, "confederation-messages")
        page.goto("/ressources/")
        camera.take(page, "confederation-ressources")
        edit_sheet(camera, page)
        import_trades(camera, page)


def edit_sheet(camera: Camera, page: Page) -> None:
    page.goto("/ressources/fiches/conges-payes/modifier/")
    camera.take(page, "confederation-fiche")
    lead = page.locator("[name$=lead]").first
    lead.fill(lead.input_value() + " Voici comment les poser.")
    page.get_by_role("button", name="Enregistrer et voir l’aperçu").click()
    page.get_by_role("link", name="Publier").first.click()
    camera.take(page, "confederation-publier")


def import_trades(camera: Camera, page: Page) -> None:
    page.goto("/referentiel/")
    camera.take(page, "confederation-referentiel")
    page.goto("/referentiel/metiers/")
    file = FilePayload(name="metiers.csv", mimeType="text/csv", buffer=TRADES_FILE.encode())
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Vérifier ce fichier").click()
    page.get_by_role("heading", name="confirmer l’import").wait_for()
    camera.take(page, "confederation-import")


STORIES = (
    worker,
    militant,
    local_union,
    first_log_in,
    departmental_union,
    field_actions,
    federation_and_region,
    confederation,
)
