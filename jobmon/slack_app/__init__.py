"""The Slack app itself: its manifest, and whether it is set up as jobmon needs it."""
