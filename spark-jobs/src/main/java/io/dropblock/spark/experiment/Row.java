package io.dropblock.spark.experiment;

/**
 * A line of the table, or a curve of the figure.
 *
 * @param name that its cells have
 * @param title what people see
 */
public record Row(String name, String title) {}
