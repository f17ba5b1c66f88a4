"""``{% load kit %}``: icons, formats and every page part. Parameters: docs/reference/web-kit.md."""

from django import template

from yanglao.web.kit import assets, formats, icons, nonces, words
from yanglao.web.kit.tags import boxes, elder, form_parts, lists, people, pictures, states

register = template.Library()

register.filter("num", formats.number)
register.filter("pct", formats.percent)
register.filter("yuan", formats.yuan)
register.filter("zh_day", formats.day)
register.filter("zh_date", formats.full_day)
register.filter("iso_day", formats.iso_day)
register.filter("zh_month", formats.month)
register.filter("zh_moment", formats.moment)
register.filter("age_on", formats.age_on)
register.filter("sex", formats.sex)
register.filter("mask_id", formats.masked_id)
register.filter("mask_name", formats.masked_name)
register.filter("mask_phone", formats.masked_phone)
register.filter("file_size", formats.file_size)
register.filter("seconds_left", formats.seconds_left)

register.simple_tag(icons.icon, name="icon")
register.simple_tag(assets.asset, name="asset")
register.simple_tag(words.script_words)
register.simple_tag(nonces.nonce)

for _group in (boxes, states, lists, people, form_parts, pictures, elder):
    _group.register_on(register)
