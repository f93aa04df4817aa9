/**
 * Networks for other programs, and weights from them: what they call a network's parameters, and in
 * which form they keep them.
 */
package io.dropblock.exchange;
