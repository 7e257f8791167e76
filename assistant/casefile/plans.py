"""The action plan and the crossed evaluation (domain/conventions.md §1.8 and §1.9)."""

from typing import Literal

from assistant.casefile.base import Block, Count, Day, Line, Mark, Money, Text, Texts


class Audience(Block):
    """Whom an action is for."""

    public: Line
    effectif: Count | None = None


class PlannedAction(Block):
    """One line of the plan (guide p. 51)."""

    id: Line | None = None
    intitule: Line
    description: Text | None = None
    pilote: Line | None = None
    contributeurs: Texts | None = None
    debut: Day | None = None
    fin: Day | None = None
    livrable: Line | None = None
    jalon: Line | None = None
    moyens: Text | None = None
    budget: Money | None = None
    indicateur: Line | None = None
    risque: Line | None = None
    statut: Literal["a_venir", "en_cours", "fait", "abandonne"] | None = None


class BudgetLine(Block):
    """Who pays for what."""

    poste: Line
    montant: Money | None = None
    financeur: Line | None = None


class Workdays(Block):
    """Days of work that one side gives."""

    partie: Line
    jours: Count | None = None


class Meeting(Block):
    """A body that meets."""

    type: Literal["operationnel", "strategique"] | None = None
    membres: Text | None = None
    frequence: Line | None = None
    dates: tuple[Day, ...] | None = None


class Announcement(Block):
    """One public message."""

    date: Day | None = None
    support: Line | None = None
    message: Text | None = None
    validation: Line | None = None


class Risk(Block):
    """What could go wrong and what answers it (guide p. 35-37)."""

    description: Text
    probabilite: Literal["faible", "moyenne", "forte"] | None = None
    impact: Literal["faible", "moyen", "fort"] | None = None
    parade: Text | None = None
    responsable: Line | None = None


class Checkpoint(Block):
    """A moment to look back."""

    date: Day | None = None
    questions: Text | None = None
    responsable: Line | None = None


class Revision(Block):
    """A change of the plan that was agreed."""

    date: Day | None = None
    objet: Text | None = None
    accord: Line | None = None


class Period(Block):
    """From a day to a day."""

    debut: Day | None = None
    fin: Day | None = None


class Plan(Block):
    """The operational action plan."""

    convention_ref: Line | None = None
    periode: Period | None = None
    version: Line | None = None
    valeur: Literal["non_contractuel", "annexe_contractuelle"] | None = None
    territoires: Texts | None = None
    cibles: tuple[Audience, ...] | None = None
    experimentation: bool | None = None
    actions: tuple[PlannedAction, ...] | None = None
    budget: tuple[BudgetLine, ...] | None = None
    budget_total: Money | None = None
    jours_homme: tuple[Workdays, ...] | None = None
    instances: tuple[Meeting, ...] | None = None
    com: tuple[Announcement, ...] | None = None
    risques: tuple[Risk, ...] | None = None
    points_evaluation: tuple[Checkpoint, ...] | None = None
    revisions: tuple[Revision, ...] | None = None


class Respondent(Block):
    """Who answers the evaluation, for which side."""

    partie: Line
    nom: Line | None = None
    fonction: Line | None = None


class Note(Block):
    """One mark by one side; ``note`` is None for « sans objet »."""

    partie: Line
    ligne: Line
    note: Mark | None = None
    verbatim: Text | None = None
    statut: Literal["confirme", "estime"] | None = None


class Done(Block):
    """Planned and done, action by action."""

    intitule: Line
    sens: Literal["A_vers_E", "E_vers_A", "A_vers_bien_commun", "E_vers_bien_commun"] | None = None
    prevu: Text | None = None
    realise: Text | None = None
    statut: Literal["confirme", "estime"] | None = None


class Spent(Block):
    """Means planned and spent by one side."""

    partie: Line
    nature: Line | None = None
    prevu: Money | None = None
    reel: Money | None = None


class Practices(Block):
    """Four practices marked from 1 to 5 (guide p. 57)."""

    cadrage: Mark | None = None
    pilotage: Mark | None = None
    communication: Mark | None = None
    evaluation: Mark | None = None


class Reached(Block):
    """How far each goal was reached, from 1 to 5 (guide p. 57)."""

    siens: Mark | None = None
    autre: Mark | None = None
    collectivite: Mark | None = None
    bien_commun: Mark | None = None


class Dimensions(Block):
    """The approaches of evaluation (guide p. 55; efficience: §0.2 trap 5)."""

    performance: Mark | None = None
    coherence: Mark | None = None
    efficience: Mark | None = None
    pertinence_amont: Mark | None = None
    pertinence_aval: Mark | None = None
    contribution_societale: Mark | None = None
    clarte: Mark | None = None
    sens: Mark | None = None


class CrossedEvaluation(Block):
    """The partnership seen by each side (guide p. 55-58)."""

    periode: Period | None = None
    repondants: tuple[Respondent, ...] | None = None
    autodefinition: dict[str, Text] | None = None
    definition_autre: dict[str, Text] | None = None
    genese: Text | None = None
    actions: tuple[Done, ...] | None = None
    moyens: tuple[Spent, ...] | None = None
    pratiques: Practices | None = None
    objectifs: Reached | None = None
    notes: tuple[Note, ...] | None = None
    dimensions: Dimensions | None = None
    forces: Texts | None = None
    faiblesses: Texts | None = None
    attentes_nouvelles: Text | None = None
    analyse_coherence: Text | None = None
    decision: Literal[
        "reconduire", "modifier", "achever", "changer_de_categorie"
    ] | None = None  # fmt: skip
    raisons: Text | None = None
    bonnes_pratiques: Texts | None = None
    erreurs: Texts | None = None
