"""The ids of every text that a recommendation may use, and of every slug that it may return."""

from typing import get_args

from assistant.casefile.vocabulary import Category
from assistant.coaching.recommendation.category import SUGGESTED
from assistant.knowledge.content import Model

MODELS: tuple[str, ...] = get_args(Model)
CATEGORIES: tuple[str, ...] = get_args(Category)
CONTRACTS = (
    "mecenat_financier", "mecenat_nature", "mecenat_competences", "partenariat", "prestation",
    "parrainage", "protocole_accord", "subvention_cpo", "marche_public", "scission", "aucun",
)  # fmt: skip
ANNEXES = (
    "plan_action", "grille_evaluation", "charte", "compte_rendu", "lettre_mission_benevolat",
    "convention_cadre", "convention_groupement", "convention_experimentation", "deliberation",
)  # fmt: skip

_GATE = """
J1 J1.prix J1.initiative public J2 J3.prix J3.equivalente J3.parrainage MEC-16 J4 J4.ineligible
J5 J6 J7 J8 J8.engagement J9 J9.moyens J10 J11 J12 J13 J14 J15 don.contrepartie
sens.contradiction subvention.contradiction contrepartie.calcul formaliser indecis
protocole.hybride maturite.protocole
maturite.porte_entree maturite.suivi maturite.renouvellement leve.J1 leve.J3 leve.J7
""".split()
_PLACES = """
hors_typologie.public hors_typologie.achat mecenat.don mecenat.sens mecenat.reciproque
pratiques_responsables.prix pratiques_responsables.parrainage pratiques_responsables.partage
pratiques_responsables.sens pratiques_responsables.changement pratiques_responsables.objectif
cooperation_economique.revenus cooperation_economique.objectif innovation_societale.objectif
innovation_societale.essai innovation_societale.territoire
""".split()

SECTIONS: dict[str, frozenset[str]] = {
    "raisons": frozenset(_GATE)
    | {f"categorie.{name}" for name in _PLACES}
    | {f"modele.{name}" for name in MODELS}
    | {f"objectif.{a}.{g}.{c}" for (a, g), found in SUGGESTED.items() for c in found},
    "alertes": frozenset(
        """
        MEC-01 MEC-02 MEC-03 MEC-04 MEC-16 MEC-17 MC-06 NAT-04 QUAL-01 QUAL-02 QUAL-03 CP-01 CP-03
        CP-04 SUB-02 SUB-03 SIG-03 SIG-05 IS-02 CE-04 RES-06 carre.ecart contrepartie.ecart
        confiance.basse
        """.split()
    ),
    "ecartes": frozenset(
        """
        J1 J2 J3 MEC-16 MEC-16.offre J4 J5 J6 J7 J8 J9 J10 J11 J12 protocole categorie
        """.split()
    ),
    "suites": frozenset(
        """
        marche.mise_en_concurrence subvention.modele_officiel scission.deux_actes
        scission.tout_parrainage rescrit ineligible.parrainage ineligible.don_simple
        ineligible.relais benevolat.lettre capital.acte partage.conditions deliberation
        protocole.ensuite protocole.ensuite_hybride maturite.action_test croisement.protocole
        evaluer refus.transparence
        """.split()
    ),
    "libelles": frozenset((*MODELS, *CATEGORIES, *CONTRACTS, *ANNEXES)),
}
