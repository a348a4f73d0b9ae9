"""What people see: Block Kit made from plain values, nothing else."""
