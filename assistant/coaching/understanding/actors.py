"""Who the other side is, from the organisations a message mentions besides its author's."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from assistant.coaching.understanding.drafts import Draft
from assistant.coaching.understanding.lexicon import Lexicon
from assistant.coaching.understanding.organisations import Organisation
from assistant.coaching.understanding.scopes import Scopes
from assistant.coaching.understanding.text import Message

_TO_US = re.compile(r"^(?!nous|on).*\bnous\b")
# « ni l'association ni nous »: whatever it denies, there is an association
_NOR = re.compile(r"\bni\s(?:l[a']?|le|les|notre)?\s?$")
_LED = re.compile(r"(?:\b(?:avec|par|pour|chez|a|d)[\s']|[,:;.+]\s*|^)$")
_MOST = 60


def partner_types(
    scopes: Scopes, named: Iterable[Organisation], drafts: list[Draft], known: str | None
) -> Iterator[Draft]:
    """``partenaire_type`` when one other type is mentioned; to confirm when nothing ties it."""
    own = next((d for d in drafts if d.slot == "acteur_type" and d.sure), None)
    actor = own.value if own else known
    taken = [d for d in drafts if d.slot in ("acteur_type", "acteur_taille")]
    if any(d.slot == "partenaire_type" and d.sure for d in drafts):
        return
    mentioned = islice(_mentions(named, scopes), _MOST)
    found = [d for d in mentioned if not _inside(d, taken[:_MOST])]
    others = {d.value for d in found if d.value != actor}
    for draft in found:
        if draft.value in others:
            sure = draft.sure and actor is not None and len(others) == 1
            yield replace(draft, sure=sure)


def _mentions(named: Iterable[Organisation], scopes: Scopes) -> Iterator[Draft]:
    work = scopes.message.work
    for one in named:
        before = work[max(0, one.start - 12) : one.start]
        if one.own or (one.own is None and (one.kind == "collectivite" or not _LED.search(before))):
            continue
        stance = scopes.stance(one.start, one.end)
        if stance in ("said", "unsure") or _NOR.search(before):
            sure = stance == "said" and one.own is False and not one.vague
            yield Draft("partenaire_type", one.kind, one.start, one.end, sure)


def _inside(draft: Draft, taken: Iterable[Draft]) -> bool:
    return any(draft.start < t.end and t.start < draft.end for t in taken)


def bare_actor(drafts: Iterable[Draft]) -> list[Draft]:
    """Asked who speaks, an organisation mentioned is the author's own."""
    mentioned = [d for d in drafts if d.slot == "partenaire_type"]
    return [
        replace(d, slot="acteur_type", sure=len({m.value for m in mentioned}) == 1, force=5)
        for d in mentioned
    ]


def public_payer(message: Message, lexicon: Lexicon, drafts: list[Draft]) -> Iterator[Draft]:
    """A grant, and a local authority in the same sentence: public money pays."""
    grant = next((d for d in drafts if d.sure and d.value == ["subvention"]), None)
    if grant is None or any(d.slot == "payeur_public" for d in drafts):
        return
    sentence = message.sentence(grant.start)
    public = lexicon.context("collectivite_nommee")
    if public.search(message.work, sentence.start, sentence.end):
        yield Draft("payeur_public", True, grant.start, grant.end)


def granted(message: Message, lexicon: Lexicon, draft: Draft, actor: str | None) -> Draft:
    """Money that only a local authority gives is a grant, to confirm."""
    if draft.slot != "flux" or draft.value != ["don_numeraire"]:
        return draft
    sentence = message.sentence(draft.start)
    bounds = (sentence.start, sentence.end)
    private = lexicon.context("entreprise_nommee").search(message.work, *bounds)
    named = lexicon.context("collectivite_nommee").search(message.work, *bounds)
    if (named or actor == "collectivite") and not private:
        return replace(draft, value=["subvention"], sure=False)
    return draft


def turned(draft: Draft, message: Message, actor: str | None) -> Draft:
    """« ils nous aident », said by a company, goes the other way."""
    words = message.work[draft.start : draft.end]
    if draft.slot != "sens_apport" or not _TO_US.search(words):
        return draft
    opposite = {"E_vers_A": "A_vers_E", "A_vers_E": "E_vers_A"}
    if actor == "entreprise" and draft.value in opposite:
        return replace(draft, value=opposite[draft.value])
    return draft
