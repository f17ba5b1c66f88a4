"""Django glue without a subject: audit, jobs, scoping, clock, files, analytic sessions."""
