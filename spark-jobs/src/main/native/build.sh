#!/usr/bin/env bash
# Makes libdropblockjpeg.so of these sources, for Linux on x86-64. It is committed, so that a build of the project
# needs a JDK only; run this after a change here (gcc 12 or later, a JDK for jni.h), and commit what it makes:
#   spark-jobs/src/main/native/build.sh [FILE]
# libjpeg-turbo is the one in the jar of leptonica's JavaCPP presets, which a build of the project fetches: its headers
# are read here, and its library is found by its name where both are loaded. NativeJpegTest tells when this was forgotten.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
out=${1:-../resources/io/dropblock/spark/data/image/linux-x86_64/libdropblockjpeg.so}
java_home=${JAVA_HOME:-$(dirname -- "$(dirname -- "$(readlink -f -- "$(command -v javac)")")")}
version=$(sed -n 's:.*<leptonica.version>\(.*\)</leptonica.version>.*:\1:p' ../../../../pom.xml)
jar=${MAVEN_REPOSITORY:-$HOME/.m2/repository}/org/bytedeco/leptonica/$version/leptonica-$version-linux-x86_64.jar
[[ -f $jar ]] || { echo "Cannot build: $jar is not there; run ./mvnw -DskipTests package once" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
(cd "$work" && "$java_home/bin/jar" xf "$jar" org/bytedeco/leptonica/linux-x86_64)
leptonica=$work/org/bytedeco/leptonica/linux-x86_64

source_hash=$(LC_ALL=C cat build.sh *.c *.h | sha256sum | cut -d ' ' -f 1)
mkdir -p -- "$(dirname -- "$out")"
# every processor the same numbers: no product fused with a sum
for name in library jpeg resample; do
  gcc -std=c11 -O3 -march=x86-64 -ffp-contract=off -fno-math-errno -fPIC -fvisibility=hidden -Wall -Wextra -Werror \
    -ffile-prefix-map="$PWD"=. -DSOURCE="\"$source_hash\"" -I"$java_home/include" -I"$java_home/include/linux" \
    -I"$leptonica/include" -c "$name.c" -o "$work/$name.o"
done
gcc -shared -s -Wl,--build-id=none -Wl,-z,relro,-z,now -static-libgcc -o "$out" \
  "$work"/{library,jpeg,resample}.o "$leptonica/libleptonica.so.6" -Wl,--allow-shlib-undefined
