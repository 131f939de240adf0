r"""The loss of a network over a whole plane of its parameters, θ(a, b) = θ₀ + a·d₁ + b·d₂, at little a cell.

Every layer's matrix is affine in a and b, so up to the first layer that moves nothing depends on the cell, and that
layer's weighted sums are Z₀ + aZ₁ + bZ₂: three products for the entire grid. From there on:

- `quadratic`: where that layer is the last, mean squared error is a quadratic in a and b;
- `separated`: units that follow a alone or b alone are computed once a column or once a row, and where there are no
  others the grid is one product; σ(z) of the others is I/(I + E) with I = e^{Z₀+aZ₁}, E = e^{−bZ₂};
- `tiles`: everything else, in blocks of cells × examples that stay in the cache;
- `chebyshev`, `interpolated`: smooth losses from few cells, to a tolerance that is checked and stated.
"""
