"""Time in: one table of jobs, and the APScheduler that runs it."""
