"""Randomized exam questions about backpropagation, derived from one graph of scalars."""

__version__ = "0.1.0"
