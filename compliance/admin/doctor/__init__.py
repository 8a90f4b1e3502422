"""What `flask doctor` looks at: whether an installation is well, and what to do where it is not."""
