/* Convolutions with the channels last, compiled once for every instruction set. */
#ifndef DROPBLOCK_CONV_H
#define DROPBLOCK_CONV_H

#include <stdint.h>

/*
 * x: [sample][row][column][input], y: [sample][row][column][output], w: [output][input][row][column].
 * What lies outside x counts as 0.
 */
typedef struct {
  int32_t samples, height, width, inputs;
  int32_t outHeight, outWidth, outputs;
  int32_t kernelHeight, kernelWidth, strideHeight, strideWidth, padTop, padLeft;
  int32_t threads;
} Convolution;

typedef struct {
  /* Floats of the weights as "forward" reads them, or "backward"; whatever the maps' size. */
  int64_t (*packed)(const Convolution *, int back);
  void (*pack)(const Convolution *, int back, float *to, const float *w, float *buffer);

  /* Floats that "pack", "forward" and "backward" need for themselves. */
  int64_t (*buffer)(const Convolution *);

  /*
   * y = x * w + bias + added, or the greater of that and 0. "bias" and "added" may be NULL; "added" is
   * in memory as y is, and y itself or apart.
   */
  void (*forward)(const Convolution *, float *y, const float *x, const float *packed,
                  const float *bias, const float *added, int relu, float *buffer);

  /* The gradients; dx, with "packed", and dBias may be NULL, where nobody wants them. */
  void (*backward)(const Convolution *, float *dx, float *dw, float *dBias, const float *dy,
                   const float *x, const float *packed, float *buffer);
} Convolver;

extern const Convolver dropblock_baseline_conv, dropblock_avx2_conv, dropblock_avx512_conv;

#endif
