"""LaTeX of a closed vocabulary to formulas, and formulas to the LaTeX that a person would write."""
