"""L = lambda W, as a test of the books: sends, ends and latencies are counted apart."""

import numpy as np

from verdict.windows import Windows


def littles_residual(windows: Windows) -> float | None:
    """How far the area under the calls in flight is from the sum of their times, as a share.

    The area comes from sends (counted when made) and ends, window by window; the sum from the
    service latencies of the records. Over the whole run nothing crosses an edge, so they are
    equal, whatever the target does. Calls that were cut off count to the last window's end.

    None when nothing was sent.
    """
    width_s = windows.width_s
    sends, ends, cut = (windows.column(name) for name in ("sends", "ends", "cut"))
    at_start = np.cumsum(sends - ends) - (sends - ends)
    entered_s = sends * width_s - windows.column("sends_offset_s")
    left_s = ends * width_s - windows.column("ends_offset_s")
    area = float((at_start * width_s + entered_s - left_s).sum())
    to_the_end_s = (len(sends) - np.arange(len(sends))) * width_s
    cut_s = float((cut * to_the_end_s).sum() - windows.column("cut_offset_s").sum())
    served_s = float(windows.column("served_s").sum()) + cut_s
    return abs(area - served_s) / area if area > 0 else None
