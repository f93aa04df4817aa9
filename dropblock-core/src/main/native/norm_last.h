/*
 * Batch normalisation of floats in the order [row][channel], a row being a pixel of a sample; the
 * number of channels is a multiple of FLOATS. Each pass goes through memory once.
 */

enum { ROWS = 64 }; /* summed in float before they are added up in double */

/* What the passes of one normalisation need for "vectors" vectors of channels from c on. */
typedef struct {
  Floats mean, scale, shift, deviation;
} Channels;

static inline Channels channelsAt(const Norm *norm, int64_t c) {
  Channels at = {loadFloats(norm->mean + c), loadFloats(norm->gamma + c),
                 loadFloats(norm->beta + c), loadFloats(norm->variance + c) + norm->epsilon};
  for (int i = 0; i < FLOATS; i++) {
    at.deviation[i] = sqrtf(at.deviation[i]);
  }
  at.scale /= at.deviation;
  return at;
}

/* Adds sums of the distance to "origin", and of its square, for some rows and vectors. */
static inline __attribute__((always_inline)) void addMoments(const float *x, int64_t first,
                                                             int64_t end, int64_t channels,
                                                             int64_t c, int vectors,
                                                             const float *origin, double *sums,
                                                             double *squares) {
  Floats sum[4] = {{0}}, square[4] = {{0}}, from[4];
  for (int v = 0; v < vectors; v++) {
    from[v] = loadFloats(origin + c + v * FLOATS);
  }
  for (int64_t row = first; row < end; row++) {
    for (int v = 0; v < vectors; v++) {
      Floats distance = loadFloats(x + row * channels + c + v * FLOATS) - from[v];
      sum[v] += distance;
      square[v] += distance * distance;
    }
  }
  for (int i = 0; i < vectors * FLOATS; i++) {
    sums[c + i] += sum[i / FLOATS][i % FLOATS];
    squares[c + i] += square[i / FLOATS][i % FLOATS];
  }
}

/* Adds sums of the gradient before the ReLU, and of its product with the distance to the mean. */
static inline __attribute__((always_inline)) void addGradients(const float *x, const float *dy,
                                                               int64_t first, int64_t end,
                                                               int64_t channels, int64_t c,
                                                               int vectors, const Norm *norm,
                                                               double *sums, double *products) {
  Floats sum[4] = {{0}}, product[4] = {{0}};
  Channels at[4];
  for (int v = 0; v < vectors; v++) {
    at[v] = channelsAt(norm, c + v * FLOATS);
  }
  for (int64_t row = first; row < end; row++) {
    for (int v = 0; v < vectors; v++) {
      int64_t i = row * channels + c + v * FLOATS;
      Floats distance = loadFloats(x + i) - at[v].mean;
      Floats d = before(loadFloats(dy + i), distance, at[v].scale, at[v].shift, norm->relu);
      sum[v] += d;
      product[v] += d * distance;
    }
  }
  for (int i = 0; i < vectors * FLOATS; i++) {
    sums[c + i] += sum[i / FLOATS][i % FLOATS];
    products[c + i] += product[i / FLOATS][i % FLOATS];
  }
}

/*
 * Both sums of all rows, in "sums" (2 * channels doubles for each thread, zeros): of the moments where
 * dy is NULL, else of the gradients. The threads' sums end up in the first one's.
 */
static void sumRows(const float *x, const float *dy, const Maps *maps, const Norm *norm,
                    double *sums) {
  int64_t channels = maps->channels, rows = maps->samples * maps->pixels;
#pragma omp parallel num_threads(maps->threads)
  {
    double *mine = sums + omp_get_thread_num() * 2 * channels;
#pragma omp for schedule(static)
    for (int64_t first = 0; first < rows; first += ROWS) {
      int64_t end = first + ROWS < rows ? first + ROWS : rows, c = 0;
      for (; c + 4 * FLOATS <= channels; c += 4 * FLOATS) {
        if (dy == NULL) {
          addMoments(x, first, end, channels, c, 4, x, mine, mine + channels);
        } else {
          addGradients(x, dy, first, end, channels, c, 4, norm, mine, mine + channels);
        }
      }
      for (; c < channels; c += FLOATS) {
        if (dy == NULL) {
          addMoments(x, first, end, channels, c, 1, x, mine, mine + channels);
        } else {
          addGradients(x, dy, first, end, channels, c, 1, norm, mine, mine + channels);
        }
      }
    }
  }
  for (int thread = 1; thread < maps->threads; thread++) {
    for (int64_t i = 0; i < 2 * channels; i++) {
      sums[i] += sums[thread * 2 * channels + i];
    }
  }
}

