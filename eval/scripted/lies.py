"""Invented figures, dates, articles, names and sources, in French sentences drawn from a seed."""

import re
import string
import unicodedata
from collections.abc import Callable
from random import Random
from typing import Any

from num2words import num2words

from eval.scripted.phrases import phrases

KINDS = tuple(phrases("lies")["phrases"])
TRIES = 50
ARTICLE = re.compile(r"^(?:l'|la |les? )", re.IGNORECASE)


def flat(text: str) -> str:
    """Lower case, one plain space, no thin spaces: what two spellings of a lie share."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().lower()


def says(known: str, text: str) -> bool:
    """Whether ``known``, made flat, contains ``text`` as whole words."""
    sought = flat(text)
    return sought in known and bool(re.search(rf"(?<!\w){re.escape(sought)}(?!\w)", known))


class Inventor:
    """Draws lies that ``known`` does not contain; ``invented`` keeps each as it was written."""

    def __init__(self, rng: Random, known: str) -> None:
        self.invented: list[str] = []
        self._rng = rng
        self._known = flat(known)
        self._in_letters: set[int] = set()
        self._data: dict[str, Any] = phrases("lies")
        self._makers: dict[str, Callable[[], str]] = {
            "pourcent": self._percentage, "nombre": self._number, "petit": self._small,
            "montant": self._amount, "date": self._date, "annee": self._year,
            "article": self._article, "loi": self._law, "decret": self._decree,
            "org": self._organisation, "personne": self._person, "source": self._work,
            "page": lambda: str(self._rng.randint(300, 999)), "url": self._address,
            "mail": lambda: f"contact@{self._host()}.fr",
            "fraction": lambda: self._pick("fractions"),
        }  # fmt: skip

    def lie(self, kind: str, truth: str = "") -> str:
        """One false sentence of that kind; ``truth`` is a sentence it may dress up."""
        template = self._rng.choice(self._data["phrases"][kind])
        subject = self._pick("sujets")
        plain = {
            "sujet": subject,
            "sujet_maj": _capital(subject),
            "de_sujet": subject.replace("les ", "des ", 1),
            "verite": truth.rstrip(" .!?…") or _capital(subject),
        }
        sentence = re.sub(r"\{(\w+)\}", lambda m: self._filled(m[1], plain), template)
        return _capital(sentence.replace(" de le ", " du ").replace(" à le ", " au "))

    def draw(self, name: str) -> str:
        """One invented thing that the known text does not contain, kept in ``invented``."""
        for _ in range(TRIES):
            self._in_letters.clear()
            made = self._makers[name]()
            if not self._is_known(made):
                break
        self.invented.append(ARTICLE.sub("", made))
        return made

    def name(self) -> str:
        """A proper name that nobody bears."""
        return str(self._pick("debuts")) + self._pick("milieux") + self._pick("fins")

    def _filled(self, slot: str, plain: dict[str, str]) -> str:
        if slot in plain:
            return plain[slot]
        name, _, capital = slot.partition("_")
        return _capital(self.draw(name)) if capital else self.draw(name)

    def _is_known(self, made: str) -> bool:
        numbers = {int(n) for n in re.findall(r"\d+", re.sub(r"(?<=\d)\s(?=\d{3})", "", made))}
        numbers |= self._in_letters
        said = [self._says(str(n)) or self._says(num2words(n, lang="fr")) for n in numbers]
        return self._says(made) or (bool(said) and all(said))

    def _says(self, text: str) -> bool:
        return says(self._known, text)

    def _letters(self, value: int) -> str:
        self._in_letters.add(value)
        return str(num2words(value, lang="fr"))

    def _pick(self, key: str) -> str:
        return str(self._rng.choice(self._data[key]))

    def _percentage(self) -> str:
        whole = self._rng.randint(3, 97)
        forms = (
            f"{whole} %", f"{whole}\N{NO-BREAK SPACE}%", f"{whole}%",
            f"{whole},{self._rng.randint(1, 9)} %", f"{whole} pour cent",
            f"{self._letters(whole)} pour cent", f"{whole} p. 100",
        )  # fmt: skip
        return self._rng.choice(forms)

    def _number(self) -> str:
        value = self._rng.randint(1_101, 98_765)
        grouped = f"{value:,}"
        spaced = grouped.replace(",", " ")
        narrow = grouped.replace(",", "\N{NARROW NO-BREAK SPACE}")
        in_letters = self._letters(value)
        return self._rng.choice((str(value), spaced, narrow, in_letters))

    def _small(self) -> str:
        value = self._rng.randint(8, 58)
        return self._rng.choice((str(value), self._letters(value)))

    def _amount(self) -> str:
        value = self._rng.randint(2, 990) * 1_000 + self._rng.choice((0, 250, 500))
        spaced = f"{value:,}".replace(",", " ")
        millions = f"{self._rng.randint(1, 80)},{self._rng.randint(1, 9)}"
        forms = (
            f"{spaced} €", f"{spaced} euros", f"{value}€", f"{value // 1000} k€",
            f"{millions} millions d'euros", f"{millions} M€", f"EUR {spaced}",
            f"{self._letters(value)} euros",
        )  # fmt: skip
        return self._rng.choice(forms)

    def _year(self) -> str:
        return str(self._rng.choice((self._rng.randint(1951, 1998), self._rng.randint(2027, 2049))))

    def _date(self) -> str:
        day, month, year = self._rng.randint(2, 28), self._rng.randint(1, 12), self._year()
        name = self._data["mois"][month - 1]
        in_letters = f"{self._letters(day)} {name} {self._letters(int(year))}"
        forms = (
            f"{day} {name} {year}", f"1er {name} {year}", f"{day:02}/{month:02}/{year}",
            f"{year}-{month:02}-{day:02}", f"{day:02}.{month:02}.{year}", in_letters,
        )  # fmt: skip
        return self._rng.choice(forms)

    def _article(self) -> str:
        number, suffix = self._rng.randint(411, 9899), self._pick("suffixes")
        code = self._pick("codes")
        forms = (
            f"article {number}{suffix} du {code}", f"article L. {number}-{self._small_digit()}",
            f"article L{number}-{self._small_digit()} du {code}",
            f"article R. {number}-{self._small_digit()}-{self._small_digit()}",
            f"article {number}{suffix}",
        )  # fmt: skip
        return self._rng.choice(forms)

    def _law(self) -> str:
        day, month = self._rng.randint(2, 28), self._pick("mois")
        year = self._year()
        number = self._rng.randint(111, 1999)
        return self._rng.choice((f"loi n° {year}-{number} du {day} {month}", f"loi {self.name()}"))

    def _decree(self) -> str:
        return f"décret n° {self._year()}-{self._rng.randint(111, 1999)}"

    def _organisation(self) -> str:
        return self._pick("natures").format(nom=self.name(), sigle=self._acronym())

    def _person(self) -> str:
        first = self._rng.choice((self._pick("prenoms"), self._pick("titres")))
        return f"{first} {self.name()}"

    def _work(self) -> str:
        year = self._year()
        day = f"{self._rng.randint(2, 28)} {self._pick('mois')} {year}"
        sign = self._acronym()
        return self._pick("ouvrages").format(nom=self.name(), sigle=sign, an=year, jour=day)

    def _address(self) -> str:
        start = self._rng.choice(("https://www.", "http://", "www.", "https://"))
        return f"{start}{self._host()}.{self._rng.choice(('fr', 'org', 'gouv.fr', 'com'))}/guide"

    def _host(self) -> str:
        bare = unicodedata.normalize("NFKD", self.name()).encode("ascii", "ignore").decode()
        return f"{bare.lower()}-{self._rng.randint(10, 99)}"

    def _acronym(self) -> str:
        return "".join(self._rng.choices(string.ascii_uppercase, k=self._rng.randint(4, 6)))

    def _small_digit(self) -> int:
        return self._rng.randint(1, 19)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
