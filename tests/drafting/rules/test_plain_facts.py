"""Each rule of §2 on plain facts, as somebody outside writes them for ``assistant check``.

A few slots and no contract asked for, unless the rule is about one: the rule is reported. Its
neighbour, with one thing put right, is not.
"""

import copy
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import pytest

from assistant.bootstrap import build_office
from assistant.casefile.facts import parse_facts
from assistant.casefile.provenance import Origin
from assistant.drafting.office import Checked, Office
from assistant.drafting.rules.rule import conditions
from assistant.settings import Settings
from tests.drafting.clean_cases import changed

TODAY = date(2026, 11, 21)

ASSO = {
    "role": "association",
    "type_acteur": "association",
    "denomination": "Les Jardins du Clain",
    "siren": "000104109",
    "rna": "W862001234",
    "siege": "3 rue du Pont, 86000 Poitiers",
    "representant": {
        "nom": "Nadia Ferrand",
        "qualite": "présidente",
        "fondement": "statuts_art",
        "reference": "article 9",
    },
}
FIRM = {
    "role": "entreprise",
    "type_acteur": "entreprise",
    "denomination": "Bois Vivant",
    "siren": "000115279",
    "siege": "4 rue des Ébénistes, 86000 Poitiers",
    "representant": {"nom": "Luc Amand", "qualite": "gérant", "fondement": "mandat_social"},
}
TOWN = {
    "role": "collectivite",
    "type_acteur": "collectivite",
    "denomination": "Commune de Saint-Aubin",
    "siren": "000126839",
    "siege": "1 place de la Mairie, 86100 Saint-Aubin",
    "representant": {
        "nom": "Claire Le Goff",
        "qualite": "maire",
        "fondement": "deliberation_collectivite",
        "date": "2026-11-05",
        "reference": "2026-087",
    },
}
PAIR = {"parties": [ASSO, FIRM]}
WITH_TOWN = {"parties": [ASSO, FIRM, TOWN]}
GIFT = {"flux": ["don_numeraire"], "don": {"montant": 10000}}
SKILLS = {"flux": ["temps_salarie"]}
LENT = {
    "forme": "pret_main_oeuvre",
    "salaries": [
        {"identite": "Paul Roy", "qualification": "comptable", "accord_ecrit_date": "2026-11-01"}
    ],
    "mc": {"debut": "2027-01-04", "fin": "2027-06-30", "mode_facturation": "aucune facturation"},
    "mission": {"finalite": "tenir les comptes de l'association"},
}
PRICE = {"flux": ["prix"], "prix": {"montant_ht": 8000}}
GRANT = {"flux": ["subvention"], "payeur_public": True, "initiative": "association"}
GRANTED = {**GRANT, "subvention": {"montant_annuel": 20000}}
PLAN = {
    "plan": {
        "actions": [
            {
                "intitule": "Atelier",
                "pilote": "Bois Vivant",
                "debut": "2027-02-01",
                "fin": "2027-03-01",
            }
        ]
    }
}
TOGETHER = {"flux": ["mutualisation"], "sens_apport": "ensemble_vers_tiers"}
MEMO = {"contrat_demande": "protocole_accord"}
SOLD = {"parties": [{**ASSO, "role": "prestataire"}, {**FIRM, "role": "client"}]}
SHOWN = {"parties": [{**ASSO, "role": "parraine"}, {**FIRM, "role": "parrain"}]}
GIVEN = {"parties": [{**ASSO, "role": "beneficiaire"}, {**FIRM, "role": "mecene"}]}
TOWN_RECEIVES = {
    "parties": [{**TOWN, "role": "beneficiaire"}, {**FIRM, "role": "mecene"}],
    "don": {"montant": 20000},
}


class Plain(NamedTuple):
    """Facts that a rule must report, and the dotted slots whose change must silence it."""

    rule: str
    facts: dict[str, Any]
    put_right: dict[str, Any]


