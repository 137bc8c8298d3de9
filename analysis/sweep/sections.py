"""The headings of a sweep's page."""

ARMS, LATENCY, SLOWDOWN = "Arms side by side", "Latency", "Slowdown"
LAWS, TAILS = "Poisson against uniform", "Tails"
SUCCESS, WHERE = "Success and goodput", "Where the time went"
ORDER = (ARMS, LATENCY, SLOWDOWN, LAWS, TAILS, SUCCESS, WHERE)
