"""The guard: what a source does not say never passes; what it says mostly does."""

import random
import re
from collections import Counter
from collections.abc import Callable

import pytest

from assistant.knowledge.corpus import load_corpus
from assistant.llm.guard import Dropped, Guard, counted, load_guard
from assistant.llm.quantities import quantities
from assistant.llm.sentences import sentences
from tests.builders import CORPUS


@pytest.fixture(scope="module")
def passages() -> list[str]:
    return [p.text for u in load_corpus(CORPUS).units for p in u.passages()]


@pytest.fixture(scope="module")
def guard() -> Guard:
    return load_guard(CORPUS, [u.text for u in load_corpus(CORPUS).units])


GIFT = """L’article 238 bis du CGI prévoit une réduction d’impôt de 60 % des dons jusqu’à 2 millions d’euros par exercice, puis de 40 % au-delà ; ces taux valent depuis le 31 décembre 2020.
**Conditions** : un plafond de 20 000 € ou de 5 pour mille du chiffre d’affaires.
Le prêt est permis pour trois ans au plus, pour un tiers des salariés.
Ce qui est interdit : le prêt au sein d’un même groupe.
La convention n’est pas obligatoire.
Le don est notifié au mécène dans les six mois.
Rien ici ne garantit un avantage fiscal."""
STUDY = """Siel Bleu travaille avec Nutricia, et Veja avec ADEC.
L’impact est jugé fort par 71 % des fondations, 53 % des citoyens et 43 % des collectivités.
Le guide a été publié par l’ORSE et Le RAMEAU en 2023.
L’étape 4 dure environ 15 jours ; la loi n° 2014-856 date de juillet 2014."""
SOURCES = {"S1": GIFT, "S2": STUDY}

KEPT = [
    "La réduction d’impôt est de 60 % des dons jusqu’à 2 millions d’euros. [S1]",
    "La réduction d’impôt est de soixante pour cent des dons. [S1]",
    "Le plafond est de 20000 euros. [S1]",
    "Le plafond est de 20 k€. [S1]",
    "Le plafond est de vingt mille euros. [S1]",
    "Ces taux valent depuis le 31/12/2020. [S1]",
    "Le prêt est permis pour 3 ans au plus. [S1]",
    "Le prêt est permis pour 1/3 des salariés ? [S1]".replace("1/3", "un tiers"),
    "La convention n’est pas obligatoire. [1]",
    "Le prêt au sein d’un même groupe est interdit 【1†source】.",
    "- **Don** : il est notifié au mécène dans les 6 mois. [S1]",
    "L’étape IV dure environ quinze jours. [S2]",
    "La quatrième étape dure environ 15 jours. [S2]",
    "Le guide a été publié en 2023 par l’ORSE. [S2]",
    "La loi n° 2014-856 date de juillet 2014. [S2]",
    "Veja travaille avec ADEC. [S2]",
]


@pytest.mark.parametrize("sentence", KEPT)
def test_what_the_source_says_is_kept(guard: Guard, sentence: str) -> None:
    verdict = guard.judge(sentence, SOURCES)

    assert (verdict.kept, verdict.reason, verdict.detail) == (True, None, "")


