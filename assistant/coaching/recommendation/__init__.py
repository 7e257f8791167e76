"""From a diagnosis to a category, a model and a contract, each with its reasons."""

from assistant.coaching.recommendation.recommend import Recommendation, recommend
from assistant.coaching.recommendation.wording import Wording, load_wording

__all__ = ["Recommendation", "Wording", "load_wording", "recommend"]
