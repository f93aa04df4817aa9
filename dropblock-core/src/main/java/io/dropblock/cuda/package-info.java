/**
 * NVIDIA's driver, called through JNA: {@code libcuda.so.1} is all that is needed of CUDA at run
 * time, neither a toolkit nor {@code libcudart}. A call that fails becomes a {@link
 * io.dropblock.cuda.CudaException} with the name of the error.
 */
package io.dropblock.cuda;
