/* The gradient of depthwise kernels: dy times x, summed over all pixels. Each thread has its own sums. */

/* Vectors of channels at a time: a cache line or more of each pixel. */
enum { VECTORS = 2 };

/*
 * Adds to some neighbouring places of a row of the kernel, for the pixels of a row of y that see all
 * of them: as many as "pixels", the first of which reads x at "x".
 */
INLINE void placesLanes(int places, int vectors, int lanes, int stride, int relu, int pixels,
                        int64_t channels, const float *dy, const float *x, float *sums) {
  Lanes s[5][VECTORS];
  for (int k = 0; k < places; k++) {
    for (int v = 0; v < vectors; v++) {
      s[k][v] = (Lanes){0};
    }
  }
  for (int p = 0; p < pixels; p++) {
    Lanes d[VECTORS];
    for (int v = 0; v < vectors; v++) {
      d[v] = loadSome(dy + p * channels + v * LANES, lanes);
    }
#pragma GCC unroll 5
    for (int k = 0; k < places; k++) {
      for (int v = 0; v < vectors; v++) {
        s[k][v] += d[v] * readSome(x + ((int64_t)p * stride + k) * channels + v * LANES, relu, lanes);
      }
    }
  }
  for (int k = 0; k < places; k++) {
    for (int v = 0; v < vectors; v++) {
      float *to = sums + k * channels + v * LANES;
      storeSome(to, loadSome(to, lanes) + s[k][v], lanes);
    }
  }
}

#define PLACES(n, relu)                                                                            \
  static void places##n##relu(int stride, int pixels, int channels, const float *dy,               \
                                   const float *x, float *sums) {                                  \
    int c = 0;                                                                                     \
    for (; c + VECTORS * LANES <= channels; c += VECTORS * LANES) {                                \
      placesLanes(n, VECTORS, LANES, stride, relu, pixels, channels, dy + c, x + c, sums + c);      \
    }                                                                                              \
    for (; c < channels; c += LANES) {                                                             \
      placesLanes(n, 1, (int)least(LANES, channels - c), stride, relu, pixels, channels,           \
                  dy + c, x + c, sums + c);                                                        \
    }                                                                                              \
  }
PLACES(1, 0)
PLACES(1, 1)
PLACES(3, 0)
PLACES(3, 1)
PLACES(5, 0)
PLACES(5, 1)

static void addPlaces(int places, int relu, int stride, int pixels, int channels, const float *dy,
                      const float *x, float *sums) {
  void (*const WAYS[3][2])(int, int, int, const float *, const float *, float *) = {
      {places10, places11}, {places30, places31}, {places50, places51}};
  WAYS[places / 2][relu != 0](stride, pixels, channels, dy, x, sums);
}

/* A row of dy with a row of x, for a row of the kernel. */
static void addRow(const Depthwise *d, const float *dy, const float *x, float *sums) {
  int channels = d->channels, stride = d->stride, kernel = d->kernelWidth;
  int together = kernel == 3 || kernel == 5 ? kernel : 1;
  for (int k = 0; k < kernel; k += together) {
    /* the pixels that see places k to k + together */
    int begin = (int)most(0, (d->padLeft - k + stride - 1) / stride);
    int last = d->width - k - together + d->padLeft;
    int end = last < 0 ? 0 : (int)least(last / stride + 1, d->outWidth);
    end = (int)most(begin, end);
    for (int column = 0; column < d->outWidth; column++) {
      if (column == begin && end > begin) {
        addPlaces(together, d->relu, stride, end - begin, channels, dy + (int64_t)begin * channels,
                  x + ((int64_t)begin * stride + k - d->padLeft) * channels,
                  sums + (int64_t)k * channels);
        column = end - 1;
        continue;
      }
      for (int one = k; one < k + together; one++) {
        int at = column * stride + one - d->padLeft;
        if (at >= 0 && at < d->width) {
          addPlaces(1, d->relu, stride, 1, channels, dy + (int64_t)column * channels,
                    x + (int64_t)at * channels, sums + (int64_t)one * channels);
        }
      }
    }
  }
}

static void gradient(const Depthwise *d, float *dw, const float *dy, const float *x, float *sums) {
  int64_t rows = (int64_t)d->samples * d->outHeight, weights = weightsOf(d);
  int64_t line = (int64_t)d->kernelWidth * d->channels;
#pragma omp parallel num_threads(d->threads)
  {
    int thread = omp_get_thread_num(), threads = omp_get_num_threads();
    float *mine = sums + thread * weights;
    memset(mine, 0, (size_t)weights * sizeof(float));
    for (int64_t row = cut(rows, thread, threads); row < cut(rows, thread + 1, threads); row++) {
      const float *map = x + row / d->outHeight * d->height * d->width * (int64_t)d->channels;
      for (int k = 0; k < d->kernelHeight; k++) {
        int at = (int)(row % d->outHeight) * d->stride + k - d->padTop;
        if (at >= 0 && at < d->height) {
          addRow(d, dy + row * d->outWidth * d->channels,
                 map + (int64_t)at * d->width * d->channels, mine + k * line);
        }
      }
    }
#pragma omp barrier
#pragma omp for schedule(static)
    for (int64_t i = 0; i < weights; i++) {
      float sum = sums[i];
      for (int other = 1; other < threads; other++) {
        sum += sums[other * weights + i];
      }
      dw[i] = sum;
    }
  }
}
