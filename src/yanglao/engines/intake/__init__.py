"""Intake: bytes of a spreadsheet in, a verdict for every row out.

The way of a list: `workbook.read_workbook` (bytes to sheets of cells), `recognise.recognise` (which
kind of list, which column is what), `rows.read_batch` or `rows.read_rows` (clean values, problems,
warnings for every row), then `returned.write_returned` for the rows that go back.
`template.write_template` makes the empty list to fill in.

Nothing here knows a person, a place or a month that was not passed in; linking rows to people is
not done here. The kinds of lists and their columns are in `kinds`, the ways of writing each value
in `choices`.
"""
