import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"locust", "gevent", "grpc", "pandas", "scipy", "pyarrow"}


def run_python(script):
    # Locust patches the standard library when imported: never in this process.
    finished = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return finished.stdout.split()


def test_everything_but_the_adapter_needs_numpy_alone():
    modules = [path.stem for path in (ROOT / "shapes").glob("*.py")]
    pure = sorted(set(modules) - {"__init__", "load_test_shapes"})
    imports = "; ".join(f"import shapes.{name}" for name in pure)
    loaded = run_python(f"import sys; {imports}; print(*{{m.split('.')[0] for m in sys.modules}})")
    assert not HEAVY & set(loaded)


ADAPTER = """
from locust.util.load_locustfile import is_shape_class
from shapes.load_test_shapes import PlannedShape, PoissonShape, UniformShape

for kind in (PlannedShape, UniformShape, PoissonShape):
    print(kind.__name__, is_shape_class(kind), kind.use_common_options, getattr(kind, "law", None))
shape = PoissonShape()
print(*shape.tick())
shape.follow(lambda: (50, 2.5))
print(*shape.tick())
shape.follow(lambda: None)
print(shape.tick())
print(*UniformShape().tick())
"""


def test_the_shapes_for_locust_show_what_they_follow():
    assert run_python(ADAPTER) == [
        *("PlannedShape", "False", "True", "None"),
        *("UniformShape", "True", "True", "uniform"),
        *("PoissonShape", "True", "True", "poisson"),
        *("1", "1.0"),
        *("50", "2.5"),
        "None",
        *("1", "1.0"),
    ]
