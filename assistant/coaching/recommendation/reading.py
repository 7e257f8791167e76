"""What the facts say of a case, each thing with the slots that say it (§3.1)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from assistant.casefile.base import slug
from assistant.casefile.facts import Facts
from assistant.casefile.parties import Party, company_form
from assistant.casefile.paths import given, read
from assistant.coaching.recommendation.counterpart import Level, read_level
from assistant.coaching.recommendation.square import Square, read_square

T = TypeVar("T")
GIFTS = ("don_numeraire", "don_nature", "temps_salarie")
# Nothing passes between the parties (§3.1).
IDLE = frozenset({"aucun", "mutualisation"})
TOGETHER = ("ensemble_vers_tiers", "ensemble_vers_territoire")
# A slot that is filled tells what moves when nobody was asked (D4-06).
_TELLING = (
    ("don.montant", "don_numeraire"),
    ("biens", "don_nature"),
    ("mc.valeur_totale", "temps_salarie"),
    ("mc.volume_jours", "temps_salarie"),
    ("prix.montant_ht", "prix"),
    ("subvention.montant_annuel", "subvention"),
    ("subvention.montant_total", "subvention"),
    ("offre_commune.description", "partage_revenus"),
)


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A thing that was said or that follows from what was said; ``value`` None is not known."""

    value: T | None = None
    slots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Because:
    """Why, before it is worded: the id of a text, the slots it rests on, its placeholders."""

    id: str
    slots: tuple[str, ...]
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """The facts as the decision table reads them."""

    facts: Facts
    square: Square
    flows: frozenset[str]
    flow_slots: tuple[str, ...]
    gifts: tuple[str, ...]
    off_hours: bool
    level: Level
    visible: Found[bool]
    eligible: Found[str]
    public: Found[bool]
    product_share: Found[bool]

    def value(self, path: str) -> Any:
        """What a slot holds; None for « inconnu » too."""
        return _value(self.facts, path)

    def slots(self, *paths: str) -> tuple[str, ...]:
        """Those of ``paths`` that somebody filled."""
        return tuple(p for p in dict.fromkeys(paths) if self.value(p) is not None)

    @property
    def together(self) -> bool:
        """Both sides bring something to somebody else."""
        return self.facts.sens_apport in TOGETHER

    @property
    def idle(self) -> bool:
        """Something was said of what moves, and nothing moves between the parties."""
        return bool(self.flows) and self.flows <= IDLE

    @property
    def local_authority(self) -> bool:
        """A local authority is in the partnership."""
        types = [party.type_acteur for party in self.facts.parties or ()]
        return "collectivite" in (self.facts.acteur_type, self.facts.partenaire_type, *types)


def read_case(facts: Facts, visibility_words: Collection[str]) -> Case:
    """The case of ``facts``; ``visibility_words`` are the slugs that name something shown."""
    flows, flow_slots = _flows(facts)
    off_hours = facts.temps_travail == "libre" and "temps_salarie" in flows
    gifts = tuple(g for g in GIFTS if g in flows and not (g == "temps_salarie" and off_hours))
    level = read_level(facts, gifts)
    visible = _visible(facts, visibility_words)
    return Case(
        facts=facts,
        square=read_square(facts),
        flows=flows,
        flow_slots=flow_slots,
        gifts=gifts,
        off_hours=off_hours,
        level=level,
        visible=visible,
        eligible=_eligible(facts),
        public=_public(facts, flows, flow_slots),
        product_share=_product_share(facts, flows, level, visible),
    )


def _value(facts: Facts, path: str) -> Any:
    found = read(facts, path)
    return found if given(found) else None


def _flows(facts: Facts) -> tuple[frozenset[str], tuple[str, ...]]:
    # an empty list says that nothing moves
    named = frozenset(("aucun",) if facts.flux == () else facts.flux or ()) - {"inconnu"}
    if named:
        # « aucun » beside something that moves says nothing
        return (named - {"aucun"} or named), ("flux",)
    told = [(path, flow) for path, flow in _TELLING if _value(facts, path)]
    return frozenset(flow for _, flow in told), tuple(path for path, _ in told)


