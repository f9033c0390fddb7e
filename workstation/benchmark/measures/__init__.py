"""One module a measure: its goals, the clips it needs, what it observes on one. The goals are the table of the project."""
