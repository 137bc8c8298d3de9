"""How to read a report: the definitions behind its numbers."""

METHOD = """
Latency is received - intended: what a caller feels that does not wait for others. Service latency
is received - sent; the difference is the generator's own lag.

Percentiles are the smallest latency that the stated share of all sent calls stayed within. Calls
that failed or did not finish count as infinitely late, so a percentile can be 'not reached'.
Records of all members are pooled before anything is computed.

An average is given only where every sent call came back well. Otherwise the restricted mean
E[min(latency, bound)] is given with its bound: a lower bound of the average.

The percentiles of the first screen come from a histogram of three significant digits that the run
kept while it went; those of figures and tables come from every record. Their last digit may differ.

Slowdown is latency / ideal of each call. It is never divided by a minimum over runs.

The measured phase holds the calls whose intended time lies after the warm-up, whenever they
ended. MSER-5 is shown beside the warm-up that was asked for.

The interval of one run's average comes from 8 batch means, widened by what each tells of the next,
and is suppressed near saturation, where it would be far too narrow. It knows nothing of what
differs from run to run. The interval to publish is that over at least five repetitions with seeds
of their own. How often each covers the truth was measured: docs/method.md.

Pods are what an observer of the Kubernetes API saw, stamped by its own clock; the API's stamps are
whole seconds. Ready pods are counted until they are told to end, though they may answer a little
longer. Pending pods exist and are not ready. Where the API could not be read, pods are held at what
was last seen: hatched in the figure, and numbers that this touches say 'about' or 'at least'.

A call is cold-affected when, for 50 ms or more, it was neither in the generator nor with a worker
and this time began before its pod was ready or overlapped a scale-up: pods wanted or begun and not
ready. It is unknown for calls without a good answer in a scale-up, and for those held while nobody
saw the pods. The first call on an instance is told by the instance itself.

The pods that the offered rate asks for are its calls under way (rate x ideal), or the rate, over
the target of the Service's own settings, rounded up. Missing and idle pods, each times their time,
are under- and over-provisioning; they never cancel.

A model beside a run is a simulated run of the same arrivals, drawn as thin lines; the gap is what
was measured less what was modelled. Its slowdown is against the run's own ideal.

Success is the share of sent calls that came back well, with Wilson's interval on the effective
number of calls: failures come in bursts.
"""


def paragraphs() -> list[str]:
    """The definitions, one paragraph each."""
    return as_paragraphs(METHOD)


def as_paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, each on one line."""
    return [" ".join(part.split()) for part in text.strip().split("\n\n")]
