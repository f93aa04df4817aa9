/* The passes of winograd.h's convolutions, cut into parts of some tiles for each thread. */

/* Bytes of the tiles that a thread has at hand. */
enum { TILE_BYTES = 3 << 19 };

/* Tiles of a part below which reading the weights takes longer than multiplying: about 32. */
enum { LEAST_TILES = (32 + TILE_ROWS - 1) / TILE_ROWS * TILE_ROWS };

/* What the threads of a pass share. */
typedef struct {
  const Convolution *c;
  Tiled in, out; /* of the maps that are read and written */
  int32_t padTop, padLeft;
  int64_t tiles, parts, partTiles; /* partTiles: the most of a part */
  int64_t weightsApart;
  int64_t inApart, outApart; /* of the values of a part */
} Pass;

static int64_t weightsApart(int inputs, int outputs) {
  return packedSize(inputs, outputs) + APART;
}

static Pass passOf(const Convolution *c, int back) {
  Tiled x = tiled(c->height, c->width, c->inputs), y = tiled(c->outHeight, c->outWidth, c->outputs);
  Pass p = {.c = c,
            .in = back ? y : x,
            .out = back ? x : y,
            .padTop = back ? 2 - c->padTop : c->padTop,
            .padLeft = back ? 2 - c->padLeft : c->padLeft};
  p.tiles = tilesOf(c, &p.out);
  int64_t tileBytes = (int64_t)VALUES * sizeof(float) * (p.in.room + p.out.room);
  int64_t wanted = most(TILE_BYTES / tileBytes / TILE_ROWS * TILE_ROWS, LEAST_TILES);
  int64_t bands = (p.tiles + TILE_ROWS - 1) / TILE_ROWS;
  p.parts = least(roundUp((p.tiles + wanted - 1) / wanted, c->threads), bands);
  p.partTiles = (bands + p.parts - 1) / p.parts * TILE_ROWS;
  p.weightsApart = weightsApart(p.in.channels, p.out.channels);
  p.inApart = p.partTiles * p.in.room + APART;
  p.outApart = p.partTiles * p.out.room + APART;
  return p;
}

/* Where a part begins: but for the last one, parts are whole bands of TILE_ROWS tiles. */
static int64_t firstTile(const Pass *p, int64_t part) {
  return least(cut((p->tiles + TILE_ROWS - 1) / TILE_ROWS, part, p->parts) * TILE_ROWS, p->tiles);
}

static int64_t passBuffer(const Pass *p) {
  return VALUES * p->c->threads * (p->inApart + p->outApart) + p->in.channels;
}

/* One part: y's tiles first to end. */
static void winogradPart(const Pass *p, int64_t first, int64_t end, float *y, const float *x,
                         const float *weights, const Finish *f, const float *zeros, float *inValues,
                         float *outValues) {
  const float *pixels[4][4];
  for (int64_t tile = first; tile < end; tile++) {
    Place at = placeOf(&p->out, tile);
    findPixels(pixels, mapOf(x, &p->in, at.sample), &p->in, at.top - p->padTop,
               at.left - p->padLeft, zeros);
    transformInput(pixels, p->in.channels, inValues + (tile - first) * p->in.room, p->inApart);
  }
  for (int value = 0; value < VALUES; value++) {
    product(inValues + value * p->inApart, p->in.room, (int)(end - first),
            weights + value * p->weightsApart, p->in.channels, outValues + value * p->outApart,
            p->out.room, p->out.room, &NOTHING);
  }
  for (int64_t tile = first; tile < end; tile++) {
    Place at = placeOf(&p->out, tile);
    float *map = (float *)mapOf(y, &p->out, at.sample);
    Finish ofMap = finishFrom(f, 0, map - y);
    transformOutput(outValues + (tile - first) * p->out.room, p->outApart, &p->out, map,
                    at.top, at.left, &ofMap);
  }
}

/* y = x * w, or dx = dy * w turned by half a turn, which is the same */
static void winograd(const Convolution *c, int back, float *y, const float *x, const float *weights,
                     const Finish *f, float *buffer) {
  Pass p = passOf(c, back);
  float *zeros = buffer, *values = zeros + p.in.channels;
  memset(zeros, 0, (size_t)p.in.channels * sizeof(float));
#pragma omp parallel num_threads(c->threads)
  {
    float *mine = values + omp_get_thread_num() * VALUES * (p.inApart + p.outApart);
#pragma omp for schedule(dynamic)
    for (int64_t part = 0; part < p.parts; part++) {
      winogradPart(&p, firstTile(&p, part), firstTile(&p, part + 1), y, x, weights, f, zeros, mine,
                   mine + VALUES * p.inApart);
    }
  }
}
