"""Gradient Explainer: derives the gradients of a model, judges claims about them and explains both."""

__version__ = "0.1.0"
