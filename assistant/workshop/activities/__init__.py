"""The kinds of activities, by the slug that agendas use."""

from collections.abc import Mapping
from typing import Any

from assistant.workshop.activities.charter import Charter
from assistant.workshop.activities.closing import Commitments
from assistant.workshop.activities.common_goals import CommonGoals
from assistant.workshop.activities.criteria import Criteria
from assistant.workshop.activities.crossed import CrossedEvaluation
from assistant.workshop.activities.dots import DotVote
from assistant.workshop.activities.express import ConventionExpress
from assistant.workshop.activities.quiz import Quiz
from assistant.workshop.activities.role_play import RolePlay
from assistant.workshop.activities.satisfaction import Satisfaction
from assistant.workshop.activities.square import MagicSquare
from assistant.workshop.activities.talk import Talk
from assistant.workshop.activities.wall import AnswerWall
from assistant.workshop.activities.word_cloud import WordCloud
from assistant.workshop.activity import Activity, Tools

Registry = Mapping[str, Activity[Any, Any, Any]]
KINDS: tuple[type[Activity[Any, Any, Any]], ...] = (
    Talk, WordCloud, Quiz, DotVote, MagicSquare, CommonGoals, Criteria, Charter,
    AnswerWall, ConventionExpress, CrossedEvaluation, RolePlay, Commitments, Satisfaction,
)  # fmt: skip


def build_activities(tools: Tools) -> Registry:
    """Every activity, by kind."""
    return {kind.kind: kind(tools) for kind in KINDS}
