"""The reference files that staff of the confederation may replace from the browser."""

from dataclasses import dataclass

from territory.tables import COMMUNES, OFFICIAL_PAIRS, TRADES, Table


@dataclass(frozen=True)
class Importable:
    slug: str
    table: Table
    title: str
    text: str
    absent: str

    @property
    def columns(self) -> str:
        return ", ".join(self.table.layout.columns)


IMPORTABLE = {
    importable.slug: importable
    for importable in (
        Importable(
            slug="communes",
            table=COMMUNES,
            title="Communes",
            text=(
                "Codes postaux et population des communes, une fois par an après la publication "
                "de l’Insee."
            ),
            absent="absentes du fichier, conservées",
        ),
        Importable(
            slug="activites",
            table=OFFICIAL_PAIRS,
            title="Activités et conventions",
            text=(
                "La table officielle du ministère (Dares, « passage APE-IDCC »), enregistrée en "
                "CSV. Elle remplace la table officielle précédente."
            ),
            absent="absents du fichier, retirés",
        ),
        Importable(
            slug="metiers",
            table=TRADES,
            title="Métiers",
            text="Ce que les gens disent faire, et la convention collective de chaque métier.",
            absent="absents du fichier, conservés",
        ),
    )
}
