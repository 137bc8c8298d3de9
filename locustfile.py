"""Open-loop gRPC load on the spin worker: `locust -f locustfile.py`, headless or with the web page.

Each arrival asks for `--spin` of CPU time, or makes `--call`. Without `--host`, a spin worker is
started on this machine for the run. The load shapes are there to be selected, by `--shape`, by the
class picker or by a `--rate-profile`; unless one is, the number of users is the rate.
"""

from grpc_user.spin_user import SpinUser
from shapes.load_test_shapes import PoissonShape, UniformShape

__all__ = ["PoissonShape", "SpinUser", "UniformShape"]
