"""The one way in which a whole file is refused."""


class UnreadableWorkbook(Exception):
    """A file that cannot be read at all.

    The message is Chinese and says what is wrong and what to do.
    """
