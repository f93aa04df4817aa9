/*
 * 3x3 convolutions of stride 1 in 4/9 of the multiplications: F(2x2, 3x3) of Lavin and Gray, Fast
 * Algorithms for Convolutional Neural Networks, 2015, section 4.1. A tile is 2x2 pixels of the
 * output and the 4x4 of the input that they come from; transformed, it has 16 values a channel, each
 * of which is multiplied as a 1x1 convolution is. The constants are 1 and 1/2, so it rounds no worse
 * than the definition does (there are fewer terms to a sum).
 */
enum { VALUES = 16, WINOGRAD_LANES = 16 };

/* From one of 16 values to the next there is a cache line more, lest all fall into the same set. */
enum { APART = 16 };

static int isWinograd(const Convolution *c) {
  return c->kernelHeight == 3 && c->kernelWidth == 3 && c->strideHeight == 1 &&
         c->strideWidth == 1 && c->inputs % WINOGRAD_LANES == 0 && c->outputs >= WINOGRAD_LANES;
}

/* Maps of so many channels and the tiles of one of their sides. */
typedef struct {
  int32_t height, width, channels, tilesHigh, tilesWide;
  int32_t room; /* floats of a tile's value: channels, rounded up to whole vectors */
} Tiled;

static Tiled tiled(int height, int width, int channels) {
  return (Tiled){height,           width,           channels,
                 (height + 1) / 2, (width + 1) / 2, (int32_t)roundUp(channels, LANES)};
}

static int64_t tilesOf(const Convolution *c, const Tiled *out) {
  return (int64_t)c->samples * out->tilesHigh * out->tilesWide;
}

/* Where a tile's 2x2 pixels begin. */
typedef struct {
  int64_t sample;
  int top, left;
} Place;

static Place placeOf(const Tiled *out, int64_t tile) {
  int64_t ofSample = (int64_t)out->tilesHigh * out->tilesWide;
  return (Place){tile / ofSample, (int)(tile % ofSample / out->tilesWide) * 2,
                 (int)(tile % out->tilesWide) * 2};
}

static const float *mapOf(const float *maps, const Tiled *of, int64_t sample) {
  return maps + sample * of->height * of->width * of->channels;
}

/* The four pixels of a tile's row and column that begins here, of x or of 0. */
static void findPixels(const float *pixels[4][4], const float *map, const Tiled *of, int top,
                       int left, const float *zeros) {
  for (int i = 0; i < 4; i++) {
    for (int j = 0; j < 4; j++) {
      int inside = top + i >= 0 && top + i < of->height && left + j >= 0 && left + j < of->width;
      pixels[i][j] = inside ? map + ((int64_t)(top + i) * of->width + left + j) * of->channels : zeros;
    }
  }
}

INLINE void transformInputLanes(const float *pixels[4][4], int c, int lanes, float *values,
                                int64_t apart) {
  Lanes rows[4][4];
  for (int j = 0; j < 4; j++) {
    Lanes d0 = loadSome(pixels[0][j] + c, lanes), d1 = loadSome(pixels[1][j] + c, lanes),
          d2 = loadSome(pixels[2][j] + c, lanes), d3 = loadSome(pixels[3][j] + c, lanes);
    rows[0][j] = d0 - d2;
    rows[1][j] = d1 + d2;
    rows[2][j] = d2 - d1;
    rows[3][j] = d1 - d3;
  }
  for (int i = 0; i < 4; i++) {
    float *to = values + 4 * i * apart + c;
    store(to, rows[i][0] - rows[i][2]);
    store(to + apart, rows[i][1] + rows[i][2]);
    store(to + 2 * apart, rows[i][2] - rows[i][1]);
    store(to + 3 * apart, rows[i][1] - rows[i][3]);
  }
}

/* B' d B, of every channel: values[16][channel], each "apart" from the one before */
static void transformInput(const float *pixels[4][4], int channels, float *values, int64_t apart) {
#define WORK(c, lanes) transformInputLanes(pixels, c, lanes, values, apart)
  FOR_LANES(channels, WORK)
#undef WORK
}

INLINE void transformGradientLanes(const float *pixels[4][4], int c, int lanes, float *values,
                                   int64_t apart) {
  Lanes rows[4][2];
  for (int j = 0; j < 2; j++) {
    Lanes d0 = loadSome(pixels[0][j] + c, lanes), d1 = loadSome(pixels[1][j] + c, lanes);
    rows[0][j] = d0;
    rows[1][j] = d0 + d1;
    rows[2][j] = d0 - d1;
    rows[3][j] = -d1;
  }
  for (int i = 0; i < 4; i++) {
    float *to = values + 4 * i * apart + c;
    store(to, rows[i][0]);
    store(to + apart, rows[i][0] + rows[i][1]);
    store(to + 2 * apart, rows[i][0] - rows[i][1]);
    store(to + 3 * apart, -rows[i][1]);
  }
}

