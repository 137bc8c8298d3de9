"""Locust as documented: each user waits for its answer before it asks again."""

from locust import constant_throughput, task

from grpc_user.spin_user import SpinCalls


class Patient(SpinCalls):
    """20 requests per second and user, as long as answers come quickly."""

    wait_time = constant_throughput(20)

    @task
    def spin(self) -> None:
        """One call."""
        self.call_spin()
