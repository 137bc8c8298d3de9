"""Open-loop gRPC load on the spin worker: `locust -f locustfile.py`, headless or with the web page.

Without `--host`, spin workers are started on this machine for the run.
"""

from locust import task

from grpc_user.spin_user import SpinUser
from shapes.load_test_shapes import PoissonShape, UniformShape

__all__ = ["PoissonShape", "Spin", "UniformShape"]


class Spin(SpinUser):
    """Asks the worker for `--spin` of CPU time, once per arrival."""

    @task
    def spin(self) -> None:
        """One call."""
        self.call_spin()
