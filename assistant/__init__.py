"""Côte à côte: a coach that answers about partnerships with citations, or abstains.

Read in this order: ``knowledge`` (cards → index → search), ``answering`` (question → answer
or refusal), ``store`` (conversations, feedback); ``bootstrap`` builds the real adapters.
"""

__version__ = "0.1.0"
