"""What every machine is built of: time, wires, records, instruments and stimuli."""
