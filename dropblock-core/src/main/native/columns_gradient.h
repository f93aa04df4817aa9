/*
 * The gradient of columns.h's weights, [output][place in a row]: dy times the rows, summed over all
 * pixels. Where rows must be gathered and a gradient is small, each thread has sums of its own; else
 * it is cut into pieces, one for each thread.
 */

/* Rows at a time, and bytes of theirs that a thread has at hand. */
enum { LEAST_DEEP = 64, MOST_DEEP = 512, DEEP_BYTES = 3 << 17 };

/* Bytes of a gradient up to which each thread has its own. */
enum { OWN_GRADIENT_BYTES = 4 << 20 };

typedef struct {
  int own;
  int across, down; /* pieces of the places, and of the outputs */
  int64_t deep;     /* rows at a time */
  int64_t size;     /* of a gradient */
} Pieces;

static Pieces piecesOf(const Convolution *c) {
  int units = depthOf(c) / LANES;
  Pieces p = {.across = 1, .down = 1, .size = (int64_t)c->outputs * depthOf(c)};
  p.own = !isPointwise(c) && p.size * (int64_t)sizeof(float) <= OWN_GRADIENT_BYTES;
  if (!p.own && depthOf(c) >= c->outputs) {
    p.across = (int)least(c->threads, units);
    p.down = (int)least((c->threads + p.across - 1) / p.across, c->outputs);
  } else if (!p.own) {
    p.down = (int)least(c->threads, c->outputs);
    p.across = (int)least((c->threads + p.down - 1) / p.down, units);
  }
  int64_t bytes = (int64_t)sizeof(float) * (depthOf(c) / p.across + c->outputs / p.down);
  p.deep = least(most(DEEP_BYTES / bytes, LEAST_DEEP), MOST_DEEP);
  return p;
}

static int64_t columnsWeightBuffer(const Convolution *c) {
  Pieces p = piecesOf(c);
  return isPointwise(c) ? 0 : (p.own ? c->threads : 1) * (p.size + p.deep * depthOf(c));
}

/* The sums of some rows of dy and of x. */
static void sumPiece(const Convolution *c, const Pieces *p, int piece, const float *dy,
                     const float *rows, int64_t deep, float *sums, int fresh) {
  int units = depthOf(c) / LANES, across = piece % p->across, down = piece / p->across;
  int place = (int)cut(units, across, p->across) * LANES;
  int places = (int)cut(units, across + 1, p->across) * LANES - place;
  int output = (int)cut(c->outputs, down, p->down);
  int outputs = (int)cut(c->outputs, down + 1, p->down) - output;
  inner(dy + output, c->outputs, outputs, rows + place, depthOf(c), places, (int)deep,
        sums + (int64_t)output * depthOf(c) + place, depthOf(c), fresh);
}

static void pointwisePieces(const Convolution *c, const Pieces *p, const float *dy, const float *x,
                            float *dw) {
  int64_t total = rowsOf(c);
#pragma omp for schedule(dynamic)
  for (int piece = 0; piece < p->across * p->down; piece++) {
    for (int64_t first = 0; first < total; first += p->deep) {
      sumPiece(c, p, piece, dy + first * c->outputs, x + first * c->inputs,
               least(p->deep, total - first), dw, first == 0);
    }
  }
}

static void gatheredPieces(const Convolution *c, const Pieces *p, const float *dy, const float *x,
                           float *rows, float *sums) {
  int64_t total = rowsOf(c);
  for (int64_t first = 0; first < total; first += p->deep) {
    int64_t end = least(first + p->deep, total);
#pragma omp for schedule(static)
    for (int64_t row = first; row < end; row++) {
      gather(c, x, row, row + 1, rows + (row - first) * depthOf(c));
    }
#pragma omp for schedule(dynamic)
    for (int piece = 0; piece < p->across * p->down; piece++) {
      sumPiece(c, p, piece, dy + first * c->outputs, rows, end - first, sums, first == 0);
    }
  }
}

/* A thread's own rows. */
static void ownRows(const Convolution *c, const Pieces *p, const float *dy, const float *x,
                    float *rows, float *sums) {
  int thread = omp_get_thread_num(), threads = omp_get_num_threads();
  int64_t begin = cut(rowsOf(c), thread, threads), total = cut(rowsOf(c), thread + 1, threads);
  if (begin == total) {
    memset(sums, 0, (size_t)p->size * sizeof(float));
  }
  for (int64_t first = begin; first < total; first += p->deep) {
    int64_t end = least(first + p->deep, total);
    gather(c, x, first, end, rows);
    sumPiece(c, p, 0, dy + first * c->outputs, rows, end - first, sums, first == begin);
  }
}

/* Of so many copies of the sums: added up, in the order of the weights. */
static void orderSums(const Convolution *c, const float *sums, int64_t apart, int copies,
                      float *dw) {
  int64_t taps = spatial(c), depth = depthOf(c);
#pragma omp for schedule(static)
  for (int output = 0; output < c->outputs; output++) {
    for (int64_t tap = 0; tap < taps; tap++) {
      const float *from = sums + output * depth + tap * c->inputs;
      float *to = dw + (int64_t)output * c->inputs * taps + tap;
      for (int input = 0; input < c->inputs; input++) {
        float sum = from[input];
        for (int copy = 1; copy < copies; copy++) {
          sum += from[copy * apart + input];
        }
        to[input * taps] = sum;
      }
    }
  }
}

static void columnsWeightGradient(const Convolution *c, float *dw, const float *dy, const float *x,
                                  float *buffer) {
  Pieces p = piecesOf(c);
  int64_t apart = p.size + p.deep * depthOf(c);
#pragma omp parallel num_threads(c->threads)
  if (isPointwise(c)) {
    pointwisePieces(c, &p, dy, x, dw);
  } else if (p.own) {
    float *mine = buffer + omp_get_thread_num() * apart;
    ownRows(c, &p, dy, x, mine + p.size, mine);
#pragma omp barrier
    orderSums(c, buffer, apart, omp_get_num_threads(), dw);
  } else {
    gatheredPieces(c, &p, dy, x, buffer + p.size, buffer);
    orderSums(c, buffer, apart, 1, dw);
  }
}
