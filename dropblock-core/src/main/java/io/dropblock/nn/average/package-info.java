/** The moving average of a network's weights. */
package io.dropblock.nn.average;