DROPPED = [
    ("Le plafond est de 20 000 €.", Dropped.UNCITED),
    ("Le plafond est de 20 000 €. [S7]", Dropped.UNKNOWN_SOURCE),
    ("[S1]", Dropped.EMPTY),
    ("Le plafond est de 20 000 €. [S2]", Dropped.NUMBER),
    ("Le plafond est de 25 000 €. [S1]", Dropped.NUMBER),
    ("Le plafond est de 20 000 ans. [S1]", Dropped.NUMBER),
    ("La réduction d’impôt est de 66 % des dons. [S1]", Dropped.NUMBER),
    ("La réduction d’impôt est de 60 ans des dons. [S1]", Dropped.NUMBER),
    ("Le prêt est permis pour deux tiers des salariés. [S1]", Dropped.NUMBER),
    ("Le prêt est permis pour quatre ans au plus. [S1]", Dropped.NUMBER),
    ("Le prêt est permis pour un an au plus. [S1]", Dropped.NUMBER),
    ("Le prêt est permis pour trois ans au moins. [S1]", Dropped.CONTEXT),
    ("Ces taux valent depuis le 31 décembre 2021. [S1]", Dropped.DATE),
    ("Ces taux valent depuis le 30 décembre 2020. [S1]", Dropped.DATE),
    ("Ces taux valent avant le 31 décembre 2020. [S1]", Dropped.CONTEXT),
    ("L’article 238 ter du CGI prévoit une réduction d’impôt. [S1]", Dropped.REFERENCE),
    ("L’article 200 du CGI prévoit une réduction d’impôt. [S1]", Dropped.REFERENCE),
    ("La loi n° 2014-857 date de juillet 2014. [S2]", Dropped.REFERENCE),
    ("La page 12 dit que l’impact est jugé fort. [S2]", Dropped.REFERENCE),
    ("Le guide a été publié par Danone en 2023. [S2]", Dropped.NAME),
    ("Le guide a été publié par danone en 2023. [S2]", Dropped.NAME),
    ("Danone a publié le guide en 2023. [S2]", Dropped.NAME),
    ("Veja travaille avec Nutricia. [S2]", Dropped.CONTEXT),
    ("Siel Bleu travaille avec ADEC. [S2]", Dropped.CONTEXT),
    ("Siel Vert travaille avec Nutricia. [S2]", Dropped.NAME),
    ("L’impact est jugé fort par 43 % des fondations. [S2]", Dropped.CONTEXT),
    ("L’impact est jugé fort par 71 % des collectivités. [S2]", Dropped.CONTEXT),
    ("La réduction d’impôt est de 40 % des dons jusqu’à 2 millions d’euros, puis de 60 % au-delà. [S1]", Dropped.CONTEXT),
    ("Le prêt au sein d’un même groupe est autorisé. [S1]", Dropped.POLARITY),
    ("Le prêt au sein d’un même groupe n’est pas interdit. [S1]", Dropped.POLARITY),
    ("La convention est obligatoire. [S1]", Dropped.POLARITY),
    ("Le don n’est jamais notifié au mécène. [S1]", Dropped.POLARITY),
    ("Le don est toujours notifié au mécène dans les six mois. [S1]", Dropped.POLARITY),
    ("Vous avez droit à une réduction d’impôt de 60 %. [S1]", Dropped.PROMISE),
    ("Votre convention est parfaitement valable. [S1]", Dropped.PROMISE),
    ("Votre entreprise aura une réduction d’impôt de 60 %. [S1]", Dropped.PROMISE),
    ("L’avantage fiscal est garanti. [S1]", Dropped.PROMISE),
    ("Le don est sans risque pour le mécène. [S1]", Dropped.PROMISE),
    ("Chaque mécène signe un bail emphytéotique devant notaire. [S1]", Dropped.NAME),
    ("Les partenaires choisissent librement leurs actions de communication. [S1]", Dropped.UNSUPPORTED),
    ("Voir evil.com pour la réduction d’impôt. [S1]", Dropped.REFERENCE),
    ("Écrire à fisc@evil.test pour la réduction d’impôt. [S1]", Dropped.REFERENCE),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "reason"), DROPPED)
def test_what_the_source_does_not_say_is_dropped(
    guard: Guard, sentence: str, reason: Dropped
) -> None:
    verdict = guard.judge(sentence, SOURCES, question="Et 25 000 €, 66 %, Danone, l’article 200 ?")

    assert (verdict.kept, verdict.reason) == (False, reason), verdict.detail


def test_verdicts_settle_their_markers_and_are_counted(guard: Guard) -> None:
    kept = guard.judge("Le plafond [1, 9] est de 20 000 €.", SOURCES)
    lost = guard.judge("Le plafond est de 3 €. [S1]", SOURCES)

    assert (kept.text, kept.cites, kept.unknown) == (
        "Le plafond est de 20 000 €. [S1]", ("S1",), 1,
    )  # fmt: skip
    assert counted([kept, lost, lost]) == {"kept": 1, "number": 2}


def test_what_cards_say_is_kept(guard: Guard, passages: list[str]) -> None:
    verdicts = [
        guard.judge(f"{s.strip()} [S1]", {"S1": text})
        for text in passages
        for s in sentences(text)
        if s.strip()
    ]

    assert counted(verdicts)["kept"] >= 0.97 * len(verdicts), counted(verdicts)


# Corruptions: each takes a sentence that is right and makes it wrong, or gives it up.

Corruption = Callable[[str, str, random.Random], str | None]
OUTSIDERS = [
    "Danone",
    "Zorglub",
    "Leroy Merlin",
    "IKEA",
    "Mme Petitjean",
    "Bordeaux",
    "la loi Macron",
    "Greenpeace",
]


def _replaced(
    pattern: str, text: str, made: Callable[[re.Match[str]], str], chance: random.Random
) -> str | None:
    found = list(re.finditer(pattern, text))
    if not found:
        return None
    match = chance.choice(found)
    return text[: match.start()] + made(match) + text[match.end() :]


def changed_number(text: str, passage: str, chance: random.Random) -> str | None:
    return _replaced(
        r"(?<![\w.,/-])\d+(?![\w.,/-])",
        text,
        lambda m: str(int(m[0]) + chance.choice([1, 3, 7, 10])),
        chance,
    )


def spelt_number(text: str, passage: str, chance: random.Random) -> str | None:
    return _replaced(
        r"\b(?:deux|trois|quatre|cinq|six|sept|huit|dix|douze)\b", text,
        lambda m: chance.choice(["treize", "dix-neuf", "quarante", "vingt-sept"]), chance,
    )  # fmt: skip


def changed_unit(text: str, passage: str, chance: random.Random) -> str | None:
    units = {"%": "ans", "€": "%", "ans": "mois", "mois": "ans", "jours": "semaines"}
    return _replaced(
        r"(?<=\d)[ \u00a0\u202f](%|€|ans\b|mois\b|jours\b)",
        text,
        lambda m: f" {units[m[1]]}",
        chance,
    )


MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
)


def changed_date(text: str, passage: str, chance: random.Random) -> str | None:
    return _replaced(
        rf"\b(?:{'|'.join(MONTHS)}) \d{{4}}", text,
        lambda m: f"{chance.choice([n for n in MONTHS if n != m[0].split()[0]])} {m[0].split()[1]}", chance,
    )  # fmt: skip


def changed_article(text: str, passage: str, chance: random.Random) -> str | None:
    return _replaced(
        r"(?<=article )[A-Z]?\.?\d+|(?<=art\. )[A-Z]?\.?\d+|(?<=n° )\d{4}-\d+", text,
        lambda m: m[0][:-1] + str((int(m[0][-1]) + chance.randint(1, 9)) % 10), chance,
    )  # fmt: skip


def added_name(text: str, passage: str, chance: random.Random) -> str | None:
    return re.sub(r"\s*([.;:]?)$", rf", avec {chance.choice(OUTSIDERS)}\1", text)


def swapped_name(text: str, passage: str, chance: random.Random) -> str | None:
    return _replaced(
        r"(?<=[a-zé,] )[A-ZÉ][A-Za-zéè]{3,}\b", text, lambda m: chance.choice(OUTSIDERS), chance
    )


def swapped_inside(text: str, passage: str, chance: random.Random) -> str | None:
    """Two names of the same sentence, exchanged."""
    found = list(re.finditer(r"(?<=[a-zé,] )[A-ZÉ][A-Za-zéè]{3,}\b", text))
    if len({m[0] for m in found}) < 2:
        return None
    first, second = chance.sample(found, 2)
    if first.start() > second.start():
        first, second = second, first
    if first[0] == second[0]:
        return None
    return (
        text[: first.start()]
        + second[0]
        + text[first.end() : second.start()]
        + first[0]
        + text[second.end() :]
    )


def swapped_figures(text: str, passage: str, chance: random.Random) -> str | None:
    """Two shares of the same sentence, exchanged."""
    found = list(re.finditer(r"\d+(?=[ \u00a0\u202f]%)", text))
    if len({m[0] for m in found}) < 2:
        return None
    first, second = found[0], next(m for m in found if m[0] != found[0][0])
    return (
        text[: first.start()]
        + second[0]
        + text[first.end() : second.start()]
        + first[0]
        + text[second.end() :]
    )


def negated(text: str, passage: str, chance: random.Random) -> str | None:
    return _replaced(
        r" (est|sont|peut|peuvent|doit|doivent|permet|prévoit|cite) ",
        text,
        lambda m: f" ne {m[1]} pas ",
        chance,
    )


def affirmed(text: str, passage: str, chance: random.Random) -> str | None:
    return _replaced(r"\b(?:ne |n’)(\w+) (?:pas|jamais|rien)\b", text, lambda m: m[1], chance)


def flipped(text: str, passage: str, chance: random.Random) -> str | None:
    flips = {
        "obligatoire": "facultatif",
        "interdit": "autorisé",
        "peut": "doit",
        "doit": "peut",
        "peuvent": "doivent",
        "hausse": "baisse",
        "favorable": "défavorable",
        "gratuit": "payant",
    }
    return _replaced(rf"\b(?:{'|'.join(flips)})\b", text, lambda m: flips[m[0]], chance)


CORRUPTIONS: list[tuple[Corruption, float]] = [
    (changed_number, 1.0), (spelt_number, 1.0), (changed_unit, 1.0), (changed_date, 1.0),
    (changed_article, 1.0), (added_name, 1.0), (swapped_name, 1.0), (swapped_inside, 0.9),
    (swapped_figures, 0.95), (negated, 1.0), (affirmed, 1.0), (flipped, 0.97),
]  # fmt: skip


@pytest.mark.parametrize(
    ("corrupt", "least"), CORRUPTIONS, ids=lambda v: getattr(v, "__name__", None)
)
def test_corrupted_sentences_are_dropped(
    guard: Guard, passages: list[str], corrupt: Corruption, least: float
) -> None:
    chance = random.Random(f"garde {corrupt.__name__}")
    texts = chance.sample(passages, len(passages))
    kept: list[str] = []
    tried = 0
    for passage in texts:
        for sentence in sentences(passage):
            wrong = corrupt(sentence.strip(), passage, chance)
            if wrong is None or wrong == sentence.strip() or tried >= 300:
                continue
            if corrupt in (changed_number, spelt_number, changed_date):
                held = {q.value for q in quantities(passage)}
                if {q.value for q in quantities(wrong)} <= held:
                    continue  # the new number is another one of the passage: see swapped_figures
            tried += 1
            if guard.judge(f"{wrong} [S1]", {"S1": passage}).kept:
                kept.append(wrong)

    print(corrupt.__name__, tried, len(kept))
    assert tried >= 20
    assert len(kept) <= (1 - least) * tried, Counter(kept).most_common(12)