CASES = [
    Plain("ID-01", {"parties": [{**FIRM, "siren": "732829321"}]}, {"parties.0.siren": "732829320"}),
    Plain("ID-01", {"parties": [{**FIRM, "siren": "356000000", "siret": "35600000009076"}]}, {"parties.0.siret": "35600000009075"}),
    Plain("ID-02", {"parties": [ASSO, {**FIRM, "siren": None}]}, {"parties.1.siren": "000115279"}),
    Plain("ID-02", {"parties": [{"role": "entreprise", "denomination": "Bois Vivant"}]}, {"parties.0.siret": "73282932000074"}),
    Plain("ID-03", {"parties": [{**ASSO, "rna": None}, FIRM]}, {"parties.0.rna": "W9R1234567"}),
    Plain("ID-03", {"parties": [{"role": "association", "denomination": "A"}]}, {"parties.0.registre_local": "tribunal de Colmar, vol. 12, folio 3"}),
    Plain("ID-04", {"parties": [{**ASSO, "siege": "2 quai Kléber, 67000 Strasbourg"}]}, {"parties.0.siege": "2 quai Kléber, 86000 Poitiers"}),
    Plain("ID-05", {"parties": [{**ASSO, "role": "beneficiaire", "declaree": False}], "flux": ["don_numeraire"]}, {"parties.0.declaree": True}),
    Plain("ID-05", {"parties": [{**ASSO, "declaree": False}], "don": {"montant": 500}}, {"parties.0.declaree": None}),
    Plain("ID-06", {"parties": [{**FIRM, "siren": "000115279", "siret": "73282932000074"}]}, {"parties.0.siren": "732829320"}),
    Plain("SIG-01", {"parties": [ASSO, {**FIRM, "representant": {"nom": "Luc Amand", "qualite": "gérant"}}]}, {"parties.1.representant.fondement": "mandat_social"}),
    Plain("SIG-01", {**GIVEN, "parties": [{**ASSO, "role": "beneficiaire", "representant": None}]}, {"parties.0.representant": ASSO["representant"]}),
    Plain("SIG-02", {"parties": [{**ASSO, "representant": {"nom": "N. F.", "qualite": "présidente", "fondement": "président"}}]}, {"parties.0.representant.fondement": "deliberation_CA"}),
    Plain("SIG-03", {"parties": [ASSO, {**TOWN, "representant": {"nom": "C. L.", "qualite": "maire"}}]}, {"deliberation": {"numero": "2026-12", "date": "2026-10-01"}}),
    Plain("SIG-03", {**GRANT, "parties": [ASSO, {**TOWN, "role": "administration", "representant": None}]}, {"subvention.deliberation": {"numero": "12", "date": "2026-10-01"}}),
    Plain("SIG-04", {"deliberation": {"numero": "2026-12", "date": "2027-01-10"}, "signature": {"date": "2026-12-15"}}, {"signature.date": "2027-01-11"}),
    Plain("SIG-05", {**TOWN_RECEIVES, "parties": [{**TOWN, "role": "beneficiaire", "representant": {"nom": "C. L.", "qualite": "maire", "fondement": "arrete_delegation", "reference": "2026-44"}}, {**FIRM, "role": "mecene"}], "contreparties": [{"nature": "logo", "valeur": 500}]}, {"contreparties": []}),
    Plain("SIG-06", {"pilotage": {"direction_impliquee": False}}, {"pilotage.direction_impliquee": True}),
    Plain("QUAL-01", {"flux": ["don_numeraire"], "contrepartie_niveau": "equivalente"}, {"contrepartie_niveau": "symbolique"}),
    Plain("QUAL-01", {"contrat_demande": "mecenat_financier", "flux": ["prix"], "contrepartie_niveau": "equivalente"}, {"contrat_demande": "prestation"}),
    Plain("QUAL-01", {"don": {"montant": 5000}, "contreparties": [{"nature": "loges", "valeur": 5000}]}, {"contreparties.0.valeur": 1000}),
    Plain("QUAL-02", {**PRICE, "contrat_demande": "mecenat_financier", "objectif_dominant": "modele_eco", "sens_apport": "A_vers_E"}, {"contrat_demande": "prestation"}),
    Plain("QUAL-03", {"flux": ["don_numeraire", "prix"]}, {"flux": ["don_numeraire", "temps_salarie"]}),
    Plain("QUAL-03", {"flux": ["don_numeraire", "subvention"]}, {"flux": ["don_numeraire"]}),
    Plain("QUAL-03", {"don": {"montant": 5000}, "prix": 3000}, {"prix": None}),
    Plain("QUAL-04", {"contrat_demande": "partenariat", "finances": {"montant": 5000}}, {"finances.regime": "partage_couts"}),
    Plain("QUAL-04", {"flux": ["mutualisation"], "finances": {"montant": 5000}}, {"finances.regime": "partage_couts"}),
    Plain("GEN-01", {"contrat_demande": "partenariat", **PAIR}, {"objectifs.commun": "ouvrir un atelier"}),
    Plain("GEN-01", {**PAIR, "objectifs": {"propres": {"association": "a", "entreprise": "b"}}}, {"objectifs.commun": "ouvrir un atelier"}),
    Plain("GEN-02", {**PAIR, "objectifs": {"commun": "c", "propres": {"Bois Vivant": "a"}}}, {"objectifs.propres": {"Bois Vivant": "a", "Les Jardins du Clain": "b"}}),
    Plain("GEN-02", {**GIVEN, "objectifs": {"propres": {"mecene": "a"}}}, {"objectifs.propres": {"mecene": "a", "beneficiaire": "b"}}),
    Plain("GEN-03", {"perimetre": {"geographique": ["Poitiers"], "thematique": ["jardins"]}}, {"perimetre.beneficiaires": ["les habitants"]}),
    Plain("GEN-04", {**PAIR, "moyens": [{"partie": "Bois Vivant", "categorie": "humain"}]}, {"moyens": [{"partie": "Bois Vivant", "categorie": "humain"}, {"partie": "association", "categorie": "local"}]}),
    Plain("GEN-05", {"usage": "cadre", "flux": ["don_numeraire", "prix"]}, {"conventions_filles": [{"type": "mécénat"}, {"type": "prestation"}]}),
    Plain("GEN-06", {**PAIR, "pilotage": {"referents": [{"partie": "Bois Vivant", "nom": "Zoé"}]}}, {"pilotage.referents": [{"partie": "Bois Vivant", "nom": "Zoé"}, {"partie": "Les Jardins du Clain", "nom": "Ali"}]}),
    Plain("GEN-07", {"pilotage": {"referents": [{"partie": "Bois Vivant", "nom": "Zoé"}]}}, {"pilotage.frequence": "trimestrielle"}),
    Plain("GEN-10", {"date_cible": "2026-12-20"}, {"date_cible": "2027-05-20"}),
    Plain("GEN-10", {"date_cible": "2026-12-20", "temps_negociation": "cadrage"}, {"appel_a_projets": True}),
    Plain("GEN-11", {"parties": [{**ASSO, "effectif": 1}, {**FIRM, "effectif": 12000}]}, {"independance.clause": "le mécène n'oriente pas la mission"}),
    Plain("MEC-01", {**GIFT, "beneficiaire_eligible": "non"}, {"beneficiaire_eligible": "oui_rescrit"}),
    Plain("MEC-01", {"parties": [{**ASSO, "role": "beneficiaire", "type_acteur": "entreprise", "forme_juridique": "SCIC SA"}], **GIFT}, {"parties.0.type_acteur": "association", "parties.0.forme_juridique": "association loi 1901"}),
    Plain("MEC-02", {**GIFT, "beneficiaire_eligible": "inconnu"}, {"beneficiaire_eligible": "oui_reseau_ou_RUP"}),
    Plain("MEC-02", {**GIFT, "beneficiaire_eligible": "oui_declare"}, {"fiscal.rescrit_date": "2026-03-02"}),
    Plain("MEC-03", {"don": {"montant": 10000}, "contreparties": [{"nature": "places", "valeur": 2501}]}, {"contreparties.0.valeur": 2500}),
    Plain("MEC-04", {"don": {"montant": 10000}, "contreparties": [{"nature": "logo"}]}, {"contreparties.0.valeur": 300}),
    Plain("MEC-05", {"don": {"montant": 10000}, "contreparties": []}, {"contreparties": [{"nature": "logo", "valeur": 300}]}),
    Plain("MEC-05", {**GIFT, "contrepartie_niveau": "aucune"}, {"contrepartie_niveau": "symbolique"}),
    Plain("MEC-06", {**GIFT, "fiscal": {"recu": {"modele": "Cerfa n° 11580*03"}}}, {"fiscal.recu.modele": "16216"}),
    Plain("MEC-06", {**GIFT, "fiscal": {"recu_demande": True}}, {"fiscal.recu": {"modele": "2041-MEC-SD"}}),
    Plain("MEC-06", {"recu": {"modele": "11580"}}, {"recu.modele": "16216"}),
    Plain("MEC-07", {"fiscal": {"recu": {"modele": "16216", "emetteur": "mecene"}}}, {"fiscal.recu.emetteur": "beneficiaire"}),
    Plain("MEC-07", {**GIFT, "fiscal": {"recu": {"signataire": "le mécène"}}}, {"fiscal.recu.signataire": "la trésorière de l'association"}),
    Plain("MEC-08", {"don": {"montant": 30000}, "mecene": {"ca_ht": 1000000}}, {"mecene.ca_ht": 8000000}),
    Plain("MEC-09", {"don": {"montant": 10001}}, {"don.montant": 10000}),
    Plain("MEC-09", {"flux": ["don_numeraire"], "mecene": {"dons_exercice": 15000}}, {"mecene.dons_exercice": 9000}),
    Plain("MEC-10", {"don": {"montant": 2500000}}, {"beneficiaire.aide_personnes_en_difficulte": True}),
    Plain("MEC-11", {"don": {"montant": 9000, "echeancier": [{"date": "2027-01-15", "montant": 4000}, {"date": "2027-09-15", "montant": 4000}]}}, {"don.echeancier.1.montant": 5000}),
    Plain("MEC-11", {"don": {"montant": 9000, "echeancier": [{"date": "2028-03-15", "montant": 9000}]}, "duree": {"date_debut": "2027-01-01", "date_fin": "2027-12-31"}}, {"don.echeancier.0.date": "2027-03-15"}),
    Plain("MEC-12", {"don": {"montant": 60000, "presente_comme_libre": True}, "duree": {"mois": 36}}, {"don.presente_comme_libre": False}),
    Plain("MEC-13", {**GIFT, "affectation": {"compte_rendu": "un rapport par an"}}, {"objet.affectation": "projet"}),
    Plain("MEC-13", {"don": {"montant": 10000}, "objet": {"affectation": "projet"}}, {"affectation.compte_rendu": "un rapport par an"}),
    Plain("MEC-14", {"beneficiaire": {"dons_annuels": 153001}}, {"beneficiaire.dons_annuels": 153000}),
    Plain("MEC-15", {**GIFT, "fiscal": {"recu": {"modele": "16216", "emetteur": "beneficiaire"}}}, {"fiscal.recu": None}),
    Plain("MEC-16", {"flux": ["don_numeraire"], "produit_partage": True}, {"produit_partage": False}),
    Plain("MEC-16", {"contrat_demande": "mecenat_financier", "flux": ["partage_revenus"], "produit_partage": True}, {"contrat_demande": "prestation"}),
    Plain("MEC-17", {**TOWN_RECEIVES, "mecene": {"lien_beneficiaire": "candidat_marche"}}, {"mecene.lien_beneficiaire": ["aucun"]}),
    Plain("MEC-17", {"acteur_type": "collectivite", "sens_apport": "E_vers_A", "flux": ["don_numeraire"], "conflits_interets": ["fournisseur"]}, {"acteur_type": "association"}),
    Plain("NAT-01", {"biens": [{"designation": "ordinateurs", "valeur": 900}]}, {"biens.0.quantite": 12}),
    Plain("NAT-01", {"flux": ["don_nature"], "biens": []}, {"biens": [{"designation": "bureaux", "quantite": 3}]}),
    Plain("NAT-02", {"biens": [{"designation": "bureaux", "quantite": 3}]}, {"biens.0.valeur": 450}),
    Plain("NAT-02", {"biens": [{"designation": "bureaux", "quantite": 3, "valeur": 900, "methode": "prix_vente_ttc"}]}, {"biens.0.methode": "valeur_stock"}),
    Plain("NAT-03", {"alimentaire": {"denrees": True}}, {"alimentaire.habilitation": "2024-86-11"}),
    Plain("NAT-03", {"biens": [{"designation": "denrées sèches", "quantite": 40, "valeur": 80}]}, {"biens.0.designation": "bureaux"}),
    Plain("NAT-04", {"flux": ["don_nature"], "pret": {"usage_seulement": True}}, {"pret.restitution_date": "2027-06-30"}),
    Plain("NAT-04", {"biens": [{"designation": "camion", "quantite": 1, "valeur": 9000}], "pret": {"restitution_date": "2027-06-30"}, "transfert_propriete_date": "2027-01-01"}, {"transfert_propriete_date": None}),
    Plain("NAT-04", {"flux": ["don_nature"], "local": {"adresse": "1 rue du Port"}}, {"pret": {"usage_seulement": True, "restitution_date": "2027-06-30"}}),
    Plain("MC-01", {"forme": "pret_main_oeuvre", "salaries": [{"identite": "Paul Roy"}]}, {"salaries.0.accord_ecrit_date": "2026-11-02"}),
    Plain("MC-01", {**SKILLS, "forme_mc": "pret_main_oeuvre"}, {"forme_mc": "prestation_offerte"}),
    Plain("MC-02", {**LENT, "beneficiaire_eligible": "non"}, {"mc.facturation": 9000}),
    Plain("MC-02", {**SKILLS, "forme": "pret_main_oeuvre", "beneficiaire_eligible": "non"}, {"beneficiaire_eligible": "oui_rescrit"}),
    Plain("MC-03", {**LENT, "mc": {"debut": "2027-01-01", "fin": "2030-01-31"}}, {"mc.fin": "2029-12-31"}),
    Plain("MC-03", {**LENT, "mc": {"intra_groupe": True}}, {"mc.intra_groupe": False}),
    Plain("MC-04", {**LENT, "mission": {"titre": "comptabilité"}}, {"mission.finalite": "tenir les comptes"}),
    Plain("MC-05", {"mc": {"valeur_totale": 12016}}, {"mc.valeur_totale": 12015}),
    Plain("MC-06", {**SKILLS, "temps_travail": "libre"}, {"temps_travail": "travail"}),
    Plain("MC-06", {"mc": {"valeur_totale": 4000}, "temps_travail": "libre"}, {"temps_travail": "travail"}),
    Plain("MC-07", {**LENT, "mc": {"tuteur_association": "A. B."}}, {"mc.manager_entreprise": "C. D."}),
    Plain("MC-07", {"mc": {"tuteur_association": "A", "manager_entreprise": "B", "autorite_disciplinaire": "association"}}, {"mc.autorite_disciplinaire": "entreprise"}),
    Plain("MC-08", {**LENT, "assurance": {"rc": {"entreprise": True}}}, {"mc.accident_procedure": "prévenir l'employeur le jour même"}),
    Plain("MC-09", LENT, {"mc.cse_informe": True}),
    Plain("MC-10", LENT, {"mission.livrables": ["un bilan"]}),
    Plain("MC-10", SKILLS, {"annexes": ["fiche mission"]}),
    Plain("MC-11", {"parties": [{**TOWN, "population": 3500}], "mc": {"agents_publics": True, "fin": "2027-06-30"}}, {"parties.0.population": 3501}),
    Plain("MC-11", {"mc": {"agents_publics": True, "fin": "2028-01-31"}}, {"mc.fin": "2027-12-27"}),
    Plain("MC-12", {"mc": {"agents_publics": True}}, {"mc.valorise_en_subvention": True}),
    Plain("TVA-01", PRICE, {"tva.regime": "franchise"}),
    Plain("TVA-01", SOLD, {"assujetti_tva": "non"}),
    Plain("TVA-02", {"prestataire": {"recettes_lucratives": 75000}, "prix": {"montant_ht": 5012}}, {"prestataire.recettes_lucratives": 60000}),
    Plain("TVA-02", {**SOLD, "prestataire": {"lucratif_preponderant": True}}, {"prestataire.lucratif_preponderant": False}),
    Plain("TVA-03", {**PRICE, "fiscal": {"recu_demande": True}}, {"fiscal.recu_demande": False}),
    Plain("TVA-03", {**PRICE, "contrat_demande": "mecenat_financier", "objectif_dominant": "positionnement", "sens_apport": "A_vers_E", "fiscal": {"recu": {"modele": "16216"}}}, {"fiscal": None}),
    Plain("TVA-04", {**PRICE, "facturation": {"date": "2027-01-15"}}, {"facturation.date": "2026-06-15"}),
    Plain("PRE-01", {"prix": {"montant_ht": 5000}}, {"prix.montant_ht": 4999}),
    Plain("PRE-01", PRICE, {"vigilance.attestation": True}),
    Plain("PRE-02", {**PRICE, "reception": {"modalites": "procès-verbal"}}, {"prestation.livrables": ["dix ateliers"]}),
    Plain("PRE-03", {"prix": {"montant_ht": 900, "solidaire": True}}, {"prix.solidaire": False}),
    Plain("PRE-03", {"prix": 0}, {"prix": 900}),
    Plain("PRE-04", {"prestataire": {"part_client_pct": 51}}, {"prestataire.part_client_pct": 50}),
    Plain("PRE-05", {"parties": [{**ASSO, "role": "prestataire", "type_acteur": "entreprise adaptée"}, {**FIRM, "role": "client"}]}, {"achat_responsable.attestation_oeth": True}),
    Plain("PRE-05", {**PRICE, "achat_responsable": {"taux_main_oeuvre": 70}}, {"achat_responsable.attestation_oeth": True}),
    Plain("PAR-01", {"visibilite": [{"support": "maillots"}], "droit_image": {"clause": "accord écrit"}}, {"annulation_evenement": "le prix est rendu"}),
    Plain("PAR-01", SHOWN, {"visibilite": [{"support": "maillots"}], "droit_image": {"clause": "accord écrit"}, "annulation_evenement": "le prix est rendu"}),
    Plain("PAR-02", {"droit_image": {"mineurs": True}}, {"droit_image.consentement": True}),
    Plain("CP-01", {"payeur_public": True, "besoin_defini_par_payeur": True}, {"besoin_defini_par_payeur": False}),
    Plain("CP-01", {"payeur_public": True, "flux": ["prix"]}, {"payeur_public": False}),
    Plain("CP-01", {"payeur_public": True, "flux": ["subvention"], "prestation_individualisee": True}, {"prestation_individualisee": False}),
    Plain("CP-01", {"acteur_type": "collectivite", "flux": ["prix"], "besoin_defini_par_payeur": True}, {"acteur_type": "entreprise"}),
    Plain("CP-02", {"payeur_public": True, "prix": {"montant_ht": 59999}}, {"prix.montant_ht": 60000}),
    Plain("CP-03", {**TOWN_RECEIVES, "contreparties": [{"nature": "salles", "valeur": 900, "repond_besoin": True}]}, {"contreparties.0.repond_besoin": False}),
    Plain("CP-03", {"acteur_type": "collectivite", "sens_apport": "E_vers_A", "flux": ["don_numeraire"], "contrepartie_niveau": "significative"}, {"contrepartie_niveau": "symbolique"}),
    Plain("CP-04", {**WITH_TOWN, "offre_commune": {"description": "repas", "vise_marche_public": True}}, {"offre_commune.vise_marche_public": False}),
    Plain("SUB-01", {**GRANT, "subvention": {"montant_annuel": 23001}}, {"subvention.montant_annuel": 23000}),
    Plain("SUB-01", {**GRANT, "subvention": {"montant_annuel": 20000, "aides_nature": [{"type": "local", "valeur": 4000}]}}, {"subvention.convention": True}),
    Plain("SUB-02", {"flux": ["subvention"], "payeur_public": True}, {"initiative": "association"}),
    Plain("SUB-03", GRANTED, {"subvention.CER_souscrit_date": "2026-05-02"}),
    Plain("SUB-03", {**GRANTED, "parties": [{**ASSO, "agreee": False}]}, {"parties.0.agreee": True}),
    Plain("SUB-04", GRANTED, {"subvention.compte_rendu": "avant le 30 juin 2028"}),
    Plain("SUB-05", {**GRANT, "subvention": {"aides_nature": [{"type": "local"}]}}, {"subvention.aides_nature.0.valeur": 3000}),
    Plain("SUB-05", {**GRANT, **WITH_TOWN, "moyens": [{"partie": "Commune de Saint-Aubin", "categorie": "humain", "description": "un agent"}]}, {"moyens.0.valeur_estimee": 7000}),
    Plain("SUB-06", {"subvention": {"reversement_prevu": True}}, {"subvention.reversement_autorise": True}),
    Plain("SUB-07", {**GRANT, "conflits_interets": ["elu"]}, {"probite.traitement_conflits": "il quitte la salle"}),
    Plain("SUB-07", {"subvention": {"elus_interesses": ["une adjointe"]}}, {"subvention.elus_interesses": []}),
    Plain("SUB-07", {"partenaire_type": "collectivite", "conflits_interets": "élu au bureau"}, {"conflits_interets": ["aucun"]}),
    Plain("SUB-08", {"subvention": {"activite_economique": True, "cumul_trois_ans": 300001}}, {"subvention.cumul_trois_ans": 300000}),
    Plain("SUB-09", {"beneficiaire": {"subventions_annuelles": 160000}}, {"beneficiaire.subventions_annuelles": 100000}),
    Plain("SUB-10", GRANTED, {"subvention.delai_versement_jours": 60}),
    Plain("SUB-11", GRANTED, {"subvention.excedent_raisonnable": "10 % du coût"}),
    Plain("SUB-12", {"local": {"domaine_public": True}, "duree": {"renouvellement": "tacite"}}, {"duree.renouvellement": "expres"}),
    Plain("SUB-13", {**GRANT, "parties": [{**ASSO, "siren": None}]}, {"parties.0.siren": "000104109"}),
    Plain("RES-01", {"duree": {"date_debut": "2027-01-01", "date_fin": "2027-12-31"}}, {"duree.non_renouvellement_consequences": "bilan"}),
    Plain("RES-01", PAIR, {"non_renouvellement": "les parcours se terminent"}),
    Plain("RES-02", {"resiliation": {"cas": ["manquement"], "preavis_jours": 60}}, {"resiliation.consequences": "les logos sont retirés"}),
    Plain("RES-02", {"resiliation": {"consequences": "les logos sont retirés"}}, {"resiliation.cas": ["manquement"]}),
    Plain("RES-03", {"duree": {"date_debut": "2027-06-01", "date_fin": "2027-05-31"}}, {"duree.date_fin": "2028-05-31"}),
    Plain("RES-03", PAIR, {"duree": {"date_debut": "2027-06-01", "mois": 12}}),
    Plain("RES-04", {"services_reguliers": True, "relation_mois": 60, "resiliation": {"preavis_jours": 15}}, {"resiliation.preavis_jours": 180}),
    Plain("RES-04", {"flux": ["prix"], "relation_mois": 60, "resiliation": {"preavis_jours": 15}}, {"relation_mois": 24}),
    Plain("RES-05", {"flux": ["don_numeraire"], "duree": {"renouvellement": "tacite"}}, {"duree.renouvellement": "expres"}),
    Plain("RES-06", {"relation_poursuivie": True, "duree": {"date_fin": "2026-06-30"}}, {"duree.date_fin": "2027-06-30"}),
    Plain("RES-07", {"evenement": {"nom": "Gala", "date": "2027-05-01"}}, {"resiliation.annulation_report": "les fonds sont rendus"}),
    Plain("RES-08", {"duree": {"date_debut": "2027-01-01", "indeterminee": True}}, {"resiliation.preavis_jours": 90}),
    Plain("LIT-01", {"litiges": {"alerte": "le référent écrit sous dix jours"}}, {"litiges.mediation": True}),
    Plain("LIT-02", {**PAIR, "litiges": {"juridiction": "Tribunal de commerce de Poitiers"}}, {"litiges.juridiction": "les tribunaux compétents"}),
    Plain("LIT-02", {**GIFT, "litiges": {"juridiction": "tribunal judiciaire de Lyon"}}, {"litiges.juridiction": "le tribunal du domicile du défendeur"}),
    Plain("LIT-03", {"litiges": {"mediation": {"obligatoire": True}}}, {"litiges.mediation.delai_jours": 60}),
    Plain("COM-01", {"communication": {"marques": [{"titulaire": "Bois Vivant", "supports": "site", "duree": "1 an"}], "validation_prealable_jours": 5}}, {"communication.retrait_fin": "sous trente jours"}),
    Plain("COM-02", {"communication": {"temporalite": "immediate"}}, {"communication.temporalite": "apres_resultats"}),
    Plain("COM-03", {"communication": {"allegation_texte": "Un partenariat éco-responsable"}}, {"communication.allegation_texte": "12 tonnes réemployées en 2026"}),
    Plain("COM-03", {"communication": {"allegation_texte": "Des produits verts"}}, {"communication.allegation_texte": "Des espaces verts ouverts à tous"}),
    Plain("COM-03", {"communication": {"allegation_texte": "Un événement neutre"}}, {"communication.allegation_texte": "Une association neutre en politique"}),
    Plain("COM-03", {"communication": {"allegations_environnementales": True}}, {"communication.allegations_environnementales": False}),
    Plain("COM-04", {"communication": {"liberte_expression": False}}, {"communication.liberte_expression": True}),
    Plain("COM-05", {"exclusivite": {"mode": "secteur", "perimetre": "le mobilier"}}, {"exclusivite.duree": "un an"}),
    Plain("COM-05", {**GIFT, "exclusivite": {"mode": "secteur", "perimetre": "le mobilier", "duree": "un an"}}, {"exclusivite.valorisee": True}),
    Plain("COM-05", {"non_concurrence": {"active": True, "perimetre": "x", "territoire": "Vienne"}}, {"non_concurrence.duree_mois": 12}),
    Plain("PI-01", {"pi": {"livrable_intellectuel": True}}, {"pi.resultats": "auteur"}),
    Plain("PI-01", {"prestation": {"livrables": ["une étude d'impact"]}}, {"prestation.livrables": ["deux cents repas"]}),
    Plain("PI-02", {"experimentation": True, **TOGETHER}, {"pi": {"apports_anterieurs": [], "resultats": "commune"}}),
    Plain("PI-02", {"experimentation": True, "pi": {"resultats": "commune"}}, {"pi.apports_anterieurs": []}),
    Plain("DATA-01", {"rgpd": {"donnees_personnelles": True}}, {"rgpd.roles": "independants"}),
    Plain("DATA-02", {"rgpd": {"donnees_personnelles": True, "sensibles": True}}, {"rgpd.analyse_impact": True}),
    Plain("DATA-02", {"rgpd": {"personnes": ["enfants accueillis"]}}, {"rgpd.personnes": ["salariés"]}),
    Plain("DATA-02", {"rgpd": {"categories": ["données de santé"]}}, {"rgpd.categories": ["nom et adresse"]}),
    Plain("DATA-03", {"confidentialite": {"informations_strategiques": True}}, {"confidentialite.active": True}),
    Plain("DATA-03", {"sujets_sensibles": ["confidentialité"]}, {"confidentialite.active": True}),
    Plain("PROB-01", {"conflits_interets": ["dirigeant_commun"]}, {"probite.traitement_conflits": "il ne vote pas"}),
    Plain("PROB-02", {"parties": [ASSO, {**FIRM, "soumise_sapin2": True}]}, {"probite.diligences_beneficiaire": ["statuts et comptes lus"]}),
    Plain("PROB-03", {"exclusions": ["alcool"], "partenaire_secteur": "distribution d'alcools"}, {"partenaire_secteur": "meubles"}),
    Plain("PROB-03", {"lignes_rouges": ["pas d'armement"], "parties": [{**FIRM, "secteur": "armement"}]}, {"lignes_rouges": ["pas de tabac"]}),
    Plain("CE-01", {"offre_commune": {"description": "livraison solidaire"}, "facturation": {"qui": "Bois Vivant"}, "solidarite": "conjoint"}, {"repartition_CA_pct": [{"partie": "A", "pourcentage": 60}, {"partie": "B", "pourcentage": 40}]}),
    Plain("CE-01", {"flux": ["partage_revenus"]}, {"flux": ["mutualisation"]}),
    Plain("CE-02", {"repartition_CA_pct": [{"partie": "A", "pourcentage": 60}, {"partie": "B", "pourcentage": 30}]}, {"repartition_CA_pct.1.pourcentage": 40}),
    Plain("CE-03", {**PAIR, "offre_commune": {"activite_marchande_preponderante": True, "porteur": "Les Jardins du Clain"}}, {"offre_commune.porteur": "Bois Vivant"}),
    Plain("CE-04", {"structure_commune": True, "relation_mois": 6}, {"relation_mois": 12}),
    Plain("CE-04", {"coconstruction": 4, "maturite": 1}, {"maturite": 3}),
    Plain("IS-01", {"experimentation": True, "protocole_mesure": "enquête"}, {"criteres_arret": "moins de dix participants"}),
    Plain("IS-02", {"objectif_dominant": "innovation", "maturite": 1}, {"maturite": 3}),
    Plain("IS-02", {"objectif_carre": {"innovation": 6, "modele_eco": 4}, "maturite": 2}, {"objectif_carre": {"innovation": 4, "modele_eco": 6}}),
    Plain("PROT-01", {"usage": "negociation"}, {"portee": {"clauses_engageantes": ["confidentialité"], "clauses_intention": ["calendrier"]}}),
    Plain("PROT-02", {**MEMO, "date_butoir": "2027-06-30"}, {"fin_sans_suite": "aucune indemnité, sauf faute"}),
    Plain("PROT-03", {"usage": "cadre", "conditions_suspensives_connues": True}, {"conditions": ["vote du conseil municipal"]}),
    Plain("PROT-03", {**MEMO, "partenaire_type": "collectivite"}, {"deliberation": {"numero": "4", "date": "2026-10-01"}}),
    Plain("PLAN-01", {"plan": {"actions": [{"intitule": "Atelier", "debut": "2027-02-01"}]}}, {"plan.actions.0.pilote": "Bois Vivant"}),
    Plain("PLAN-01", {"plan": {"actions": [{"intitule": "Atelier", "pilote": "Bois Vivant"}]}}, {"plan.actions.0.fin": "2027-03-01"}),
    Plain("PLAN-02", {**PLAN, "parties": [ASSO, TOWN]}, {"parties": [ASSO, FIRM]}),
    Plain("PLAN-02", {**PLAN, "acteur_nom": "Les Jardins", "partenaire_nom": "La Ville"}, {"partenaire_nom": "Bois Vivant"}),
    Plain("PLAN-02", {"plan": {**PLAN["plan"], "periode": {"debut": "2027-01-01", "fin": "2027-02-15"}}}, {"plan.periode.fin": "2027-12-31"}),
    Plain("PLAN-02", {"plan": {"budget": [{"poste": "a", "montant": 300}, {"poste": "b", "montant": 400}], "budget_total": 800}}, {"plan.budget_total": 700}),
    Plain("PLAN-03", PLAN, {"plan.points_evaluation": [{"date": "2027-06-01", "questions": "où en est-on ?"}]}),
    Plain("PLAN-04", {"plan": {"valeur": "non_contractuel"}, "annexes": ["Plan d'actions 2027"], "annexes_font_partie_integrante": True}, {"annexes_font_partie_integrante": False}),
    Plain("EVAL-01", {"duree": {"mois": 24}}, {"evaluation.prevue": True}),
    Plain("EVAL-01", {"duree": {"date_debut": "2027-01-01", "date_fin": "2028-06-30"}, "evaluation": {"prevue": False}}, {"duree.date_fin": "2027-12-31"}),
    Plain("EVAL-02", {"eval": {"notes": [{"partie": "A", "ligne": "pilotage", "note": 4}]}}, {"eval.notes": [{"partie": "A", "ligne": "pilotage", "note": 4}, {"partie": "B", "ligne": "pilotage", "note": 4}]}),
    Plain("EVAL-03", {"eval": {"notes": [{"partie": "A", "ligne": "pilotage", "note": 5}, {"partie": "B", "ligne": "pilotage", "note": 3}]}}, {"eval.notes.1.note": 4}),
    Plain("EVAL-04", {"eval": {"decision": "reconduire"}}, {"eval.analyse_coherence": "objectifs atteints aux trois quarts"}),
    Plain("EVAL-05", {"objectifs": {"indicateurs": [{"libelle": "ateliers tenus", "nature": "activite"}]}}, {"objectifs.indicateurs": [{"libelle": "ateliers tenus", "nature": "activite"}, {"libelle": "mieux-être déclaré", "nature": "utilite_beneficiaires"}]}),
    Plain("COM-01", {**GIFT, "contrepartie_liste": ["logo sur l'affiche"]}, {"contrepartie_liste": ["deux places"]}),
    Plain("IS-01", {"usage": "prefiguration", "experimentation": True}, {"criteres_arret": "moins de dix participants"}),
    Plain("EVAL-05", {"objectifs": {"indicateurs": [{"libelle": "Nombre d'ateliers"}]}}, {"objectifs.indicateurs.0.libelle": "Nombre de personnes en emploi à six mois"}),
]  # fmt: skip
# told by who runs the check, never by the facts (§2.2)
NOT_IN_FACTS = {"GEN-08", "GEN-09"}


