package io.dropblock.model;

/**
 * A cell's place in a network.
 *
 * @param at beginning of its vertices' names
 * @param filters of its states
 * @param stride of what reads its states 0 and 1
 * @param group that it belongs to
 * @param number from 0
 * @param cells how many there are in the network
 */
record CellPlace(String at, int filters, int stride, int group, int number, int cells) {

  /** Stride of an operation that reads a state. */
  int strideOf(int state) {
    return state < 2 ? stride : 1;
  }
}
