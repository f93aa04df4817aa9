#ifndef DROPBLOCK_DOUBLING_H
#define DROPBLOCK_DOUBLING_H

#include <stdint.h>

/* x: [row][column][channel], of all samples; y: twice the rows and columns */
typedef struct {
  int64_t rows, width, channels;
  int32_t threads;
} Doubling;

/* y = x, each pixel four times, + added; "added" is in memory as y is, and y itself or apart. */
void doublingForward(const Doubling *, float *y, const float *x, const float *added);

/* dx = sums of four pixels of dy; memory of its own */
void doublingBackward(const Doubling *, float *dx, const float *dy);

#endif
