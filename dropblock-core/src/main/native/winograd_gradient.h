/*
 * The gradient of winograd.h's weights: dy's 16 values of a tile times x's, summed over all tiles, and
 * from the 16 sums back to 3x3. Where these sums are few, each thread has its own and adds up the
 * tiles it comes by; else all threads share them, and transform some tiles before they add those up.
 */

/* Bytes of the sums up to which each thread has its own, and of the tiles that are at hand. */
enum { OWN_SUM_BYTES = 3 << 19, OWN_TILE_BYTES = 3 << 17, SHARED_TILE_BYTES = 4 << 20 };

/* Fewer tiles at a time would be added up in less time than the sums are read. */
enum { LEAST_OWN_TILES = 32, LEAST_SHARED_TILES = 128 };

typedef struct {
  const Convolution *c;
  Tiled in, out;
  int own; /* each thread has its own sums */
  int64_t tiles, atATime;
  int64_t xApart, dyApart, sumApart;
} Gradient;

static Gradient gradientOf(const Convolution *c) {
  Gradient g = {.c = c,
                .in = tiled(c->height, c->width, c->inputs),
                .out = tiled(c->outHeight, c->outWidth, c->outputs)};
  g.sumApart = (int64_t)c->inputs * c->outputs;
  g.own = g.sumApart * VALUES * (int64_t)sizeof(float) <= OWN_SUM_BYTES;
  g.tiles = tilesOf(c, &g.out);
  int64_t tileBytes = (int64_t)VALUES * sizeof(float) * (g.in.room + g.out.room);
  g.atATime = g.own ? most(OWN_TILE_BYTES / tileBytes, LEAST_OWN_TILES)
                    : most(SHARED_TILE_BYTES / tileBytes, LEAST_SHARED_TILES);
  g.xApart = g.atATime * g.in.room + APART;
  g.dyApart = g.atATime * g.out.room + APART;
  return g;
}

static int64_t valuesSize(const Gradient *g) { return VALUES * (g->xApart + g->dyApart); }

static int64_t gradientBuffer(const Gradient *g) {
  int64_t copies = g->own ? g->c->threads : 1;
  return most(g->in.channels, g->out.channels) +
         copies * (VALUES * g->sumApart + valuesSize(g));
}

/* The values of x and of dy at one tile, the so-manieth of those at hand. */
static void transformPair(const Gradient *g, int64_t tile, int64_t at, const float *dy,
                          const float *x, const float *zeros, float *values) {
  const float *pixels[4][4];
  Place p = placeOf(&g->out, tile);
  findPixels(pixels, mapOf(x, &g->in, p.sample), &g->in, p.top - g->c->padTop,
             p.left - g->c->padLeft, zeros);
  transformInput(pixels, g->in.channels, values + at * g->in.room, g->xApart);
  findPixels(pixels, mapOf(dy, &g->out, p.sample), &g->out, p.top, p.left, zeros);
  transformGradient(pixels, g->out.channels,
                    values + VALUES * g->xApart + at * g->out.room, g->dyApart);
}

/* Adds the products of the tiles at hand to one of the 16 sums, for outputs from to end. */
static void addTiles(const Gradient *g, int value, int from, int end, int64_t tiles,
                     const float *values, float *sums, int fresh) {
  int inputs = g->in.channels;
  inner(values + VALUES * g->xApart + value * g->dyApart + from, g->out.room, end - from,
        values + value * g->xApart, inputs, inputs, (int)tiles,
        sums + value * g->sumApart + (int64_t)from * inputs, inputs, fresh);
}

/* A thread's own tiles. */
static void sumOwn(const Gradient *g, const float *dy, const float *x, const float *zeros,
                   float *values, float *sums) {
  int thread = omp_get_thread_num(), threads = omp_get_num_threads();
  int64_t begin = cut(g->tiles, thread, threads), end = cut(g->tiles, thread + 1, threads);
  if (begin == end) {
    memset(sums, 0, (size_t)(VALUES * g->sumApart) * sizeof(float));
  }
  for (int64_t first = begin; first < end; first += g->atATime) {
    int64_t here = least(g->atATime, end - first);
    for (int64_t tile = 0; tile < here; tile++) {
      transformPair(g, first + tile, tile, dy, x, zeros, values);
    }
    for (int value = 0; value < VALUES; value++) {
      addTiles(g, value, 0, g->out.channels, here, values, sums, first == begin);
    }
  }
}

