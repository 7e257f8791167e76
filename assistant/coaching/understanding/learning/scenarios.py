"""One message at a time out of the grammar: who writes, to whom, what circulates, in which words.

A message is a list of words, each with what it says; the slots of the whole message are the
labels of its words. Turns of phrase are shared out in families, so that whole families can be
kept out of training and used to judge it.
"""

import random
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.coaching.understanding.learning.grammar import (
    Call,
    Choice,
    Grammar,
    Mark,
    Phrase,
    Words,
)

FAMILIES = 5
_AUTHORS = (("association", 45), ("entreprise", 25), ("collectivite", 15), ("fondation", 9),
            ("autre", 3))  # fmt: skip
_OTHERS = {
    "association": (("entreprise", 60), ("collectivite", 18), ("fondation", 15),
                    ("association", 5), ("autre", 2)),
    "entreprise": (("association", 85), ("collectivite", 5), ("entreprise", 5), ("autre", 5)),
    "collectivite": (("association", 60), ("entreprise", 35), ("fondation", 5)),
    "fondation": (("association", 80), ("collectivite", 10), ("entreprise", 5), ("autre", 5)),
    "autre": (("association", 50), ("entreprise", 40), ("fondation", 10)),
}  # fmt: skip
_FLOWS = {
    "argent": (("don_numeraire", 36), ("don_nature", 18), ("temps_salarie", 19), ("prix", 14),
               ("partage_revenus", 5), ("mutualisation", 4), ("pret_ou_capital", 2),
               ("aucun", 2)),
    "public": (("subvention", 62), ("don_nature", 20), ("temps_salarie", 8), ("prix", 6),
               ("mutualisation", 4)),
}  # fmt: skip
# how often each kind of clause is in a message, its rule, and whether « recu » or « donne » counts
_CLAUSES: tuple[tuple[float, str], ...] = (
    (0.30, "contrepartie"), (0.14, "contre_niveau"), (0.13, "maturite"), (0.12, "initiative"),
    (0.11, "lignes_rouges"), (0.05, "payeur"), (0.05, "appel"), (0.12, "contrat"),
    (0.07, "export"), (0.04, "docs"), (0.11, "eligible"), (0.10, "objectif"), (0.07, "urgence"),
    (0.05, "experimentation"), (0.07, "budget"), (0.14, "duree"), (0.16, "date"),
    (0.26, "digression"), (0.24, "question"), (0.13, "croyance"), (0.10, "vague"),
    (0.03, "sens"), (0.25, "rencontre"), (0.3, "said"),
)  # fmt: skip
# messages that say nothing of a case; messages told as a whole, with little added
_EMPTY, _WHOLE = 0.07, 0.32
_ELIDED = {"de", "le", "la", "je", "ne", "me", "que", "se", "d", "l"}
_VOWEL = re.compile(r"[aeiouyéèêàâîïôûœAEIOUÉÈÊÀÂÎÔ]|h[aeéiîoôuy](?!ngar|ndicap|ut|uit)")


