/** Charts of a training, drawn as SVG text or as pixels. */
package io.dropblock.spark.chart;
