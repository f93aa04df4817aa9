package io.dropblock.exchange;

/** What became of a tensor of a file, or of a parameter of a network. */
public enum Fate {
  /** The network has its numbers. */
  TAKEN,
  /** The network has its numbers in another form. */
  CONVERTED,
  /** It is no number that the network computes with; it is kept beside them, to go out again. */
  KEPT,
  /** The network does not have them. */
  LEFT,
  /** The file does not have it: the parameter stays as it was. */
  MISSING
}
