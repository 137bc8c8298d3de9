"""A locustfile whose user has a task of its own."""

from locust import task

from grpc_user import spin_user


class TwoCalls(spin_user.SpinUser):
    @task
    def send(self):
        self.spin()
        self.spin()
