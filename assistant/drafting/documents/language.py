"""The small language of clauses: Jinja2 cut down to values, ``if`` and ``for``, in a sandbox.

A template can name the helpers below, repeat, and choose; it can compute nothing, read no
attribute but those of a row, and never sees a value: it only places marks that stand for one.
"""

from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

from assistant.errors import InvalidContent

# private-use characters: a mark is OPEN, digits written as DIGIT + n, CLOSE
OPEN, CLOSE, DIGIT = "\ue000", "\ue001", 0xE010
ROOT_HELPERS = frozenset(
    (
        "v montant lettres date jours mois pourcent liste nom calcul premier parametre libelle "
        "choix connu vaut condition lignes par_partie"
    ).split()
)
ROW_HELPERS = frozenset(
    (
        "v montant lettres date jours mois pourcent liste premier connu vaut condition nom valeur"
    ).split()
)
LISTS = frozenset({"parties"})
ROW = "ligne"
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Call, nodes.Name, nodes.Const,
    nodes.For, nodes.If, nodes.Getattr, nodes.And, nodes.Or, nodes.Not,
)  # fmt: skip

_environment = SandboxedEnvironment(
    undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
)
_environment.filters.clear()
_environment.tests.clear()
_environment.globals.clear()


def mark(index: int) -> str:
    """The mark that stands for the value of that number."""
    return OPEN + "".join(chr(DIGIT + int(digit)) for digit in str(index)) + CLOSE


def tree(text: str) -> nodes.Template:
    """The syntax of a clause; raises ``InvalidContent`` when it is not readable."""
    try:
        return _environment.parse(text)
    except TemplateSyntaxError as error:
        raise InvalidContent("modele_illisible", raison=str(error), extrait=text[:60]) from error


def unsafe(parsed: nodes.Template) -> list[str]:
    """The constructs of a clause that the language does not have."""
    found = [
        type(node).__name__
        for node in parsed.find_all(nodes.Node)
        if not isinstance(node, _ALLOWED)
    ]
    loops = {n.target.name for n in parsed.find_all(nodes.For) if isinstance(n.target, nodes.Name)}
    rows = loops | {ROW}
    found += [
        f".{a.attr}"
        for a in parsed.find_all(nodes.Getattr)
        if not (isinstance(a.node, nodes.Name) and a.node.name in rows and a.attr in ROW_HELPERS)
    ]
    known = ROOT_HELPERS | LISTS | rows
    found += [name.name for name in parsed.find_all(nodes.Name) if name.name not in known]
    for data in parsed.find_all(nodes.TemplateData):
        if any("\ue000" <= character <= "\uf8ff" for character in data.data):
            found.append("U+E000")
    return found


@lru_cache(maxsize=4096)
def compiled(text: str) -> Template:
    """A clause ready to render; raises ``InvalidContent`` for what the language does not have."""
    problems = unsafe(tree(text))
    if problems:
        raise InvalidContent("modele_interdit", construction=problems[0], extrait=text[:60])
    return _environment.from_string(text)
