#!/bin/sh
# Makes scans.jpg, restart.jpg and arithmetic.jpg of 420.jpg without a loss: each component in a scan of its own, a
# restart mark behind every row, arithmetic coding. Independent of the code under test: jpegtran of libjpeg-turbo 2.1.5.
set -eu
cd "$(dirname "$0")"
printf '0;\n1;\n2;\n' | jpegtran -scans /dev/stdin -outfile scans.jpg 420.jpg
jpegtran -restart 1 -outfile restart.jpg 420.jpg
jpegtran -arithmetic -outfile arithmetic.jpg 420.jpg
