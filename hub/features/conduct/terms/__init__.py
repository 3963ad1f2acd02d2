"""The terms of each organisation: written in versions, and accepted before anything else."""
