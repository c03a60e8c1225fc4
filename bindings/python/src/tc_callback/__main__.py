"""`python -m tc_callback` is the tc-callback command."""

from ._command import main

main()