/* A d A', the way back of A' m A: what a gradient at 2x2 pixels is at the 16 values */
static void transformGradient(const float *pixels[4][4], int channels, float *values,
                              int64_t apart) {
#define WORK(c, lanes) transformGradientLanes(pixels, c, lanes, values, apart)
  FOR_LANES(channels, WORK)
#undef WORK
}

INLINE void transformOutputLanes(const float *values, int64_t apart, const Tiled *out, float *map,
                                 int64_t first, int high, int wide, int c, int lanes,
                                 const Finish *f) {
  Lanes rows[2][4];
  for (int j = 0; j < 4; j++) {
    const float *from = values + j * apart + c;
    Lanes m0 = load(from), m1 = load(from + 4 * apart), m2 = load(from + 8 * apart),
          m3 = load(from + 12 * apart);
    rows[0][j] = m0 + m1 + m2;
    rows[1][j] = m1 - m2 - m3;
  }
  for (int i = 0; i < high; i++) {
    int64_t place = first + (int64_t)i * out->width * out->channels + c;
    Lanes left = rows[i][0] + rows[i][1] + rows[i][2];
    storeSome(map + place, finishSome(left, f, c, place, lanes), lanes);
    if (wide > 1) {
      place += out->channels;
      Lanes right = rows[i][1] - rows[i][2] - rows[i][3];
      storeSome(map + place, finishSome(right, f, c, place, lanes), lanes);
    }
  }
}

/* A' m A, finished: 2x2 pixels of y, as far as they are inside. "f" is that of the whole map. */
static void transformOutput(const float *values, int64_t apart, const Tiled *out, float *map,
                            int top, int left, const Finish *f) {
  int high = top + 1 < out->height ? 2 : 1, wide = left + 1 < out->width ? 2 : 1;
  int64_t first = ((int64_t)top * out->width + left) * out->channels;
#define WORK(c, lanes) \
  transformOutputLanes(values, apart, out, map, first, high, wide, c, lanes, f)
  FOR_LANES(out->channels, WORK)
#undef WORK
}

/* G g G' of so many kernels, each in a lane */
static void transformKernels(Lanes g[9], float *to, int64_t apart) {
  Lanes half = all(0.5f), rows[4][3];
  for (int j = 0; j < 3; j++) {
    Lanes outer = (g[j] + g[6 + j]) * half, middle = g[3 + j] * half;
    rows[0][j] = g[j];
    rows[1][j] = outer + middle;
    rows[2][j] = outer - middle;
    rows[3][j] = g[6 + j];
  }
  for (int i = 0; i < 4; i++) {
    Lanes outer = (rows[i][0] + rows[i][2]) * half, middle = rows[i][1] * half;
    float *at = to + 4 * i * apart;
    store(at, rows[i][0]);
    store(at + apart, outer + middle);
    store(at + 2 * apart, outer - middle);
    store(at + 3 * apart, rows[i][2]);
  }
}

/* Depths whose kernels a thread fetches at a time. */
enum { FETCHED_KERNELS = 8 };

/* So many kernels of each lane, transformed; 0 in lanes that are not there. */
static void transformBlock(const float *from, int64_t perDepth, int64_t perColumn, int lanes,
                           int depths, int back, float *to, int width, int64_t apart) {
  float fetched[LANES][FETCHED_KERNELS * 9];
  if (lanes < LANES) {
    memset(fetched, 0, sizeof fetched);
  }
  for (int i = 0; i < lanes; i++) {
    for (int k = 0; k < depths; k++) {
      memcpy(fetched[i] + 9 * k, from + i * perColumn + k * perDepth, 9 * sizeof(float));
    }
  }
  for (int k = 0; k < depths; k++) {
    Lanes g[9];
    for (int t = 0; t < 9; t++) {
      for (int i = 0; i < LANES; i++) {
        g[t][i] = fetched[i][9 * k + (back ? 8 - t : t)];
      }
    }
    transformKernels(g, to + (int64_t)k * width, apart);
  }
}

/*
 * The weights as 16 packed matrices [input][output], or, for the way back, [output][input] of the
 * kernels turned by half a turn.
 */
static void transformWeights(const Convolution *c, const float *w, int back, float *packed,
                             int64_t apart) {
  int depth = back ? c->outputs : c->inputs, columns = back ? c->inputs : c->outputs;
  int64_t perDepth = back ? 9 * (int64_t)c->inputs : 9, perColumn = back ? 9 : 9 * (int64_t)c->inputs;
#pragma omp for schedule(static) collapse(2)
  for (int panel = 0; panel < panelsOf(columns); panel++) {
    for (int k = 0; k < depth; k += FETCHED_KERNELS) {
      int width = panelWidth(columns, panel), depths = (int)least(FETCHED_KERNELS, depth - k);
      float *to = packed + ((int64_t)panel * PANEL * depth + (int64_t)k * width);
      for (int lane = 0; lane < width; lane += LANES) {
        int column = panel * PANEL + lane, lanes = (int)least(LANES, columns - column);
        transformBlock(w + k * perDepth + column * perColumn, perDepth, perColumn, lanes, depths,
                       back, to + lane, width, apart);
      }
    }
  }
}
