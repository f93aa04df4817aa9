#!/usr/bin/env bash
# Makes libdropblock.so of these sources, for Linux on x86-64. It is committed, so that a build of the project
# needs a JDK only; run this after a change here (gcc 12 or later, a JDK for jni.h), and commit what it makes:
#   dropblock-core/src/main/native/build.sh [FILE]
# NativeLibraryTest tells when that was forgotten.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
out=${1:-../resources/io/dropblock/cpu/linux-x86_64/libdropblock.so}
java_home=${JAVA_HOME:-$(dirname -- "$(dirname -- "$(readlink -f -- "$(command -v javac)")")")}
objects=$(mktemp -d)
trap 'rm -rf -- "$objects"' EXIT

flags=(-std=c11 -O3 -fopenmp -fno-math-errno -fPIC -fvisibility=hidden -ffile-prefix-map="$PWD"=. -Wall -Wextra -Werror)
jni=(-I"$java_home/include" -I"$java_home/include/linux")
# one set of objects for each instruction set; convolutions and focal loss may fuse a product and a sum
for set in baseline:x86-64 avx2:x86-64-v3 avx512:x86-64-v4; do
  name=dropblock_${set%:*} arch=${set#*:}
  gcc "${flags[@]}" -ffp-contract=off -march="$arch" -DKERNEL="$name" -c kernel.c -o "$objects/$name.o"
  gcc "${flags[@]}" -ffp-contract=fast -march="$arch" -DKERNEL="${name}_conv" -c conv.c -o "$objects/${name}_conv.o"
  gcc "${flags[@]}" -ffp-contract=off -march="$arch" -DKERNEL="${name}_upsample" -c upsample.c -o "$objects/${name}_upsample.o"
  gcc "${flags[@]}" -ffp-contract=fast -fno-trapping-math -march="$arch" -DKERNEL="${name}_focal" -c focal.c -o "$objects/${name}_focal.o"
  gcc "${flags[@]}" -ffp-contract=fast -march="$arch" -DKERNEL="${name}_depthwise" -c depthwise.c -o "$objects/${name}_depthwise.o"
done
source_hash=$(LC_ALL=C cat build.sh *.c *.h | sha256sum | cut -d ' ' -f 1)
gcc "${flags[@]}" "${jni[@]}" -ffp-contract=off -DSOURCE="\"$source_hash\"" -c library.c -o "$objects/library.o"
gcc "${flags[@]}" "${jni[@]}" -c op_library.c -o "$objects/op_library.o"
gcc "${flags[@]}" "${jni[@]}" -c memory.c -o "$objects/memory.o"
gcc "${flags[@]}" "${jni[@]}" -c upsample_library.c -o "$objects/upsample_library.o"
gcc "${flags[@]}" "${jni[@]}" -c detection_library.c -o "$objects/detection_library.o"
gcc "${flags[@]}" "${jni[@]}" -c depthwise_library.c -o "$objects/depthwise_library.o"
gcc "${flags[@]}" -c doubling.c -o "$objects/doubling.o"
gcc "${flags[@]}" -c momentum.c -o "$objects/momentum.o"
gcc "${flags[@]}" -c order.c -o "$objects/order.o"

mkdir -p -- "$(dirname -- "$out")"
gcc -shared -fopenmp -s -Wl,--build-id=none -Wl,-z,relro,-z,now -static-libgcc -o "$out" \
  "$objects"/{library,op_library,upsample_library,detection_library,depthwise_library,memory,momentum,doubling,order,dropblock_{baseline,avx2,avx512}{,_conv,_upsample,_focal,_depthwise}}.o -lm
