"""Places: the division trees and the three-level network that hangs on them."""
