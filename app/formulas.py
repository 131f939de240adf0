"""LaTeX, which stands beside the code it describes, as MathML that browsers draw by themselves."""

from functools import lru_cache


@lru_cache(maxsize=4096)
def mathml(latex: str) -> str:
    """One formula; several rows are several formulas.

    >>> mathml("x")[:5]
    '<math'
    """
    from latex2mathml.converter import convert  # a megabyte that a server needs no sooner than a page does

    return str(convert(latex))
