"""Tables; each says what personal data it holds and how its rows end."""
