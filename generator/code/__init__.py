"""Code that anyone pastes and runs: a model's forward pass, its derived gradient, and a check, in NumPy or PyTorch."""
