"""What can keep a simulation from being made."""


class SimulatorError(Exception):
    """A simulation cannot be made; `str(error)` is one line: what was given, what is valid."""


class InvalidSetting(SimulatorError):
    """A setting, or several together, that Knative or the simulator does not take."""


class TooManyPods(SimulatorError):
    """The autoscaler made more pods than a simulation can hold."""
