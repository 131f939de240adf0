"""LaTeX, which stands beside the code it describes, as MathML that browsers draw by themselves."""

from functools import lru_cache

from latex2mathml.converter import convert


@lru_cache(maxsize=4096)
def mathml(latex: str) -> str:
    """One formula; several rows are several formulas.

    >>> mathml("x")[:5]
    '<math'
    """
    return str(convert(latex))
