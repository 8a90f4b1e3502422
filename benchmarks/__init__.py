"""Speed goals measured as ratios in one run, against bare programs that do the same and nothing else."""