@dataclass(slots=True)
class Word:
    """One word as written, and what it says."""

    text: str
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Example:
    """A message and, for each label, the places of its words."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


@dataclass(slots=True)
class Writer:
    """Writes one message; ``held`` is the family kept out, or alone let in with ``only``."""

    grammar: Grammar
    rng: random.Random
    held: int | None = None
    only: bool = False
    author: str = ""
    other: str = ""
    person: str = "on"
    _subject: str = "3s"
    _names: dict[str, str] = field(default_factory=dict)

    def words(self) -> list[Word]:
        """A whole message, as words."""
        rng = self.rng
        self.author = _drawn(rng, _AUTHORS)
        self.other = _drawn(rng, _OTHERS[self.author])
        self.person = rng.choices(("on", "nous", "je", "tiers"), (45, 30, 12, 13))[0]
        self._names = {"E": self.named("entreprise")}
        if rng.random() < _EMPTY:
            return self._joined([self._clause(rng.choice(("message.vide", "question", "said")))])
        whole = f"message.{self.author}.{self.other}"
        if whole in self.grammar.rules and rng.random() < _WHOLE:
            more = self._besides()[:2] if rng.random() < 0.4 else []
            return self._joined([self._clause(whole), *more])
        opening: list[list[Word]] = []
        if self.person == "tiers":
            opening = [self._clause("tiers")]
        elif rng.random() < 0.62:
            opening = [self._clause("presentation")]
        flows = rng.choices((0, 1, 2), (22, 63, 15))[0]
        clauses = [self._clause(self._flow()) for _ in range(flows)]
        if not opening and not clauses:
            clauses = [self._clause("rencontre")]
        clauses += self._besides()
        if rng.random() < 0.35:
            rng.shuffle(clauses)
        if opening and rng.random() < 0.12:
            clauses.insert(rng.randrange(len(clauses) + 1), opening.pop())
        return self._joined(opening + clauses)

    def _besides(self) -> list[list[Word]]:
        return [
            self._clause(self._variant(name))
            for often, name in _CLAUSES
            if self.rng.random() < often * 0.75
        ]

    def _variant(self, name: str) -> str:
        rng = self.rng
        if name == "contrepartie":
            return f"contrepartie.{rng.choice(('recu', 'recu', 'donne'))}"
        if name == "initiative":
            kinds = ("association", "partenaire", "conjointe")
            return f"initiative.{rng.choices(kinds, (42, 40, 18))[0]}"
        return name

    def _flow(self) -> str:
        sides = {self.author, self.other}
        receives = self.author in ("association", "autre") or (
            self.author == "collectivite" and self.other in ("entreprise", "fondation")
        )
        if self.rng.random() < 0.07:
            receives = not receives
        giver = self.other if receives else self.author
        kinds = _FLOWS["public" if giver == "collectivite" else "argent"]
        flow = _drawn(self.rng, kinds)
        if "collectivite" in sides and giver != "collectivite" and self.rng.random() < 0.1:
            flow = "prix"
        return f"flux.{flow}.{'recu' if receives else 'donne'}"

    def _joined(self, clauses: list[list[Word]]) -> list[Word]:
        rng, words = self.rng, []
        if rng.random() < 0.5:
            words += self._plain(rng.choice(self.grammar.lists["politesse"]))
            words += self._plain(rng.choice((",", "", "!", "", ",")))
        for number, clause in enumerate(clauses):
            if number:
                words += self._plain(rng.choice(self.grammar.lists["lien"]))
            words += clause
        if rng.random() < 0.3:
            words += self._plain(rng.choice((".", ",", "", "!")))
            words += self._plain(rng.choice(self.grammar.lists["fin"]))
        return words

    @staticmethod
    def _plain(text: str) -> list[Word]:
        return [Word(one) for one in text.split()]

    def _clause(self, rule: str) -> list[Word]:
        if rule == "said":  # what somebody asks or states of partnerships at large
            return self._plain(self.rng.choice(self.grammar.lists["said"]))
        for _ in range(12):
            self._subject = {"on": "3s", "nous": "1p", "je": "1s", "tiers": "3s"}[self.person]
            words = list(self._rule(rule, frozenset()))
            text = " ".join(word.text for word in words)
            if self.author == "association" or rule.startswith(("flux", "eligible", "digression")):
                return words
            if not re.search(r"\b(?:CA|bénévoles|notre asso|adhérents)\b", text):
                return words
        return words

    def _rule(self, name: str, labels: frozenset[str]) -> Iterator[Word]:
        options = self._options(name)
        if name == "P" or name.startswith(("A", "t", "P")) or len(options) < FAMILIES:
            kept = list(enumerate(options))
        else:
            kept = [
                (place, option)
                for place, option in enumerate(options)
                if self.held is None or (family(name, place) == self.held) is self.only
            ] or list(enumerate(options))
        _, phrase = self.rng.choice(kept)
        yield from self._phrase(phrase, labels)

    def _options(self, name: str) -> tuple[Phrase, ...]:
        rules = self.grammar.rules
        if name.startswith("A."):
            return rules.get(f"{name}.{self.author}", ()) or rules[name]
        if name == "activite.P":
            return rules.get(f"{name}.{self.other}", ()) or rules[name]
        return rules[name]

    def _phrase(self, phrase: Phrase, labels: frozenset[str]) -> Iterator[Word]:
        for node in phrase:
            if isinstance(node, Words):
                for one in node.text.split():
                    yield Word(one, labels)
            elif isinstance(node, Choice):
                yield from self._phrase(self.rng.choice(node.options), labels)
            elif isinstance(node, Mark):
                yield from self._phrase(node.inside, labels | self._resolved(node.labels))
            else:
                yield from self._call(node, labels)

    def _resolved(self, labels: tuple[str, ...]) -> frozenset[str]:
        sides = {"acteur_type=A": self.author, "partenaire_type=P": self.other}
        return frozenset(f"{one[:-1]}{sides[one]}" if one in sides else one for one in labels)

    def _call(self, call: Call, labels: frozenset[str]) -> Iterator[Word]:
        name, arguments = call.name, call.arguments
        if name in ("m", "n"):
            yield from self._number(name, arguments[0], labels)
        elif name == "v":
            yield from self._verb(arguments, labels)
        elif name == "S":
            yield from self._author_subject(labels)
        elif name.endswith("org"):
            yield from self._organisation(name, arguments[0], labels)
        elif name == "nom":
            yield from self._name_of(arguments[0], labels)
        elif name in ("notre", "nos"):
            yield Word(_OURS[name][self.person], labels)
        elif name == "fonction":
            word = self.rng.choice(self.grammar.lists[f"fonction.{self.author}"])
            yield from (Word(one, labels) for one in word.split())
        elif name in self.grammar.rules or name == "A.nous_avons":
            if name in ("P", "Ps"):
                self._subject = "3s"
            yield from self._rule(name, labels)
        else:
            word = self.rng.choice(self.grammar.lists[name])
            yield from (Word(one, labels) for one in word.split())

    def _author_subject(self, labels: frozenset[str]) -> Iterator[Word]:
        if self.person == "tiers" or self.rng.random() < 0.25:
            self._subject = "3s"
            if self.rng.random() < 0.5 and self.person == "tiers":
                yield Word(self.rng.choice(("elle", "il")), labels)
                return
            kind = f"acteur_type={self.author}"
            start = _OURS["notre"][self.person] if self.person != "tiers" else "la"
            yield Word(start, labels | {kind})
            word, _ = self._kind(self.author)
            yield from (Word(one, labels | {kind}) for one in word.split())
            return
        self._subject = {"on": "3s", "nous": "1p", "je": "1s"}[self.person]
        yield Word(self.person, labels)

    def _kind(self, side: str) -> tuple[str, str]:
        gender, _, word = self.rng.choice(self.grammar.lists[f"org.{side}"]).partition(":")
        return word, gender

    def _organisation(self, name: str, side: str, labels: frozenset[str]) -> Iterator[Word]:
        word, gender = self._kind(self.author if side == "A" else self.other)
        if name == "la org":
            yield Word("la" if gender == "f" else "le", labels)
        elif name == "un org":
            one = "une" if gender == "f" else "un"
            yield Word("1" if self.rng.random() < 0.06 else one, labels)
        elif name == "une petite org":
            adjective = self.rng.choice(("petit", "gros", "jeune", "vieux", "grand"))
            feminine = {"petit": "petite", "gros": "grosse", "vieux": "vieille", "grand": "grande"}
            yield Word(feminine.get(adjective, adjective) if gender == "f" else adjective, labels)
        yield from (Word(one, labels) for one in word.split())

    def _name_of(self, side: str, labels: frozenset[str]) -> Iterator[Word]:
        """A name; « Fondation X » and « Garage Y » say what they are as well."""
        name = self._named(side)
        head = name.split()[0]
        if head in (*self.grammar.lists["compagnie.tete"], "Fondation", "Fonds"):
            kind = {"A": f"acteur_type={self.author}", "P": f"partenaire_type={self.other}"}
            labels = labels | frozenset({kind[side]} if side in kind else ())
        yield from (Word(one, labels) for one in name.split())

    def _named(self, side: str) -> str:
        if side not in self._names:
            self._names[side] = self.named(self.author if side == "A" else self.other)
        return self._names[side]

    def named(self, kind: str) -> str:
        """An invented name for a side of one kind."""
        rng, lists = self.rng, self.grammar.lists
        if kind == "fondation" and rng.random() < 0.7:
            return rng.choice(lists["fond.nom"])
        if kind == "collectivite":
            return rng.choice((*lists["coll.nom"], *lists["ville"]))
        if kind == "association" and rng.random() < 0.8:
            return f"{rng.choice(lists['asso.tete'])} {rng.choice(lists['asso.finale'])}"
        made = "".join(rng.choice(lists["syllabe"]) for _ in range(rng.choice((2, 2, 3))))
        base = rng.choice((rng.choice(lists["patronyme"]), made.capitalize(), made.capitalize()))
        form = rng.random()
        if form < 0.3:
            return f"{base} {rng.choice(lists['compagnie.finale'])}"
        return f"{rng.choice(lists['compagnie.tete'])} {base}" if form < 0.5 else base

    def _number(self, kind: str, role: str, labels: frozenset[str]) -> Iterator[Word]:
        labels = labels | {f"nombre={role}"}
        if kind == "n":
            value = self.rng.choice((2, 3, 5, 8, 10, 12, 15, 20, 25, 30, 40))
            yield Word(str(value), labels)
            return
        value = self.rng.choice((5, 8, 10, 12, 15, 18, 20, 25, 30, 35, 40, 45, 60, 75, 80, 120,
                                 150, 230, 500))  # fmt: skip
        value *= self.rng.choice((100, 100, 100, 1000, 10))
        thousands = f"{value:,}".replace(",", " ")
        words = self.rng.choice((
            f"{value} €", f"{thousands} €", f"{value} euros", f"{thousands} euros", f"{value}€",
            f"{value / 1000:g}k" if value >= 1000 else f"{value} e", f"{value}", f"{value}e",
            f"{value / 1000:g} k€" if value >= 1000 else f"{value} balles", f"{thousands}",
            self.rng.choice(("cinq mille euros", "quinze mille euros", "huit cents euros",
                             "deux mille", "dix mille euros", "trois mille cinq cents euros")),
        ))  # fmt: skip
        if role == "prix.montant_ht" and self.rng.random() < 0.4:
            words += self.rng.choice((" HT", " ht", " TTC", " hors taxes"))
        yield from (Word(one, labels) for one in words.split())

    def _verb(self, arguments: tuple[str, ...], labels: frozenset[str]) -> Iterator[Word]:
        infinitive = self.rng.choice(self.grammar.lists[f"v.{arguments[0]}"])
        verb, *rest = infinitive.split()
        third = self.person == "tiers"
        clitic = ("lui" if third else self._dative()) if len(arguments) > 1 else ""
        if self.rng.random() < 0.06:
            clitic = ""
        for one in [*self._conjugated(verb, clitic), *rest]:
            yield Word(one, labels)

    def _dative(self) -> str:
        return "me" if self.person == "je" and self.rng.random() < 0.5 else "nous"

    def _conjugated(self, verb: str, clitic: str) -> list[str]:
        place = {"3s": 0, "1s": 0, "1p": 1, "3p": 2}[self._subject]
        present, past, conditional = self._forms(verb)
        tense = self.rng.random()
        if tense < 0.52:
            return [*clitic.split(), present[place]]
        if tense < 0.85:
            modal = self.rng.choice(self.grammar.lists["modal"]).split("|")[place]
            return [*modal.split(), *clitic.split(), verb]
        if tense < 0.93:
            return [*clitic.split(), ("a", "avons", "ont")[place], past]
        return [*clitic.split(), conditional + ("", "", "")[place]]

    def _forms(self, verb: str) -> tuple[list[str], str, str]:
        listed = self.grammar.lists.get(f"conj.{verb}")
        if listed:
            return list(listed[:3]), listed[3], listed[4]
        stem = verb[:-2]
        return [f"{stem}e", f"{stem}ons", f"{stem}ent"], f"{stem}é", f"{stem}erait"


_OURS = {
    "notre": {"on": "notre", "nous": "notre", "je": "mon", "tiers": "sa"},
    "nos": {"on": "nos", "nous": "nos", "je": "mes", "tiers": "ses"},
}


def family(rule: str, place: int) -> int:
    """The family of a turn of phrase: the same on every machine."""
    return zlib.crc32(f"{rule}/{place}".encode()) % FAMILIES


def _drawn(rng: random.Random, weighted: tuple[tuple[str, int], ...]) -> str:
    return rng.choices([name for name, _ in weighted], [w for _, w in weighted])[0]


def elided(words: list[Word]) -> list[Word]:
    """« de le » → « du », « la association » → « l'association »."""
    made: list[Word] = []
    for word in words:
        last = made[-1].text.lower() if made else ""
        pair = _MERGED.get((last, word.text))
        if pair:
            made[-1] = Word(pair, made[-1].labels | word.labels)
        elif last in _ELIDED and _VOWEL.match(word.text):
            made[-1].text = made[-1].text[: -1 if len(last) > 1 else 1] + "'"
            made.append(word)
        elif last == "d'" and word.text in ("le", "les"):
            made[-1] = Word(_MERGED["de", word.text], word.labels)
        elif last in ("d'", "l'") and word.text in ("de", "d'", "le", "la"):
            made[-1] = Word(word.text, made[-1].labels)
        elif last == "d'" and not _VOWEL.match(word.text):
            made[-1].text = "de"
            pair = _MERGED.get(("de", word.text))
            made[-1:] = [Word(pair, word.labels)] if pair else [made[-1], word]
        else:
            made.append(word)
    return made


_MERGED = {
    ("de", "le"): "du", ("de", "les"): "des", ("à", "le"): "au", ("à", "les"): "aux",
    ("de", "des"): "de", ("de", "du"): "du", ("de", "de"): "de",
}  # fmt: skip
