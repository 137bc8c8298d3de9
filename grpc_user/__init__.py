"""gRPC calls for any Locust user; see `grpc_user.user`."""

import os

# grpc reads this once, when it is first imported. With its fork handlers on, every fifth or so
# program that is started while connections are open (a run's record writer) dies before its first
# line: gevent starts programs by fork, and grpc revives its poller in the child.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "false")
