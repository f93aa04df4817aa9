/** Where the time of a step goes. */
package io.dropblock.nn.phase;
