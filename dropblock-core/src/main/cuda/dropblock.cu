/*
 * The DropBlock op on a GPU: docs/dropblock-op.md, "On the GPU". build.sh makes dropblock.ptx of it, which drivers
 * compile for GPUs of compute capability 5.0 and later: nothing here may need a newer one.
 */
#include <cuda_fp16.h>

typedef unsigned short uint16;
typedef unsigned int uint32;
typedef unsigned long long uint64;

#include "product.cuh"
#include "sample.cuh"

extern __shared__ uint64 sharedMemory[];

extern "C" {

__global__ void __launch_bounds__(256) dropblock_sample(const Sampling sampling) {
  sample(sampling, sharedMemory);
}

#define PRODUCT(name, Number)                                                                                   \
  __global__ void __launch_bounds__(256) dropblock_##name##_first(const Product product) {                      \
    productFirst<Number>(product, (uint32 *)sharedMemory);                                                      \
  }                                                                                                             \
  __global__ void __launch_bounds__(256) dropblock_##name##_last(const Product product) {                       \
    productLast<Number>(product);                                                                               \
  }

PRODUCT(float, Single)
PRODUCT(double, Double)
PRODUCT(half, Half)
PRODUCT(bfloat16, BFloat16)
}
