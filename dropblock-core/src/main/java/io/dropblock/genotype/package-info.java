/** The genotype of a network of evolved cells, as data: no layer, no graph. */
package io.dropblock.genotype;
