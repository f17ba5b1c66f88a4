"""What a password must be like, besides Django's own length and list of common ones."""

from django.core.exceptions import ValidationError

from yanglao.domain.accounts.models import Account

#: Fewer different characters than this are a pattern of the keyboard.
_DIFFERENT = 5


class OwnWordsValidator:
    """A password is neither the login name nor the person's name, nor a few keys over and over."""

    def validate(self, password: str, user: Account | None = None) -> None:
        """Check a password.

        Raises:
            django.core.exceptions.ValidationError: With a message in Chinese.
        """
        plain = password.casefold()
        if len(set(plain)) < _DIFFERENT:
            raise ValidationError(f"密码里至少要有 {_DIFFERENT} 个不同的字符。")
        for word in (user.username, user.display_name) if user else ():
            if len(word) >= 2 and word.casefold() in plain:
                raise ValidationError("密码里不能有登录名或姓名。")

    def get_help_text(self) -> str:
        """Say what is asked for."""
        return "不能有登录名或姓名，不能是一两个字符的重复。"
