"""The security log: what was refused at the doors, its page, its alarms and its end."""
