"""``python -m eval COMMAND``: measure, tune, regenerate; the commands are listed by ``--help``."""

import argparse
import importlib
import sys
import tempfile
from pathlib import Path

from assistant.bootstrap import Engine, build_engine
from assistant.settings import Settings, load_settings

# commands that need no index, and their function
ALONE = {
    "bench": "bench",
    "coach": "main",
    "drafting": "main",
    "examples": "main",
    "llm": "main",
}


def main() -> int:
    """Run one command on a fresh index of the present content."""
    parser = argparse.ArgumentParser(prog="python -m eval")
    parser.add_argument(
        "command",
        choices=["run", "tune", "calibrate", "reach", "rooms", *ALONE],
    )
    parser.add_argument("--people", type=int, default=200, help="of rooms")
    parser.add_argument("--database-url", help="of rooms: two workers over one PostgreSQL")
    options = parser.parse_args()
    if options.command == "rooms":
        from eval.rooms import room_figures

        return room_figures(options.people, options.database_url)
    if options.command in ALONE:
        module = importlib.import_module(f"eval.{options.command}")
        return int(getattr(module, ALONE[options.command])())
    with tempfile.TemporaryDirectory() as data:
        settings = load_settings(data=Path(data))
        engine = build_engine(settings)
        try:
            if options.command == "run":
                return run(engine, settings)
            if options.command == "reach":
                from eval.reach import report

                return report(engine)
            if options.command == "calibrate":
                from eval.calibrate import calibrate

                print(calibrate(engine.answerer))
                return 0
            from eval.tune import tune

            print(tune(engine))
        finally:
            engine.close()
    return 0


def run(engine: Engine, settings: Settings) -> int:
    """Evaluate every set and write the card; 1 under a threshold."""
    from eval.card import misses_of, row, write_card
    from eval.dataset import OPEN, SEALED, load_cases
    from eval.quality import ablations, failures, figures, is_deterministic, revision, run_sets
    from eval.quality import slices as slices_of

    outcomes = run_sets(engine.answerer, [*OPEN, SEALED])
    sets = [(name, figures(found)) for name, found in outcomes.items()]
    failed = failures(dict(sets)["dev"])
    deterministic = is_deterministic(engine.answerer, outcomes["dev"])
    write_card(
        sets=sets,
        slices=slices_of(outcomes["dev"]),
        ablations=ablations(engine, settings, load_cases("dev")),
        deterministic=deterministic,
        revision=revision(),
        failed=failed,
        misses=misses_of(outcomes["dev"]),
    )
    for name, result in sets:
        print(row(name, result))
    for failure in failed:
        print(f"under its threshold: {failure}", file=sys.stderr)
    return 1 if failed or not deterministic else 0


if __name__ == "__main__":
    sys.exit(main())
