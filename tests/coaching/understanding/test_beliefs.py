"""False beliefs, four phrasings each; and the same words in the mouth of one who knows."""

from datetime import date

import pytest

from assistant.coaching.understanding import Lexicon, load_lexicon, read_message
from tests.builders import CORPUS

TODAY = date(2026, 11, 21)
PHRASINGS = {
    "cerfa_11580": [
        "on fera un cerfa 11580 à l'entreprise", "le reçu 11580 pour la boite",
        "pour le mécénat c le 11580", "je leur envoie le cerfa n° 11580 comme tous les ans",
    ],
    "prets_5000_salaries": [
        "prêter un salarié c'est réservé aux boites de plus de 5000 salariés",
        "il faut 5 000 salariés minimum pour le mécénat de compétences",
        "on a pas 5000 employés donc pas de mise à disposition",
        "seules les grandes entreprises de cinq mille salariés peuvent détacher du personnel",
    ],
    "prets_2_ans": [
        "le prêt de salarié c'est 2 ans maximum", "on peut pas détacher quelqu'un plus de deux ans",
        "la mise à disposition est limitée à deux ans, pas plus de 2 ans",
        "le mécénat de compétences dure au plus 2 ans",
    ],
    "amende_25": [
        "on risque 25 % d'amende", "l'amende est de 25% du reçu",
        "il y a une pénalité de vingt-cinq pour cent", "l'article 1740 A prévoit 25 %",
    ],
    "mecenat_zero_contrepartie": [
        "le mécénat c'est zéro contrepartie obligatoire",
        "en mécénat on n'a droit à aucune contrepartie", "les contreparties sont interdites en mécénat",
        "puisque c'est du mécénat on n'a pas le droit de mettre leur logo",
    ],
    "contrepartie_25_loi": [
        "la loi dit 25 % de contreparties", "légalement la contrepartie peut aller jusqu'à 25%",
        "les 25 pour cent de contrepartie sont dans le code",
        "le fisc autorise un quart du don en contreparties",
    ],
    "plafond_10000": [
        "le plafond du mécénat est de 10 000 €", "une entreprise ne déduit pas plus de 10000 euros de dons",
        "c'est limité à dix mille euros, au delà pas de réduction", "la limite de 10k de dons par an pour une boite",
    ],
    "subvention_23000_plafond": [
        "la mairie ne peut pas donner plus de 23 000 €", "le plafond des subventions c'est 23000 euros",
        "une subvention est limitée à 23 000", "interdit de dépasser 23k de subvention",
    ],
    "loi_3ds_2021": [
        "la loi 3DS de 2021", "selon la loi 3ds (2021)", "en 2021 la loi 3DS a permis ça",
        "la 3DS votée en 2021 autorise",
    ],
    "lieu_signature_tribunal": [
        "le lieu de signature décide du tribunal", "si on signe à Nice c'est le tribunal de Nice",
        "la juridiction est celle du lieu où l'on signe", "on signe chez nous comme ça le juge est d'ici",
    ],
    "president_plein_droit": [
        "le président signe de plein droit", "notre présidente a d'office le pouvoir de signer",
        "le président peut toujours signer", "la présidente signe sans délibération",
    ],
    "scic_recu": [
        "on est une SCIC donc on fait des reçus", "une scop peut délivrer un reçu fiscal",
        "l'agrément ESUS donne droit au mécénat", "notre scic est éligible au mécénat",
    ],
    "plan_action_sans_valeur": [
        "le plan d'action n'a jamais de valeur juridique", "le plan d'action n'engage à rien",
        "de toute façon un plan d'action c'est pas contraignant", "le plan d'actions n'a aucune portée",
    ],
    "droit_alliance_en_vigueur": [
        "le droit d'alliance est en vigueur", "la loi sur le droit d'alliance a été votée",
        "on peut s'appuyer sur le droit d'alliance", "depuis le droit à l'alliance c'est permis",
    ],
    "don_tva": [
        "il faut ajouter la TVA au don", "on facture le don avec 20 % de TVA",
        "le mécénat est soumis à la tva", "ils nous donnent 1000 plus la tva",
    ],
    "taux_66_entreprise": [
        "l'entreprise déduit 66 %", "une boite récupère 66% de son don",
        "en mécénat on défiscalise soixante-six pour cent", "les sociétés ont une réduction de 66 pour cent",
    ],
    "entreprise_fait_recu": [
        "l'entreprise fait elle-même le reçu", "le mécène remplit son cerfa lui-même",
        "c'est la boite qui établit le reçu fiscal", "le donateur se fait son reçu",
    ],
    "liberalite_sans_obligation": [
        "c'est une intention libérale donc on n'est pas obligé de verser",
        "c'est un don, l'asso ne doit rien à personne", "avec un don aucun compte rendu à faire",
        "le mécénat c'est libre, on est pas obligés de justifier",
    ],
    "coop_eco_recu": [
        "la coopération économique donne droit à un reçu fiscal", "offre commune avec reçu fiscal pour eux",
        "on partage les recettes et ils défiscalisent", "le produit partage ouvre droit à réduction d'impôt",
    ],
    "subvention_dispense_marche": [
        "une convention de subvention dispense de marché public",
        "avec une subvention pas besoin d'appel d'offres",
        "on fait une subvention pour éviter le marché public",
        "la subvention ça évite la mise en concurrence",
    ],
    "toute_asso_recu": [
        "toutes les associations peuvent faire des reçus fiscaux",
        "on est déclarés loi 1901 donc on fait des cerfas", "n'importe quelle asso donne des reçus",
        "déclarée en préfecture donc automatiquement d'intérêt général",
    ],
    "rescrit_obligatoire": [
        "le rescrit est obligatoire", "on est obligés de demander un rescrit",
        "il faut absolument un rescrit", "sans rescrit c'est interdit",
    ],
    "ca_reduction_plafond_5_pourcent": [
        "le plafond c'est 5 % du chiffre d'affaires", "les dons sont limités à 5% du CA",
        "mécénat maximum cinq pour cent du chiffre d'affaires", "on peut donner dans la limite de 5 % du CA",
    ],
    "sponsoring_est_mecenat": [
        "le sponsoring c'est du mécénat", "le parrainage c'est la même chose que le don",
        "le sponsoring donne droit à un reçu fiscal", "le parrainage est défiscalisé à 60 %",
    ],
    "loi_interdit_association_facturer": [
        "une association n'a pas le droit de facturer", "les assos peuvent pas vendre",
        "il est interdit à une association, interdit de facturer", "une asso ne peut jamais gagner de l'argent",
    ],
    "oral_suffit": [
        "pour un don un accord oral suffit", "pas besoin de convention puisque c'est gratuit",
        "inutile de faire un contrat pour du mécénat", "une poignée de main suffit pour un partenariat",
    ],
    "mc_valeur_marche": [
        "on valorise le mécénat de compétences au prix de vente",
        "le mécénat de compétences est estimé à notre TJM",
        "les jours de salariés sont comptés au tarif client pour le reçu",
        "on calcule le mécénat de compétences au taux journalier",
    ],
    "asso_evalue_don_nature": [
        "pour le matériel c'est nous qui fixons la valeur", "l'association estime la valeur du mobilier",
        "pour un don en nature l'asso décide du montant", "l'asso évalue le prix des ordinateurs",
    ],
    "salarie_impose_mc": [
        "on peut prêter un salarié sans son accord", "on va imposer le mécénat de compétences aux salariés",
        "détacher un employé, pas besoin de son accord", "mettre à disposition un salarié sans son avis",
    ],
    "compte_rendu_inutile_subvention": [
        "une subvention, pas de compte rendu à faire", "on n'a jamais à justifier une subvention",
        "la subvention est sans justificatif", "avec la subvention aucun bilan à donner",
    ],
    "subvention_reversee": [
        "on peut reverser la subvention à une autre asso", "on redistribue librement la subvention",
        "reverser une subvention c'est autorisé", "on transfère la subvention à qui on veut",
    ],
    "exclusivite_gratuite_mecenat": [
        "l'exclusivité en mécénat n'est pas une contrepartie", "l'exclusivité pour notre mécène c'est gratuit",
        "donner l'exclusivité au mécène c'est normal", "l'exclusivité ne compte pas dans le don",
    ],
    "tacite_toujours_permis_public": [
        "le local municipal se renouvelle par tacite reconduction",
        "renouvellement tacite pour l'occupation du domaine public",
        "la salle communale est reconduite de façon tacite",
        "les locaux municipaux ont une reconduction tacite",
    ],
}  # fmt: skip
KNOWN = [
    "le cerfa 11580 est pour les particuliers, nous ce sera le 16216",
    "la réduction est de 60 % pour une entreprise", "au-delà de 23 000 € une convention est obligatoire",
    "la loi 3DS du 21 février 2022", "le plafond est de 20 000 € ou 5 pour mille du CA",
    "les 25 % ne sont pas dans la loi, c'est un usage", "on est une SCIC, on ne peut pas faire de reçus",
    "le don n'est pas soumis à la TVA", "le rescrit n'est pas obligatoire",
    "le président a une délibération du CA pour signer", "les particuliers déduisent 66 %",
    "le prêt de salariés est limité à trois ans", "l'association remplit le reçu pour l'entreprise",
    "bonjour, on cherche un mécène", "un don de 10 000 € d'une entreprise",
    "20 % de TVA sur la prestation", "on est 5000 habitants", "un accord sur 2 ans",
    "le tribunal de Lyon", "notre plan d'action est prêt", "on demande une subvention de 23 000 €",
]  # fmt: skip


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon(CORPUS)


def held(text: str, lexicon: Lexicon) -> set[str]:
    return {b.id for b in read_message(text, lexicon=lexicon, today=TODAY).beliefs}


@pytest.mark.parametrize(
    ("belief", "text"), [(b, text) for b, texts in PHRASINGS.items() for text in texts]
)
def test_a_false_belief_is_recognised_however_it_is_said(
    belief: str, text: str, lexicon: Lexicon
) -> None:
    assert belief in held(text, lexicon)


@pytest.mark.parametrize("text", KNOWN)
def test_what_is_true_is_not_corrected(text: str, lexicon: Lexicon) -> None:
    assert held(text, lexicon) == set()


def test_every_belief_is_tested_with_four_phrasings(lexicon: Lexicon) -> None:
    assert set(PHRASINGS) == set(lexicon.beliefs)
    assert len(PHRASINGS) >= 30
    assert min(len(set(texts)) for texts in PHRASINGS.values()) >= 4


def test_a_correction_that_nobody_checked_names_its_doubt(lexicon: Lexicon) -> None:
    doubtful = [b for b in lexicon.beliefs.values() if all(s.verify for s in b.sources)]

    assert all("vérifi" in b.correction for b in doubtful), [b.id for b in doubtful]
