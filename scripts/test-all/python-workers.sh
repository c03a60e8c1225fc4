#!/bin/sh
# Python's apps under every kind of worker of gunicorn, uWSGI and uvicorn. Run alone, it prints the table of them.
exec scripts/test-python.sh -m all_workers tests/test_workers.py
