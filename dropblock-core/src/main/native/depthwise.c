/* Compiled with another -march and another KERNEL for every instruction set: build.sh. */
#include "depthwise.h"

#include <omp.h>
#include <stddef.h>

#include "lanes.h"

#include "depthwise_pass.h"

#include "depthwise_gradient.h"

/* Of the kernels turned by half a turn, and of each thread's sums. */
static int64_t buffer(const Depthwise *d) { return (1 + d->threads) * weightsOf(d); }

static void forward(const Depthwise *d, float *y, const float *x, const float *w) {
  Sweep s = {.d = d,
             .height = d->height,
             .width = d->width,
             .outHeight = d->outHeight,
             .outWidth = d->outWidth,
             .stride = d->stride,
             .apart = 1,
             .padTop = d->padTop,
             .padLeft = d->padLeft,
             .relu = d->relu};
  sweep(&s, y, x, w, NULL);
}

static void backward(const Depthwise *d, float *dx, float *dw, const float *dy, const float *x,
                     const float *w, float *buffer) {
  float *turned = buffer, *sums = buffer + weightsOf(d);
  gradient(d, dw, dy, x, sums);
  if (dx != NULL) {
    turn(d, turned, w);
    /* a pixel of dx sees the pixels of dy that lie "stride" apart */
    Sweep s = {.d = d,
               .height = d->outHeight,
               .width = d->outWidth,
               .outHeight = d->height,
               .outWidth = d->width,
               .stride = 1,
               .apart = d->stride,
               .padTop = d->kernelHeight - 1 - d->padTop,
               .padLeft = d->kernelWidth - 1 - d->padLeft};
    sweep(&s, dx, dy, turned, d->relu ? x : NULL);
  }
}

const DepthwiseConvolver KERNEL = {buffer, forward, backward};