static void normForwardLast(float *y, const float *x, const Maps *maps, const Norm *norm,
                            int training, double *sums) {
  int64_t channels = maps->channels, rows = maps->samples * maps->pixels;
  if (training) {
    /* distances to the first row: small beside those between rows, so that squares do not cancel */
    sumRows(x, NULL, maps, norm, sums);
    for (int64_t c = 0; c < channels; c++) {
      double mean = sums[c] / (double)rows;
      double variance = sums[channels + c] / (double)rows - mean * mean;
      norm->mean[c] = (float)(x[c] + mean);
      norm->variance[c] = (float)(variance > 0 ? variance : variance == variance ? 0 : variance);
    }
  }
#pragma omp parallel for schedule(static) num_threads(maps->threads)
  for (int64_t first = 0; first < rows; first += ROWS) {
    int64_t end = first + ROWS < rows ? first + ROWS : rows;
    for (int64_t c = 0; c < channels; c += FLOATS) {
      Channels at = channelsAt(norm, c);
      for (int64_t i = first * channels + c; i < end * channels; i += channels) {
        Floats value = (loadFloats(x + i) - at.mean) * at.scale + at.shift;
        storeFloats(y + i, norm->relu ? positive(value) : value);
      }
    }
  }
}

static void normBackwardLast(float *dx, const float *dy, const float *x, const Maps *maps,
                             const Norm *norm, float *dGamma, float *dBeta, double *sums) {
  int64_t channels = maps->channels, rows = maps->samples * maps->pixels;
  sumRows(x, dy, maps, norm, sums);
  for (int64_t c = 0; c < channels; c++) {
    double variance = (double)norm->variance[c] + norm->epsilon;
    dBeta[c] = (float)sums[c];
    dGamma[c] = (float)(sums[channels + c] / sqrt(variance));
    sums[c] /= (double)rows;
    sums[channels + c] /= (double)rows * variance;
  }
#pragma omp parallel for schedule(static) num_threads(maps->threads)
  for (int64_t first = 0; first < rows; first += ROWS) {
    int64_t end = first + ROWS < rows ? first + ROWS : rows;
    for (int64_t c = 0; c < channels; c += FLOATS) {
      Channels at = channelsAt(norm, c);
      Floats mean, slope;
      for (int i = 0; i < FLOATS; i++) {
        mean[i] = (float)sums[c + i];
        slope[i] = (float)sums[channels + c + i];
      }
      for (int64_t i = first * channels + c; i < end * channels; i += channels) {
        Floats distance = loadFloats(x + i) - at.mean;
        Floats d = before(loadFloats(dy + i), distance, at.scale, at.shift, norm->relu);
        storeFloats(dx + i, (d - mean - distance * slope) * at.scale);
      }
    }
  }
}

/* For either order; "sums" are 2 * channels * threads doubles, zeros, used where channels are last. */
static void normForward(float *y, const float *x, const Maps *maps, const Norm *norm, int training,
                        double *sums) {
  if (maps->channelsLast) {
    normForwardLast(y, x, maps, norm, training, sums);
  } else {
    normForwardFirst(y, x, maps, norm, training);
  }
}

static void normBackward(float *dx, const float *dy, const float *x, const Maps *maps,
                         const Norm *norm, float *dGamma, float *dBeta, double *sums) {
  if (maps->channelsLast) {
    normBackwardLast(dx, dy, x, maps, norm, dGamma, dBeta, sums);
  } else {
    normBackwardFirst(dx, dy, x, maps, norm, dGamma, dBeta);
  }
}