/* All tiles, by all threads. */
static void sumShared(const Gradient *g, const float *dy, const float *x, const float *zeros,
                      float *values, float *sums) {
  int outputs = g->out.channels;
  int slices = (int)least(outputs / WINOGRAD_LANES, most(1, g->c->threads / 2));
  for (int64_t first = 0; first < g->tiles; first += g->atATime) {
    int64_t here = least(g->atATime, g->tiles - first);
#pragma omp for schedule(static)
    for (int64_t tile = 0; tile < here; tile++) {
      transformPair(g, first + tile, tile, dy, x, zeros, values);
    }
#pragma omp for schedule(dynamic) collapse(2)
    for (int value = 0; value < VALUES; value++) {
      for (int slice = 0; slice < slices; slice++) {
        addTiles(g, value, (int)cut(outputs, slice, slices), (int)cut(outputs, slice + 1, slices),
                 here, values, sums, first == 0);
      }
    }
  }
}

/* G' m G of LANES inputs: back from 16 values to the gradient of 3x3 weights */
static void transformWeightGradient(const float *values, int64_t apart, float *dw) {
  Lanes rows[3][4], half = all(0.5f);
  for (int j = 0; j < 4; j++) {
    Lanes m0 = load(values + j * apart), m1 = load(values + (4 + j) * apart),
          m2 = load(values + (8 + j) * apart), m3 = load(values + (12 + j) * apart);
    Lanes sum = (m1 + m2) * half;
    rows[0][j] = m0 + sum;
    rows[1][j] = (m1 - m2) * half;
    rows[2][j] = sum + m3;
  }
  for (int i = 0; i < 3; i++) {
    Lanes sum = (rows[i][1] + rows[i][2]) * half, difference = (rows[i][1] - rows[i][2]) * half;
    Lanes three[3] = {rows[i][0] + sum, difference, sum + rows[i][3]};
    for (int j = 0; j < 3; j++) {
      for (int lane = 0; lane < LANES; lane++) {
        dw[lane * 9 + i * 3 + j] = three[j][lane];
      }
    }
  }
}

/* Of one output: the sums of all threads, and back to 3x3. */
static void gatherOutput(const Gradient *g, int output, const float *sums, int copies,
                         int64_t copyApart, float *dw) {
  for (int input = 0; input < g->in.channels; input += LANES) {
    int64_t at = (int64_t)output * g->in.channels + input;
    float total[VALUES][LANES];
    for (int value = 0; value < VALUES; value++) {
      const float *from = sums + value * g->sumApart + at;
      Lanes sum = load(from);
      for (int copy = 1; copy < copies; copy++) {
        sum += load(from + copy * copyApart);
      }
      store(total[value], sum);
    }
    transformWeightGradient(total[0], LANES, dw + at * 9);
  }
}

static void winogradGradient(const Convolution *c, float *dw, const float *dy, const float *x,
                             float *buffer) {
  Gradient g = gradientOf(c);
  float *zeros = buffer, *work = zeros + most(c->inputs, c->outputs);
  int64_t workSize = VALUES * g.sumApart + valuesSize(&g);
  memset(zeros, 0, (size_t)most(c->inputs, c->outputs) * sizeof(float));
#pragma omp parallel num_threads(c->threads)
  {
    if (g.own) {
      float *mine = work + omp_get_thread_num() * workSize;
      sumOwn(&g, dy, x, zeros, mine + VALUES * g.sumApart, mine);
#pragma omp barrier
#pragma omp for schedule(static)
      for (int output = 0; output < c->outputs; output++) {
        gatherOutput(&g, output, work, omp_get_num_threads(), workSize, dw);
      }
    } else {
      sumShared(&g, dy, x, zeros, work + VALUES * g.sumApart, work);
#pragma omp for schedule(static)
      for (int output = 0; output < c->outputs; output++) {
        gatherOutput(&g, output, work, 1, workSize, dw);
      }
    }
  }
}
