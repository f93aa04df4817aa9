/**
 * Geometry of object detection on primitive arrays, without a network: anchors, overlap, matching,
 * box codes, suppression, and the way from a network's outputs to detections.
 *
 * <p>A box is four numbers in a row, {@code y0, x0, y1, x1}, in pixels of the network's square, of
 * which the first covers 0 to 1; several boxes are one after the other in one array. Nothing is
 * allocated for an anchor.
 */
package io.dropblock.detection;
