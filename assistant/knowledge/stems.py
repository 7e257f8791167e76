"""Stems of French words, with the families that the Snowball stemmer gets wrong here.

Snowball (Porter 2001) merges words that this domain must tell apart (« commune » and
« communication », « don » and « donner », « délai » and « delà ») and, on short words, splits
singular from plural. The table was made by listing every stem of the corpus shared by words
of different meaning; each line is a stem and the folded words that take it.
"""

from functools import lru_cache

import Stemmer

_FAMILIES = """
associer: associer associe associee associes associees associent associant associons
association: association associations associatif associatifs associative associatives
don: don dons donateur donateurs donatrice
donner: donner donne donnes donnez donnant donnait donnent
commune: commune communes communal communale communales communaux
commun: commun communs
communication: communication communications communiquer communique communiquent communiquee
collectif: collectif collectifs collective collectives collectivement
collection: collection collections
delai: delai delais
note: note notes noter
fond: fond
fonds: fonds
fonda: fonda
fonder: fonder fonde fondee fondes fondent
conseil: conseil conseils
conseiller: conseiller conseille conseilles conseillent conseillers
emploi: emploi emplois
employeur: employeur employeurs employeuse employeuses
moyen: moyen moyens
moyenne: moyenne moyennes
public: public publics publique publiques
publication: publication publications publier publie publiee
partie: partie parties
part: part parts
partir: partir
forme: forme formes
former: former
formation: formation formations
format: format formats
montant: montant montants
monter: monter monte montez montent montage
seul: seul seule seuls seules
case: case cases
base: base bases
bas: bas
environnement: environnement environnemental environnementale environnementales environnementaux
attente: attente attentes
attention: attention attentif attentifs attentive attentives
direction: direction directions
directive: directive directives
departement: departement departements departemental departementale departementaux
depart: depart departs
gouvernance: gouvernance gouvernances
gouvernement: gouvernement gouvernements gouvernemental
logement: logement logements loger
concertation: concertation concertations concerter
concert: concert concerts
concept: concept concepts
conception: conception concevoir
collaborateur: collaborateur collaborateurs collaboratrice collaboratrices
collaboration: collaboration collaborations collaborer collaborent
efficacement: efficacement
efficace: efficace efficaces efficacite
cours: cours
course: course courses
coursera: coursera
paca: paca
pacs: pacs
courant: courant courants courante courantes
dispositif: dispositif dispositifs
disposition: disposition dispositions disposer
referent: referent referents referente
reference: reference references referentiel referentiels
respectif: respectif respectifs respective respectives respectivement
indicateur: indicateur indicateurs
gabrielle: gabrielle
exclusif: exclusif exclusifs exclusive exclusives exclusivite exclusivites
exclusion: exclusion exclusions
etudiant: etudiant etudiants etudiante etudiantes
etablir: etablir etabli etablie etablit
etablissement: etablissement etablissements
alternance: alternance
elu: elu elus elue elues
loi: loi lois
an: an ans annee annees
cle: cle cles
but: but buts
mot: mot mots
axe: axe axes
ere: ere eres
evenement: evenement evenements evenementiel
mutuelle: mutuelle mutuelles
mutuel: mutuel mutuels
region: region regions regional regionale regionales regionaux
marche: marche marches
societe: societe societes
societal: societal societale societales societaux
social: social sociale sociales sociaux
salarie: salarie salaries salariee salariees
salaire: salaire salaires
critere: critere criteres
critique: critique critiques critiquer
etape: etape etapes
"""

_EXCEPTIONS = {
    word: family
    for line in _FAMILIES.strip().splitlines()
    for family, _, members in (line.partition(":"),)
    for word in members.split()
}
# Nouns and adjectives in -ent, which are not verbs in the third person plural.
_NOT_VERBS = frozenset(
    """agent president different client urgent parent talent patient adherent incident accident
    argent excellent competent precedent permanent continent evident recent frequent transparent
    dependent independent coherent pertinent concurrent resident deficient efficient orient
    occident equivalent violent content souvent present absent consequent innocent intelligent
    prudent accent adjacent antecedent convalescent divergent emergent fluent inherent insolvent
    latent opulent potent quotient recipient regent serpent torrent divulgent viennent tiennent
    conviennent deviennent peuvent doivent veulent savent""".split()
)
_SNOWBALL = Stemmer.Stemmer("french")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of one folded word; numbers and short words stay as they are."""
    known = _EXCEPTIONS.get(word)
    if known is not None:
        return known
    if len(word) <= 3 or word[0].isdigit():
        return word
    if _is_plural_verb(word):  # « innovent » as « innover », which Snowball leaves apart
        word = f"{word[:-3]}er"
        known = _EXCEPTIONS.get(word)
    return known or str(_SNOWBALL.stemWord(word))


def _is_plural_verb(word: str) -> bool:
    ending = word.endswith("ent") and not word.endswith("ment")
    return ending and len(word) >= 6 and word not in _NOT_VERBS
