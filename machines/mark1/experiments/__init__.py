"""Published experiments with perceptrons, run again."""
