/* Depthwise convolutions with the channels last, compiled once for every instruction set. */
#ifndef DROPBLOCK_DEPTHWISE_H
#define DROPBLOCK_DEPTHWISE_H

#include <stdint.h>

/*
 * x: [sample][row][column][channel], y likewise, w: [row][column][channel]. Each channel has a kernel
 * of its own. What lies outside x counts as 0.
 */
typedef struct {
  int32_t samples, height, width, outHeight, outWidth, channels;
  int32_t kernelHeight, kernelWidth, stride, padTop, padLeft;
  int32_t relu; /* x is cut off below 0 before it is multiplied */
  int32_t threads;
} Depthwise;

/* Of a kernel's height and width. */
enum { MOST_KERNEL = 11 };

typedef struct {
  /* Floats that "backward" needs for itself. */
  int64_t (*buffer)(const Depthwise *);

  void (*forward)(const Depthwise *, float *y, const float *x, const float *w);

  /* The gradients; dx may be NULL, where nobody wants it. */
  void (*backward)(const Depthwise *, float *dx, float *dw, const float *dy, const float *x,
                   const float *w, float *buffer);
} DepthwiseConvolver;

extern const DepthwiseConvolver dropblock_baseline_depthwise, dropblock_avx2_depthwise,
    dropblock_avx512_depthwise;

#endif
