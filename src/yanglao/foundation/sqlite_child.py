"""Reads a SQLite file through ADBC, in a process of its own, and sends the rows on as Arrow.

Run by :mod:`yanglao.foundation.sqlite_reading`, never imported by the program. ADBC brings a
SQLite library of its own, and two copies of SQLite must not open the same file in one process:
closing it in one drops the locks that the other holds (sqlite.org/howtocorrupt.html, 2.2.1), and
the next writer can destroy the file. It happened in a test; in a process of its own it cannot.

Usage: ``python sqlite_child.py FILE``. Each line of standard input is a JSON object
``{"sql": …, "batch": rows}``; each is answered by one Arrow IPC stream on standard output.
"""

import json
import sys

import adbc_driver_sqlite.dbapi as adbc
import pyarrow as pa


def main() -> None:
    """Answer queries until standard input ends."""
    sink = sys.stdout.buffer
    with adbc.connect(sys.argv[1]) as connection:
        for line in sys.stdin:
            asked = json.loads(line)
            with connection.cursor() as cursor:
                cursor.adbc_statement.set_options(
                    **{"adbc.sqlite.query.batch_rows": str(asked["batch"])}
                )
                cursor.execute(asked["sql"])
                reader = cursor.fetch_record_batch()
                with pa.ipc.new_stream(sink, reader.schema) as stream:
                    for batch in reader:
                        stream.write_batch(batch)
            sink.flush()


if __name__ == "__main__":
    main()
