"""Access: who looks at people outside his area by a grant, and who has opened what is masked."""
