"""Conditions of patronage of skills (§1.3): which form, and whose staff."""

from assistant.drafting.documents.conditions.general import is_in
from assistant.drafting.documents.logic import Truth, View, condition


def _form(view: View, form: str) -> Truth:
    said = view.get("forme")
    return is_in(view.get("forme_mc") if said is None else said, (form,))


@condition
def forme_pret(view: View) -> Truth:
    return _form(view, "pret_main_oeuvre")


@condition
def forme_prestation(view: View) -> Truth:
    return _form(view, "prestation_offerte")


@condition
def agents_publics(view: View) -> Truth:
    return is_in(view.get("mc.agents_publics"), (True,))
