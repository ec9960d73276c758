"""The second version of the three consents: the same words in every language of the public pages.

A change is a new version, in all languages at once, never an edit.
"""

from django.db import migrations

VERSION = 2
# The three consents, then what is said beside them.
WORDINGS = {
    "fr": (
        "J’accepte de recevoir par e-mail mes fiches de droits et les rappels pour voter.",
        "J’accepte de recevoir par SMS les rappels pour voter.",
        "J’accepte d’être rappelé·e par un·e militant·e près de chez moi.",
        "Vos coordonnées servent uniquement à la campagne pour les élections dans les très petites entreprises. Elles peuvent révéler un lien avec un syndicat : c’est pourquoi nous vous demandons votre accord exprès, que vous pouvez retirer à tout moment. Votre employeur n’y a jamais accès. Elles sont effacées après la campagne. Depuis votre page personnelle, vous pouvez les voir, les corriger, les télécharger ou les effacer.",
    ),
    "en": (
        "I agree to receive my rights sheets and reminders to vote by e-mail.",
        "I agree to receive reminders to vote by text message (SMS).",
        "I agree to be called back by an activist near me.",
        "Your details are used only for the campaign for the elections in very small companies. They may reveal a link with a trade union: that is why we ask for your explicit agreement, which you can withdraw at any time. Your employer never has access to them. They are erased after the campaign. From your personal page you can see, correct, download or erase them.",
    ),
    "pt": (
        "Aceito receber por e-mail as minhas fichas de direitos e os lembretes para votar.",
        "Aceito receber por SMS os lembretes para votar.",
        "Aceito que um(a) militante perto de mim me telefone.",
        "Os seus contactos servem apenas para a campanha das eleições nas empresas muito pequenas. Podem revelar uma ligação a um sindicato: por isso pedimos o seu acordo expresso, que pode retirar a qualquer momento. O seu patrão nunca tem acesso a eles. São apagados depois da campanha. Na sua página pessoal, pode vê-los, corrigi-los, descarregá-los ou apagá-los.",
    ),
    "es": (
        "Acepto recibir por correo electrónico mis fichas de derechos y los recordatorios para votar.",
        "Acepto recibir por SMS los recordatorios para votar.",
        "Acepto que me llame por teléfono un/a militante cerca de mí.",
        "Sus datos de contacto sirven únicamente para la campaña de las elecciones en las empresas muy pequeñas. Pueden revelar un vínculo con un sindicato: por eso le pedimos su acuerdo expreso, que puede retirar en cualquier momento. Su empleador nunca tiene acceso a ellos. Se borran después de la campaña. Desde su página personal puede verlos, corregirlos, descargarlos o borrarlos.",
    ),
    "ar": (
        "أوافق على تلقّي بطاقات حقوقي والتذكير بالتصويت عبر البريد الإلكتروني.",
        "أوافق على تلقّي التذكير بالتصويت عبر رسائل SMS.",
        "أوافق على أن يتّصل بي هاتفياً أحد المناضلين النقابيين القريبين مني.",
        "تُستعمل معلوماتكم فقط لحملة الانتخابات في الشركات الصغيرة جداً. قد تكشف عن صلة بنقابة: لذلك نطلب موافقتكم الصريحة، ويمكنكم سحبها في أي وقت. لا يطّلع عليها صاحب عملكم أبداً. تُمحى بعد الحملة. من صفحتكم الشخصية يمكنكم الاطلاع عليها أو تصحيحها أو تنزيلها أو محوها.",
    ),
    "ro": (
        "Accept să primesc prin e-mail fișele cu drepturile mele și mementouri pentru vot.",
        "Accept să primesc prin SMS mementouri pentru vot.",
        "Accept să fiu sunat(ă) de un(o) militant(ă) din apropierea mea.",
        "Datele dumneavoastră de contact servesc numai campaniei pentru alegerile din firmele foarte mici. Ele pot dezvălui o legătură cu un sindicat: de aceea vă cerem acordul expres, pe care îl puteți retrage oricând. Patronul dumneavoastră nu are niciodată acces la ele. Se șterg după campanie. Din pagina dumneavoastră personală le puteți vedea, corecta, descărca sau șterge.",
    ),
    "pl": (
        "Zgadzam się otrzymywać e-mailem karty praw i przypomnienia o głosowaniu.",
        "Zgadzam się otrzymywać SMS-em przypomnienia o głosowaniu.",
        "Zgadzam się na telefon od działacza lub działaczki z mojej okolicy.",
        "Twoje dane kontaktowe służą wyłącznie kampanii przed wyborami w bardzo małych firmach. Mogą ujawniać związek z organizacją związkową: dlatego prosimy o Twoją wyraźną zgodę, którą możesz wycofać w każdej chwili. Twój pracodawca nigdy nie ma do nich dostępu. Po kampanii są usuwane. Na swojej osobistej stronie możesz je zobaczyć, poprawić, pobrać lub usunąć.",
    ),
    "tr": (
        "Hak bilgi kartlarımı ve oy hatırlatmalarını e-posta ile almayı kabul ediyorum.",
        "Oy hatırlatmalarını SMS ile almayı kabul ediyorum.",
        "Yakınımdaki bir sendika gönüllüsünün beni aramasını kabul ediyorum.",
        "İletişim bilgileriniz yalnızca çok küçük işletmelerdeki seçim kampanyası için kullanılır. Bir sendikayla bağınızı gösterebilir: bu yüzden, istediğiniz zaman geri alabileceğiniz açık onayınızı istiyoruz. İşvereniniz bunları asla göremez. Kampanyadan sonra silinirler. Kişisel sayfanızdan bunları görebilir, düzeltebilir, indirebilir veya silebilirsiniz.",
    ),
}
CONSENTS = (("vote-reminders", "email"), ("vote-reminders", "sms"), ("call-back", "call"))


def add_wordings(apps, schema_editor):
    ConsentWording = apps.get_model("contacts", "ConsentWording")
    ConsentWording.objects.bulk_create(
        ConsentWording(
            version=VERSION, language=language, purpose=purpose, channel=channel, text=text,
            notice=notice,
        )
        for language, (*texts, notice) in WORDINGS.items()
        for (purpose, channel), text in zip(CONSENTS, texts, strict=True)
    )  # fmt: skip


def remove_wordings(apps, schema_editor):
    ConsentWording = apps.get_model("contacts", "ConsentWording")
    notices = [notice for *_, notice in WORDINGS.values()]
    ConsentWording.objects.filter(version=VERSION, notice__in=notices).delete()


class Migration(migrations.Migration):
    dependencies = [("contacts", "0007_imported_lists")]
    operations = [migrations.RunPython(add_wordings, remove_wordings)]
