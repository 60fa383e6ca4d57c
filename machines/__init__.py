"""The historical machines, one package each; they never import one another."""
