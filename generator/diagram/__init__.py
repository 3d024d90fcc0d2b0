"""Pictures: the network with its lit paths, and plots for caveats. matplotlib is imported here and nowhere else."""
