"""A load shape as anybody writes one, and the user of the shipped locustfile beside it."""

from locust import LoadTestShape

from grpc_user.spin_user import SpinUser

__all__ = ["SpinUser", "Steps"]


class Steps(LoadTestShape):
    """20 users for 2 s, then 40 for 3 s, then the end."""

    def tick(self):
        run_s = self.get_run_time()
        if run_s >= 5:
            return None
        return (20, 20) if run_s < 2 else (40, 40)
