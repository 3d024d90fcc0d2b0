"""Diagnosis: the smallest changes that turn a wrong formula into the truth, found by search and then proved."""
