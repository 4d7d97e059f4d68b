"""`make chaos SEED=1 KILLS=300`: the long form, which prints its table."""

import argparse
import shutil
import sys
from pathlib import Path

from tests.chaos.campaign import Campaign
from tests.chaos.house import House


def main() -> int:
    """Run a campaign; 1 when something was lost or doubled."""
    parser = argparse.ArgumentParser(prog="make chaos")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--gap", type=float, default=1.0, help="seconds between faults")
    parser.add_argument("--log", type=Path, help="where to keep jobmon's log")
    options = parser.parse_args()
    with House() as house:
        try:
            campaign = Campaign(house, seed=options.seed, kills=options.kills, gap=options.gap)
            report = campaign.run()
        finally:
            if options.log:
                shutil.copy(house.log, options.log)
    sys.stdout.write(report.table() + "\n")
    faults = (report.lost, report.doubled, report.mails_lost, report.mails_doubled, report.dead)
    for items in faults:
        sys.stdout.write("".join(f"{item}\n" for item in items))
    return int(any(faults))


if __name__ == "__main__":
    sys.exit(main())
