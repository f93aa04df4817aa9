/** Vertices of which the cells of a searched network are made, beside convolutions. */
package io.dropblock.nn.cell;
