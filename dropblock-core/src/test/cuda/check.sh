#!/usr/bin/env bash
# Everything about the CUDA kernel that needs a GPU, in one call of a few minutes, with or without Java there:
#   dropblock-core/src/test/cuda/check.sh [build | FOLDER]
# "build" only makes the program, in dropblock-core/target/cuda-check, and can be done on a machine without a GPU (g++);
# on the machine with the GPU the program is made again where g++ is, and taken as it is otherwise. Reports go to FOLDER too.
#
# Without a GPU the script itself can be tried on the fake driver (FakeDriver.java says how that is built):
#   CUDA_DRIVER=libfakecuda.so CHECK_ELEMENTS=20000 CHECK_SAMPLES=1 check.sh FOLDER
#
# 1. vectors.txt, which the CPU kernel made: masks, counts and products bit for bit, outputs poisoned before, both orders
#    of memory, in place or not, odd sizes, addresses that are no multiples of 16
# 2. compute-sanitizer on the smaller vectors, where it is installed: memcheck, racecheck, synccheck, initcheck
# 3. the contract tests of the op on the GPU, where Java 17 is and the project's libraries are in ~/.m2
# 4. forward and backward in GB/s, beside a plain copy; where python3 has torch and torchvision, they on the same GPU
set -uo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
core=$(cd -- "$here/../../.." && pwd)
program=$core/target/cuda-check/check
ptx=$core/src/main/resources/io/dropblock/op/dropblock.ptx

if command -v g++ > /dev/null; then
  mkdir -p -- "$(dirname -- "$program")"
  g++ -std=c++17 -O2 -Wall -Wextra -static-libstdc++ -static-libgcc -o "$program" "$here/check.cpp" -ldl || exit 2
elif [[ ! -x $program ]]; then
  printf 'Cannot check: there is neither g++ nor %s; run "check.sh build" elsewhere and bring it\n' "$program" >&2
  exit 2
fi
[[ ${1:-} == build ]] && exit 0

out=${1:-$core/target/cuda-check/report}
mkdir -p -- "$out"
failed=()

step() { # name, seconds, command...
  local name=$1 limit=$2 status=0
  shift 2
  printf '\n== %s\n' "$name"
  timeout "$limit" "$@" > "$out/$name.txt" 2>&1 || status=$?
  tail -n 40 -- "$out/$name.txt"
  if ((status != 0)); then
    failed+=("$name")
    printf 'FAILED with status %d\n' "$status"
  fi
}

step vectors 40 "$program" "$ptx" "$here/vectors.txt" "${CHECK_ELEMENTS:-1000000000}"

if command -v compute-sanitizer > /dev/null; then
  for tool in memcheck racecheck synccheck initcheck; do
    step "$tool" 25 compute-sanitizer --tool "$tool" --error-exitcode 3 "$program" "$ptx" "$here/vectors.txt" 20000
  done
else
  printf '\n== no compute-sanitizer here\n'
fi

step bench 30 "$program" "$ptx" bench

if python3 -c 'import torch, sys; sys.exit(not torch.cuda.is_available())' 2> /dev/null; then
  step torch 40 python3 "$here/check_torch.py"
else
  printf '\n== no torch with CUDA here\n'
fi

if command -v java > /dev/null && [[ -d $HOME/.m2/repository/org/nd4j ]]; then
  cd -- "$core/.." && step java 80 ./mvnw -q -B -o -pl dropblock-core -Dspotless.check.skip=true \
    -Dtest='CudaKernelTest,CudaEqualityTest,KernelChoiceTest' test
else
  printf '\n== no Java with the project'"'"'s libraries here\n'
fi

if ((${#failed[@]} > 0)); then
  printf '\nFAILED: %s\n' "${failed[*]}"
  exit 1
fi
printf '\nall passed\n'
