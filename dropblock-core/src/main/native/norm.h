/*
 * Batch normalisation with an optional ReLU behind it, of floats in the order [sample][channel][pixel].
 * Channel by channel: what a channel's first pass reads, its last one finds in the second-level cache.
 * Included by kernel.c, as norm_last.h is for the other order.
 */

typedef float Floats __attribute__((vector_size(VECTOR_BYTES)));
typedef float FloatsAnywhere __attribute__((vector_size(VECTOR_BYTES), aligned(4), may_alias));
typedef int32_t FloatMask __attribute__((vector_size(VECTOR_BYTES)));

enum { FLOATS = VECTOR_BYTES / sizeof(float), PIECE = 1 << 14 };

static inline int64_t offset(const Maps *maps, int64_t sample, int64_t channel) {
  return (sample * maps->channels + channel) * maps->pixels;
}

static inline Floats loadFloats(const float *x) { return *(const FloatsAnywhere *)x; }

static inline void storeFloats(float *y, Floats value) { *(FloatsAnywhere *)y = value; }

/* The first "count" lanes, less than FLOATS, then zeros. */
static inline Floats loadSome(const float *x, int64_t count) {
  Floats value = {0};
  memcpy(&value, x, (size_t)count * sizeof(float));
  return value;
}

static inline void storeSome(float *y, Floats value, int64_t count) {
  memcpy(y, &value, (size_t)count * sizeof(float));
}

static inline double total(Floats value) {
  double sum = 0;
  for (int i = 0; i < FLOATS; i++) {
    sum += value[i];
  }
  return sum;
}

static inline Floats splat(float value) { return (Floats){} + value; }

/* Not a number stays one. */
static inline Floats positive(Floats value) {
  return (Floats)((FloatMask)value & ~(FloatMask)(value < 0));
}

static double planeSum(const float *x, int64_t pixels) {
  Floats sum0 = {0}, sum1 = {0}, sum2 = {0}, sum3 = {0};
  int64_t i = 0;
  for (; i + 4 * FLOATS <= pixels; i += 4 * FLOATS) {
    sum0 += loadFloats(x + i);
    sum1 += loadFloats(x + i + FLOATS);
    sum2 += loadFloats(x + i + 2 * FLOATS);
    sum3 += loadFloats(x + i + 3 * FLOATS);
  }
  for (; i + FLOATS <= pixels; i += FLOATS) {
    sum0 += loadFloats(x + i);
  }
  if (i < pixels) {
    sum1 += loadSome(x + i, pixels - i);
  }
  return total((sum0 + sum1) + (sum2 + sum3));
}

/* The sum of squares of the distance to the mean. */
static double planeSquares(const float *x, int64_t pixels, float mean) {
  Floats sum0 = {0}, sum1 = {0};
  int64_t i = 0;
  for (; i + 2 * FLOATS <= pixels; i += 2 * FLOATS) {
    Floats x0 = loadFloats(x + i) - mean, x1 = loadFloats(x + i + FLOATS) - mean;
    sum0 += x0 * x0;
    sum1 += x1 * x1;
  }
  double rest = 0;
  for (; i < pixels; i++) {
    rest += (x[i] - mean) * (x[i] - mean);
  }
  return total(sum0 + sum1) + rest;
}

static inline Floats normalized(Floats x, float mean, float scale, float shift, int relu) {
  Floats y = (x - mean) * scale + shift;
  return relu ? positive(y) : y;
}

static inline void planeNormalize(float *y, const float *x, int64_t pixels, float mean, float scale,
                                  float shift, int relu) {
  int64_t i = 0;
  for (; i + FLOATS <= pixels; i += FLOATS) {
    storeFloats(y + i, normalized(loadFloats(x + i), mean, scale, shift, relu));
  }
  if (i < pixels) {
    Floats value = normalized(loadSome(x + i, pixels - i), mean, scale, shift, relu);
    storeSome(y + i, value, pixels - i);
  }
}

/* Where training, mean and variance (of the population, not of a sample) are computed first. */
static void normForwardFirst(float *y, const float *x, const Maps *maps, const Norm *norm,
                             int training) {
  double count = (double)maps->samples * maps->pixels;
#pragma omp parallel for schedule(static) num_threads(maps->threads)
  for (int64_t channel = 0; channel < maps->channels; channel++) {
    if (training) {
      double sum = 0, squares = 0;
      for (int64_t sample = 0; sample < maps->samples; sample++) {
        sum += planeSum(x + offset(maps, sample, channel), maps->pixels);
      }
      norm->mean[channel] = (float)(sum / count);
      for (int64_t sample = 0; sample < maps->samples; sample++) {
        squares +=
            planeSquares(x + offset(maps, sample, channel), maps->pixels, norm->mean[channel]);
      }
      norm->variance[channel] = (float)(squares / count);
    }
    float scale = norm->gamma[channel] / sqrtf(norm->variance[channel] + norm->epsilon);
    for (int64_t sample = 0; sample < maps->samples; sample++) {
      int64_t at = offset(maps, sample, channel);
      planeNormalize(y + at, x + at, maps->pixels, norm->mean[channel], scale, norm->beta[channel],
                     norm->relu);
    }
  }
}

