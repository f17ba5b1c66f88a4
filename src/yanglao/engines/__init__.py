"""Engines: plain Python, data in and result out; no Django, no database, no clock."""
