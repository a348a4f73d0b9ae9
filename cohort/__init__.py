"""What the programme is and what its rules decide: plain values, no I/O at all."""
