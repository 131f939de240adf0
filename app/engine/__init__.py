"""The numerical heart of Descent: pure NumPy, knows nothing of the web. Start reading in `network.py`.

Glossary, the same everywhere (examples stand in columns):

| symbol | code | meaning | shape |
|---|---|---|---|
| X | `X` | features × examples | (n, m) |
| X̄[l] | `X_bar` | inputs of layer l with a row of ones below: X̄[0] = [X; 1], X̄[l] = [f(Z[l]); 1] | (n_l + 1, m) |
| y, Y | `Y` | targets, a row per output | (outputs, m) |
| ŷ | `prediction` | what the network answers | (outputs, m) |
| W̄[l] | `W_bar` | weights and bias of a layer in one matrix, [W | b] | (n_{l+1}, n_l + 1) |
| Z[l] | `Z` | weighted sums, W̄[l−1] X̄[l−1] | (n_l, m) |
| Ψ | `psi` | ∂L/∂Z of a layer, handed backwards | (n_l, m) |
| θ | `theta` | all parameters in one flat vector, every W̄ row by row | (P,) |
| g | `gradient` | ∂L/∂θ, laid out like θ | (P,) |
| η | `rate` | the learning rate of a step | |
| t | `t` | steps the optimizer has made with its present memory, from 1 | |
| L | `loss` | (1/m)‖ŷ − y‖² or another loss, penalties included | |
"""
