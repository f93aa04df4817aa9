/* Focal loss over logits, compiled once for every instruction set. */
#ifndef DROPBLOCK_FOCAL_H
#define DROPBLOCK_FOCAL_H

#include <stdint.h>

/* gamma: halves / 2, 0 to 2; alpha: weight of the class that an anchor has */
typedef struct {
  int64_t anchors;
  int32_t classes, halves, threads;
  float alpha, scale;
} Focal;

/* Logits that one thread sums up at a time, whatever the number of threads. */
enum { FOCAL_PART = 1 << 15 };

/*
 * Logits: [anchor][class]. Labels: of each anchor its class, or -1. Gradient: gets that of the sum, times
 * "scale"; memory of its own, or NULL. Returns the sum of all losses; "sums" is room for one number a part.
 */
typedef double FocalPass(const Focal *, float *gradient, const float *logits, const int32_t *labels,
                         double *sums);

extern FocalPass *const dropblock_baseline_focal, *const dropblock_avx2_focal,
    *const dropblock_avx512_focal;

#endif
