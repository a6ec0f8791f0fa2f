"""`python -m mercat` is the same command line as `mercat`."""

from mercat.cli import main

main()
