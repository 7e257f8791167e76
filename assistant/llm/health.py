"""How a model fared last: for the page that says so, nothing of what was said."""

from dataclasses import dataclass, field
from datetime import datetime

from assistant.llm.port import Fault


@dataclass
class Health:
    """The last moments, in UTC, when it did and did not give what was asked."""

    worked_at: datetime | None = field(default=None, init=False)
    failed_at: datetime | None = field(default=None, init=False)
    fault: Fault | None = field(default=None, init=False)
    last: datetime | None = field(default=None, init=False)

    def trying(self, moment: datetime) -> None:
        """Someone tries it."""
        self.last = moment

    def tell(self, moment: datetime, fault: Fault | None) -> None:
        """What just happened; ``fault`` is None when it worked."""
        if fault is None:
            self.worked_at, self.fault = moment, None
        else:
            self.failed_at, self.fault = moment, fault
