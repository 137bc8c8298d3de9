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

The interval of one run's average comes from 16 batch means with the effective number of calls,
and is suppressed near saturation, where it would be far too narrow. The interval to publish is
that over at least five repetitions with seeds of their own.

Success is the share of sent calls that came back well, with Wilson's interval on the effective
number of calls: failures come in bursts.
"""


def paragraphs() -> list[str]:
    """The definitions, one paragraph each."""
    return [" ".join(text.split()) for text in METHOD.strip().split("\n\n")]
