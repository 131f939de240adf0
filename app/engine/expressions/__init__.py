"""Formulas in x and y that people type: our own small grammar, exact derivatives, no `eval`.

What may be written (`parser.py` has the grammar):

- numbers `3`, `0.5`, `.5`, `1e-3`; the variables `x` and `y`; the constants `pi`, `e` and `tau`;
- `+`, `-`, `*`, `/`, and `^` or `**` for powers; parentheses; bars for the absolute value: `|x - 1|`;
- the functions `sin cos tan asin acos atan sinh cosh tanh exp ln log2 log10 sqrt abs sign min max pow sigmoid softplus
  relu step`; `log` is the natural logarithm, another name for `ln`. They take their arguments in parentheses.

How it is read:

| typed | read as | because |
|---|---|---|
| `-x^2`, `2^-x` | −(x²), 2^(−x) | a power binds tighter than the sign before it, not than the sign after it |
| `2^3^2` | 2^(3²) | powers are read from the right |
| `x - y - 1`, `x/y/2` | (x − y) − 1, (x/y)/2 | everything else is read from the left |
| `3x`, `(x+1)(y-1)`, `2|x|` | products | no sign is needed between a number, `)` or bar and a name, `(` or bar |
| `2x^2`, `x^2y` | 2·x², x²·y | such a product binds like `*`: less than a power |
| `1/2x`, `x/2(y+1)` | refused | half of the people read ½·x and the other half 1/(2x) |
| `xy`, `x y`, `x(y+1)`, `sin x` | refused, with what to write instead | they could be names and calls |

At a kink the derivative is the mean of the slopes on either side: 0 for |x| at 0, ½ for relu(x) at 0 (the networks'
ReLU has 0 there, as torch does), and half of each where the arguments of min or max are equal. `sign` and `step` are
flat everywhere, at their jump too, where they are 0 and ½. There is no `floor`: its gradient is 0 wherever it exists,
so that descent would have nothing to follow. Where a formula has no value (ln of a negative number, division by 0)
value and derivative are NaN or infinite, and a run says that it diverged; a part without x and y that has none is
refused at once.
"""
