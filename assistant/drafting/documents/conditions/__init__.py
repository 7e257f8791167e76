"""Every named condition; importing this package registers them all.

One module for what documents share, and one for a document that needs its own.
"""

import importlib
import pkgutil

from assistant.drafting.documents.logic import REGISTRY

for _module in sorted(m.name for m in pkgutil.iter_modules(__path__)):
    importlib.import_module(f"{__name__}.{_module}")

__all__ = ["REGISTRY"]
