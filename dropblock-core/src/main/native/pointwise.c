/*
 * The backward pass of a 1x1 convolution as what it is with the channels last: two products of matrices,
 * without the four reorderings that oneDNN's blocked layout costs. The products are OpenBLAS', ND4J's
 * own, on one thread each, shared out to OpenMP's threads: OpenBLAS' threads would fight with those.
 */
#include "pointwise.h"

#include <omp.h>

enum { ROW_MAJOR = 101, PLAIN = 111, TRANSPOSED = 112 };

/* Of the libopenblas.so.0 that ND4J has loaded. */
extern void cblas_sgemm(int order, int transposeA, int transposeB, int m, int n, int k, float alpha,
                        const float *a, int lda, const float *b, int ldb, float beta, float *c,
                        int ldc);
extern void openblas_set_num_threads(int);
extern int openblas_get_num_threads(void);

int64_t pointwiseBuffer(const Pointwise *p) {
  return p->outputs >= ENOUGH_OUTPUTS ? 0 : (int64_t)(p->threads - 1) * p->outputs * p->inputs;
}

static int cut(int whole, int part, int parts) { return (int)((int64_t)whole * part / parts); }

void pointwiseBackward(const Pointwise *p, const float *x, const float *w, const float *dy, float *dx,
                       float *dw, float *buffer) {
  int in = p->inputs, out = p->outputs, blasThreads = openblas_get_num_threads();
  int byRows = out < ENOUGH_OUTPUTS;
  openblas_set_num_threads(1);
#pragma omp parallel num_threads(p->threads)
  {
    int thread = omp_get_thread_num(), threads = omp_get_num_threads();
    int first = cut(p->rows, thread, threads), rows = cut(p->rows, thread + 1, threads) - first;
    const float *dyRows = dy + (int64_t)first * out, *xRows = x + (int64_t)first * in;
    /* dx = dy w */
    cblas_sgemm(ROW_MAJOR, PLAIN, PLAIN, rows, in, out, 1, dyRows, out, w, in, 0,
                dx + (int64_t)first * in, in);
    /* dw = dy' x: of some rows each, then the sum; or, where there are enough, of some outputs each */
    if (byRows) {
      float *mine = thread == 0 ? dw : buffer + (int64_t)(thread - 1) * out * in;
      cblas_sgemm(ROW_MAJOR, TRANSPOSED, PLAIN, out, in, rows, 1, dyRows, out, xRows, in, 0, mine,
                  in);
    } else {
      int o = cut(out, thread, threads), outs = cut(out, thread + 1, threads) - o;
      cblas_sgemm(ROW_MAJOR, TRANSPOSED, PLAIN, outs, in, p->rows, 1, dy + o, out, x, in, 0,
                  dw + (int64_t)o * in, in);
    }
#pragma omp barrier
    if (byRows) {
#pragma omp for schedule(static)
      for (int64_t i = 0; i < (int64_t)out * in; i++) {
        for (int other = 0; other < threads - 1; other++) {
          dw[i] += buffer[(int64_t)other * out * in + i];
        }
      }
    }
  }
  openblas_set_num_threads(blasThreads);
}
