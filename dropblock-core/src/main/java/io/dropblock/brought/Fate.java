package io.dropblock.brought;

/**
 * What became of a vertex of a brought network, for people.
 *
 * @param name as the file has it
 * @param kind DL4J's name of its class
 * @param became {@code taken as it is}, {@code LeanConvolution, Rectifier}, ...
 * @param drops whether something is dropped behind it
 */
public record Fate(String name, String kind, String became, boolean drops) {
  /** It runs as DL4J has it. */
  public static final String TAKEN = "taken as it is";
}
