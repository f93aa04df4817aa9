/** What all measurements have in common: the machine, figures, targets, how both are written. */
package io.dropblock.bench.figure;
