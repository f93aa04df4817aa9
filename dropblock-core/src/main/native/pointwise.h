#ifndef DROPBLOCK_POINTWISE_H
#define DROPBLOCK_POINTWISE_H

#include <stdint.h>

/* Outputs from which on each thread may take a part of them. */
enum { ENOUGH_OUTPUTS = 512 };

/* A 1x1 convolution of stride 1: rows are the pixels of all samples. */
typedef struct {
  int32_t rows, inputs, outputs, threads;
} Pointwise;

/* Floats of the buffer that the backward pass needs. */
int64_t pointwiseBuffer(const Pointwise *);

/* x and dx: [row][input], dy: [row][output], w and dw: [output][input]. */
void pointwiseBackward(const Pointwise *, const float *x, const float *w, const float *dy, float *dx,
                       float *dw, float *buffer);

#endif
