"""A template names exactly the fields of its page; every data value has its French name."""

import dataclasses
import re
from collections.abc import Iterator
from typing import get_args

import pytest
from jinja2 import meta

from assistant.answering.reply import Reason
from assistant.knowledge.content import Actor, Category, Domain, Iso26000, Model, Nature
from assistant.store.values import Complaint
from web import app as _  # noqa: F401 - imports every page
from web.catalogue import PARTS, STEPS
from web.pages import Page
from web.rendering import TEMPLATES, environment


def every(kind: type[Page]) -> Iterator[type[Page]]:
    """The pages of every module that the application imports."""
    for page in kind.__subclasses__():
        yield page
        yield from every(page)


PAGES = [page for page in every(Page) if page.__module__.startswith("web.")]


# what a page hands to the templates of activities, which it includes by name
ACTIVITY = re.compile(r"_(phone|screen)\.html$")
HANDED_ON = {"PhonePage": {"private", "value"}}


def named_by(template: str) -> set[str]:
    """The variables of a template and of those that it extends (imports get none)."""
    made = environment()
    source = (TEMPLATES / template).read_text(encoding="utf-8")
    tree = made.parse(source)
    imported = {
        name.strip()
        for names in re.findall(r"{% from .+? import (.+?) %}", source)
        for name in names.split(",")
    }
    imported |= set(re.findall(r"{% (?:set|macro) (\w+)", source))
    names = meta.find_undeclared_variables(tree) - set(made.globals) - imported
    for parent in re.findall(r'{% extends "(.+?)" %}', source):
        names |= named_by(parent)
    return names


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
def test_a_template_names_the_fields_of_its_page(page: type[Page]) -> None:
    fields = {field.name for field in dataclasses.fields(page)}
    handed_on = HANDED_ON.get(page.__name__, set())
    assert (named_by(page.template) | handed_on) - {"section"} == fields


def test_every_full_template_is_drawn_by_one_page() -> None:
    whole = {
        path.relative_to(TEMPLATES).as_posix()
        for path in TEMPLATES.rglob("*.[hm]*")
        if not path.name.startswith(("_", "base")) and not ACTIVITY.search(path.name)
    }
    assert whole == {page.template for page in PAGES}
    assert len(PAGES) == len({page.template for page in PAGES})


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_no_style_nor_script_is_written_in_a_template(path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", source)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", source))
    assert "|safe" not in source.replace(" ", "")


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("PARTS", PARTS),
        ("NATURES", get_args(Nature)),
        ("ACTORS", get_args(Actor)),
        ("CATEGORIES", get_args(Category)),
        ("MODELS", get_args(Model)),
        ("DOMAINS", get_args(Domain)),
        ("THEMES", get_args(Iso26000)),
        ("STEPS", STEPS),
        ("SHORT_STEPS", STEPS),
        ("REASONS", list(Reason)),
        ("COMPLAINTS", list(Complaint)),
    ],
)
def test_every_value_has_a_french_name(table: str, values) -> None:
    labels = environment().get_template("_labels.html").module
    assert set(getattr(labels, table)) == set(values)


def test_every_nature_belongs_to_one_part() -> None:
    natures = [nature for part in PARTS.values() for nature in part]
    assert sorted(natures) == sorted(get_args(Nature))
