"""The catalogue: items, sentences, who matches where."""
