"""Which answers lift a blocking conclusion: one more fact never does it in silence."""

from collections.abc import Collection

from assistant.coaching.recommendation.gate import Verdict, pass_gate
from assistant.coaching.recommendation.reading import Because, Case, read_case

# What the gate reads, by slot.
_READ = (
    "acteur_type", "partenaire_type", "sens_apport", "flux", "coconstruction", "structure_commune",
    "contrepartie_niveau", "contrepartie_valeur", "contrepartie_liste", "contrepartie_visibilite",
    "contreparties", "visibilite", "don", "biens", "mc", "prix", "subvention", "offre_commune",
    "payeur_public", "besoin_defini_par_payeur", "prestation_individualisee", "initiative",
    "beneficiaire_eligible", "parties", "temps_travail", "produit_partage",
)  # fmt: skip


def block(verdict: Verdict) -> str | None:
    """The blocking conclusion of a verdict: J1 (market), J7 (not eligible), J3 (gift in name)."""
    if verdict.row in ("J1", "J7"):
        return verdict.row
    exchanged = any(because.id == "J3.equivalente" for because in verdict.because)
    return "J3" if exchanged else None


def lifted(case: Case, verdict: Verdict, visibility_words: Collection[str]) -> tuple[Because, ...]:
    """Each answer without which the gate would block, and does not block so with it."""
    now = block(verdict)
    found: dict[str, list[str]] = {}
    for slot in case.slots(*_READ):
        without = read_case(case.facts.model_copy(update={slot: None}), visibility_words)
        then = block(pass_gate(without))
        if then is not None and then != now:
            found.setdefault(then, []).append(slot)
    return tuple(Because(f"leve.{row}", tuple(slots)) for row, slots in sorted(found.items()))
