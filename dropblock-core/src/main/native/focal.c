/* Compiled with another -march and another KERNEL for every instruction set, as kernel.c is. */
#include "focal.h"

#include <math.h>
#include <string.h>

#include "sigmoid.h"

/* Losses that are computed before they are summed: they stay in the first cache. */
enum { BLOCK = 1024 };

typedef struct {
  float loss, slope;
} Term;

#define ALWAYS static inline __attribute__((always_inline))

ALWAYS float power(float x, int halves) {
  switch (halves) {
    case 0:
      return 1;
    case 1:
      return sqrtf(x);
    case 2:
      return x;
    case 3:
      return x * sqrtf(x);
    default:
      return x * x;
  }
}

/* z: the logit where it is of the anchor's class, else minus the logit. The slope is that by z. */
ALWAYS Term termOf(float z, float weight, int halves) {
  Sigmoid s = sigmoidOf(z);
  float focus = weight * power(s.wrong, halves), gamma = .5f * (float)halves;
  return (Term){focus * s.entropy, -focus * (gamma * s.right * s.entropy + s.wrong)};
}

/* Corrects what was computed as if no anchor had a class. */
ALWAYS void correct(const Focal *f, float *losses, float *gradient, const float *logits,
                    const int32_t *labels, int64_t first, int64_t end, int halves) {
  for (int64_t anchor = first / f->classes; anchor * f->classes < end; anchor++) {
    int64_t at = anchor * f->classes + labels[anchor];
    if (labels[anchor] >= 0 && at >= first && at < end) {
      Term term = termOf(logits[at], f->alpha, halves);
      losses[at - first] = term.loss;
      gradient[at - first] = f->scale * term.slope;
    }
  }
}

ALWAYS double block(const Focal *f, float *restrict gradient, const float *logits,
                    const int32_t *labels, int64_t first, int64_t end, int halves) {
  float losses[BLOCK];
  const float *restrict from = logits + first;
  float rest = 1 - f->alpha, scale = f->scale;
  int32_t count = (int32_t)(end - first);
#pragma omp simd
  for (int32_t i = 0; i < count; i++) {
    Term term = termOf(-from[i], rest, halves);
    losses[i] = term.loss;
    gradient[i] = -scale * term.slope;
  }
  correct(f, losses, gradient, logits, labels, first, end, halves);
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int32_t i = 0; i < count; i++) {
    sum += (double)losses[i];
  }
  return sum;
}

ALWAYS double part(const Focal *f, float *gradient, const float *logits, const int32_t *labels,
                   int64_t first, int64_t end, int halves) {
  float unused[BLOCK];
  double sum = 0;
  for (int64_t at = first; at < end; at += BLOCK) {
    sum += block(f, gradient == NULL ? unused : gradient + at, logits, labels, at,
                 at + BLOCK < end ? at + BLOCK : end, halves);
  }
  return sum;
}

/* A loop of its own for each gamma. */
static double partOf(const Focal *f, float *gradient, const float *logits, const int32_t *labels,
                     int64_t first, int64_t end) {
  switch (f->halves) {
    case 0:
      return part(f, gradient, logits, labels, first, end, 0);
    case 1:
      return part(f, gradient, logits, labels, first, end, 1);
    case 2:
      return part(f, gradient, logits, labels, first, end, 2);
    case 3:
      return part(f, gradient, logits, labels, first, end, 3);
    default:
      return part(f, gradient, logits, labels, first, end, 4);
  }
}

static double pass(const Focal *f, float *gradient, const float *logits, const int32_t *labels,
                   double *sums) {
  int64_t count = f->anchors * f->classes, parts = (count + FOCAL_PART - 1) / FOCAL_PART;
#pragma omp parallel for schedule(static) num_threads(f->threads)
  for (int64_t i = 0; i < parts; i++) {
    int64_t first = i * FOCAL_PART, end = first + FOCAL_PART < count ? first + FOCAL_PART : count;
    sums[i] = partOf(f, gradient, logits, labels, first, end);
  }
  double sum = 0;
  for (int64_t i = 0; i < parts; i++) {
    sum += sums[i];
  }
  return sum;
}

FocalPass *const KERNEL = pass;