def _visible(facts: Facts, words: Collection[str]) -> Found[bool]:
    if facts.contrepartie_visibilite is not None:
        return Found(facts.contrepartie_visibilite, ("contrepartie_visibilite",))
    if facts.visibilite:
        return Found(True, ("visibilite",))
    if any(_names(text, words) for text in facts.contrepartie_liste or ()):
        return Found(True, ("contrepartie_liste",))
    lines = facts.contreparties or ()
    if any(line.visibilite or _names(line.nature, words) for line in lines):
        return Found(True, ("contreparties",))
    return Found()


def _names(text: str, words: Collection[str]) -> bool:
    return any(word.removesuffix("s") in words for word in str(slug(text)).split("_"))


def _eligible(facts: Facts) -> Found[str]:
    """A « non » said anywhere holds: who says otherwise elsewhere has to correct it."""
    said: list[tuple[str, Any]] = [
        ("beneficiaire_eligible", facts.beneficiaire_eligible),
        *(("parties", p.eligible_mecenat) for p in facts.parties or () if p.role == "beneficiaire"),
        *(("parties", "non") for p in facts.parties or () if _is_company(p)),
    ]
    known = [Found(value, (slot,)) for slot, value in said if given(value)]
    refused = [found for found in known if found.value == "non"]
    return next(iter([*refused, *known]), Found())


def _is_company(party: Party) -> bool:
    """A receiver that its legal form keeps out of patronage, unless the tax office said otherwise.

    A SCIC is one (§3.6, T18; §0.4, mecenat.ineligibles).
    """
    proven = party.eligible_mecenat in ("oui_rescrit", "oui_reseau_ou_RUP")
    return party.role == "beneficiaire" and not proven and company_form(party) is not None


def _public(facts: Facts, flows: frozenset[str], flow_slots: tuple[str, ...]) -> Found[bool]:
    if facts.payeur_public is not None:
        return Found(facts.payeur_public, ("payeur_public",))
    if "subvention" in flows:
        return Found(True, flow_slots)
    asked = facts.initiative == "collectivite" or bool(facts.besoin_defini_par_payeur)
    if facts.acteur_type == "collectivite" and "prix" in flows and asked:
        origin = "initiative" if facts.initiative == "collectivite" else "besoin_defini_par_payeur"
        return Found(True, ("acteur_type", *flow_slots, origin))
    return Found()


def _product_share(
    facts: Facts, flows: frozenset[str], level: Level, visible: Found[bool]
) -> Found[bool]:
    """Customers pay and a part goes to the association (MEC-16).

    Said, or deduced: revenue is shared, nobody builds a joint offer (its signature in §3.4 is
    « ensemble_vers_tiers » with 3 degrees of co-construction), and the giver gets something.
    """
    if facts.produit_partage is not None:
        return Found(facts.produit_partage, ("produit_partage",))
    if "partage_revenus" not in flows or (facts.coconstruction or 0) > 2:
        return Found()
    if facts.structure_commune or _value(facts, "offre_commune.description"):
        return Found()
    clues: Mapping[str, bool] = {
        "sens_apport": facts.sens_apport in ("E_vers_A", "A_vers_E"),
        **dict.fromkeys(level.slots, level.value in ("significative", "equivalente")),
        **dict.fromkeys(visible.slots, bool(visible.value)),
        "coconstruction": facts.coconstruction is not None and not facts.sens_apport,
    }
    if facts.sens_apport in TOGETHER and not visible.value:
        return Found()
    telling = tuple(slot for slot, holds in clues.items() if holds)
    return Found(True, ("flux", *telling)) if telling and facts.flux else Found()
