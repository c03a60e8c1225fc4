#!/bin/sh
# Programs in C and C++ under sanitizers and valgrind, and a thousand forks.
exec scripts/soak.sh c examples forks