@cache
def office() -> Office:
    return build_office(Settings())


def reported(facts: dict[str, Any], **more: Any) -> set[str]:
    found: Checked = office().check(parse_facts(facts), today=TODAY, **more)
    return {issue["rule"] for issue in found.to_json()["issues"]}


def titled(case: Plain) -> str:
    return f"{case.rule}-{'+'.join(case.put_right)}"


@pytest.mark.parametrize("case", CASES, ids=titled)
def test_plain_facts_are_reported_and_their_neighbour_is_not(case: Plain) -> None:
    facts = copy.deepcopy(case.facts)

    assert case.rule in reported(facts)
    assert case.rule not in reported(changed(facts, case.put_right))


def test_every_rule_that_reads_facts_has_a_plain_case() -> None:
    assert {case.rule for case in CASES} == conditions().keys() - NOT_IN_FACTS
    assert len(conditions()) == 130


def test_a_value_nobody_gave_and_a_missing_notice_are_reported() -> None:
    facts = {"don": {"montant": 900}}

    assert "GEN-08" in reported(facts, origins={"territoire": Origin()})
    assert "GEN-08" not in reported(facts, origins={"don": Origin()})
    assert "GEN-09" in reported(facts, notice=False)
    assert "GEN-09" not in reported(facts, notice=True)


@pytest.mark.parametrize(("worth", "severity"), [(2600, "alerte"), (5000, "alerte"), (5001, "bloquant")])  # fmt: skip
def test_counterparts_block_over_half_of_the_gift(worth: int, severity: str) -> None:
    facts = {"don": {"montant": 10000}, "contreparties": [{"nature": "places", "valeur": worth}]}
    issues = office().check(parse_facts(facts), today=TODAY).issues

    assert [i.severity.value for i in issues if i.rule == "MEC-03"] == [severity]


def test_nothing_is_said_of_nothing() -> None:
    assert reported({}) == set()
    assert reported({"acteur_type": "association", "objectif_dominant": "inconnu"}) == set()
