"""`make chaos KILLS=n SEED=s`: random faults against a replay of a stream, compared with an undisturbed run.

The kills are done in pieces, each on topics of its own. With `--state` the pieces that are done are kept in a file, so
that a run that was broken off goes on after the last whole piece. The last line of the output is one JSON object.
"""

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import get_args

from chaos.books import Difference
from chaos.run import Run, Tally, totals
from chaos.schedule import Schedule, plan
from chaos.stream import messages

from worker.broker import KafkaBroker
from worker.settings import Delivery

PIECE_KILLS = 20


def main() -> int:
    """Run what is left of the pieces; return 0 where nothing differs."""
    options = _options()
    state = options.state or Path("out") / f"chaos-{options.delivery}-{options.kills}-{options.seed}.json"
    done = _load(state)
    schedules = _schedules(options.kills, options.seed)
    left = schedules[len(done) :][: options.pieces]
    if left:
        done = _play(left, options, done, state)
    is_whole = len(done) == len(schedules)
    print(f"pieces {len(done)} of {len(schedules)}")
    print(f"kills of two workers {sum(one.kills_of_two for one in done)}, wiped {sum(one.kills_wiped for one in done)}")
    found = totals(done)
    if is_whole:
        state.unlink(missing_ok=True)
    print(json.dumps(found))
    wrong = [*asdict(Difference()), "unfinished", *(["repeated"] if options.delivery == "exactly_once" else [])]
    return 1 if any(found[name] for name in wrong) else 0


def _play(schedules: list[Schedule], options: argparse.Namespace, done: list[Tally], state: Path) -> list[Tally]:
    count = max(schedule.messages for schedule in schedules)
    sent = messages(count, options.seed)
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder, KafkaBroker() as broker:
        run = Run(broker, Path(folder), options.delivery)
        expected = run.undisturbed(sent)
        for schedule in schedules:
            tally = run.disturbed(sent, schedule, expected)
            print(json.dumps(asdict(tally)), flush=True)
            done = [*done, tally]
            _save(state, done)
    return done


def _schedules(kills: int, seed: int) -> list[Schedule]:
    pieces = [min(PIECE_KILLS, kills - first) for first in range(0, kills, PIECE_KILLS)]
    return [plan(count, f"{seed}/{number}") for number, count in enumerate(pieces)]


def _load(state: Path) -> list[Tally]:
    if not state.exists():
        return []
    return [Tally(**{**one, "difference": Difference(**one["difference"])}) for one in json.loads(state.read_text())]


def _save(state: Path, done: list[Tally]) -> None:
    state.parent.mkdir(parents=True, exist_ok=True)
    state.write_text(json.dumps([asdict(tally) for tally in done]))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="chaos", description="Random faults against a replay of a stream.")
    parser.add_argument("--kills", type=int, default=10, help="how many processes are killed")
    parser.add_argument("--seed", type=int, default=1, help="fixes the schedule of the faults")
    parser.add_argument("--delivery", choices=get_args(Delivery), default="effectively_once", help="as the setting")
    parser.add_argument("--pieces", type=int, default=None, help="stop after so many pieces of 20 kills")
    parser.add_argument("--state", type=Path, default=None, help="keeps the pieces that are done")
    return parser.parse_args()


sys.exit(main())
