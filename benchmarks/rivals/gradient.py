"""
The gradient of the first question, number NUMBER
==================================================

What a user would write instead: derive with SymPy, draw with matplotlib.
"""

import matplotlib.pyplot as plt
import sympy as sp

# %%
# The network, with two inputs, two hidden units and two outputs.
X = sp.symbols("X1:3")
Q = sp.symbols("Q1:3")
V = sp.Matrix(2, 2, sp.symbols("V11 V12 V21 V22"))
W = sp.Matrix(2, 2, sp.symbols("W11 W12 W21 W22"))


def sigma(a):
    return 1 / (1 + sp.exp(-a))


Z = [sigma(sum(X[i] * V[i, j] for i in range(2))) for j in range(2)]
Y = [sigma(sum(Z[j] * W[j, k] for j in range(2))) for k in range(2)]
E = -sum(Q[k] * sp.log(Y[k]) + (1 - Q[k]) * sp.log(1 - Y[k]) for k in range(2))
gradient = sp.diff(E, V[0, 0])
print(sp.latex(gradient))

# %%
# The network, drawn.
figure, axes = plt.subplots()
for column, units in enumerate((2, 2, 2)):
    for unit in range(units):
        axes.add_patch(plt.Circle((column, -unit), 0.15, fill=False))
        if column:
            for other in range(2):
                axes.plot([column - 0.85, column - 0.15], [-other, -unit], color="grey")
axes.set_aspect("equal")
axes.axis("off")
plt.show()
