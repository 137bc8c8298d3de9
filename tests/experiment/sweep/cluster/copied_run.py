"""`python -m tests.experiment.sweep.cluster.copied_run FROM TO`: a run that was done before."""

import shutil
import sys
import time

if __name__ == "__main__":
    time.sleep(0.3)  # long enough to be killed in
    shutil.copytree(sys.argv[1], sys.argv[2])
