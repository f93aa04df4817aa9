/*
 * Convolutions of every kind as products of matrices: a row of the left-hand matrix holds what a pixel
 * of the output comes from, [row][column][input] of the kernel and zeros up to "depth". For a 1x1
 * convolution of stride 1 it is the pixel of x itself, and nothing is copied.
 */

/* Rows that a thread works on at a time, and bytes of theirs that it has at hand. */
enum { LEAST_ROWS = 32, MOST_ROWS = 64, ROW_BYTES = 1 << 19 };

static int isPointwise(const Convolution *c) {
  return c->kernelHeight == 1 && c->kernelWidth == 1 && c->strideHeight == 1 &&
         c->strideWidth == 1 && c->padTop == 0 && c->padLeft == 0 && c->inputs % LANES == 0;
}

static int spatial(const Convolution *c) { return c->kernelHeight * c->kernelWidth; }

/* Values of a row. */
static int depthOf(const Convolution *c) {
  return (int)roundUp((int64_t)spatial(c) * c->inputs, LANES);
}

static int64_t rowsOf(const Convolution *c) {
  return (int64_t)c->samples * c->outHeight * c->outWidth;
}

static int64_t partRows(const Convolution *c) {
  int64_t bytes = (int64_t)sizeof(float) * (depthOf(c) + c->outputs);
  return least(most(ROW_BYTES / bytes, LEAST_ROWS), MOST_ROWS);
}

/* Parts of the rows, as many for each thread, of partRows at most, or a tile more. */
static int64_t partsOf(const Convolution *c) {
  return roundUp((rowsOf(c) + partRows(c) - 1) / partRows(c), c->threads);
}

static int64_t cutRows(const Convolution *c, int64_t part, int64_t parts) {
  int64_t tiles = (rowsOf(c) + TILE_ROWS - 1) / TILE_ROWS;
  return least(cut(tiles, part, parts) * TILE_ROWS, rowsOf(c));
}

/* Mostly so short that a call of memcpy would take longer. */
INLINE void copy(float *to, const float *from, int64_t count) {
  int64_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    store(to + i, load(from + i));
  }
  if (count >= LANES) {
    store(to + count - LANES, load(from + count - LANES));
    return;
  }
  for (; i < count; i++) {
    to[i] = from[i];
  }
}

/* The rows first to end. */
static void gather(const Convolution *c, const float *x, int64_t first, int64_t end, float *rows) {
  int depth = depthOf(c), taps = spatial(c) * c->inputs, line = c->kernelWidth * c->inputs;
  for (int64_t row = first; row < end; row++, rows += depth) {
    int64_t sample = row / ((int64_t)c->outHeight * c->outWidth);
    int top = (int)(row / c->outWidth % c->outHeight) * c->strideHeight - c->padTop;
    int left = (int)(row % c->outWidth) * c->strideWidth - c->padLeft;
    int before = (int)most(0, -left), after = (int)most(0, left + c->kernelWidth - c->width);
    int inside = (int)most(0, c->kernelWidth - before - after) * c->inputs;
    if (inside < line || top < 0 || top + c->kernelHeight > c->height) {
      memset(rows, 0, (size_t)taps * sizeof(float));
    }
    for (int i = (int)most(0, -top); i < least(c->kernelHeight, c->height - top); i++) {
      int64_t pixel = (sample * c->height + top + i) * c->width + left + before;
      copy(rows + i * line + before * c->inputs, x + pixel * c->inputs, inside);
    }
    memset(rows + taps, 0, (size_t)(depth - taps) * sizeof(float));
  }
}

/* The way back: dx += the rows first to end, each value where it came from. */
static void scatter(const Convolution *c, const float *rows, int64_t first, int64_t end, float *dx) {
  int depth = depthOf(c);
  for (int64_t row = first; row < end; row++, rows += depth) {
    int64_t sample = row / ((int64_t)c->outHeight * c->outWidth);
    int top = (int)(row / c->outWidth % c->outHeight) * c->strideHeight - c->padTop;
    int left = (int)(row % c->outWidth) * c->strideWidth - c->padLeft;
    const float *from = rows;
    for (int i = top; i < top + c->kernelHeight; i++) {
      float *line = dx + (sample * c->height + i) * (int64_t)c->width * c->inputs;
      for (int j = left; j < left + c->kernelWidth; j++, from += c->inputs) {
        if (i >= 0 && i < c->height && j >= 0 && j < c->width) {
          for (int k = 0; k < c->inputs; k++) {
            line[(int64_t)j * c->inputs + k] += from[k];
          }
        }
      }
    }
  }
}

/* Inputs whose weights are fetched at a time, a cache line where there is one tap. */
enum { FETCHED = 16 };

/* Floats that a thread fetches. */
static int64_t fetchedSize(const Convolution *c) {
  return (int64_t)PANEL * FETCHED * spatial(c);
}

/*
 * The weights of some outputs and inputs as [tap][input][output of a panel]. They are fetched output
 * by output first: those of one input lie so far apart that they would push each other out of the
 * cache.
 */
static void packBlock(const Convolution *c, const float *w, int first, int outputs, int input,
                      int inputs, int width, float *fetched, float *to) {
  int taps = spatial(c), line = FETCHED * taps;
  for (int i = 0; i < outputs; i++) {
    memcpy(fetched + i * line, w + ((int64_t)(first + i) * c->inputs + input) * taps,
           (size_t)(inputs * taps) * sizeof(float));
  }
  for (int tap = 0; tap < taps; tap++) {
    for (int k = 0; k < inputs; k++) {
      float *place = to + ((int64_t)tap * c->inputs + input + k) * width;
      for (int i = 0; i < outputs; i++) {
        place[i] = fetched[i * line + k * taps + tap];
      }
    }
  }
}

/* The weights packed as [place in a row][output]. */
static void packWeights(const Convolution *c, const float *w, float *fetched, float *packed) {
  int depth = depthOf(c);
#pragma omp for schedule(static)
  for (int panel = 0; panel < panelsOf(c->outputs); panel++) {
    int first = panel * PANEL, width = panelWidth(c->outputs, panel);
    int outputs = (int)least(c->outputs - first, width);
    float *to = packed + (int64_t)first * depth;
    if (outputs < width || depth > spatial(c) * c->inputs) {
      memset(to, 0, (size_t)depth * width * sizeof(float));
    }
    for (int input = 0; input < c->inputs; input += FETCHED) {
      packBlock(c, w, first, outputs, input, (int)least(FETCHED, c->inputs - input), width, fetched,
                to);
    }
  }
}

/* The weights packed as [output][place in a row]. */
static void packWeightsBack(const Convolution *c, const float *w, float *packed) {
  int taps = spatial(c), places = taps * c->inputs;
#pragma omp for schedule(static)
  for (int panel = 0; panel < panelsOf(depthOf(c)); panel++) {
    int first = panel * PANEL, width = panelWidth(depthOf(c), panel);
    int inside = (int)least(places - first, width), offsets[PANEL];
    float *to = packed + (int64_t)first * c->outputs;
    for (int i = 0; i < inside; i++) {
      offsets[i] = (first + i) % c->inputs * taps + (first + i) / c->inputs;
    }
    for (int output = 0; output < c->outputs; output++, to += width) {
      const float *from = w + (int64_t)output * places;
      if (taps == 1 && inside == width) {
        memcpy(to, from + first, (size_t)width * sizeof(float));
        continue;
      }
      for (int i = 0; i < width; i++) {
        to[i] = i < inside ? from[offsets[i]] : 0;
      }
    }
  }
}
