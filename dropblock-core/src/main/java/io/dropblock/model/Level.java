package io.dropblock.model;

/**
 * The end of one of a trunk's residual groups, where a pyramid or a classifier may sit.
 *
 * @param number as in the C2 to C5 of the literature: that of the group and 1
 * @param vertex name of the vertex whose output it is
 * @param channels of the output
 * @param stride image pixels for one pixel of the output, rounded up
 */
public record Level(int number, String vertex, int channels, int stride) {}
