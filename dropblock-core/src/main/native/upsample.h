/* Bilinear upsampling with aligned corners, compiled once for every instruction set. */
#ifndef DROPBLOCK_UPSAMPLE_H
#define DROPBLOCK_UPSAMPLE_H

#include <stdint.h>

/* x: [sample][row][column][channel], y: [sample][outRow][outColumn][channel] */
typedef struct {
  int32_t samples, height, width, outHeight, outWidth, channels;
  int32_t threads;
} Upsampling;

enum { MOST_CLASSES = 256 };

typedef struct {
  /* y = upsampled x + added; "added" is in memory as y is, and y itself or apart. */
  void (*forward)(const Upsampling *, float *y, const float *x, const float *added);

  void (*backward)(const Upsampling *, float *dx, const float *dy);

  /* The channel, below MOST_CLASSES, where upsampled x is greatest, the first of equal ones. */
  void (*argMax)(const Upsampling *, uint8_t *labels, const float *x);
} Upsampler;

extern const Upsampler dropblock_baseline_upsample, dropblock_avx2_upsample,
    dropblock_avx512_upsample;

#endif
