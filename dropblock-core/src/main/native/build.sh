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

flags=(-std=c11 -O3 -fopenmp -fno-math-errno -fPIC -fvisibility=hidden -ffp-contract=off -ffile-prefix-map="$PWD"=. -Wall -Wextra -Werror)
gcc "${flags[@]}" -march=x86-64 -DKERNEL=dropblock_baseline -c kernel.c -o "$objects/baseline.o"
gcc "${flags[@]}" -march=x86-64-v3 -DKERNEL=dropblock_avx2 -c kernel.c -o "$objects/avx2.o"
gcc "${flags[@]}" -march=x86-64-v4 -DKERNEL=dropblock_avx512 -c kernel.c -o "$objects/avx512.o"
source_hash=$(cat build.sh kernel.c kernel.h library.c norm.h norm_last.h pointwise.c pointwise.h product.h sample.h | sha256sum | cut -d ' ' -f 1)
gcc "${flags[@]}" -I"$java_home/include" -I"$java_home/include/linux" -DSOURCE="\"$source_hash\"" \
  -c library.c -o "$objects/library.o"
gcc "${flags[@]}" -c pointwise.c -o "$objects/pointwise.o"
# a stand-in to link with: at run time ND4J has loaded the real one under this name
printf 'void cblas_sgemm(){}\nvoid openblas_set_num_threads(){}\nvoid openblas_get_num_threads(){}\n' |
  gcc -shared -fPIC -x c -Wl,-soname,libopenblas.so.0 -o "$objects/libopenblas.so" -

mkdir -p -- "$(dirname -- "$out")"
gcc -shared -fopenmp -s -Wl,--build-id=none -Wl,-z,relro,-z,now -static-libgcc -o "$out" \
  "$objects"/{library,baseline,avx2,avx512,pointwise}.o -L"$objects" -lopenblas -lm
