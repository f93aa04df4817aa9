package io.dropblock.spark.cli;

/**
 * A command that another module adds to those of {@link Main}, which finds it by {@link
 * java.util.ServiceLoader} where the module is on the class path. It has picocli's annotations.
 */
public interface AddedCommand {}
