/** Which images of an evaluation are shown, and which class was taken for which. */
package io.dropblock.spark.evaluate.example;
