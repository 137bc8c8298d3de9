import pytest

from grpc_user.engine.choice import check_engine
from grpc_user.spin_user import SpinUser
from grpc_user.user import GrpcUser
from openloop.mixin import OpenLoop
from shapes.errors import InvalidValue


class Elsewhere(SpinUser):
    host = "localhost:1"
    weight = 3


class OtherMetadata(SpinUser):
    def call_metadata(self):
        return (("a", "b"),)


class Impatient(SpinUser):
    timeout_s = 0.1


class Prepared(SpinUser):
    def on_start(self):
        self.spin()


class Own(OpenLoop, GrpcUser):
    pass


class Http:
    pass


@pytest.mark.parametrize("user_class", [SpinUser, Elsewhere])
def test_an_engine_makes_the_calls_of_spin_users(user_class):
    check_engine([user_class], "linux")


@pytest.mark.parametrize(
    ("classes", "platform", "said"),
    [
        ([OtherMetadata], "linux", "OtherMetadata has its own call_metadata"),
        ([Impatient], "linux", "Impatient has its own timeout_s"),
        ([Prepared], "linux", "Prepared has its own on_start"),
        ([Own], "linux", "Own has tasks of its own"),
        ([Http], "linux", "Http makes no gRPC calls"),
        ([SpinUser, Elsewhere], "linux", r"several user classes \(Elsewhere, SpinUser\)"),
        ([SpinUser], "darwin", "on darwin; valid: Linux"),
    ],
)
def test_what_only_the_hub_can_send_is_refused(classes, platform, said):
    with pytest.raises(InvalidValue, match=said):
        check_engine(classes, platform)
