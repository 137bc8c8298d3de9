"""`python -m tests.experiment.sweep.cluster.fake_run FOLDER CODE`: a run that leaves one file."""

import sys
import time
from pathlib import Path

FOR_EVER = "for-ever"


def main() -> None:
    folder, code = Path(sys.argv[1]), sys.argv[2]
    folder.mkdir(parents=True)
    (folder / "here").touch()
    if code == FOR_EVER:
        time.sleep(60)
    sys.exit(int(code))


if __name__ == "__main__":
    main()
