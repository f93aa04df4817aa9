/* Picks a way for each convolution. Compiled once for every instruction set, as kernel.c is. */
#include "conv.h"

#include <immintrin.h>
#include <omp.h>
#include <stddef.h>
#include <string.h>

#include "matmul.h"

#include "inner.h"

#include "winograd.h"
#include "winograd_pass.h"

#include "winograd_gradient.h"

#include "columns.h"
#include "columns_pass.h"

#include "columns_gradient.h"

static int64_t packed(const Convolution *c, int back) {
  if (isWinograd(c)) {
    return VALUES * (back ? weightsApart(c->outputs, c->inputs) : weightsApart(c->inputs, c->outputs));
  }
  return back ? packedSize(c->outputs, depthOf(c)) : packedSize(depthOf(c), c->outputs);
}

static void pack(const Convolution *c, int back, float *to, const float *w, float *buffer) {
#pragma omp parallel num_threads(c->threads)
  if (isWinograd(c)) {
    transformWeights(c, w, back, to, packed(c, back) / VALUES);
  } else if (back) {
    packWeightsBack(c, w, to);
  } else {
    packWeights(c, w, buffer + omp_get_thread_num() * fetchedSize(c), to);
  }
}

static int64_t buffer(const Convolution *c) {
  if (isWinograd(c)) {
    Pass forward = passOf(c, 0), back = passOf(c, 1);
    Gradient gradient = gradientOf(c);
    return most(most(passBuffer(&forward), passBuffer(&back)), gradientBuffer(&gradient));
  }
  return most(most(columnsBuffer(c), columnsInputBuffer(c)), columnsWeightBuffer(c));
}

static void forward(const Convolution *c, float *y, const float *x, const float *packed,
                    const float *bias, const float *added, int relu, float *buffer) {
  Finish f = {bias, added, relu, isPast(c, y)};
  if (isWinograd(c)) {
    winograd(c, 0, y, x, packed, &f, buffer);
  } else {
    columnsForward(c, y, x, packed, &f, buffer);
  }
}

/* In double, as there are many to a sum. */
static void sumRows(const Convolution *c, const float *dy, float *dBias) {
  int64_t rows = (int64_t)c->samples * c->outHeight * c->outWidth;
#pragma omp parallel for schedule(static) num_threads(c->threads)
  for (int first = 0; first < c->outputs; first += LANES) {
    int outputs = (int)least(c->outputs - first, LANES);
    double sums[LANES] = {0};
    for (int64_t row = 0; row < rows; row++) {
      for (int i = 0; i < outputs; i++) {
        sums[i] += dy[row * c->outputs + first + i];
      }
    }
    for (int i = 0; i < outputs; i++) {
      dBias[first + i] = (float)sums[i];
    }
  }
}

static void backward(const Convolution *c, float *dx, float *dw, float *dBias, const float *dy,
                     const float *x, const float *packed, float *buffer) {
  if (dBias != NULL) {
    sumRows(c, dy, dBias);
  }
  if (isWinograd(c)) {
    winogradGradient(c, dw, dy, x, buffer);
    if (dx != NULL) {
      winograd(c, 1, dx, dy, packed, &NOTHING, buffer);
    }
  } else {
    columnsWeightGradient(c, dw, dy, x, buffer);
    if (dx != NULL) {
      columnsInputGradient(c, dx, dy, packed, buffer);
    }
  }
}

const Convolver KERNEL = {packed, pack, buffer, forward, backward};
