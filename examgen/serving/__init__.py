"""Pages for one person on this machine: what every local server of the programs is made of."""