/* The gradient that reaches the normalisation itself: 0 where the ReLU cut off. */
static inline Floats before(Floats dy, Floats distance, Floats scale, Floats shift, int relu) {
  return relu ? (Floats)((FloatMask)dy & (FloatMask)(distance * scale + shift > 0)) : dy;
}

static void normBackwardFirst(float *dx, const float *dy, const float *x, const Maps *maps,
                              const Norm *norm, float *dGamma, float *dBeta) {
  double count = (double)maps->samples * maps->pixels;
  int64_t pixels = maps->pixels, whole = pixels - pixels % FLOATS, rest = pixels - whole;
#pragma omp parallel for schedule(static) num_threads(maps->threads)
  for (int64_t channel = 0; channel < maps->channels; channel++) {
    float mean = norm->mean[channel], shift = norm->beta[channel];
    float deviation = sqrtf(norm->variance[channel] + norm->epsilon);
    float scale = norm->gamma[channel] / deviation;
    double sum = 0, product = 0;
    for (int64_t sample = 0; sample < maps->samples; sample++) {
      int64_t at = offset(maps, sample, channel);
      Floats sums = {0}, products = {0};
      for (int64_t i = 0; i < whole; i += FLOATS) {
        Floats distance = loadFloats(x + at + i) - mean;
        Floats d = before(loadFloats(dy + at + i), distance, splat(scale), splat(shift),
                          norm->relu);
        sums += d;
        products += d * distance;
      }
      if (rest > 0) {
        Floats distance = loadSome(x + at + whole, rest) - mean;
        Floats d = before(loadSome(dy + at + whole, rest), distance, splat(scale), splat(shift),
                          norm->relu);
        sums += d;
        products += d * distance;
      }
      sum += total(sums);
      product += total(products);
    }
    dBeta[channel] = (float)sum;
    dGamma[channel] = (float)(product / deviation);
    float meanGradient = (float)(sum / count);
    float slope = (float)(product / count / ((double)norm->variance[channel] + norm->epsilon));
    for (int64_t sample = 0; sample < maps->samples; sample++) {
      int64_t at = offset(maps, sample, channel);
      for (int64_t i = 0; i < whole; i += FLOATS) {
        Floats distance = loadFloats(x + at + i) - mean;
        Floats d = before(loadFloats(dy + at + i), distance, splat(scale), splat(shift),
                          norm->relu);
        storeFloats(dx + at + i, (d - meanGradient - distance * slope) * scale);
      }
      if (rest > 0) {
        Floats distance = loadSome(x + at + whole, rest) - mean;
        Floats d = before(loadSome(dy + at + whole, rest), distance, splat(scale), splat(shift),
                          norm->relu);
        storeSome(dx + at + whole, (d - meanGradient - distance * slope) * scale, rest);
      }
    }
  }
}

/* y = max(a + b, 0), the end of a residual block. */
static void sumForward(float *y, const float *a, const float *b, int64_t count, int threads) {
#pragma omp parallel for schedule(static) num_threads(threads)
  for (int64_t begin = 0; begin < count; begin += PIECE) {
    int64_t end = begin + PIECE < count ? begin + PIECE : count, i = begin;
    for (; i + FLOATS <= end; i += FLOATS) {
      storeFloats(y + i, positive(loadFloats(a + i) + loadFloats(b + i)));
    }
    for (; i < end; i++) {
      float sum = a[i] + b[i];
      y[i] = sum < 0 ? 0 : sum;
    }
  }
}

static void sumBackward(float *dx, const float *dy, const float *y, int64_t count, int threads) {
#pragma omp parallel for schedule(static) num_threads(threads)
  for (int64_t begin = 0; begin < count; begin += PIECE) {
    int64_t end = begin + PIECE < count ? begin + PIECE : count, i = begin;
    for (; i + FLOATS <= end; i += FLOATS) {
      FloatMask passed = loadFloats(y + i) > 0;
      storeFloats(dx + i, (Floats)((FloatMask)loadFloats(dy + i) & passed));
    }
    for (; i < end; i++) {
      dx[i] = y[i] > 0 ? dy[i] : 0;
    }
  }
}
