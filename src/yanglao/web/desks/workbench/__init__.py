"""今天要做的事: the first page of every role."""
