"""Randomized exam questions about backpropagation, derived from one graph of scalars."""
